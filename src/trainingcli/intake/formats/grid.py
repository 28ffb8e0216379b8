"""What every format's reader gives of a sheet: rows of Python cells, and what is known of them beside their values."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from trainingcli.intake.formats.cell_values import Cell, Special
from trainingcli.intake.gate.package import refuse
from trainingcli.language import Text


class Merge(NamedTuple):
    """A merged range; rows and columns count from 0, both ends included."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass
class Reach:
    """How far down and right a sheet holds values, and that no cell does so twice. Counted from 0; -1: none."""

    bottom: int = -1
    right: int = -1
    _seen: dict[int, int] = field(default_factory=dict)

    def add(self, row: int, first: int, last: int | None = None) -> None:
        """Take the cells of a row from `first` to `last`. Raises `Refused` where one was there before."""
        last = first if last is None else last
        bits = ((1 << max(0, last - first + 1)) - 1) << first
        seen = self._seen.get(row, 0)
        if seen & bits:
            raise refuse("同一单元格出现两次", "a cell stands twice in its row")
        self._seen[row] = seen | bits
        self.bottom, self.right = max(self.bottom, row), max(self.right, last)


@dataclass
class Grid:
    """One visible sheet. `rows` begins with the first row and column and ends with the last that holds anything.

    `specials`: row (from 0) → column (from 0) → what the parser did not show. `marks`: likewise, what the cell's look
    says (`Mark`). `hidden`, `hidden_columns`: rows and columns from 0.
    """

    name: str
    rows: Iterator[list[Cell]]
    merges: Sequence[Merge] = ()
    specials: Mapping[int, Mapping[int, Special]] = field(default_factory=dict)
    hidden: frozenset[int] = frozenset()
    date1904: bool = False
    marks: Mapping[int, Mapping[int, int]] = field(default_factory=dict)
    hidden_columns: frozenset[int] = frozenset()


@dataclass
class OpenedBook:
    """One opened file: its visible sheets in order, those not read and why, and what a clerk should know."""

    format: str
    grids: Iterator[Grid]
    not_read: list[tuple[str, Text]] = field(default_factory=list)
    warnings: list[Text] = field(default_factory=list)


def letter(column: int) -> str:
    """Return a column's letters from its number counted from 0."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
