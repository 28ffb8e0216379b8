"""Every default reading (Q1–Q13) is a parameter that changes an outcome: before and after, by an overlay policy file.

Each test says in one line why the outcome differs; the policy reading's section 6 is the table that they follow.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from support.ordinary import row
from support.overlays import overlay, reading
from support.rosters import Row, Sheet, input_file
from support.settling import run
from trainingcli.policy import Policy

Outcomes = list[tuple[str, int, list[str]]]
SOURCE = "并人社发〔2021〕1号（虚构）"


def outcomes(*rows: Row, policy: Policy | None = None) -> Outcomes:
    """Status, approved yuan and reasons of each line."""
    found = run([input_file("名册.xlsx", Sheet(rows))], policy=policy).outcomes
    return [(line.status, line.approved // 100, line.codes) for line in found]


def approved(*yuan: int) -> Outcomes:
    """Lines that are paid, with nothing to say of them."""
    return [("approved", amount, []) for amount in yuan]


def training(occupation: str, start: dt.date, **cells: Any) -> dict[str, Any]:
    """One training of one person, of some days, 800 yuan claimed."""
    return row("失业人员", 工种=occupation, 开班日期=start, 结业日期=start + dt.timedelta(days=4), **cells)


_OCCUPATIONS = ("焊工", "电工", "钳工", "车工")
FOUR_OF_2020 = [training(occupation, dt.date(2020, month, 1)) for month, occupation in enumerate(_OCCUPATIONS, 1)]
NEW_YEAR = (dt.date(2020, 12, 31), dt.date(2021, 1, 1))


def figure(since: str, yuan: int | str | None) -> dict[str, Any]:
    """One dated figure of an overlay."""
    return {"from": dt.date.fromisoformat(since), "yuan": yuan, "source": SOURCE}


def amounts(programme: str, level: str, *figures: dict[str, Any]) -> Policy:
    """The shipped policy with other figures for one programme and level."""
    return overlay({"programmes": {programme: {"amounts": {level: list(figures)}}}})


def test_q1_training_types() -> None:
    """The plan's list ends in 等: where the bureau lists one more type, a training of that type is paid."""
    line = row("企业职工", 培训类型="岗位提升")
    assert outcomes(line) == [("rejected", 0, ["NOT_ELIGIBLE"])]
    more = reading("training_types", ["岗前培训", "安全技能培训", "转岗转业培训", "岗位提升"])
    assert outcomes(line, policy=more) == approved(300)


def test_q1_training_types_decide_what_fits_too() -> None:
    """Where nothing says what is claimed, the programme fits by category and training type (reading 5.8)."""
    line = {key: cell for key, cell in row("企业职工", 培训类型="岗位提升").items() if key != "补贴项目"}
    assert outcomes(line) == [("rejected", 0, ["NOT_ELIGIBLE"])]
    assert outcomes(line, policy=reading("training_types", ["岗位提升"])) == approved(300)


@pytest.mark.parametrize(
    ("scope", "second", "third"),
    [
        ("training", ("approved", 800, []), ("approved", 800, [])),
        # 1000 a year: 200 are left after 800, and 800 were claimed; 2021 begins anew.
        ("year", ("reduced", 200, ["OVER_CLAIMED"]), ("approved", 800, [])),
        # 1000 a life: nothing is left for 2021.
        ("life", ("reduced", 200, ["OVER_CLAIMED"]), ("rejected", 0, ["CAP_REACHED"])),
    ],
)
def test_q2_cap_scope(scope: str, second: tuple[str, int, list[str]], third: tuple[str, int, list[str]]) -> None:
    """'At most 1000 a person' for a training, a year or a life; 800 are claimed twice in 2020 and in 2021."""
    lines = [FOUR_OF_2020[0], FOUR_OF_2020[1], training("钳工", dt.date(2021, 3, 1))]
    assert outcomes(*lines, policy=reading("cap_scope", scope)) == [("approved", 800, []), second, third]


def test_q3_categories() -> None:
    """A group that is taken off the list is no longer eligible; one that is put on it is."""
    jobless, employee = row("失业人员"), row("失业人员", person=2, 人员类别="企业职工")
    assert outcomes(jobless, employee) == [*approved(800), ("rejected", 0, ["NOT_ELIGIBLE"])]
    other = reading("categories", ["退役军人", "企业职工"])
    assert outcomes(jobless, employee, policy=other) == [("rejected", 0, ["NOT_ELIGIBLE"]), *approved(800)]


