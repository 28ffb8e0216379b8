"""Python cells of a parser → (text, kind) columns, a chunk at a time: the hot part of reading, so not cell by cell."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Any

from trainingcli.intake.formats.cell_kinds import Kind

Cell = Any  # str, float, int, bool, datetime.*, None or Special
Values = Sequence[Cell]

ZERO_WIDTH = "​‌‍‎‏⁠﻿­᠎ㅤ"
_SPACES = "\t\n\x0b\x0c\r\x1c\x1d\x1e\x1f \x85\xa0\u1680\u2028\u2029\u202f\u205f\u3000" + "".join(
    map(chr, range(0x2000, 0x200B))
)
_BLANKS = _SPACES + ZERO_WIDTH
ERROR_TEXTS = frozenset({"#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!", "#SPILL!", "#CALC!"})
_TEXT, _EMPTY = int(Kind.TEXT), int(Kind.EMPTY)
_PLAIN_INTEGER = 1e22  # above it a float's digits are noise: written with an exponent


@dataclass(frozen=True, slots=True)
class Special:
    """A cell that the fast reader does not show: an error, or a formula without a value."""

    kind: Kind
    text: str | None = None


def is_blank(text: str) -> bool:
    """Tell whether a text holds nothing but blanks, NBSP, U+3000 and zero-width characters."""
    return not text.strip(_BLANKS)


def text_of(cell: Cell) -> str:
    """Return a cell as text, "" for an empty one: for headers and footers, a few cells at a time."""
    text, kind = convert(cell)
    return "" if text is None or kind == _EMPTY else text


def is_filled(cell: Cell) -> bool:
    """Tell whether a cell holds anything: an error or a formula without a value counts."""
    if cell is None or cell == "":
        return False
    return not (isinstance(cell, str) and is_blank(cell))


def number_text(value: float) -> str:
    """Return the shortest decimal: "300", "0.03"; all digits of a whole number; 15 significant digits of any other.

    A spreadsheet shows 15: 0.1 + 0.2 is stored as 0.30000000000000004 and means 0.3.
    """
    if value.is_integer():
        return f"{value:.0f}" if abs(value) < _PLAIN_INTEGER else repr(value)
    text = f"{value:.15g}"
    return format(Decimal(text), "f") if "e" in text else text


def convert(cell: Cell) -> tuple[str | None, int]:
    """Return one cell's text and `Kind`."""
    if cell.__class__ is str:
        if cell in ERROR_TEXTS:
            return cell, int(Kind.ERROR)
        return (None, _EMPTY) if is_blank(cell) else (cell, _TEXT)
    converter = _CONVERTERS.get(cell.__class__)
    return converter(cell) if converter else _other(cell)


_convert_again = lru_cache(1 << 16, typed=True)(convert)


def _float(value: float) -> tuple[str | None, int]:
    if math.isfinite(value):
        return number_text(value), int(Kind.NUMBER)
    return "#NUM!", int(Kind.ERROR)


def _duration(value: dt.timedelta) -> tuple[str | None, int]:
    seconds = round(value.total_seconds())
    sign, seconds = ("-", -seconds) if seconds < 0 else ("", seconds)
    return f"{sign}{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}", _TEXT


def _other(value: object) -> tuple[str | None, int]:
    return (None, _EMPTY) if value is None else (str(value), _TEXT)


_CONVERTERS: dict[type, Callable[[Any], tuple[str | None, int]]] = {
    float: _float,
    int: lambda value: (str(value), int(Kind.NUMBER)),
    bool: lambda value: ("TRUE" if value else "FALSE", int(Kind.BOOLEAN)),
    dt.date: lambda value: (value.isoformat(), int(Kind.DATE)),
    dt.datetime: lambda value: (value.isoformat(timespec="seconds"), int(Kind.DATE)),
    dt.time: lambda value: (value.isoformat(timespec="seconds"), _TEXT),
    dt.timedelta: _duration,
    Special: lambda value: (value.text, int(value.kind)),
}


@dataclass(slots=True)
class Converted:
    """One column of a chunk: texts ("" where a cell has none), kinds, and the texts joined by NUL where known."""

    texts: Sequence[str]
    kinds: bytearray
    joined: str | None = None


def convert_column(values: Values) -> Converted:
    """Convert a column. The work for each cell is in C: texts, as most columns are, pass whole."""
    try:
        joined = "\0".join(values)
    except TypeError:
        return _mixed_column(values)
    if not values or joined.count("\0") != len(values) - 1:
        return _mixed_column(values)
    if _has_blanks(joined):
        values = ["" if value and not value.strip(_BLANKS) else value for value in values]
        joined = "\0".join(values)
    some_empty = "\0\0" in joined or joined.startswith("\0") or joined.endswith("\0") or not joined
    kinds = bytearray(map(bool, values)) if some_empty else bytearray(b"\x01") * len(values)
    if "#" in joined:
        _mark_errors(values, kinds)
    return Converted(values, kinds, joined)


def _mark_errors(texts: Sequence[str], kinds: bytearray) -> None:
    """Make errors of texts like #N/A: pasted as values, or from a format that has nothing but texts."""
    for index, text in enumerate(texts):
        if text in ERROR_TEXTS:
            kinds[index] = int(Kind.ERROR)


def _mixed_column(values: Values) -> Converted:
    """Convert numbers, dates and the like: once for each value where that is safe, since they repeat."""
    types = set(map(type, values))
    types.discard(str)
    if len(types) > 1:  # 1, 1.0 and TRUE are equal, and would share one text
        pairs = [convert(value) for value in values]
        return Converted([text or "" for text, _ in pairs], bytearray(kind for _, kind in pairs))
    found = {value: _convert_again(value) for value in set(values)}
    texts = {value: text or "" for value, (text, _) in found.items()}
    kinds = {value: kind for value, (_, kind) in found.items()}
    return Converted(list(map(texts.__getitem__, values)), bytearray(map(kinds.__getitem__, values)))


def _has_blanks(joined: str) -> bool:
    if joined.split(None, 1) not in ([joined], []):
        return True
    return not joined.isascii() and any(character in joined for character in ZERO_WIDTH)
