"""The cases of course plans: each file argues one finding, or one rule, from the contract's section 5."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from support.declared import read_rows
from trainingcli.plans.course_set import gather
from trainingcli.plans.document import plan_row
from trainingcli.plans.plan_checks import CheckedSet, check_set
from trainingcli.plans.plan_rows import PlanRow
from trainingcli.policy import load_policy

FOLDER = Path(__file__).parents[1] / "cases" / "plans"
RULES = {"themes", "course_set"}
OF_REGISTERS = {"NOT_IN_REGISTER", "PLAN_UNKNOWN"}
PLAN = {
    "计划编号": "P1", "培训机构": "并州技校", "职业(工种)": "焊工", "等级": "初级工", "执行标准": "国家职业技能标准",
    "总课时": "40", "专家": "赵一、钱二、孙三", "审核结论": "通过", "批准文号": "并人社培〔2020〕1号",
}  # fmt: skip
LESSON = {"计划编号": "P1"}


def cases() -> list[tuple[str, dict[str, Any]]]:
    return [
        (path.stem, case)
        for path in sorted(FOLDER.glob("*.yaml"))
        for case in yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)
    ]


def grid(rows: list[dict[str, str]]) -> list[list[str | None]]:
    headings = list(dict.fromkeys(heading for row in rows for heading in row))
    cells = [[None if row.get(heading) in ("~", None) else row[heading] for heading in headings] for row in rows]
    return [list(headings), *cells]


def sheets(case: dict[str, Any]) -> dict[str, list[list[str | None]]]:
    """A sheet of plans and one of lessons, or one that is both."""
    if "合表" in case:
        return {"合表": grid([PLAN | row for row in case["合表"]])}
    made = {"计划": grid([PLAN | row for row in case.get("计划", [{}])])}
    lessons = [LESSON | row for row in case.get("课", [])]
    if lessons:
        made["课程"] = grid(lessons)
    return made


def checked(case: dict[str, Any]) -> tuple[CheckedSet, dict[str, list[list[str | None]]]]:
    made = sheets(case)
    return check_set(gather(read_rows("plans", "plans", PlanRow, made)), load_policy()), made


def headings_of(code: str, findings: list[dict[str, Any]], made: dict[str, list[list[str | None]]]) -> list[str | None]:
    found = [each for each in findings if each["code"] == code]
    return [made[each["sheet"]][0]["ABCDEFGHIJKLMNOPQRSTUVWXYZ".index(each["cell"][0])] for each in found]


@pytest.mark.parametrize(
    ("topic", "case"), cases(), ids=lambda value: value["事"] if isinstance(value, dict) else value
)
def test_a_case(topic: str, case: dict[str, Any]) -> None:
    result, made = checked(case)
    rows = [plan_row(each) for each in result.plans]
    expected = case.get("结果", [{}])
    assert len(rows) == len(expected)
    for row, wanted in zip(rows, expected, strict=True):
        codes = {found["code"] for found in row["findings"]}
        assert codes.isdisjoint(wanted.get("没有", []))
        for code, columns in wanted.get("有", {}).items():
            assert headings_of(code, row["findings"], made) == ([columns] if isinstance(columns, str) else columns)
        if "说" in wanted:
            assert any(wanted["说"] in found["message"] for found in row["findings"])
        assert str(row["hours"]) == wanted.get("课时", str(row["hours"])).replace("~", "None")
        assert row["plan"] == wanted.get("编号", row["plan"])
    for theme, (how, hours) in case.get("主题", {}).items():
        assert rows[0]["themes"][theme] == {"how": how, "hours": float(hours)}, theme
    if "整套" in case:
        assert sorted(found.code for found in result.findings) == case["整套"]
    else:
        assert result.findings == []


def test_every_file_shows_its_finding_and_a_case_without_it() -> None:
    for path in FOLDER.glob("*.yaml"):
        if path.stem in RULES:
            continue
        code = path.stem.upper()
        given = {
            code in {found.code for found in checked(case)[0].all_findings()}
            for topic, case in cases()
            if topic == path.stem
        }
        assert given == {True, False}, path.name