def test_q4_day_basis() -> None:
    """8 days attended of 10 calendar days: 120 yuan by attendance, 150 by the calendar."""
    line = row("低保学员", 培训天数=8)
    assert outcomes(line) == approved(120)
    assert outcomes(line, policy=reading("day_basis", "calendar")) == approved(150)


def test_q4_day_basis_calendar_has_nothing_over() -> None:
    """Where calendar days count, attended days are not cut to them: no note."""
    line = row("低保学员", 培训天数=12)
    assert outcomes(line) == [("approved", 150, ["DAYS_OVER_CALENDAR"])]
    assert outcomes(line, policy=reading("day_basis", "calendar")) == approved(150)


def test_q5_graduate_only_for() -> None:
    """'Graduates' of all three families: a low-income veteran is out; of none: a zero-employment veteran is in."""
    low_income = row("低保学员", 人员类别="退役军人")
    zero_employment = row("低保学员", person=2, 困难类型="零就业家庭", 人员类别="退役军人")
    lines = (low_income, zero_employment)
    assert outcomes(*lines) == [*approved(120), ("rejected", 0, ["NOT_ELIGIBLE"])]
    everyone = reading("graduate_only_for", ["建档立卡贫困家庭", "城乡低保家庭", "零就业家庭"])
    assert outcomes(*lines, policy=everyone) == [("rejected", 0, ["NOT_ELIGIBLE"])] * 2
    assert outcomes(*lines, policy=reading("graduate_only_for", [])) == approved(120, 120)


def test_q6_a_figure_for_the_intermediate_certificate() -> None:
    """The plan is silent on 中级工, so the line is held; the bureau's figure pays it from its date on."""
    line, before = (
        row("取证人员", 等级="中级工"),
        row("取证人员", person=2, 等级="中级工", 发证日期=dt.date(2020, 7, 31)),
    )
    assert outcomes(line, before) == [("held", 0, ["NO_STANDARD"])] * 2
    stated = amounts("certificate", "中级工", figure("2020-08-01", 450))
    assert outcomes(line, before, policy=stated) == [*approved(450), ("held", 0, ["NO_STANDARD"])]


def test_q7_year_of() -> None:
    """The fourth training begins in 2020 and ends in 2021: one too many by its start, the first of 2021 by its end."""
    across = [
        *FOUR_OF_2020[:3],
        {**FOUR_OF_2020[3], "开班日期": dt.date(2020, 12, 30), "结业日期": dt.date(2021, 1, 5)},
    ]
    assert outcomes(*across) == [*approved(800, 800, 800), ("rejected", 0, ["ANNUAL_LIMIT"])]
    assert outcomes(*across, policy=reading("year_of", "end")) == approved(800, 800, 800, 800)


def test_q8_repeat_without_level_by_year() -> None:
    """Yearly safety training: the type stands in for life, or for a year; then only the same year is a repeat."""
    first = row("企业职工", 培训类型="安全培训", 开班日期=dt.date(2020, 3, 1), 结业日期=None)
    again = {**first, "开班日期": dt.date(2020, 9, 1)}
    next_year = {**first, "开班日期": dt.date(2021, 3, 1)}
    repeat = ("rejected", 0, ["REPEAT_TRAINING"])
    assert outcomes(first, again, next_year) == [*approved(300), repeat, repeat]
    yearly = reading("repeat_without_level", "type_and_year")
    assert outcomes(first, again, next_year, policy=yearly) == [*approved(300), repeat, *approved(300)]


def test_q8_repeat_without_level_ignored() -> None:
    """Ignored: a training without a level holds no key and is never a repeat; one with a level still is."""
    plain = [training("焊工", dt.date(2020, month, 1), 等级=None, 培训类型="就业技能培训") for month in (1, 2)]
    levelled = [training("电工", dt.date(2021, month, 1), 等级="初级工") for month in (1, 2)]
    repeat = ("rejected", 0, ["REPEAT_TRAINING"])
    assert outcomes(*plain, *levelled) == [*approved(800), repeat, *approved(800), repeat]
    ignored = reading("repeat_without_level", "ignore")
    assert outcomes(*plain, *levelled, policy=ignored) == [*approved(800, 800, 800), repeat]


def test_q9_over_limit() -> None:
    """'In principle' three a year: the fourth is rejected, or held for somebody to decide."""
    assert outcomes(*FOUR_OF_2020) == [*approved(800, 800, 800), ("rejected", 0, ["ANNUAL_LIMIT"])]
    held = reading("over_limit", "hold")
    assert outcomes(*FOUR_OF_2020, policy=held) == [*approved(800, 800, 800), ("held", 0, ["ANNUAL_LIMIT"])]


