"""A row's cells: what is written, what it was read as, what was found."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from trainingcli.explain.settled_row import MONEY, SettledRow
from trainingcli.fields import label
from trainingcli.intake.formats.cell_kinds import Kind
from trainingcli.language import tr
from trainingcli.reports.data.shown_values import shown, yuan


def cells_of(row: SettledRow) -> Iterator[dict[str, Any]]:
    """Yield each cell of the row, then what title lines say in place of columns."""
    place = row.table.cells.column("row").to_pylist().index(row.number)
    for number, column in enumerate(row.table.columns):
        text = row.table.cells.column(f"t{number}")[place].as_py()
        kind = Kind(row.table.cells.column(f"k{number}")[place].as_py() & 0xF)
        yield {
            "cell": f"{column.letter}{row.number}",
            "heading": row.place(column.heading),
            "field": MONEY if column.key == "amount" else column.key,
            "written": _written(row, column.key, text, kind),
            "read_as": _amount_of(row, column.letter) if column.key == "amount" else row.read_as(column.key),
            "findings": row.codes(column.key),
        }
    for key, text in row.table.titles.items():
        heading = tr(f"{label(key)}（表上方）", f"{label(key)} (above the table)")
        written, read = shown(key, text, unmask=row.unmask), row.read_as(key)
        yield {"cell": None, "heading": heading, "field": key, "written": written, "read_as": read, "findings": []}


def _written(row: SettledRow, key: str, text: str | None, kind: Kind) -> str | None:
    if kind is Kind.NO_VALUE:
        return tr("（公式没有保存结果）", "(a formula without a saved result)")
    return shown(key, text, unmask=row.unmask)


def _amount_of(row: SettledRow, letter: str) -> str | None:
    for wide in row.rows.roster.wide:
        here = np.flatnonzero(wide.rows == row.at)
        if wide.letter == letter and len(here):
            return str(wide.fault[here[0]]) or yuan(int(wide.fen[here[0]]))
    return None
