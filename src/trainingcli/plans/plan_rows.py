"""A row of a workbook of course plans, and what it states: a plan, a lesson, or both at once."""

from __future__ import annotations

from dataclasses import dataclass

from trainingcli.cell_findings import CellFinding, TableRow
from trainingcli.compared import folded
from trainingcli.language import Text
from trainingcli.plans import kinds
from trainingcli.plans.kinds import found

NAMES = ("institution", "occupation", "level")
APPROVED = ("standard", "hours", "theory", "practice", "days", "experts", "reviewed", "conclusion", "approval")
LESSON = ("module", "content", "lesson_hours", "form", "themes", "teacher")
SHEETS = (
    (Text("教学计划", "Course plans"), ("plan", *NAMES, *APPROVED)),
    (Text("课程安排", "Lessons"), ("plan", *LESSON)),
)
"""The two sheets of a blank workbook: title and column keys."""

_FAULTS = {"BAD_NUMBER": kinds.BAD_NUMBER, "BAD_DATE": kinds.BAD_DATE}


@dataclass(frozen=True)
class PlanRow(TableRow):
    """One data row. Hours are Decimals, days a whole number, experts and themes tuples, everything else text."""

    @property
    def number(self) -> str | None:
        """The plan's number as it is compared."""
        written = self.values.get("plan")
        return folded(written) if written else None

    @property
    def is_lesson(self) -> bool:
        """Whether the row states a lesson: one of a lesson's cells is filled in."""
        return self.says(*LESSON)

    @property
    def has_lesson_columns(self) -> bool:
        """Whether the row's table has room for lessons."""
        return any(key in self.cells for key in LESSON)

    def cell_findings(self, *keys: str) -> list[CellFinding]:
        """Return what the cells of these columns say that cannot be used."""
        said = []
        for key in keys:
            if key in self.faults:
                code, text = self.faults[key]
                kind = _FAULTS.get(code) or kinds.CELL_UNREADABLE[code]
                said.append(found(kind, self, key, text))
        return said
