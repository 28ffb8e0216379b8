"""Levels (Q12), overlapping days, waivers, certificates without a training: what one person's rows mean together."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from support.ordinary import row
from support.overlays import reading
from support.people import id_number
from support.posted import Posted, history_frame
from support.rosters import Sheet, input_file
from support.settling import Run, run
from trainingcli.policy import Policy, load_policy
from trainingcli.settle.limits.events import Line, Parameters, Person, Row, Waiver
from trainingcli.settle.limits.walk import walk
from trainingcli.settle.settlement import History

WHO = id_number(1)
CERTIFIED = {"证书类型": "职业技能等级证书", "发证日期": dt.date(2020, 12, 1)}


def day(month: int, of: int = 1) -> dt.date:
    return dt.date(2020, month, of)


def trained(month: int, level: str | None = "初级工", like: str = "失业人员", **cells: Any) -> dict[str, Any]:
    """A training of 电工 from the first to the ninth of a month of 2020; high levels have a certificate each."""
    high = CERTIFIED | {"证书编号": f"S{month}"} if level == "高级工" else {}
    days = {"开班日期": day(month), "结业日期": day(month, 9)}
    return row(like, 1, **{"工种": "电工", "等级": level, **days, **high, **cells})


def certified(month: int, level: str, **cells: Any) -> dict[str, Any]:
    """A certificate of 电工 whose row says nothing of a training."""
    given = {"等级": level, "开班日期": None, "发证日期": day(month), "证书编号": f"F{month}"}
    return row("取证人员", 1, **(given | cells))


def settled(
    *rows: dict[str, Any], policy: Policy | None = None, posted: list[Posted] | None = None, **more: Any
) -> Run:
    history = None if posted is None else History(history_frame(posted))
    return run([input_file("名册.xlsx", Sheet(rows))], policy=policy, history=history, **more)


def codes(*rows: dict[str, Any], **more: Any) -> list[list[str]]:
    return [line.codes for line in settled(*rows, **more).outcomes]


LOWER, NOTE = ["LOWER_AFTER_HIGHER"], ["OVERLAPPING_TRAINING"]
ABILITY = {"证书类型": "专项职业能力证书", "等级": None, "证书编号": "S9"}
LEVELS = {
    "lower after higher": ([trained(3, "高级工"), trained(5)], [[], LOWER]),
    "higher after lower": ([trained(3), trained(5, "高级工")], [[], []]),
    "on one day": ([trained(3, "高级工"), trained(3)], [NOTE, LOWER + NOTE]),
    "of another occupation": ([trained(3, "高级工", 工种="焊工"), trained(5)], [[], []]),
    "without a level": ([trained(3, "高级工"), trained(5, None)], [[], []]),
    "after what has none": ([trained(3, None), row("取证人员", 1, **ABILITY, 开班日期=day(5))], [[], []]),
    "of the same level": ([trained(3, "高级工", "企业职工"), trained(5, "高级工")], [[], []]),
    "after what was refused": ([trained(3, "高级工", 证书编号=None), trained(5)], [["CERTIFICATE_MISSING"], []]),
    "of a training whose other row says it": (
        [trained(3, "高级工"), trained(5), trained(5, None, "低保学员", 培训天数=8)], [[], LOWER, LOWER],
    ),
    "of the certificate that it led to": (
        [trained(3, "高级工"), trained(5, None), certified(6, "初级工")], [[], [], LOWER],
    ),
    "after a certificate alone": ([certified(3, "高级工"), trained(5)], [["DATED_BY_CERTIFICATE"], LOWER]),
    "of no occupation": (
        [trained(month, level, "低保学员", 工种=None, 培训天数=8) for month, level in ((3, "高级工"), (5, "初级工"))],
        [[], []],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", LEVELS)
def test_lower_after_higher_where_it_is_barred(name):
    rows, expected = LEVELS[name]
    assert codes(*rows, policy=reading("lower_after_higher", "reject")) == expected


def test_what_the_ledger_has_of_a_later_day_bars_nothing():
    later = Posted(WHO, "vocational-training", 1, "电工", "高级工", start=day(9))
    barred = reading("lower_after_higher", "reject")
    assert codes(trained(3), policy=barred, posted=[later]) == [[]]
    assert codes(trained(10), policy=barred, posted=[later]) == [LOWER]


DAYS = {
    "a day within": ([trained(3), trained(3, 工种="焊工", 开班日期=day(3, 5), 结业日期=day(3, 5))], [NOTE, NOTE]),
    "an employee's": ([trained(3), trained(3, None, "企业职工", 工种="焊工", 开班日期=day(3, 5))], [NOTE, NOTE]),
    "the last day": ([trained(3), trained(3, 工种="焊工", 开班日期=day(3, 9), 结业日期=day(3, 20))], [NOTE, NOTE]),
    "the day after": ([trained(3), trained(3, 工种="焊工", 开班日期=day(3, 10), 结业日期=day(3, 20))], [[], []]),
    "not a third": ([trained(3), trained(3, 工种="焊工"), trained(5, 工种="钳工")], [NOTE, NOTE, []]),
    "no certificate": ([trained(3), certified(6, "高级工", 结业日期=day(3, 5))], [[], ["DATED_BY_CERTIFICATE"]]),
    "not the certificate of a training": (
        [trained(3, "高级工", 补贴项目="职业技能培训补贴、取证补贴", 申报金额=None), trained(3, 工种="焊工")],
        [["NO_BASIS", *NOTE], [], NOTE],
    ),
    "none that ends before it begins": (
        [trained(3, 结业日期=day(3, 30)), trained(3, 工种="焊工", 开班日期=day(3, 20), 结业日期=day(3, 5))],
        [[], ["DATE_ORDER"]],
    ),
}


@pytest.mark.parametrize("name", DAYS)
def test_trainings_on_the_same_days_are_noted(name):
    rows, expected = DAYS[name]
    assert codes(*rows) == expected


THREE = [trained(month, 工种=name) for month, name in ((1, "焊工"), (2, "钳工"), (3, "车工"))]
WAIVERS = {
    "of everything": ((None, None, None, "ANNUAL_LIMIT"), True),
    "of all three": (("电工", "初级工", day(5), "ANNUAL_LIMIT"), True),
    "of another occupation": (("焊工", None, None, "ANNUAL_LIMIT"), False),
    "of another level": ((None, "高级工", None, "ANNUAL_LIMIT"), False),
    "of another day": ((None, None, day(6), "ANNUAL_LIMIT"), False),
    "of another reason": ((None, None, None, "REPEAT_TRAINING"), False),
}


@pytest.mark.parametrize("name", WAIVERS)
def test_a_waiver_lets_through_what_it_names(name):
    (occupation, level, start, code), covers = WAIVERS[name]
    days = None if start is None else (start - dt.date(1970, 1, 1)).days
    waiver = Waiver(occupation, level, days, code, "{}")
    # The training's first row leaves the level blank; its other row says it.
    found = settled(*THREE, trained(5, None, "低保学员", 培训天数=8), trained(5), waivers={WHO: [waiver]})
    assert [line.codes for line in found.outcomes[3:]] == ([["WAIVED"], []] if covers else [["ANNUAL_LIMIT"]] * 2)
    assert found.payable()["place"].tolist() == ["year"] * 3 + ["waiver"] * 2 * covers


def test_only_a_refused_training_takes_its_certificate_with_it():
    """Reading 3.4; what was refused by itself, for a year that is full, may be paid in another year."""
    dated = ["DATED_BY_CERTIFICATE"]
    later = certified(2, "高级工", 发证日期=dt.date(2021, 2, 1))
    assert codes(*THREE, certified(6, "高级工"), later)[3:] == [["ANNUAL_LIMIT", *dated], dated]
    assert codes(*THREE, trained(6, "高级工"), later)[3:] == [["ANNUAL_LIMIT"]] * 2


def test_a_certificate_belongs_to_the_training_without_a_level_that_led_to_it():
    """Reading 3.4: of the same occupation, at most so many days before, the latest; on the same day, too."""
    dated = ["DATED_BY_CERTIFICATE"]
    assert codes(trained(3, None), certified(3, "高级工")) == [[], []]
    assert codes(trained(3), certified(6, "高级工")) == [[], dated], "which has another level"
    assert codes(trained(3, None, 工种="焊工"), certified(6, "高级工")) == [[], dated]
    assert codes(trained(3, None, 培训类型="岗前培训", 就业创业证号=None), certified(6, "高级工"))[1] == dated, "held"
    types = [trained(month, None, 培训类型=name) for month, name in ((3, "岗前培训"), (5, "转岗转业培训"))]
    events = settled(*types, certified(6, "高级工")).payable()["event"].tolist()
    assert events[2] == events[1] != events[0]


def test_a_certificate_gives_the_training_its_level():
    """After that the training led to no certificate of another level."""
    assert codes(trained(3, None), certified(5, "高级工"), certified(6, "初级工")) == [[], [], ["DATED_BY_CERTIFICATE"]]


def test_no_certificate_belongs_to_another_certificate_without_a_level():
    own = Posted(WHO, "certificate", 1, "电工", certificate_date=day(5), certificate_no="F5")
    assert codes(certified(6, "高级工"), posted=[own]) == [["DATED_BY_CERTIFICATE"]]


def test_a_training_that_joined_an_own_event_is_when_it_began():
    own = Posted(WHO, "certificate", 1, "电工", "高级工", certificate_date=day(9), certificate_no="F9")
    assert codes(trained(7, "高级工"), certified(8, "高级工"), posted=[own]) == [[], ["ALREADY_POSTED"]]


def test_without_an_occupation_nothing_led_to_a_certificate():
    """A roster's own checks refuse such a line; the walk alone does not join it to a training of no occupation."""
    training = Row(0, 18_000, None, None, None, None, None, None)
    certificate = Row(1, None, None, None, "高级工", None, 18_010, "S1")
    lines = [
        Line(0, training, "living-allowance", True, 1500, 1500, 0, None, False, True),
        Line(1, certificate, "certificate", True, 60_000, 60_000, 0, "S1", False, False),
    ]
    walk(Person(Parameters.of(load_policy())), [training, certificate], lines)
    assert [line.event.id for line in lines] == [-1, -2]
