"""What the nine registers look like, as `schemas/registers.yaml` declares it: files, columns, headings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from trainingcli.language import Text
from trainingcli.published import schemas_folder
from trainingcli.vocabulary import heading_of, load_yaml


@dataclass(frozen=True)
class Column:
    """One column of a register. `needed`: every row fills it in; `present`: the column must at least be there.

    `headings`: as published, the first is the one that templates write. `choices`: the only texts allowed;
    `suggest`: what the drop-down offers where others are allowed too.
    """

    key: str
    kind: str
    headings: tuple[str, ...]
    needed: bool
    present: bool
    choices: tuple[str, ...]
    suggest: tuple[str, ...]
    zero: bool = False


@dataclass(frozen=True)
class Register:
    """One register (目录清单): its name is the stem of its file. `key`: what two rows in force may not share."""

    name: str
    title: Text
    note: Text
    key: tuple[str, ...]
    columns: Mapping[str, Column]

    @property
    def file(self) -> str:
        """The workbook's name in the registers' folder."""
        return f"{self.name}.xlsx"

    @property
    def headings(self) -> dict[str, str]:
        """Return matched heading → column key."""
        return {heading_of(word): column.key for column in self.columns.values() for word in column.headings}


@cache
def all_registers() -> Mapping[str, Register]:
    """Return name → register in the contract's order; loaded once."""
    entries = load_yaml(schemas_folder() / "registers.yaml")["registers"]
    return {name: _register(name, entry) for name, entry in entries.items()}


def _register(name: str, entry: Mapping[str, Any]) -> Register:
    columns = {key: _column(key, column) for key, column in entry["columns"].items()}
    return Register(name, Text(**entry["title"]), Text(**entry["note"]), tuple(entry["key"]), columns)


def _column(key: str, entry: Mapping[str, Any]) -> Column:
    needed = bool(entry.get("needed", False))
    return Column(
        key,
        entry["kind"],
        tuple(entry["headings"]),
        needed,
        needed or bool(entry.get("column", False)),
        tuple(entry.get("choices", ())),
        tuple(entry.get("suggest", ())),
        bool(entry.get("zero", False)),
    )
