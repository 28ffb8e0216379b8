"""The documents as their reader sees them: pages, fenced blocks under headings, command lines, code spans, links."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from urllib.parse import unquote

ROOT = Path(__file__).parents[2]
FENCE = re.compile(r"^(\s*)(```+)\s*(\w*)")
HEADING = re.compile(r"^#{1,6} +(.*)")
LINK = re.compile(r"!?\[[^\]]*\]\(([^()\s]+(?:\([^()]*\)[^()\s]*)?)\)")
SPAN = re.compile(r"(?<!`)`([^`\n]+)`(?!`)")


@dataclass(frozen=True)
class Block:
    """A fenced block: the page, the heading above it, its language, the line of its first text, its lines."""

    page: str
    heading: str
    language: str
    line: int
    lines: tuple[str, ...]


@dataclass(frozen=True)
class Command:
    """A command line of a block, continued lines joined, and what the page shows of its output."""

    block: Block
    line: int
    text: str
    shown: tuple[str, ...] = ()

    @property
    def place(self) -> str:
        """Page and line, as an editor opens them."""
        return f"{self.block.page}:{self.line}"

    @property
    def exit_code(self) -> int:
        """What the comment behind the command says (`# 退出码 1`, `# exit 1`), else 0."""
        said = re.search(r"#.*(?:退出码|exit)\s*(?:是|为|code)?\s*(\d+)", self.text)
        return int(said[1]) if said else 0


def pages() -> list[str]:
    """Every Markdown page that a reader is meant to find, relative to the checkout."""
    found = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
    return sorted(str(path.relative_to(ROOT)) for path in found)


@cache
def text_of(page: str) -> str:
    """The page's text."""
    return (ROOT / page).read_text("utf-8")


@cache
def blocks(page: str) -> tuple[Block, ...]:
    """The fenced blocks of a page, in order."""
    return tuple(block for block in _parts(page) if isinstance(block, Block))


def prose(page: str) -> list[tuple[int, str]]:
    """The lines outside fenced blocks, numbered."""
    return [part for part in _parts(page) if isinstance(part, tuple)]


def _parts(page: str) -> Iterator[Block | tuple[int, str]]:
    heading, opened, language, first = "", "", "", 0
    held: list[str] = []
    for number, line in enumerate(text_of(page).splitlines(), 1):
        fence = FENCE.match(line)
        if opened and fence and fence[2] == opened:
            yield Block(page, heading, language, first, tuple(held))
            opened = ""
        elif opened:
            held.append(line)
        elif fence:
            opened, language, first, held = fence[2], fence[3], number + 1, []
        else:
            found = HEADING.match(line)
            heading = found[1].strip() if found else heading
            yield number, line
    assert not opened, f"{page}: a block is not closed"


def commands(block: Block) -> list[Command]:
    """The command lines of a shell's block; in `console` those behind `$ `, what stands between them is output."""
    found: list[Command] = []
    more = ""
    for number, line in enumerate(block.lines, block.line):
        prompt = line.startswith("$ ")
        if block.language == "console" and not prompt and not more:
            if found and line.strip():
                last = found.pop()
                found.append(Command(block, last.line, last.text, (*last.shown, line.strip())))
            continue
        text = more + line.removeprefix("$ ").strip()
        if text.endswith("\\"):
            more = text[:-1]
            continue
        more = ""
        if text and not text.startswith("#"):
            found.append(Command(block, number, text))
    return found


def links(page: str) -> list[tuple[int, str]]:
    """Targets of links and pictures outside blocks, numbered by their lines; addresses of the web apart."""
    found = [(number, target) for number, line in prose(page) for target in LINK.findall(SPAN.sub("", line))]
    return [(number, unquote(target)) for number, target in found if not re.match(r"[a-z]+:", target)]


def spans(page: str) -> list[tuple[int, str]]:
    """Code spans outside blocks, numbered by their lines."""
    return [(number, code) for number, line in prose(page) for code in SPAN.findall(line)]
