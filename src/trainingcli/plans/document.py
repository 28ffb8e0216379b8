"""What a run on course plans prints: the document `trainingcli.plans/1`, its columns, and what the screen shows."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from trainingcli import terminal_text
from trainingcli.language import Text, tr
from trainingcli.plans.plan_checks import MISSING, CheckedPlan, CheckedSet, plain
from trainingcli.plans.themes import STATED, WORDS
from trainingcli.result import Block, Column, Listing, Prose, Table, columns

SCHEMA = "trainingcli.plans/1"
PLANS = Listing(
    "plans",
    columns("""
        plan         计划编号    code   Plan
        institution  培训机构    text   Institution
        occupation   职业(工种)  text   Occupation
        level        等级        code   Level
        hours        总课时      count  Hours
        theory       理论课时    count  Theory
        practice     实操课时    count  Practice
        findings     问题        text   Findings
    """),
    Listing("themes", columns("""
        theme  主题  code   Theme
        how    依据  code   How
        hours  课时  count  Hours
    """)[1:], keyed_by="theme"),
)  # fmt: skip
_MARKS = {STATED: Text("√", "X"), WORDS: Text("○", "o"), MISSING: Text("缺", "-")}
_SUBJECT = columns("""
    plan        计划编号    text   Plan
    occupation  职业(工种)  text   Occupation
    hours       课时        count  Hours
""")


def plan_row(checked: CheckedPlan) -> dict[str, Any]:
    """Return a plan as the document has it; hours are numbers, null where they are not stated."""
    row = checked.plan.row
    hours = {key: row.get(key) for key in ("hours", "theory", "practice")}
    return {
        **{key: row.get(key) for key in ("plan", "institution", "occupation", "level")},
        **{key: None if stated is None else plain(stated) for key, stated in hours.items()},
        "themes": {name: {"how": theme.how, "hours": plain(theme.hours)} for name, theme in checked.themes.items()},
        "findings": [found.shown() for found in checked.findings],
    }


def screen(checked: CheckedSet, room: int) -> Iterator[Block]:
    """Yield what a terminal shows: the matrix of plans and themes, the themes by number so that it fits 80 columns."""
    names = list(checked.plans[0].themes) if checked.plans else []
    themes = [Column(name, Text(str(number), str(number)), "code", _MARKS) for number, name in enumerate(names, 1)]
    rows = [
        plan_row(plan) | {name: theme.how for name, theme in plan.themes.items()} for plan in checked.plans
    ]  # fmt: skip
    yield Table((*_SUBJECT, *themes), rows, tr("计划与主题", "Plans and themes"))
    if names:
        numbered = tr("，", ", ").join(f"{number} {name}" for number, name in enumerate(names, 1))
        legend = tr("√ 写明  ○ 由用语认出  缺 没有；", "X named, o by its words, - none; ")
        yield Prose(terminal_text.paragraph(legend + numbered, room), "dim")
