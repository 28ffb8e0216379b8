"""Ditto marks (同上, 同前, 〃, ″, and what is typed for them): a cell that stands for the value above it, as a vertical
merge does (contract)."""

from __future__ import annotations

import re
from collections.abc import Sequence

from trainingcli.compared import squeeze
from trainingcli.intake.formats.cell_kinds import Kind, Mark
from trainingcli.intake.formats.cell_values import Converted

# Marks that hands make of 〃 and ″: quotes and primes of every form, in any number; NFKC has made ′′ of ″.
_STROKES = "〃〝〞〟\"'“”„‟‘’′‵ʹʺˊ々"
_MARK = re.compile(rf"[(\[【〔“\"]*(?:同上|同前|如上|上同)(?:一?[行栏列格])?[)\]】〕”\"。.]*|[{_STROKES}]+")
_SIGNS = ("同", "如上", "″", "‴", "＂", "＇", *_STROKES)
_LONGEST = 12
_STRUCK = int(Mark.STRUCK)


def is_ditto(text: str) -> bool:
    """Tell whether a text stands for the value above it."""
    return _MARK.fullmatch(squeeze(text)) is not None


Values = dict[tuple[str, str | None, int], tuple[str, int]]
"""What each column last held, by key, programme and which of several: text and kind."""


class Dittos:
    """Fills ditto marks of the recognised columns, chunk after chunk, in the order of the data rows.

    `keys`: what each column holds; `above`: the last value of each, which goes on to a further table of the sheet. A
    mark with nothing above it is an error cell: whatever it stood for is not known.
    """

    def __init__(self, keys: Sequence[tuple[str, str | None]], above: Values) -> None:
        self.above: Values = dict(above)
        self._keys = [(*key, keys[:number].count(key)) for number, key in enumerate(keys)]

    def apply(self, columns: Sequence[Converted]) -> None:
        """Fill a chunk's columns in place."""
        for key, column in zip(self._keys, columns, strict=True):
            if not column.texts:
                continue
            marks = _marks(column)
            if marks:
                self._fill(column, marks, self.above.get(key))
            self.above[key] = column.texts[-1], column.kinds[-1]

    @staticmethod
    def _fill(column: Converted, marks: frozenset[str], above: tuple[str, int] | None) -> None:
        texts, kinds = list(column.texts), column.kinds
        for index, text in enumerate(texts):
            if text in marks:
                value, kind = above or (text, int(Kind.ERROR))
                texts[index], kinds[index] = value, kind & ~_STRUCK | kinds[index] & _STRUCK
            above = texts[index], kinds[index]
        column.texts, column.joined = texts, None


def _marks(column: Converted) -> frozenset[str]:
    """Return the texts of a column that are ditto marks; most columns have no sign of one."""
    joined = "\0".join(column.texts) if column.joined is None else column.joined
    if not any(sign in joined for sign in _SIGNS):
        return frozenset()
    short = {text for text in column.texts if 0 < len(text) <= _LONGEST}
    return frozenset(text for text in short if is_ditto(text))
