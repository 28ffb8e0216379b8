"""Readable rows (heading → value) → what intake hands on, without a workbook, by the real header and row reader."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from hashlib import sha256
from typing import Any

import pyarrow as pa

from trainingcli.intake.formats.grid import Grid, Merge, letter
from trainingcli.intake.gate.bounds import DEFAULT
from trainingcli.intake.tables.headings import Headings
from trainingcli.intake.tables.read_input import read_one
from trainingcli.intake.tables.sheet_reader import read_sheet
from trainingcli.intake.tables.sheet_tables import InputFile
from trainingcli.policy import load_policy
from trainingcli.vocabulary import Vocabulary, load_vocabulary

Row = Mapping[str, Any]
"""Heading → cell: str, int, float, bool, date, None (empty) or `Special` (an error, a formula without a value)."""


@dataclass(frozen=True)
class Sheet:
    """One sheet: a header row of all headings that its rows use, in the order of their first use, then the rows.

    `above`: rows of text over the header. `merged`: (heading, first row, last row) of a vertical merge; rows from 1.
    """

    rows: Sequence[Row]
    name: str = "Sheet1"
    above: Sequence[str] = ()
    merged: Sequence[tuple[str, int, int]] = ()
    date1904: bool = False
    headings: Sequence[str] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "headings", list(dict.fromkeys(key for row in self.rows for key in row)))

    @property
    def first_row(self) -> int:
        """The number of the first data row, as a spreadsheet program shows it."""
        return len(self.above) + 2

    def cell(self, heading: str, row: int) -> str:
        """The name of a cell, such as F5; `row`: 1 for the first data row."""
        return f"{letter(self.headings.index(heading))}{self.first_row + row - 1}"

    def grid(self) -> Grid:
        """What a format's reader would give of the sheet."""
        lines: list[list[Any]] = [[text] for text in self.above]
        lines.append(list(self.headings))
        lines += [[_cell(row.get(heading)) for heading in self.headings] for row in self.rows]
        above = self.first_row - 2
        merges = [Merge(above + top, column, above + bottom, column) for column, top, bottom in self._merges()]
        return Grid(self.name, iter(lines), merges, date1904=self.date1904)

    def _merges(self) -> Iterable[tuple[int, int, int]]:
        return [(self.headings.index(heading), top, bottom) for heading, top, bottom in self.merged]


def _cell(value: Any) -> Any:
    """A cell as the fast reader gives it: every number a float, nothing an empty text."""
    if value is None:
        return ""
    return float(value) if type(value) is int else value


def input_file(file: str, *sheets: Sheet, words: Vocabulary | None = None) -> InputFile:
    """One input as intake hands it on; `words`: those of another kind of table than a roster."""
    tables = []
    for sheet in sheets:
        found = read_sheet(sheet.grid(), headings() if words is None else Headings.of(words), DEFAULT)
        tables += found if isinstance(found, list) else []
    return _unpacked(InputFile(file, sha256(file.encode()).hexdigest(), "xlsx", tables))


def read_bytes(data: bytes) -> InputFile:
    """A file's bytes, read by the real intake in this process."""
    found = read_one("-", data, headings().vocabulary, None)
    assert found.error is None, found.error
    return _unpacked(found)


def _unpacked(found: InputFile) -> InputFile:
    """Turn the cells, as a worker sends them, into tables."""
    for sheet in found.sheets:
        if not isinstance(sheet.cells, pa.Table):
            sheet.cells = sheet.cells.table()
    return found


@cache
def headings() -> Headings:
    """The matcher of headings, by the shipped policy's programme names."""
    return Headings.of(load_vocabulary(load_policy().programme_names()))
