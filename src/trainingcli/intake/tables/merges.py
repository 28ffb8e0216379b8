"""Vertical merges: one value for several data rows (a class's dates, a person's name, a group's total)."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from trainingcli.intake.formats.cell_kinds import Kind, Mark
from trainingcli.intake.formats.cell_values import Converted
from trainingcli.intake.formats.grid import Merge

_MERGED = int(Mark.MERGED)


@dataclass
class _Range:
    top: int
    bottom: int
    text: str = ""
    kind: int = int(Kind.EMPTY)
    people: int = 0  # data rows met so far


class Merges:
    """The vertical merges of the recognised columns that begin under the header; rows count from 0."""

    def __init__(self, merges: Sequence[Merge], columns: Sequence[int], first: int) -> None:
        self._columns = {column: number for number, column in enumerate(columns)}
        self._ranges: list[list[_Range]] = [[] for _ in columns]
        for merge in merges:
            number = self._columns.get(merge.left)
            if number is not None and merge.top >= first and merge.bottom > merge.top:
                self._ranges[number].append(_Range(merge.top, merge.bottom))
        for ranges in self._ranges:
            ranges.sort(key=lambda found: found.top)
        self._tops = [[found.top for found in ranges] for ranges in self._ranges]
        self._waiting = [0] * len(columns)

    def covers(self, row: int, columns: Sequence[int]) -> bool:
        """Tell whether a cell of `row` in one of `columns` lies in a merge that began in a row above it."""
        for column in columns:
            number = self._columns[column]
            position = bisect_right(self._tops[number], row) - 1
            if position >= 0:
                found = self._ranges[number][position]
                if found.top < row <= found.bottom:
                    return True
        return False

    def apply(self, rows: Sequence[int], columns: Sequence[Converted], last: int) -> None:
        """Fill and mark a chunk's columns in place. `rows`: its data rows, counted from 0; `last`: its last row."""
        for number, ranges in enumerate(self._ranges):
            if not ranges:
                continue
            column = columns[number]
            texts = column.texts = list(column.texts)
            column.joined = None
            position = self._waiting[number]
            while position < len(ranges) and ranges[position].top <= last:
                _fill(ranges[position], rows, texts, column.kinds, last)
                if ranges[position].bottom > last:
                    break  # goes on in the next chunk
                position += 1
            self._waiting[number] = position


def _fill(found: _Range, rows: Sequence[int], texts: list[str], kinds: bytearray, last: int) -> None:
    start, stop = bisect_left(rows, found.top), bisect_right(rows, found.bottom)
    if start < stop and rows[start] == found.top:
        found.text, found.kind = texts[start], kinds[start]
    found.people += stop - start
    if found.people < 2 and found.bottom <= last:
        return
    for index in range(start, stop):
        texts[index] = found.text
        kinds[index] = found.kind | _MERGED
