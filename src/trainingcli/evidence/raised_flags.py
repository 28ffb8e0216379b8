"""Flags that were raised (疑点), each with the cells of all its sides."""

from __future__ import annotations

from typing import NamedTuple

from trainingcli.language import Text


class FlaggedCell(NamedTuple):
    """A cell of an input, in the order of the batch; `institution`, `class_no`: its row's, as written."""

    input: int
    file: str
    table: int
    sheet: str
    row: int
    cell: str
    institution: str | None
    class_no: str | None

    @property
    def order(self) -> tuple[int, int, int, str]:
        """Where it stands in the batch."""
        return self.input, self.table, self.row, self.cell


class Raised(NamedTuple):
    """One flag that was raised: what the message's {detail} says, and the cells of all sides."""

    detail: Text
    places: tuple[FlaggedCell, ...]
