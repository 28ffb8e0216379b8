"""All plans of a run and their lessons: one set, whatever sheets and files they come from (2.5: all files are one set).

A table of plans has a plan in each row. In a table that has lessons' columns as well, rows that repeat a plan (or leave
its cells blank) are one plan, and each row's lesson is that plan's. Otherwise a lesson is of the plan that has its
number; where the set has one plan no number is needed.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from trainingcli.plans.plan_rows import APPROVED, NAMES, PlanRow


@dataclass
class CoursePlan:
    """A plan: the row that states it first, what later rows of the same plan add, and its lessons."""

    row: PlanRow
    lessons: list[PlanRow] = field(default_factory=list)

    def takes(self, row: PlanRow) -> bool:
        """Take a row that states the same plan; False where one of its cells says something else."""
        if self.row.number != row.number or any(_differs(self.row, row, key) for key in (*NAMES, *APPROVED)):
            return False
        added = {key: value for key, value in row.values.items() if not self.row.says(key)}
        written = {key: row.written[key] for key in added}
        self.row = replace(self.row, values={**added, **self.row.values}, written={**written, **self.row.written})
        return True


@dataclass(frozen=True)
class CourseSet:
    """The plans in the order of their rows, and the lessons that are no plan's."""

    plans: list[CoursePlan]
    stray: list[PlanRow]

    def numbered(self, number: str) -> list[CoursePlan]:
        """Return the plans that bear a number."""
        return [plan for plan in self.plans if plan.row.number == number]


def gather(rows: Iterable[PlanRow]) -> CourseSet:
    """Return the set that rows make, whatever their order."""
    listed = list(rows)
    plans: list[CoursePlan] = []
    owner: dict[int, CoursePlan] = {}
    for place, row in enumerate(listed):
        if _states_plan(row):
            owner[place] = _joined(plans, row)
    numbers = {plan.row.number for plan in plans}
    for place, row in enumerate(listed):  # a table of lessons that names its plan and says no more of it
        if place not in owner and row.says(*NAMES) and (row.number not in numbers if row.number else not numbers):
            owner[place] = _joined(plans, row)
    stray = [row for place, row in enumerate(listed) if not _handed_over(row, owner.get(place), plans)]
    return CourseSet(plans, stray)


def _states_plan(row: PlanRow) -> bool:
    if not row.has_lesson_columns:
        return True
    return row.says(*APPROVED) or (row.says(*NAMES) and not row.is_lesson)


def _joined(plans: list[CoursePlan], row: PlanRow) -> CoursePlan:
    """Return the plan that a row states: an earlier one of a table with lessons that it repeats, else a new one."""
    if row.has_lesson_columns:
        for plan in plans:
            if plan.row.has_lesson_columns and plan.takes(row):
                return plan
    plans.append(CoursePlan(row))
    return plans[-1]


def _handed_over(row: PlanRow, stated: CoursePlan | None, plans: Sequence[CoursePlan]) -> bool:
    """Give a lesson to its plan, or plans; False where there is none. A row that is no lesson has nothing to give."""
    if not row.is_lesson:
        return stated is not None or not row.says("plan")
    if stated is not None:
        takers = [stated]
    elif row.number is None:
        takers = list(plans) if len(plans) == 1 else []
    else:
        takers = [plan for plan in plans if plan.row.number == row.number]
    for plan in takers:
        plan.lessons.append(row)
    return bool(takers)


def _differs(mine: PlanRow, others: PlanRow, key: str) -> bool:
    if not (mine.says(key) and others.says(key)):
        return False
    return bool(mine.get(key) != others.get(key))
