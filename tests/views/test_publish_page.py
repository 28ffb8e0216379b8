"""The published pages in a real browser: on a phone, on a desk, on paper; to who cannot see them; asking nobody."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from cli.program import run
from registers.builder import write as write_register
from support.chromium import DESK, PHONE, browser, program
from trainingcli.ledger import open_ledger
from trainingcli.views.publish import page_parts

from .books import Line, random_books

PAGES = ("notice", "notice-en", "funds", "progress", "lists", "front", "behind")
HOSTILE = '"><script>document.title = "taken"</script><img src="http://127.0.0.1:9/x" onerror="alert(1)">'
A4_WIDE = 1032  # pixels of 297 mm less the margins
RUN_AXE = "axe.run({resultTypes: ['violations']})"


@pytest.fixture(scope="module")  # and not the session's: its driver keeps an event loop, which others would meet
def chromium() -> Iterator[Any]:
    """One browser for every page."""
    where = program()
    if where is None:
        pytest.skip("Chromium is not installed (apt-get install chromium)")
    with browser(where) as context:
        yield context


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Each page, of a ledger with long and hostile names."""
    folder = tmp_path_factory.mktemp("published")
    ledger = folder / "ledger.db"
    with open_ledger(ledger, create=True) as opened:
        books = random_books(opened, 3, steps=12)
        long = "太原市综改示范区新能源汽车零部件制造职业技能培训中心（小店校区）"
        books.post("2026-01-05", [Line(90, name=HOSTILE, institution=long), Line(91, name="阿卜杜拉·买买提" * 4)])
    write_register(folder / "lists", "institutions", {"institution": HOSTILE, "district": "迎泽区"})
    write_register(folder / "lists", "occupations", {"occupation": "焊工", "level": "初级工、中级工", "standard": 800})
    asked = {
        "notice": ["notice", "--from", "2019-01-01", "--office", "太原市人社局", "--phone", "0351-4000000"],
        "notice-en": ["notice", "--from", "2019-01-01", "--lang", "en"],
        "funds": ["funds", "--registers", folder / "lists"],
        "progress": ["progress"],
        "lists": ["lists", "--registers", folder / "lists"],
        "front": ["notice", "--from", "2019-01-01"],
    }
    found = {}
    for name, arguments in asked.items():
        language = [] if "--lang" in arguments else ["--lang", "zh"]
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(page_parts, "ROWS", 4 if name == "front" else 1_000)
            done = run("publish", *arguments, *language, "--ledger", ledger, "--out", folder / name, "--quiet")
        assert done.exit_code == 0, done.stderr
        found[name], *behind = sorted((folder / name).glob("*.html"), key=lambda path: len(path.name))
    found["behind"] = sorted(behind)[0]
    return found


@pytest.fixture
def page(chromium) -> Iterator[Any]:
    """A tab; `asked`: what it asked for, `dialogs`: what a script would have said."""
    tab = chromium.new_page()
    tab.asked, tab.dialogs = [], []
    tab.on("request", lambda request: tab.asked.append(request.url))
    tab.on("dialog", lambda dialog: (tab.dialogs.append(dialog.message), dialog.dismiss()))
    yield tab
    tab.close()


@pytest.fixture(scope="session")
def axe() -> str:
    """The accessibility checker's script."""
    from axe_playwright_python.base import AxeBase

    class Script(AxeBase):
        def run(self, *arguments: object) -> None:
            """It is run by the test."""

    return str(Script().axe_script)


def violations(page: Any, axe: str) -> list[tuple[str, str]]:
    page.evaluate(axe)
    return [(one["id"], one["nodes"][0]["html"][:200]) for one in page.evaluate(RUN_AXE)["violations"]]


@pytest.mark.parametrize("name", PAGES)
def test_whoever_reads_it_however_finds_nothing_in_the_way(page, published, axe, name):
    """Contrast, names, roles, headings, language, on a phone and on a desk; and no text runs out of the phone."""
    page.goto(published[name].as_uri())
    shown = "[...document.querySelectorAll('td, th, dd, p, h1, h2')].filter(each => !each.closest('thead'))"
    for width, height in (PHONE, DESK):
        page.set_viewport_size({"width": width, "height": height})
        assert violations(page, axe) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert page.evaluate(f"Math.max(...{shown}.map(each => each.getBoundingClientRect().right))") <= width
    assert page.evaluate("document.documentElement.lang") == ("en" if name.endswith("en") else "zh-CN")
    assert page.evaluate("document.querySelectorAll('h1').length") == 1
    chinese = page.evaluate("[...document.querySelectorAll('td, tbody th')].filter(e => /[\u4e00-\u9fff]/.test("
                            "e.textContent)).map(e => e.closest('[lang]').lang)")  # fmt: skip
    assert set(chinese) == {"zh-CN"}
    assert page.evaluate("document.querySelector('h1 + p').lang") == ("zh-CN" if name.endswith("en") else "en")


def test_the_checker_sees_what_is_wrong(page, published, axe):
    page.goto(published["notice"].as_uri())
    page.evaluate("document.querySelector('dt').style.color = '#bbb'; document.documentElement.lang = ''")
    assert {"color-contrast", "html-has-lang"} <= {name for name, _ in violations(page, axe)}


@pytest.mark.parametrize("name", PAGES)
def test_a_page_asks_for_nothing_and_runs_nothing(page, published, name):
    page.goto(published[name].as_uri())
    title = page.title()
    assert len(page.asked) == 1
    assert page.dialogs == []
    assert title.partition(" (")[0] == page.inner_text("h1") != "taken"
    assert page.evaluate("document.scripts.length + document.images.length") == 0
    beside = [path.as_uri() for path in published[name].parent.glob("*.html")]
    assert set(page.evaluate("[...document.links].map(each => each.href.split('#')[0])")) <= set(beside)


def test_a_citizen_walks_from_the_index_to_the_last_page(page, published):
    page.goto(published["front"].as_uri())
    page.locator(".index a").last.click()
    assert "row-" in page.url
    assert page.evaluate("document.querySelector(':target').tagName") == "TR"
    while page.get_by_text("下一页").count():
        page.get_by_text("下一页").click()
    assert page.locator("tfoot").count() == 1
    assert {url.partition(":")[0] for url in page.asked} == {"file"}


def test_a_hostile_name_is_read_as_it_was_written(page, published):
    page.goto(published["notice"].as_uri())
    assert page.locator("tbody th").filter(has_text=HOSTILE).count() == 1


def test_on_a_phone_each_cell_stands_beside_its_heading(page, published):
    page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
    page.goto(published["notice"].as_uri())
    row = page.locator("tbody tr").first
    assert row.locator("[data-label]").count() == 9
    shown = page.evaluate("getComputedStyle(document.querySelector('td[data-label=\"金额(元)\"]'), '::before').content")
    assert shown == '"金额(元)"'


@pytest.mark.parametrize("name", PAGES)
def test_it_prints_on_a4_and_no_column_is_cut(page, published, tmp_path, name):
    page.goto(published[name].as_uri())
    page.emulate_media(media="print")
    page.set_viewport_size({"width": A4_WIDE, "height": 700})
    assert page.evaluate("Math.max(...[...document.querySelectorAll('table')].map(t => t.scrollWidth))") <= A4_WIDE
    if name == "notice":
        page.pdf(path=tmp_path / "page.pdf", prefer_css_page_size=True)
        data = (tmp_path / "page.pdf").read_bytes()
        assert b"/MediaBox [0 0 841.9" in data or b"/MediaBox [0 0 842" in data
