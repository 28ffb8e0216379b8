"""Each page is a script that works: its command lines are run in the page's order, in one folder.

The clerks' pages find the folder that `trainingcli demo` makes, its rosters posted; the engineers' a checkout's sample
data. The pages of the month have a test of their own. What a `console` block shows of the output must be in it, and the
exit code is 0 unless the line's comment says another.
"""

from __future__ import annotations

import csv
import shutil
from collections import defaultdict
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from cli.program import run, write
from documents import month_hands
from documents.pages import ROOT, Block, Command, blocks, commands, pages
from documents.shell import Outcome, Shell
from registers.builder import write as write_register
from support.people import id_number

SHELLS = {"sh", "console"}
PAGES = [page for page in pages() if page not in month_hands.PAGES and any(b.language in SHELLS for b in blocks(page))]
FIGURES = [["年度", "就业人员", "技能劳动者", "高技能人才"], [2020, 1_800_000, 500_000, 130_000]]


def _figures(folder: Path) -> None:
    write(folder / "统计.xlsx", FIGURES)


def _budget(folder: Path) -> None:
    path = write_register(folder, "budgets", {"fund": "市财政", "year": 2021, "budget": 300_000})
    path.rename(folder / "预算.xlsx")


def _other_work(folder: Path) -> None:
    _figures(folder)
    _budget(folder)


def _words(folder: Path) -> None:
    """The page's own example, saved as it says."""
    [_, example] = [block for block in blocks("docs/clerks/政策调整.md") if block.language == "yaml"]
    (folder / "用语.yaml").write_text("\n".join(example.lines), "utf-8")


def _password(folder: Path) -> None:
    (folder / "密码.txt").write_text("secret\n")


def _posted(folder: Path) -> None:
    """What the reader of a page about the ledger has posted: the samples, as the page says."""
    books = folder.parent / "data" / "trainingcli"
    books.mkdir(parents=True)
    for name in ("ledger.db", "ledger.db.key"):
        shutil.copy(folder / "posted" / name.replace("ledger", "台账"), books / name)


def _views(folder: Path) -> None:
    _posted(folder)
    _figures(folder)
    (folder / "numbers.txt").write_text(id_number(1) + "\n")
    write_register(folder, "budgets", {"fund": "市财政", "year": 2021, "budget": 300_000})


def _rosters(folder: Path) -> None:
    for path in sorted((ROOT / "sample_data" / "rosters").iterdir())[:2]:
        shutil.copy(path, folder / "花名册")


HANDS: dict[tuple[str, str], Callable[[Path], None]] = {
    ("docs/clerks/其他工作.md", "基地和工作室"): _other_work,
    ("docs/clerks/政策调整.md", "一、现在执行什么"): _words,
    ("docs/clerks/常见问题.md", "屏幕上说的代码是什么意思"): _password,
    ("README.zh-CN.md", "每天怎么用"): _rosters,
    ("docs/ledger.md", "Backup and restore"): _posted,
    ("docs/views.md", "A person: `trainingcli ledger person`"): _views,
    ("docs/inspect-and-pay.md", "On-site checks 实地抽查"): _posted,
}
"""What a reader puts into the folder before a heading's commands."""


def _world(page: str, here: Path, toured: Path) -> Path:
    if page.startswith("docs/clerks/"):
        return shutil.copytree(toured, here / "trainingcli-demo")
    shutil.copytree(ROOT / "sample_data", here / "sample_data", ignore=shutil.ignore_patterns("*-out"))
    (here / "posted").symlink_to(toured)
    return here


@pytest.mark.parametrize("page", PAGES)
def test_the_page_is_a_script_that_works(page, alone, toured):
    shell = Shell(_world(page, alone, toured))
    done = set()
    for block in blocks(page):
        if block.language == "sql":
            _is_right(block, shell.folder)
        if block.language in SHELLS:
            if block.heading not in done:
                HANDS.get((page, block.heading), lambda _: None)(shell.folder)
                done.add(block.heading)
            for command in commands(block):
                _holds(command, shell(command))


def _is_right(block: Block, folder: Path) -> None:
    """A query over the csv gives the sums that the csv's own lines add up to."""
    rows = duckdb.sql("\n".join(block.lines).replace("lines.csv", str(folder / "lines.csv"))).fetchall()
    with (folder / "lines.csv").open(encoding="utf-8", newline="") as file:
        lines = list(csv.DictReader(file))
    sums: dict[tuple[str | None, str], Decimal] = defaultdict(Decimal)
    for line in lines:
        sums[line["programme"] or None, line["status"]] += Decimal(line["approved"])
    assert {(programme, status): yuan for programme, status, _, yuan in rows} == sums
    assert sum(count for _, _, count, _ in rows) == len(lines)


def _holds(command: Command, outcome: Outcome) -> None:
    if outcome.how != "run":
        return
    said = f"{outcome.out}\n{outcome.err}"
    assert outcome.code == command.exit_code, f"{command.place}: {command.text}\n{said}"
    for line in command.shown:
        place = 0
        for piece in filter(None, (each.strip() for each in line.split("…"))):
            place = said.find(piece, place)
            assert place >= 0, f"{command.place}: {command.text} does not say: {line}\n{said}"


EXAMPLES = [block for page in pages() for block in blocks(page) if block.language == "yaml"]


@pytest.mark.parametrize("block", EXAMPLES, ids=lambda block: f"{block.page}:{block.line}")
def test_an_example_of_a_policy_or_of_words_is_one(block, alone):
    file = alone / "example.yaml"
    file.write_text("\n".join(block.lines), "utf-8")
    roster = write(alone / "roster.xlsx", [["姓名", "身份证号", "补贴项目"], ["王一", id_number(1), "生活费补贴"]])
    if "extends:" in block.lines[0]:
        done = run("policy", "diff", "taiyuan-2019", file)
    else:
        assert block.lines[0] == "headings:"
        done = run("claims", roster, "--words", file, "--out", alone / "out")
    assert done.exit_code == 0, f"{block.page}:{block.line}: {done.stderr}"


def test_every_hand_belongs_to_a_heading_with_commands():
    headings = {(page, block.heading) for page in PAGES for block in blocks(page) if block.language in SHELLS}
    assert set(HANDS) - headings == set()
