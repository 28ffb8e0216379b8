"""People with one row are decided in one step, people with several in a walk: most cases here go both ways."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
import pytest

from support.ordinary import row
from support.overlays import overlay, technicians_certificate
from support.rosters import Sheet, input_file
from support.settling import run
from trainingcli.policy import Policy, load_policy
from trainingcli.settle.limits.apply import Limits

ELSEWHERE = {"工种": "车工", "开班日期": dt.date(2018, 3, 1), "结业日期": dt.date(2018, 3, 9)}
"""A second row in the first person's name, of another year and occupation, which changes nothing of the others."""

FLOATING = {"开班日期": None}


def codes(*rows: dict[str, Any], policy: Policy | None = None, several: bool) -> list[list[str]]:
    """The codes of the rows' lines; `several`: their people have another row each, behind."""
    people = {one["身份证号"]: one["姓名"] for one in rows}
    other = row("企业职工", **ELSEWHERE)
    behind = [{**other, "身份证号": number, "姓名": name} for number, name in people.items()] if several else []
    found = run([input_file("名册.xlsx", Sheet(rows), Sheet(behind, name="其他"))], policy=policy)
    return [line.codes for line in found.outcomes if line.sheet != "其他"]


both_ways = pytest.mark.parametrize("several", [False, True])


@both_ways
def test_only_what_is_payable_is_dated_by_its_certificate(several):
    """Reading 3.4; a held line belongs to no training yet."""
    assert codes(row("取证人员", 等级="中级工", **FLOATING), several=several) == [["NO_STANDARD"]]
    assert codes(row("取证人员", **FLOATING), several=several) == [["DATED_BY_CERTIFICATE"]]


@both_ways
def test_a_line_is_dated_by_its_certificate_beside_a_rejected_one_of_its_row(several):
    """The training subsidy needs a start date; the certificate's does not."""
    asked = row("取证人员", 人员类别="退役军人", 补贴项目="职业技能培训补贴、取证补贴", **FLOATING)
    assert codes(asked, several=several) == [["MISSING_FIELD"], ["DATED_BY_CERTIFICATE"]]


@both_ways
def test_the_first_line_of_an_event_says_how_it_is_dated(several):
    """Where a policy pays a technician both for the certificate and as a technician."""
    policy = technicians_certificate()
    asked = [row("技师", person, 补贴项目="取证补贴、技师补贴", **FLOATING) for person in (1, 2)]
    assert codes(*asked, policy=policy, several=several) == [["DATED_BY_CERTIFICATE"], []] * 2


@both_ways
def test_two_amount_columns_of_one_programme_are_paid_once(several):
    """Reading 3.5: one event, one programme, once, also within a row: 培训补贴 is the programme that fits."""
    once, asked = (
        {heading: cell for heading, cell in row(like, person).items() if heading not in ("补贴项目", "申报金额")}
        for like, person in (("取证人员", 2), ("失业人员", 1))
    )
    once |= {"取证补贴金额": 600}
    asked |= {"培训补贴金额": 800, "职业技能培训补贴金额": 800}
    assert codes(once, asked, several=several) == [[], [], ["DUPLICATE_CLAIM"]]


@both_ways
def test_a_year_without_places_refuses_the_first_training(several):
    """The bound is the policy's, dated: none from 2021 on."""
    values = [
        {"from": dt.date(year, 1, 1), "number": number, "source": "每人每年享受职业培训补贴不超过3次"}
        for year, number in ((2019, 3), (2021, 0))
    ]
    policy = overlay({"quantities": {"trainings_a_year": {"values": values}}})
    asked = [
        row("企业职工", person, 开班日期=dt.date(year, 3, 1), 结业日期=dt.date(year, 3, 9))
        for person, year in enumerate((2020, 2021), 1)
    ]
    assert codes(*asked, policy=policy, several=several) == [[], ["ANNUAL_LIMIT"]]


def test_the_note_points_at_the_certificates_date():
    sheet = Sheet([row("取证人员", **FLOATING)])
    (line,) = run([input_file("名册.xlsx", sheet)]).outcomes
    assert [reason.cell for reason in line.reasons] == [sheet.cell("发证日期", 1)]


@both_ways
def test_a_line_without_any_date_takes_no_place(several):
    """A roster's own checks do not let one come so far; here nothing was found against it."""
    asked = [row("取证人员", 1, 发证日期=None, **FLOATING), row("企业职工", 2 - several)]
    found = run([input_file("名册.xlsx", Sheet(asked))])
    rows, lines, outcome = found.parts
    worst = np.zeros(len(lines.row), dtype=np.int8)
    limits = Limits(rows, lines, load_policy(), persons=rows.persons(), worst=worst, entitled=outcome.entitled)
    limits.apply()
    assert limits.accepted.place.tolist() == [None, "year"]
    assert [part.code for part in limits.findings.parts if len(part.rows)] == []
