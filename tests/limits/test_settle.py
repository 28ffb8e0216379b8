"""What settlement says of single lines beside the outcomes that the cases hold: days, values, and part of a batch."""

from __future__ import annotations

import datetime as dt

import pytest

from support.ordinary import row
from support.rosters import Sheet, input_file
from support.settling import run
from trainingcli.intake.formats.cell_kinds import Kind
from trainingcli.intake.formats.cell_values import Special
from trainingcli.settle.settlement import STATUS_OF, History, settle


def settled(*rows):
    return run([input_file("名册.xlsx", Sheet(rows))])


def test_an_allowance_says_for_how_many_days_it_is_paid():
    """Reading 1 and Q4: 15 yuan a day, attended days, never more than the calendar days from start to end."""
    days = {"开班日期": dt.date(2020, 7, 1), "结业日期": dt.date(2020, 7, 10)}
    found = settled(
        *(row("低保学员", person, 培训天数=given, **days) for person, given in ((1, 8), (2, None), (3, 30)))
    )
    assert found.lines["days"].tolist() == [8, 10, 10]
    assert found.lines["entitled"].tolist() == [8 * 1500, 15_000, 15_000]
    nobody = settled(row("失业人员"), row("低保学员", 2, 困难类型=None, **days)).lines
    assert nobody["days"].isna().tolist() == [True, True], "what is no allowance, and what is not given"


def test_a_reason_shows_what_stands_in_the_cell():
    found = settled(row("失业人员", 1, 申报金额="按标准"), row("企业职工", 2, 开班日期="2020年7月"))
    assert found.reasons["code"].tolist() == ["BAD_AMOUNT", "BAD_DATE"]
    assert found.reasons["value"].tolist() == ["按标准", "2020年7月"]
    ineligible = settled(row("失业人员", 人员类别="企业职工"))
    assert ineligible.reasons["code"].tolist() == ["NOT_ELIGIBLE"]
    assert ineligible.reasons["value"].tolist() == ["企业职工"]


def test_a_figure_that_the_plan_does_not_give_is_none():
    """Q6: the plan has no figure for 中级工; nothing is known, and nothing is paid."""
    (line,) = settled(row("取证人员", 等级="中级工", 申报金额=300)).outcomes
    assert (line.entitled, line.approved, line.status, line.codes) == (None, 0, "held", ["NO_STANDARD"])


def test_a_certificate_of_two_people_holds_only_the_lines_that_need_it():
    """Reading 5.7: a certificate speaks for a training subsidy only where the level is a high-skill one."""
    shared = {"证书编号": "S777", "证书类型": "职业技能等级证书", "发证日期": dt.date(2020, 8, 1)}
    lower, higher = row("失业人员", 1, 等级="初级工", **shared), row("失业人员", 2, 等级="高级工", **shared)
    found = settled(lower, higher, row("取证人员", 3, **shared))
    assert [(line.status, line.codes) for line in found.outcomes] == [
        ("approved", []), ("held", ["DUPLICATE_CERTIFICATE"]), ("held", ["DUPLICATE_CERTIFICATE"]),
    ]  # fmt: skip


def test_part_of_a_batch_is_told_what_is_shared_with_the_rest():
    """The people of a part alone: a certificate and a phone that people elsewhere in the batch have as well."""
    part = settled(
        row("取证人员", 1, 证书编号="S1", 联系电话="13800000001"), row("取证人员", 2, 证书编号="S2"), row("失业人员", 3)
    )
    rows, lines, _ = part.parts
    alone = settle(rows, lines, part.policy)  # without standards, history or waivers
    told = settle(rows, lines, part.policy, shared_values={"certificate_no": {"S2"}, "phone": {"13800000001"}})
    assert STATUS_OF[alone.status].tolist() == ["approved", "approved", "approved"]
    assert STATUS_OF[told.status].tolist() == ["approved", "held", "approved"]
    assert sorted(found.code for found in told.findings.parts if len(found.rows)) == [
        "DUPLICATE_CERTIFICATE",
        "SHARED_PHONE",
    ]
    assert told.approved.tolist() == [60_000, 0, 80_000]


def test_a_certificate_that_the_ledger_has_for_somebody_else_holds_the_line():
    """`History.others`: the batch's first person, whose certificate the ledger knows as another's; not the second."""
    people = [row("取证人员", person, 证书编号=f"S{person}") for person in (1, 2)]
    others = frozenset({(people[0]["身份证号"], "S1")})
    found = run([input_file("名册.xlsx", Sheet(people))], history=History(None, others)).outcomes
    assert [line.codes for line in found] == [["DUPLICATE_CERTIFICATE"], []]


def test_a_payee_that_cannot_be_told_is_nobody_else_instead():
    """Reading 1: the institution, else the enterprise; with an error in the institution's cell nobody is paid."""
    broken = Special(Kind.ERROR, "#N/A")
    (line,) = settled(row("取证人员", 培训机构=broken, 工作单位="太原重型机械厂")).outcomes
    assert (line.payee, line.approved) == (None, 0)
    assert "PAYEE_MISSING" in line.codes
    (paid,) = settled(row("取证人员", 工作单位=broken)).outcomes
    assert paid.payee == "晋阳职业培训学校"


def test_reasons_point_at_the_cell_that_a_clerk_fills():
    sheet = Sheet([row("取证人员", 1, 培训机构=None, 工作单位=None), row("失业人员", 2, 申报金额=None)])
    found = run([input_file("名册.xlsx", sheet)])
    cells = {reason.code: reason.cell for line in found.outcomes for reason in line.reasons}
    assert cells == {"PAYEE_MISSING": sheet.cell("培训机构", 1), "NO_BASIS": sheet.cell("申报金额", 2)}


@pytest.mark.parametrize("sex", ["女", "男"])
def test_the_sex_that_a_roster_gives_is_compared_with_the_number(sex):
    (line,) = settled(row("失业人员", 性别=sex)).outcomes
    assert line.codes == (["SEX_MISMATCH"] if sex == "女" else [])
