"""Plans and lessons as people write them (heading → value), and what the program makes of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from support.declared import read_rows
from trainingcli.plans.course_set import gather
from trainingcli.plans.plan_checks import CheckedSet, check_set
from trainingcli.plans.plan_rows import PlanRow
from trainingcli.policy import load_policy

PLAN_HEADINGS = {
    "plan": "计划编号", "institution": "培训机构", "occupation": "职业(工种)", "level": "等级", "standard": "执行标准",
    "hours": "总课时", "theory": "理论课时", "practice": "实操课时", "days": "培训天数", "experts": "专家姓名",
    "reviewed": "审核日期", "conclusion": "审核结论", "approval": "批准文号",
}  # fmt: skip
LESSON_HEADINGS = {
    "plan": "计划编号", "module": "模块", "content": "授课内容", "lesson_hours": "课时", "form": "形式",
    "themes": "主题", "teacher": "授课教师",
}  # fmt: skip


def rows_of(plans: Iterable[Mapping[str, Any]], lessons: Iterable[Mapping[str, Any]]) -> list[PlanRow]:
    """Read plans and lessons (key → what is written) from a workbook with a sheet of each."""
    sheets = {"计划": _grid(PLAN_HEADINGS, plans), "课程": _grid(LESSON_HEADINGS, lessons)}
    return read_rows("plans", "plans", PlanRow, sheets)


def courses(plans: Iterable[Mapping[str, Any]], lessons: Iterable[Mapping[str, Any]]) -> CheckedSet:
    """Check plans and lessons."""
    return check_set(gather(rows_of(plans, lessons)), load_policy())


def _grid(headings: Mapping[str, str], rows: Iterable[Mapping[str, Any]]) -> list[list[Any]]:
    return [list(headings.values()), *([row.get(key) for key in headings] for row in rows)]
