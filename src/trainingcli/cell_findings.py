"""What is wrong with which cell of a workbook that is no roster (教学计划、教育经费), as `validate` shows it.

A room declares each kind of finding once, with its severity there, its clause and its words; the code is a reason's.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from trainingcli.language import Text
from trainingcli.reasons import reason

SEVERITY_WORDS = {"error": Text("错误", "Error"), "warning": Text("提示", "Warning")}
"""Severity of a finding → its word for people."""


@dataclass(frozen=True)
class TableRow:
    """A data row of a workbook of one declared kind.

    `cells`: key → A1 of each column that is there. `values`: key → value of each cell that holds one. `faults`: key →
    code and text of each cell that does not. `written`: key → text of each cell that is filled in.
    """

    file: str
    sheet: str
    row: int
    cells: Mapping[str, str]
    values: Mapping[str, Any]
    faults: Mapping[str, tuple[str, Text]]
    written: Mapping[str, str]

    def get(self, key: str) -> Any:
        """Return a value; None where the cell is empty or does not hold."""
        return self.values.get(key)

    def says(self, *keys: str) -> bool:
        """Tell whether a cell of these is filled in, soundly or not."""
        return any(key in self.values or key in self.faults for key in keys)


@dataclass(frozen=True)
class CellFinding:
    """One thing found. `cell` is None where the column is not there; `value` is as written, masked when it is shown."""

    kind: FindingKind
    file: str
    sheet: str
    row: int
    cell: str | None
    field: str | None
    value: str | None
    message: Text

    @property
    def code(self) -> str:
        """The reason's code."""
        return self.kind.code

    @property
    def is_error(self) -> bool:
        """Whether the command exits 1 for it."""
        return self.kind.severity == "error"

    def shown(self) -> dict[str, Any]:
        """Return the finding as a document has it, with the keys of `validate`."""
        return {
            "file": self.file, "sheet": self.sheet, "row": self.row, "cell": self.cell, "field": self.field,
            "value": self.value, "code": self.code, "severity": self.kind.severity, "clause": self.kind.clause,
            "message": str(self.message), "remedy": str(self.kind.remedy), "programmes": [],
        }  # fmt: skip


@dataclass(frozen=True)
class FindingKind:
    """A kind of finding in one room. `message` may name {field}, {value} and {detail}, as a reason's may.

    Also {quoted}: the value in its quotation marks, nothing where the cell shows none.
    """

    code: str
    severity: Literal["error", "warning"]
    clause: str
    message: Text
    remedy: Text

    def __post_init__(self) -> None:
        reason(self.code)  # a code that is not declared fails at import

    @classmethod
    def declared(cls, code: str, severity: Literal["error", "warning"]) -> FindingKind:
        """Return the kind that `schemas/reasons.yaml` says in full: a code that no claim line carries."""
        entry = reason(code)
        return cls(code, severity, entry.clause, entry.message, entry.remedy)

    @classmethod
    def unreadable(cls, clause: str, remedy: Text) -> dict[str, FindingKind]:
        """Return the kinds of cells of which the reader says itself why they have no value, by their code."""
        message = Text("{field}{quoted}：{detail}。", "{field}{quoted}: {detail}.")
        return {code: cls(code, "error", clause, message, remedy) for code in ("ERROR_CELL", "FORMULA_WITHOUT_VALUE")}

    def at(self, row: TableRow, key: str, label: Text, detail: object = "") -> CellFinding:
        """Return a finding of this kind at one cell of a row; `label` is what people call the column."""
        written = row.written.get(key)
        quoted = Text(f"“{written}”", f" '{written}'") if written else ""
        message = self.message.format(field=label, value=written or "", quoted=quoted, detail=detail)
        return CellFinding(self, row.file, row.sheet, row.row, row.cells.get(key), key, written, message)


def any_error(findings: Iterable[CellFinding]) -> bool:
    """Tell whether one of the findings is an error."""
    return any(found.is_error for found in findings)
