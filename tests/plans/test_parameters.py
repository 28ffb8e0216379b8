"""Each parameter of course plans changes an outcome: before and after, by an overlay policy file."""

from __future__ import annotations

import pytest

from support.overlays import reading
from trainingcli.plans.course_set import gather
from trainingcli.plans.plan_checks import check_set
from trainingcli.policy import load_policy

from .builder import rows_of

PLAN = {
    "plan": "P1", "institution": "并州技校", "occupation": "焊工", "level": "初级工", "standard": "国标", "hours": "40",
    "days": "5", "experts": "赵一、钱二、孙三", "reviewed": "2020-03-01", "conclusion": "通过", "approval": "一号",
}  # fmt: skip
THEMES = "工匠精神、质量意识、安全、消防、应急管理、环保、社会矫治、道路交通、未成年人保护、健康卫生"
LESSONS = [
    {"plan": "P1", "content": "通用", "lesson_hours": "36", "themes": THEMES},
    {"plan": "P1", "content": "就业指导", "lesson_hours": "4"},
]


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        ("min_experts", 4, "REVIEW_MISSING"),
        ("hours_a_day", 7, "HOURS_PER_DAY"),
        ("themes", ["安全", "礼仪"], "THEMES_MISSING"),
        ("theme_words", {"就业指导": "安全"}, "THEMES_MISSING"),
    ],
)
def test_another_value_is_another_outcome(name, value, code):
    courses = gather(rows_of([PLAN], LESSONS))
    assert check_set(courses, load_policy()).all_findings() == []
    found = {each.code for each in check_set(courses, reading(name, value)).all_findings()}
    assert code in found
