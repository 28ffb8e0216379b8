"""One entry of a published YAML file (schemas/), read without the YAML library, which takes longer than the answer.

By the processor's time of `import typer, rich`, PyYAML adds a sixth for one entry alone and three fifths for its file.

Only what these files are written in: nested keys, quoted and plain text, `{a: b}` and `[a, b]` on one line, lists of
those. Numbers and dates stay text. The tests hold every entry to what the YAML library reads.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

Lines = list[tuple[int, str]]  # indentation and text
_PART = re.compile(r'(?:[^,"]|"(?:[^"\\]|\\.)*")+')  # what commas part, except inside quotes


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
    """Return one entry: a text, a list, or a mapping, of texts in the end. KeyError where there is none."""
    text = entries(file, section)[key]
    lines = [(len(line) - len(line.lstrip()), line.strip()) for line in text.splitlines() if line.strip()]
    said = [(indent, line) for indent, line in lines if not line.startswith("#")]
    return _mapping(said)[key]


def _mapping(lines: Lines) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if not lines:
        return found
    for key, rest, under in _keys(lines):
        is_list = bool(under) and under[0][1].startswith("- ")
        items = [_value(line[2:]) for _, line in under] if is_list else _mapping(under)
        found[key] = _value(rest) if rest else items
    return found


def _keys(lines: Lines) -> Iterator[tuple[str, str, Lines]]:
    """Yield each key with what stands behind it and the lines that are indented under it."""
    starts = [place for place, (indent, _) in enumerate(lines) if indent == lines[0][0]]
    for start, end in zip(starts, [*starts[1:], len(lines)], strict=True):
        key, _, rest = lines[start][1].partition(":")
        yield key, rest.strip(), lines[start + 1 : end]


def _value(text: str) -> Any:
    if text.startswith("{"):
        pairs = (part.partition(":") for part in _PART.findall(text[1:-1]))
        return {key.strip(): _value(value.strip()) for key, _, value in pairs}
    if text.startswith("["):
        return [_value(part.strip()) for part in _PART.findall(text[1:-1])]
    if text.startswith('"'):
        return text[1:-1].replace('\\"', '"')
    return None if text == "null" else text
