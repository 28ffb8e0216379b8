"""A register's workbook (目录清单) → its entries and the faults of its cells, by the one reader of declared tables."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from trainingcli.compared_columns import compared_column
from trainingcli.intake.tables.declared import DeclaredTable, declared_tables
from trainingcli.intake.tables.distinct_cells import DistinctValues
from trainingcli.intake.tables.read_declared import Fault, ReadSheet, TableRead, read_declared
from trainingcli.language import Text
from trainingcli.workers import WorkerPool

_HINT = Text("可用 trainingcli registers template 生成空白表", "`trainingcli registers template` writes a blank one")


class Entry(NamedTuple):
    """One row of a register: its sheet's place, its row as the program shows it, key → value (absent where empty)."""

    place: int
    row: int
    values: Mapping[str, Any]

    def get(self, key: str) -> Any:
        """Return a value, None where the cell is empty."""
        return self.values.get(key)

    def several(self, key: str) -> tuple[str, ...]:
        """Return the values of a cell that may hold several."""
        found: tuple[str, ...] = self.values.get(key, ())
        return found


@dataclass(frozen=True)
class Contents:
    """What was read of one register: a column a key. `places`, `rows`: each entry's, as `Entry` has them.

    `sheets`: where entries come from. A register may have ten thousand, of which a batch names a few: whoever knows
    which takes these alone.
    """

    register: DeclaredTable
    columns: Mapping[str, DistinctValues]
    places: Sequence[int]
    rows: Sequence[int]
    faults: tuple[Fault, ...]
    sheets: tuple[ReadSheet, ...]

    @classmethod
    def of(cls, read: TableRead) -> Contents:
        """Return what was read, without its faults."""
        columns = {key: DistinctValues.joined(parts) for key, parts in read.coded.items()}
        return cls(read.table, columns, read.places, read.rows, (), tuple(read.sheets))

    def __len__(self) -> int:
        return len(self.rows)

    @cached_property
    def entries(self) -> tuple[Entry, ...]:
        """Every entry."""
        return self.at(range(len(self)))

    def at(self, positions: Collection[int]) -> tuple[Entry, ...]:
        """Return the entries at these positions."""
        where = np.fromiter(positions, dtype=np.int64, count=len(positions))
        cells = (column.at(where) for column in self.columns.values())
        rows = (zip(self.columns, row, strict=True) for row in zip(*cells, strict=True))
        return tuple(
            Entry(
                self.places[place],
                self.rows[place],
                {key: value for key, value in row if value is not None and value != ()},
            )
            for place, row in zip(positions, rows, strict=True)
        )

    def having(self, key: str) -> tuple[Entry, ...]:
        """Return the entries in which a cell is filled in."""
        return self.at(np.flatnonzero(self.columns[key].said()).tolist())

    def named(self, key: str, compare: Callable[[str], str], names: Collection[str | None]) -> tuple[Entry, ...]:
        """Return the entries whose name, as it is compared, is one of these."""
        return self.at(self.named_at(key, compare, names))

    def named_at(self, key: str, compare: Callable[[str], str], names: Collection[str | None] | None) -> list[int]:
        """Return the positions of the entries whose name, as it is compared, is one of these (None: any)."""
        if names is None:
            where = self.columns[key].said()
        else:
            wanted = pa.array([name for name in names if name is not None], pa.string())
            is_one = pc.is_in(self._compared(key, compare), wanted).to_numpy(zero_copy_only=False)
            where = is_one[self.columns[key].places]
        found: list[int] = np.flatnonzero(where).tolist()
        return found

    def names(self, key: str, compare: Callable[[str], str]) -> list[str]:
        """Return the distinct names as they are compared, in the register's order."""
        found: list[str] = self._compared(key, compare).unique().drop_null().to_pylist()
        return found

    def _compared(self, key: str, compare: Callable[[str], str]) -> pa.StringArray:
        return compared_column(self.columns[key].texts(), compare)

    def fault(self, entry: Entry, key: str, text: Text, *, is_error: bool = True) -> Fault:
        """Return a fault of one cell."""
        sheet = self.sheets[entry.place]
        return Fault(self.register.file, sheet.sheet, sheet.cell(key, entry.row), text, is_error)


def all_registers() -> Mapping[str, DeclaredTable]:
    """Return name → register in the contract's order."""
    return declared_tables("registers")


def read_contents(register: DeclaredTable, folder: Path, pool: WorkerPool) -> Contents:
    """Read a register of a folder; what cannot be used is a fault, never an exception."""
    read = read_declared([str(folder / register.file)], register, pool, walk=False)
    faults = [fault._replace(file=register.file) for fault in (*_without_table(read), *read.faults)]
    contents = Contents.of(read)
    return replace(contents, faults=(*faults, *_unread(contents), *_out_of_order(contents)))


def _without_table(read: TableRead) -> Iterator[Fault]:
    for fault in read.unreadable:
        is_header = read.inputs[0].error is None
        text = Text(f"{fault.text.zh}；{_HINT.zh}", f"{fault.text.en}; {_HINT.en}") if is_header else fault.text
        yield fault._replace(text=text)


def _unread(contents: Contents) -> Iterator[Fault]:
    for sheet in contents.sheets:
        for letter, heading, *_ in sheet.unread:
            text = Text(
                f"列“{heading}”未识别，不采用", f"the column '{heading}' is not one of the register's, and not used"
            )
            yield Fault(contents.register.file, sheet.sheet, f"{letter}{sheet.header_row}", text, is_error=False)


def _out_of_order(contents: Contents) -> Iterator[Fault]:
    for entry in contents.having("until") if {"since", "until"} <= contents.columns.keys() else ():
        since, until = entry.get("since"), entry.values["until"]
        if since is not None and until < since:
            yield contents.fault(entry, "until", Text("失效日期早于生效日期", "ends before it begins"))
