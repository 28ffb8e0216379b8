"""Python cells of a parser → (text, kind) columns, a chunk at a time: the hot part of reading, so not cell by cell."""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from trainingcli.intake.tables import Kind

Cell = Any  # str, float, int, bool, datetime.*, None or Special
Values = Sequence[Cell]

ZERO_WIDTH = "​‌‍‎‏⁠﻿­᠎ㅤ"
_BLANK = re.compile(rf"[\s{ZERO_WIDTH}]*")
_TEXT, _EMPTY = int(Kind.TEXT), int(Kind.EMPTY)
_PLAIN_INTEGER = 1e22  # above it a float's digits are noise: written with an exponent


@dataclass(frozen=True, slots=True)
class Special:
    """A cell that the fast reader does not show: an error, or a formula without a value."""

    kind: Kind
    text: str | None = None


def is_blank(text: str) -> bool:
    """Tell whether a text holds nothing but blanks, NBSP, U+3000 and zero-width characters."""
    return _BLANK.fullmatch(text) is not None


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
        return (None, _EMPTY) if is_blank(cell) else (cell, _TEXT)
    converter = _CONVERTERS.get(cell.__class__)
    return converter(cell) if converter else _other(cell)


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


def convert_column(values: Values) -> tuple[list[str], bytearray]:
    """Return a column's texts ("" where a cell has none) and kinds.

    The work for each cell is in C: texts, as most columns are, pass whole; others are converted once for each value.
    """
    types = set(map(type, values))
    if types == {str}:
        return _text_column(list(values))
    if len(types - {str}) == 1:  # values of one type and texts are never equal: 1, 1.0 and TRUE would be
        found = {value: convert(value) for value in set(values)}
        texts = {value: text or "" for value, (text, _) in found.items()}
        kinds = {value: kind for value, (_, kind) in found.items()}
        return list(map(texts.__getitem__, values)), bytearray(map(kinds.__getitem__, values))
    pairs = [convert(value) for value in values]
    return [text or "" for text, _ in pairs], bytearray(kind for _, kind in pairs)


def _text_column(values: list[str]) -> tuple[list[str], bytearray]:
    if _has_blanks("".join(values)):
        values = ["" if is_blank(value) else value for value in values]
    return values, bytearray(map(bool, values)) if "" in values else bytearray(b"\x01") * len(values)


def _has_blanks(joined: str) -> bool:
    if not joined:
        return False
    return joined.split(None, 1) != [joined] or any(character in joined for character in ZERO_WIDTH)
