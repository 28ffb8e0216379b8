"""Filed classes and their instructors: what they hold, refuse or note."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from trainingcli.evidence.gathering import checks_of

from .builder import (
    ALLOWANCE,
    CERTIFICATE,
    ENTERPRISE,
    FACTORY,
    IDS,
    SCHOOL,
    TECHNICIAN,
    VOCATIONAL,
    codes,
    found,
    registers,
    statuses,
)

CLASS: dict[str, Any] = {
    "class_no": "2020-01", "institution": SCHOOL, "occupation": "电工", "level": "初级工", "start_date": "2020-07-01",
    "plan": "并人社培〔2020〕1号", "instructors": IDS[1], "size": 30, "acceptance": "合格",
}  # fmt: skip
PASSED = {"name": "赵老师", "id_number": IDS[1], "occupation": "电工", "assessed": "2020-06-01", "result": "合格"}


def test_a_class_that_is_in_order_says_nothing(tmp_path: Path) -> None:
    lists = registers(tmp_path, classes=[CLASS], instructors=[PASSED])
    assert codes(lists, VOCATIONAL, ALLOWANCE, CERTIFICATE | {"class_no": "2020-01"}) == [[], [], []]


def test_a_class_that_is_not_filed_holds_every_programme(tmp_path: Path) -> None:
    lists = registers(tmp_path, classes=[CLASS])
    rows = [row | {"class_no": "2020-02"} for row in (VOCATIONAL, ENTERPRISE, ALLOWANCE, CERTIFICATE, TECHNICIAN)]
    assert codes(lists, *rows) == [["CLASS_NOT_FILED"]] * 5
    assert statuses(lists, rows[0]) == ["held"]


def test_a_training_that_names_no_class_is_held_and_a_certificate_is_not(tmp_path: Path) -> None:
    lists = registers(tmp_path, classes=[CLASS])
    unnamed = [row | {"class_no": None} for row in (VOCATIONAL, ENTERPRISE, ALLOWANCE, CERTIFICATE, TECHNICIAN)]
    detail = "no class number is given"
    assert found(lists, *unnamed) == [[("CLASS_NOT_FILED", "class_no", detail)]] * 3 + [[], []]


def test_a_class_belongs_to_the_institution_that_filed_it(tmp_path: Path) -> None:
    lists = registers(tmp_path, classes=[CLASS, CLASS | {"class_no": "9", "institution": None}])
    other = VOCATIONAL | {"institution": "别的学校"}
    said = found(lists, other, other | {"class_no": "9"}, VOCATIONAL | {"institution": None})
    assert said == [[("CLASS_NOT_FILED", "class_no", "filed by another institution")], [], []]


def test_two_institutions_may_number_their_classes_alike(tmp_path: Path) -> None:
    failed = CLASS | {"institution": "别的学校", "acceptance": "不合格"}
    lists = registers(tmp_path, classes=[CLASS, failed])
    assert codes(lists, VOCATIONAL, VOCATIONAL | {"institution": "别的学校"}) == [[], ["ACCEPTANCE_FAILED"]]


def test_the_institutions_class_comes_before_the_employers(tmp_path: Path) -> None:
    failed = CLASS | {"institution": FACTORY, "acceptance": "不合格"}
    lists = registers(tmp_path, classes=[CLASS, failed])
    employed = VOCATIONAL | {"employer": FACTORY}
    assert codes(lists, employed, employed | {"institution": None}) == [[], ["ACCEPTANCE_FAILED"]]


def test_an_employer_may_have_filed_the_class(tmp_path: Path) -> None:
    lists = registers(tmp_path, classes=[CLASS | {"institution": FACTORY, "level": None}])
    assert codes(lists, ENTERPRISE, ENTERPRISE | {"institution": SCHOOL}) == [[], []]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"plan": None}, ["PLAN_NOT_APPROVED"]),
        ({"plan": "暂无"}, ["PLAN_NOT_APPROVED"]),
        ({"occupation": "焊工"}, ["PLAN_NOT_APPROVED"]),
        ({"level": "高级工"}, ["PLAN_NOT_APPROVED"]),
        ({"occupation": None, "level": None}, []),
    ],
)
def test_the_plan_is_approved_for_the_class_its_occupation_and_level(
    tmp_path: Path, change: dict[str, Any], expected: list[str]
) -> None:
    lists = registers(tmp_path, classes=[CLASS | change])
    assert codes(lists, VOCATIONAL) == [expected]
    assert statuses(lists, VOCATIONAL) == (["held"] if expected else ["approved"])


def test_a_plan_is_compared_in_what_the_programme_uses(tmp_path: Path) -> None:
    lists = registers(tmp_path, classes=[CLASS | {"occupation": "焊工", "level": "高级工"}])
    assert codes(lists, ALLOWANCE, ENTERPRISE | {"occupation": "焊工", "level": "初级工", "institution": SCHOOL}) == [
        [],
        [],
    ]


def test_a_class_may_be_filed_under_an_alias(tmp_path: Path) -> None:
    occupations = [{"occupation": "电工", "aliases": "维修电工"}]
    lists = registers(tmp_path, occupations=occupations, classes=[CLASS | {"occupation": "维修电工"}])
    assert codes(lists, VOCATIONAL) == [[]]


@pytest.mark.parametrize(
    ("result", "expected", "status"),
    [
        ("合格", [], "approved"),
        ("未验收", ["ACCEPTANCE_PENDING"], "approved"),
        (None, ["ACCEPTANCE_PENDING"], "approved"),
        ("不合格", ["ACCEPTANCE_FAILED"], "rejected"),
    ],
)
def test_acceptance_decides_the_class(tmp_path: Path, result: str | None, expected: list[str], status: str) -> None:
    lists = registers(tmp_path, classes=[CLASS | {"acceptance": result}])
    assert codes(lists, VOCATIONAL, ALLOWANCE) == [expected, expected]
    assert statuses(lists, VOCATIONAL) == [status]


@pytest.mark.parametrize(
    ("change", "passes"),
    [
        ({}, True),
        ({"result": "不合格"}, False),
        ({"result": None}, False),
        ({"id_number": IDS[2]}, False),
        ({"occupation": "焊工"}, False),
        ({"occupation": "焊工、电工"}, True),
        ({"assessed": "2020-07-01"}, True),
        ({"assessed": "2020-07-02"}, False),
        ({"assessed": None}, True),
    ],
)
def test_the_instructor_has_passed_for_the_occupation_when_the_class_begins(
    tmp_path: Path, change: dict[str, Any], passes: bool
) -> None:
    lists = registers(tmp_path, classes=[CLASS], instructors=[PASSED | change])
    assert codes(lists, VOCATIONAL) == [[] if passes else ["INSTRUCTOR_NOT_ASSESSED"]]
    assert statuses(lists, VOCATIONAL) == ["approved" if passes else "held"]


def test_a_passed_assessment_after_a_failed_one_counts(tmp_path: Path) -> None:
    lists = registers(tmp_path, classes=[CLASS], instructors=[PASSED | {"result": "不合格"}, PASSED])
    assert codes(lists, VOCATIONAL) == [[]]


def test_every_instructor_of_a_class_is_asked(tmp_path: Path) -> None:
    two = CLASS | {"instructors": f"{IDS[1]}、{IDS[2]}"}
    lists = registers(tmp_path, classes=[two, CLASS | {"class_no": "2", "instructors": None}], instructors=[PASSED])
    assert codes(lists, VOCATIONAL, VOCATIONAL | {"class_no": "2"}) == [["INSTRUCTOR_NOT_ASSESSED"]] * 2


def test_without_the_instructor_register_nobody_is_asked(tmp_path: Path) -> None:
    lists = registers(tmp_path, classes=[CLASS | {"instructors": None}])
    assert codes(lists, VOCATIONAL) == [[]]
    performed = {check.check: check.performed for check in checks_of(lists)}
    assert performed["register:classes"]
    assert not performed["register:instructors"]


def test_more_people_than_filed_is_a_note_and_one_person_twice_counts_once(tmp_path: Path) -> None:
    lists = registers(tmp_path, classes=[CLASS | {"size": 2}, CLASS | {"class_no": "2", "size": None}])
    first, second, third = (VOCATIONAL | {"id_number": number} for number in IDS)
    assert codes(lists, first, second, first | {"occupation": None}) == [[], [], []]
    assert codes(lists, first, second, third) == [["OVER_CLASS_SIZE"]] * 3
    assert codes(lists, first, second, third | {"class_no": "2"}) == [[], [], []]
    assert statuses(lists, first, second, third) == ["approved"] * 3
