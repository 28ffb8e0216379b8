"""A register's workbook (目录清单) → its entries and the faults of its cells, by the one reader of declared tables."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from trainingcli.intake.tables.declared import DeclaredTable, declared_tables
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


class Contents(NamedTuple):
    """What was read of one register. `sheets`: where its entries come from."""

    register: DeclaredTable
    entries: tuple[Entry, ...]
    faults: tuple[Fault, ...]
    sheets: tuple[ReadSheet, ...]

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
    entries = tuple(Entry(read.places[place], read.rows[place], values) for place, values in read.entries())
    faults = [fault._replace(file=register.file) for fault in (*_without_table(read), *read.faults)]
    contents = Contents(register, entries, (), tuple(read.sheets))
    own = (*faults, *_unread(contents), *_out_of_order(contents))
    return contents._replace(faults=own)


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
    for entry in contents.entries:
        since, until = entry.get("since"), entry.get("until")
        if since is not None and until is not None and until < since:
            yield contents.fault(entry, "until", Text("失效日期早于生效日期", "ends before it begins"))
