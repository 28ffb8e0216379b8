"""From a declared table that was read to rows of values and faults, each cell of which can be named."""

from __future__ import annotations

import datetime as dt
from typing import Any, TypeVar

from trainingcli.cell_findings import TableRow
from trainingcli.intake.tables.declared import DeclaredTable
from trainingcli.intake.tables.read_declared import Fault, TableRead
from trainingcli.money import yuan_text

Row = TypeVar("Row", bound=TableRow)


def rows_of(read: TableRead, make: type[Row]) -> list[Row]:
    """Return the data rows in the order of file, sheet and row, as a system's own class of `TableRow`."""
    faults: dict[int, dict[str, Fault]] = {}
    for fault in read.faults:
        if fault.position is not None and fault.key is not None and fault.code:
            faults.setdefault(fault.position, {}).setdefault(fault.key, fault)
    return [_row(read, make, position, values, faults.get(position, {})) for position, values in read.entries()]


def _row(read: TableRead, make: type[Row], position: int, values: dict[str, Any], faults: dict[str, Fault]) -> Row:
    sheet, number = read.sheets[read.places[position]], read.rows[position]
    written = {key: _as_text(value, key, read.table) for key, value in values.items()}
    return make(
        file=sheet.file,
        sheet=sheet.sheet,
        row=number,
        cells={key: f"{letter}{number}" for key, letter in sheet.letters.items()},
        values=values,
        faults={key: (fault.code, fault.text) for key, fault in faults.items()},
        written=written | {key: fault.value for key, fault in faults.items() if fault.value is not None},
    )


def _as_text(value: Any, key: str, table: DeclaredTable) -> str:
    """Return a value as people write it: a sum in yuan, a day as 2020-07-01, several values by 、."""
    if table.columns[key].kind == "yuan":
        return yuan_text(value)
    if isinstance(value, tuple):
        return "、".join(map(str, value))
    return value.isoformat() if isinstance(value, dt.date) else str(value)
