"""What is found in a course plan: themes 二(五), hours and the experts' review 三(四), number and standard 三(六)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from trainingcli.cell_findings import CellFinding
from trainingcli.compared import folded_name
from trainingcli.language import Text
from trainingcli.plans import kinds
from trainingcli.plans.course_set import CoursePlan, CourseSet
from trainingcli.plans.kinds import found
from trainingcli.plans.plan_rows import APPROVED, LESSON, PlanRow
from trainingcli.plans.themes import STATED, Themes
from trainingcli.policy import Policy

MISSING = "missing"
THEORY, PRACTICE = "理论", "实操"
PASSED, FAILED = "通过", "不通过"
_NEEDED = ("institution", "occupation", "level", "hours")


@dataclass
class ThemeHours:
    """How a plan carries a theme, and the hours of the lessons that do; a lesson's hours count whole for each theme."""

    how: str = MISSING
    hours: Decimal = Decimal(0)


@dataclass(frozen=True)
class CheckedPlan:
    """A plan with its themes, in the policy's order, and what was found in it and in its lessons."""

    plan: CoursePlan
    themes: dict[str, ThemeHours]
    findings: list[CellFinding]


@dataclass(frozen=True)
class CheckedSet:
    """All plans of a run; `findings` are of the set: lessons that are no plan's, classes whose plan is not there."""

    plans: list[CheckedPlan]
    findings: list[CellFinding]

    def all_findings(self) -> list[CellFinding]:
        """Return every finding: of the plans, then of the set."""
        return [each for plan in self.plans for each in plan.findings] + self.findings


def check_set(courses: CourseSet, policy: Policy) -> CheckedSet:
    """Check every plan of a set."""
    themes = Themes.of(policy)
    loose: list[CellFinding] = []
    for row in courses.stray:
        loose.append(found(kinds.NO_SUCH_PLAN, row, "plan"))
        loose += _lesson_findings(row, themes)
    return CheckedSet([_checked(plan, courses, themes, policy) for plan in courses.plans], loose)


def _checked(plan: CoursePlan, courses: CourseSet, themes: Themes, policy: Policy) -> CheckedPlan:
    carried = theme_hours(plan.lessons, themes)
    findings = [
        *_identity(plan.row, courses),
        *plan.row.cell_findings("plan", *_NEEDED[:3], *APPROVED),
        *_review(plan.row, policy.parameter("min_experts")),
        *_hours(plan),
        *_per_day(plan.row, policy.parameter("hours_a_day")),
        *_missing_themes(plan.row, carried),
        *(each for lesson in plan.lessons for each in _lesson_findings(lesson, themes)),
    ]
    return CheckedPlan(plan, carried, findings)


def theme_hours(lessons: Sequence[PlanRow], themes: Themes) -> dict[str, ThemeHours]:
    """Return each theme with how the lessons carry it: named by one (stated), else by its words, else missing."""
    carried = {name: ThemeHours() for name in themes.names}
    for lesson in lessons:
        how, names = themes.of_lesson(lesson)
        for name in names:
            theme = carried[name]
            theme.hours += lesson.get("lesson_hours") or 0
            theme.how = STATED if STATED in (how, theme.how) else how
    return carried


def _identity(row: PlanRow, courses: CourseSet) -> Iterator[CellFinding]:
    number = row.number
    if number is None and len(courses.plans) > 1:
        yield found(kinds.PLAN_NUMBER_MISSING, row, "plan", len(courses.plans))
    elif number is not None and len(courses.numbered(number)) > 1:
        yield found(kinds.PLAN_TWICE, row, "plan")
    for key in _NEEDED:
        if not row.says(key):
            yield found(kinds.MISSING_FIELD, row, key)
    if not row.says("standard"):
        yield found(kinds.NO_TRAINING_STANDARD, row, "standard")


