"""Published YAML files (schemas/), read without the YAML library, which takes longer than the answer.

By the processor's time of `import typer, rich`, PyYAML adds a sixth for one entry alone and three fifths for its file;
of a roster of 30 rows it would be a twentieth.

Only what these files are written in: nested keys, quoted and plain text, `{a: b}` and `[a, b]` on one line, one within
another, lists of those; no remark behind a value. The tests hold every file and entry that is read so to what the YAML
library reads.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

Lines = list[tuple[int, str]]  # indentation and text
Plain = Callable[[str], Any]  # what a text without quotes says
_PART = re.compile(r'(?:[^,"[{]|"(?:[^"\\]|\\.)*"|\[[^]]*]|\{[^}]*})+')  # what commas part: not in quotes, brackets
_WORDS = {"null": None, "true": True, "false": False}
_FIRST_OF_A_NUMBER = frozenset("-0123456789")
_NUMBER = re.compile(r"-?(0|[1-9][0-9]*)")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def schemas_folder() -> Path:
    """Return the folder of published data: inside the installed package, or beside `src` in a checkout."""
    packaged = Path(__file__).parent / "schemas"
    return packaged if packaged.is_dir() else Path(__file__).parents[2] / "schemas"


def samples_folder() -> Path:
    """Return the folder of fictitious sample data: inside the installed package, or beside `src` in a checkout."""
    packaged = Path(__file__).parent / "sample_data"
    return packaged if packaged.is_dir() else Path(__file__).parents[2] / "sample_data"


@cache
def entries(file: str, section: str) -> dict[str, str]:
    """Return key → text of the entries of one section, cut by indentation and not parsed."""
    whole = "\n" + (schemas_folder() / file).read_text("utf-8")
    start = whole.index(f"\n{section}:\n") + len(section) + 2
    found: dict[str, list[str]] = {}
    key = ""
    for line in whole[start:].splitlines(keepends=True):
        if line[:2] == "  " and line[2:3] not in (" ", "#", "\n"):
            key = line.split(":")[0].strip()
            found[key] = []
        elif line[:1] not in (" ", "#", "\n"):
            break
        if key:
            found[key].append(line)
    return {name: "".join(lines) for name, lines in found.items()}


def read(file: str, section: str, key: str) -> Any:
    """Return one entry: a text, a list, or a mapping, of texts in the end, numbers and dates too.

    KeyError where there is none.
    """
    return _mapping(_lines(entries(file, section)[key]), _as_text)[key]


def document(file: str) -> dict[str, Any]:
    """Return a whole file, numbers and dates as such."""
    return _mapping(_lines((schemas_folder() / file).read_text("utf-8")), _as_value)


def _lines(text: str) -> Lines:
    lines = ((len(line) - len(line.lstrip()), line.strip()) for line in text.splitlines())
    return [(indent, line) for indent, line in lines if line and not line.startswith("#")]


def _mapping(lines: Lines, plain: Plain) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if not lines:
        return found
    for key, rest, under in _keys(lines):
        is_list = bool(under) and under[0][1].startswith("- ")
        items = [_value(line[2:], plain) for _, line in under] if is_list else _mapping(under, plain)
        found[key] = _value(rest, plain) if rest else items
    return found


def _keys(lines: Lines) -> Iterator[tuple[str, str, Lines]]:
    """Yield each key with what stands behind it and the lines that are indented under it."""
    starts = [place for place, (indent, _) in enumerate(lines) if indent == lines[0][0]]
    for start, end in zip(starts, [*starts[1:], len(lines)], strict=True):
        key, _, rest = lines[start][1].partition(":")
        yield key, rest.strip(), lines[start + 1 : end]


def _value(text: str, plain: Plain) -> Any:
    if text.startswith("{"):
        pairs = (part.partition(":") for part in _PART.findall(text[1:-1]))
        return {key.strip(): _value(value.strip(), plain) for key, _, value in pairs}
    if text.startswith("["):
        return [_value(part.strip(), plain) for part in _PART.findall(text[1:-1])]
    if text.startswith('"'):
        return text[1:-1].replace('\\"', '"')
    return plain(text)


def _as_text(text: str) -> str | None:
    return None if text == "null" else text


def _as_value(text: str) -> Any:
    """Return a whole number, a day, true, false or nothing where that is written; all else is text."""
    if text in _WORDS:
        return _WORDS[text]
    if text[0] not in _FIRST_OF_A_NUMBER:
        return text
    if _NUMBER.fullmatch(text):
        return int(text)
    return date.fromisoformat(text) if _DAY.fullmatch(text) else text
