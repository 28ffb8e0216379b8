"""A row by itself beside the evidence: what the other rows of the batch take from it is knock-on, never direct."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from realname.builder import means, workbook
from registers.builder import registers
from support.ordinary import row
from support.people import id_number
from support.rosters import Sheet, input_file
from trainingcli.evidence.gathered import Sources
from trainingcli.evidence.sources.realname import SOURCE as REALNAME
from trainingcli.facts import FundBudget
from trainingcli.policy import load_policy

from . import plain
from .settings import policy_with
from .test_agreement import comparison, expected, found, in_order


def kinds(rows: list[dict[str, Any]], sources: Sources, *settings: str) -> list[str]:
    """The kinds of the changes, which are those of the plain re-computation."""
    inputs, after = [input_file("甲.xlsx", Sheet(rows))], policy_with(*settings)
    changes = found(comparison(inputs, load_policy(), after, sources))
    plainly = plain.changes(inputs, load_policy(), after, sources)
    assert in_order(changes) == in_order(expected(plainly))
    return [str(change[3]) for change in changes]


def test_a_budget_bears_each_row_alone_and_not_both() -> None:
    """1,000 yuan of 就业补助资金: two lines of 800 (B: 500). Under A the second is held; alone it is 800, then 500."""
    budget = Sources(budgets={("就业补助资金", 2021): FundBudget(100_000, 0)})
    rows = [row("失业人员", 1), row("失业人员", 2)]
    assert kinds(rows, budget, "programmes.vocational-training.amounts.each=500") == ["direct", "direct"]


def test_what_a_budget_holds_of_a_row_alone_is_held_alone() -> None:
    """700 yuan: a line of 800 is held under A, alone as well; under B, 500, it is paid."""
    budget = Sources(budgets={("就业补助资金", 2021): FundBudget(70_000, 0)})
    assert kinds([row("失业人员", 1)], budget, "programmes.vocational-training.amounts.each=500") == ["direct"]


def test_a_line_that_only_the_budget_left_by_another_pays_is_knock_on() -> None:
    """1,000 yuan: the first takes 800, the second, 300 claimed, is held; with 500 for the first it is paid."""
    budget = Sources(budgets={("就业补助资金", 2021): FundBudget(100_000, 0)})
    rows = [row("失业人员", 1), row("失业人员", 2, 申报金额=300)]
    assert kinds(rows, budget, "programmes.vocational-training.amounts.each=500") == ["direct", "knock-on"]


def test_a_certificate_that_two_people_have_is_held_for_the_other_row_alone() -> None:
    """Two people with one number are held under both; with 取证补贴 ended for 高级工 the codes change, not the status.
    Alone the row is paid under A and not under B: direct."""
    rows = [row("取证人员", 1, 证书编号="S7"), row("取证人员", 2, 证书编号="S7")]
    assert kinds(rows, Sources(), "programmes.certificate.amounts.高级工=null") == ["direct", "direct"]


def test_two_names_of_one_number_hold_no_row_alone() -> None:
    rows = [row("取证人员", 1, 姓名="赵一"), row("取证人员", 1, 姓名="钱二")]
    assert kinds(rows, Sources(), "programmes.certificate.amounts.高级工=null") == ["direct", "direct"]


@pytest.mark.parametrize("size", [1, 2])
def test_a_class_is_as_large_as_the_row_alone(tmp_path: Path, size: int) -> None:
    """OVER_CLASS_SIZE counts the batch's people; a row alone is one. (A note: it changes codes, not what is direct.)"""
    school = "晋阳职业培训学校"
    lists = registers(tmp_path, classes=[
        {"class_no": "1班", "institution": school, "occupation": "焊工", "level": "初级工", "plan": "1号", "size": size,
         "start_date": "2020-07-01", "acceptance": "合格"}])  # fmt: skip
    rows = [row("失业人员", person, 班级编号="1班") for person in (1, 2)]
    assert kinds(rows, lists, "programmes.vocational-training.amounts.each=500") == ["direct", "direct"]


def test_an_entry_of_the_real_name_system_that_another_row_took_is_there_for_the_row_alone(tmp_path: Path) -> None:
    """An entry without start is the partner of two trainings by class; the first row takes it, the second is held.
    Alone the second has it: 800 under A, 500 under B."""
    number = id_number(1)
    entry = {"name": "学员二", "id_number": number, "class_no": "1班", "completion": "合格"}
    export = tmp_path / "导出.xlsx"
    workbook(export, [entry], ["name", "id_number", "class_no", "occupation", "start_date", "completion"])
    given = Sources(read={"realname": REALNAME.read([export], means())})
    later = {"开班日期": "2020-09-01", "结业日期": "2020-09-15"}
    rows = [row("失业人员", 1, 班级编号="1班", **more) for more in ({}, later | {"等级": "中级工"})]
    assert kinds(rows, given, "programmes.vocational-training.amounts.each=500") == ["direct", "direct"]
    inputs = [input_file("甲.xlsx", Sheet(rows))]
    first, second = plain.claims(inputs, load_policy(), given).values()
    assert (first.status, second.status, set(second.codes)) == ("approved", "held", {"NOT_IN_REALNAME"})