def test_q10_a_second_figure_counts_from_its_date() -> None:
    """The figure in force on the start date applies: 300 until 2020, 400 from 2021-01-01."""
    old, new = (row("企业职工", person, 开班日期=day, 结业日期=None) for person, day in enumerate(NEW_YEAR, 1))
    assert outcomes(old, new) == approved(300, 300)
    raised = amounts("enterprise-training", "each", figure("2019-01-01", 300), figure("2021-01-01", 400))
    assert outcomes(old, new, policy=raised) == approved(300, 400)


def test_q10_certificate_programmes_go_by_the_certificates_date() -> None:
    """Both trainings begin in 2020; the certificate of 2021 gets 2021's figure."""
    old, new = (row("取证人员", person, 发证日期=day) for person, day in enumerate(NEW_YEAR, 1))
    raised = amounts("certificate", "高级工", figure("2019-01-01", 600), figure("2021-01-01", "650.50"))
    found = run([input_file("名册.xlsx", Sheet([old, new]))], policy=raised).outcomes
    assert [line.approved for line in found] == [600_00, 650_50]


def test_q10_technicians_go_by_the_certificates_date() -> None:
    """As for certificates, 二(七)."""
    old, new = (row("技师", person, 发证日期=day) for person, day in enumerate(NEW_YEAR, 1))
    raised = amounts("technician", "技师", figure("2019-01-01", 2000), figure("2021-01-01", 2500))
    assert outcomes(old, new, policy=raised) == approved(2000, 2500)


def test_q10_an_allowance_goes_by_its_start() -> None:
    """It ends in 2021 and begins in 2020, so every day is paid by 2020's figure: 12 days of 15."""
    across = row("低保学员", 开班日期=dt.date(2020, 12, 25), 结业日期=dt.date(2021, 1, 5), 培训天数=None)
    raised = amounts("living-allowance", "each", figure("2019-01-01", 15), figure("2021-01-01", 20))
    assert outcomes(across, policy=raised) == approved(180)


def test_q10_the_ceiling_goes_by_the_start() -> None:
    """1500 were claimed: the ceiling of the start date cuts it, 1000 in 2020 and 1200 in 2021."""
    old, new = (
        row("失业人员", person, 开班日期=day, 结业日期=None, 申报金额=1500) for person, day in enumerate(NEW_YEAR, 1)
    )
    raised = amounts("vocational-training", "each", figure("2019-01-01", 1000), figure("2021-01-01", 1200))
    assert outcomes(old, new, policy=raised) == [
        ("reduced", 1000, ["OVER_CLAIMED"]),
        ("reduced", 1200, ["OVER_CLAIMED"]),
    ]


def test_q10_a_figure_that_ended() -> None:
    """An explicit null ends a subsidy: there is no figure in force any more, and nothing is guessed."""
    old, new = (row("企业职工", person, 开班日期=day, 结业日期=None) for person, day in enumerate(NEW_YEAR, 1))
    ended = amounts("enterprise-training", "each", figure("2019-01-01", 300), figure("2021-01-01", None))
    assert outcomes(old, new, policy=ended) == [*approved(300), ("held", 0, ["NO_STANDARD"])]


def test_q10_dated_by() -> None:
    """The policy file names the date that a figure goes by; by the start date, both certificates get 2020's figure."""
    old, new = (row("取证人员", person, 发证日期=day) for person, day in enumerate(NEW_YEAR, 1))
    figures = [figure("2019-01-01", 600), figure("2021-01-01", 700)]
    entry: dict[str, Any] = {"amounts": {"高级工": figures}}
    assert outcomes(old, new, policy=overlay({"programmes": {"certificate": entry}})) == approved(600, 700)
    by_start = overlay({"programmes": {"certificate": {**entry, "dated_by": "start_date"}}})
    assert outcomes(old, new, policy=by_start) == approved(600, 600)


def test_q11_category_implies() -> None:
    """Where the category implies nothing, a poor worker with an empty hardship column has no family of the plan."""
    line = row("低保学员", 困难类型=None, 人员类别="建档立卡贫困劳动力")
    assert outcomes(line) == approved(120)
    assert outcomes(line, policy=reading("category_implies", {})) == [("rejected", 0, ["NOT_ELIGIBLE"])]


def test_q11_category_implies_another_family() -> None:
    """The bureau may say that 就业困难人员 are low-income families."""
    line = row("低保学员", 困难类型=None, 人员类别="就业困难人员")
    assert outcomes(line) == [("rejected", 0, ["NOT_ELIGIBLE"])]
    assert outcomes(line, policy=reading("category_implies", {"就业困难人员": "城乡低保家庭"})) == approved(120)


