"""The clerks' manual as one page: nothing is left out, nothing leads outside, nothing is loaded or run."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest

from documents.pages import ROOT, blocks, pages


@pytest.fixture(scope="module")
def manual(tmp_path_factory):
    path = tmp_path_factory.mktemp("manual") / "说明书.html"
    subprocess.run([sys.executable, ROOT / "docs" / "make_manual.py", path], check=True, capture_output=True)
    return path.read_text("utf-8")


def test_every_page_and_every_command_line_of_it_is_there(manual):
    text = re.sub("<[^>]+>", "", manual).replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", '"')
    for page in pages():
        if page.startswith("docs/clerks/"):
            assert f'<h1 id="{page.removeprefix("docs/clerks/").removesuffix(".md")}">' in manual
            for block in blocks(page):
                assert "\n".join(block.lines).replace("&amp;", "&") in text, f"{page}:{block.line}"
    assert "pipx install" in text


def test_it_needs_nothing_but_itself(manual):
    assert "<script" not in manual
    assert all(source.startswith("data:image/") for source in re.findall(r'src="([^"]+)', manual))
    assert all(target.startswith("#") for target in re.findall(r'href="([^"]+)', manual))
    for target in re.findall(r'href="#([^"]+)"', manual):
        assert f'id="{target}"' in manual
    assert manual.count('src="data:image/') == sum(
        len(re.findall(r"!\[", (ROOT / page).read_text("utf-8"))) for page in pages() if page.startswith("docs/clerks/")
    )
