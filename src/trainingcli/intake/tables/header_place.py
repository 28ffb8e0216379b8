"""Where in a sheet a table's header stands: its rows are taken a few at a time until it is found."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from trainingcli.intake.formats.cell_values import Cell, text_of
from trainingcli.intake.formats.grid import Grid, Merge
from trainingcli.intake.gate.bounds import Bounds
from trainingcli.intake.tables.header import Header, Locator
from trainingcli.intake.tables.headings import Headings

_LOOK = 16  # rows taken at a time while the header is looked for


class Nearest(NamedTuple):
    """A row (from 1) that is no header, and the keys of its known headings."""

    row: int
    keys: frozenset[str]


@dataclass(frozen=True)
class TablePlace:
    """Where a table begins: row `base` of the sheet; its first rows, and the header among them, counted from there."""

    base: int
    top: list[list[Cell]]
    header: Header


def locate(
    rows: Iterator[list[Cell]], base: int, grid: Grid, headings: Headings, bounds: Bounds
) -> TablePlace | Nearest | None:
    """Look for the header of the table that begins at row `base`; where none is found, the row that comes nearest."""
    merges = [Merge(m.top - base, m.left, m.bottom - base, m.right) for m in grid.merges] if base else grid.merges
    locator = Locator(headings, merges)
    top: list[list[Cell]] = []
    texts: list[list[str]] = []
    while len(top) < bounds.header_rows:
        more = list(itertools.islice(rows, _LOOK))
        seen = max(0, len(top) - 3)  # a header whose lower row is one of the last two was not taken yet
        top += more
        texts += [[text_of(cell) for cell in row[: bounds.header_columns]] for row in more]
        header = locator.find(texts, seen)
        if header is not None and (header.lower + 2 < len(top) or len(more) < _LOOK):
            return TablePlace(base, top, header)
        if len(more) < _LOOK:
            break
    header = locator.find(texts)
    if header is not None:
        return TablePlace(base, top, header)
    return locator.nearest and Nearest(locator.nearest[0] + 1, locator.nearest[1])
