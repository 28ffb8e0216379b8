"""The walk of one person's lines, where a roster's own checks would not let a line come so far."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import numpy as np

from support.ordinary import row
from support.rosters import Sheet, input_file
from support.settling import run
from trainingcli.policy import load_policy
from trainingcli.settle.limits.apply import Limits
from trainingcli.settle.limits.events import Line, Parameters, Person, Row
from trainingcli.settle.limits.walk import walk


def test_a_line_without_any_date_is_of_no_training_and_takes_no_place():
    """Reading 3.4: what has no start is dated by its certificate; what has neither has no year whose place it takes."""
    row = Row(0, None, None, "电工", "高级工", None, None, "S1")
    line = Line(0, row, "certificate", True, 60_000, 60_000, None, "S1", False, False)
    person = Person(Parameters.of(load_policy()))
    walk(person, [row], [line])
    assert (line.event, line.key, line.reason, line.notes) == (None, None, None, [])
    assert not person.places
    assert not person.holders
    assert not person.events


def four(person: int):
    """Four trainings of one year, the fourth of them first in the roster."""
    months = (10, 2, 3, 4)
    occupations = ("电工", "焊工", "钳工", "车工")
    return [
        row("失业人员", person, 工种=name, 开班日期=dt.date(2020, month, 1), 结业日期=dt.date(2020, month, 9))
        for name, month in zip(occupations, months, strict=True)
    ]


def test_reasons_come_in_an_order_that_no_other_line_decides():
    """By code, then by field, then by line: whoever stands first in the roster, and whatever is dated first."""
    repeated = [
        row("失业人员", 1, 开班日期=dt.date(2020, month, 1), 结业日期=dt.date(2020, month, 9)) for month in (3, 2, 1)
    ]
    floating = row("取证人员", 3, 工种="保育员", 开班日期=None, 发证日期=dt.date(2020, 12, 1))
    found = run([input_file("名册.xlsx", Sheet([*repeated, *four(2), *four(3)[1:], floating]))])
    parts = [(part.code, part.field, part.rows.tolist()) for part in found.parts[2].findings.parts if len(part.rows)]
    assert parts[-4:] == [
        ("ANNUAL_LIMIT", "certificate_date", [10]),
        ("ANNUAL_LIMIT", "start_date", [3]),
        ("DATED_BY_CERTIFICATE", "certificate_date", [10]),
        ("REPEAT_TRAINING", "occupation", [0, 1]),
    ]


def test_a_reasons_lines_come_in_their_order_whoever_they_are_of():
    """The people of a roster may stand among one another: the second's repeat comes before the first's."""
    mixed = [
        row("失业人员", person, 开班日期=dt.date(2020, month, 1)) for person, month in ((1, 3), (2, 3), (2, 4), (1, 4))
    ]
    found = run([input_file("名册.xlsx", Sheet(mixed))])
    assert [part.rows.tolist() for part in found.parts[2].findings.parts if part.code == "REPEAT_TRAINING"] == [[2, 3]]


def test_other_parameters_than_the_policys_may_be_given():
    """An import of earlier payments knows no yearly limit: what was paid was paid."""
    found = run([input_file("名册.xlsx", Sheet(four(1)))])
    rows, lines, outcome = found.parts
    assert [line.codes for line in found.outcomes] == [["ANNUAL_LIMIT"], [], [], []]
    free = replace(Parameters.of(found.policy), trainings_a_year=lambda _: 99)
    worst = np.zeros(len(lines.row), dtype=np.int8)
    limits = Limits(
        rows, lines, found.policy,
        persons=rows.persons(), worst=worst, entitled=outcome.entitled.copy(), parameters=free,
    )  # fmt: skip
    limits.apply()
    assert [part.code for part in limits.findings.parts if len(part.rows)] == []
    assert limits.accepted.place.tolist() == ["year"] * 4


def test_whoever_stands_first_is_somebody():
    """The first person, with one row, is accepted as everybody else is; who has no valid number is not."""
    found = run([input_file("名册.xlsx", Sheet([row("失业人员", 1), row("失业人员", 2, 身份证号="140105")]))])
    accepted = found.parts[2].accepted
    assert accepted.place.tolist() == ["year", None]
    assert accepted.event.tolist() == [-1, 0]
