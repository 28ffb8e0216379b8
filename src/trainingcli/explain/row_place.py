"""Which row of a roster is asked about."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from trainingcli.errors import UsageError
from trainingcli.language import Text
from trainingcli.settle.rows import Rows


@dataclass(frozen=True)
class Place:
    """Which row: its number as the spreadsheet program shows it, and the sheet where several have that row."""

    row: int
    sheet: str | None = None


def position_of(rows: Rows, place: Place) -> int:
    """Return a row's position in the roster."""
    origins = rows.roster.origins
    sheets, numbers = rows.frame["sheet"].to_numpy(), rows.frame["row"].to_numpy()
    wanted = np.array([place.sheet in (None, origin.sheet) for origin in origins] or [False])
    found = np.flatnonzero(wanted[sheets] & (numbers == place.row)) if len(rows) else np.array([], dtype=np.int64)
    if len(found) == 1:
        return int(found[0])
    if len(found):
        names = "、".join(origins[sheet].sheet for sheet in sheets[found])
        raise UsageError(
            Text(
                f"几张工作表都有第 {place.row} 行，请加 --sheet：{names}",
                f"several sheets have row {place.row}; add --sheet: {names}",
            )
        )
    spans = [
        f"{origin.sheet} {numbers[sheets == number].min()}–{numbers[sheets == number].max()}"
        for number, origin in enumerate(origins)
        if (sheets == number).any()
    ]
    there = "、".join(spans) or "—"
    raise UsageError(
        Text(
            f"第 {place.row} 行不是人员行；人员行在：{there}",
            f"row {place.row} is no row of a person; such rows: {there}",
        )
    )