@pytest.mark.parametrize(
    ("barred", "outcome"),
    [
        ("allow", ("approved", 300, [])),
        ("hold", ("held", 0, ["LOWER_AFTER_HIGHER"])),
        ("reject", ("rejected", 0, ["LOWER_AFTER_HIGHER"])),
    ],
)
def test_q12_lower_after_higher(barred: str, outcome: tuple[str, int, list[str]]) -> None:
    """A junior certificate a year after the senior one of the same occupation."""
    higher = row("取证人员", 证书编号="S11")
    lower = row("取证人员", 证书编号="S12", 等级="初级工", 开班日期=dt.date(2021, 7, 1), 发证日期=dt.date(2021, 8, 1))
    assert outcomes(higher, lower, policy=reading("lower_after_higher", barred)) == [*approved(600), outcome]


def test_q13_technician_certificates() -> None:
    """The plan names the qualification certificate alone; where the skill-level certificate counts too, it is paid."""
    line = row("技师", 证书类型="职业技能等级证书")
    assert outcomes(line) == [("held", 0, ["CERTIFICATE_KIND"])]
    both = reading("technician_certificates", ["职业资格证书", "职业技能等级证书"])
    assert outcomes(line, policy=both) == approved(2000)


def trainings_a_year(*values: tuple[str, int]) -> Policy:
    """The shipped policy with another yearly limit, dated."""
    listed = [{"from": dt.date.fromisoformat(since), "number": number, "source": SOURCE} for since, number in values]
    return overlay({"quantities": {"trainings_a_year": {"values": listed}}})


def test_trainings_a_year() -> None:
    """Four a year let the fourth through; one a year refuses the second."""
    assert outcomes(*FOUR_OF_2020, policy=trainings_a_year(("2019-01-01", 4))) == approved(800, 800, 800, 800)
    one = outcomes(*FOUR_OF_2020[:2], policy=trainings_a_year(("2019-01-01", 1)))
    assert one == [*approved(800), ("rejected", 0, ["ANNUAL_LIMIT"])]


def test_trainings_a_year_is_dated() -> None:
    """Three until 2019, four from 2020 on: the limit is that of the trainings' own year."""
    of_2019 = [{**line, "开班日期": line["开班日期"].replace(year=2019), "结业日期": None} for line in FOUR_OF_2020]
    dated = trainings_a_year(("2019-01-01", 3), ("2020-01-01", 4))
    assert outcomes(*of_2019, policy=dated) == [*approved(800, 800, 800), ("rejected", 0, ["ANNUAL_LIMIT"])]
    assert outcomes(*FOUR_OF_2020, policy=dated) == approved(800, 800, 800, 800)


def test_certificate_from() -> None:
    """A certificate of the last day before the date is too early, wherever the date lies."""
    line = row("取证人员", 发证日期=dt.date(2020, 12, 31))
    assert outcomes(line) == approved(600)
    later = reading("certificate_from", dt.date(2021, 1, 1))
    assert outcomes(line, policy=later) == [("rejected", 0, ["CERTIFICATE_TOO_EARLY"])]


def test_high_skill_levels() -> None:
    """A level that is high-skill needs a certificate and no employment card, 三(一)."""
    line = row("失业人员", 等级="中级工", 就业创业证号=None, 证书编号="S1", 发证日期=dt.date(2020, 8, 1))
    assert outcomes(line) == [("held", 0, ["EMPLOYMENT_CARD_MISSING"])]
    assert outcomes(line, policy=reading("high_skill_levels", ["中级工", "高级工", "技师", "高级技师"])) == approved(
        800
    )


def test_levelless_certificate_days() -> None:
    """A certificate 31 days after a level-less training belongs to it within 365 days, not within 30 (a note)."""
    trained = row("企业职工", 开班日期=dt.date(2020, 7, 1))
    certified = row("取证人员", 等级="初级工", 开班日期=None, 发证日期=dt.date(2020, 8, 1))
    assert outcomes(trained, certified) == approved(300, 300)
    shorter = reading("levelless_certificate_days", 30)
    assert outcomes(trained, certified, policy=shorter) == [
        *approved(300),
        ("approved", 300, ["DATED_BY_CERTIFICATE"]),
    ]


def test_hardships() -> None:
    """A family that is taken off the policy file's list has no allowance any more."""
    line = row("低保学员")
    assert outcomes(line) == approved(120)
    without = reading("hardships", ["建档立卡贫困家庭", "零就业家庭"])
    assert outcomes(line, policy=without) == [("rejected", 0, ["NOT_ELIGIBLE"])]