def _review(row: PlanRow, least: int) -> Iterator[CellFinding]:
    """By 三(四) a group of experts reviews every plan. A conclusion in other words is none."""
    conclusion = row.get("conclusion")
    if conclusion == FAILED:
        yield found(kinds.REVIEW_FAILED, row, "conclusion")
    elif conclusion != PASSED:
        yield found(
            kinds.REVIEW_MISSING,
            row,
            "conclusion",
            Text("没有审核结论（通过或不通过）", "it has no conclusion (通过 or 不通过)"),
        )
    if not row.get("approval"):
        yield found(kinds.REVIEW_MISSING, row, "approval", Text("没有批准文号", "it has no approval number"))
    experts = {folded_name(name) for name in row.get("experts") or ()}
    if len(experts) < least:
        few = Text(
            f"不同的专家只有{len(experts)}人，至少应有{least}人",
            f"it names {len(experts)} different experts of at least {least}",
        )
        yield found(kinds.REVIEW_MISSING, row, "experts", few)


def _hours(plan: CoursePlan) -> Iterator[CellFinding]:
    """Compare hours where both sides are there; lessons with hours that cannot be read have no sum."""
    row = plan.row
    total, theory, practice = (row.get(key) for key in ("hours", "theory", "practice"))
    if None not in (total, theory, practice) and theory + practice != total:
        parts = plain(theory + practice)
        detail = Text(f"理论与实操相加为{parts}课时", f"theory and practice make {parts} hours")
        yield found(kinds.HOURS_DIFFER, row, "hours", detail)
    if any("lesson_hours" in lesson.faults for lesson in plan.lessons):
        return
    timed = [lesson for lesson in plan.lessons if lesson.says("lesson_hours")]
    if timed and total is not None and total != sum_of_hours(timed):
        yield _differ(row, "hours", sum_of_hours(timed))
    formed = [lesson for lesson in timed if lesson.get("form") in (THEORY, PRACTICE)]
    if not formed:
        return
    open_hours = sum_of_hours(timed) - sum_of_hours(formed)  # of lessons that may be either
    for key, form in (("theory", THEORY), ("practice", PRACTICE)):
        stated, own = row.get(key), sum_of_hours(lesson for lesson in formed if lesson.get("form") == form)
        if stated is not None and not own <= stated <= own + open_hours:
            yield _differ(row, key, own)


def _differ(row: PlanRow, key: str, lessons: Decimal) -> CellFinding:
    hours = plain(lessons)
    detail = Text(f"课程合计{hours}课时", f"the lessons have {hours} hours")
    return found(kinds.HOURS_DIFFER, row, key, detail)


def _per_day(row: PlanRow, most: int) -> Iterator[CellFinding]:
    total, days = row.get("hours"), row.get("days")
    if total is not None and days is not None and total > most * days:
        detail = Text(f"{days}天，每天最多{most}课时", f"{days} days of at most {most} hours")
        yield found(kinds.HOURS_PER_DAY, row, "hours", detail)


def _missing_themes(row: PlanRow, carried: dict[str, ThemeHours]) -> Iterator[CellFinding]:
    missing = [name for name, theme in carried.items() if theme.how == MISSING]
    if missing:
        yield found(kinds.THEMES_MISSING, row, "plan", "、".join(missing))


def _lesson_findings(lesson: PlanRow, themes: Themes) -> Iterator[CellFinding]:
    yield from lesson.cell_findings(*LESSON)
    for text in lesson.get("themes") or ():
        if themes.named(text) is None:
            yield found(kinds.UNKNOWN_THEME, lesson, "themes", text)


def sum_of_hours(lessons: Iterator[PlanRow] | Sequence[PlanRow]) -> Decimal:
    """Return the hours of lessons together."""
    return sum((lesson.get("lesson_hours") or Decimal(0) for lesson in lessons), Decimal(0))


def plain(hours: Decimal) -> int | float:
    """Return hours as documents show them: a whole number, or one with decimals."""
    return int(hours) if hours == hours.to_integral_value() else float(hours)
