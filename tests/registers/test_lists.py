"""Lists of occupations, abilities, qualifications, assessors, institutions: who is asked, on which days they hold."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from .builder import (
    ALLOWANCE,
    CERTIFICATE,
    ENTERPRISE,
    FACTORY,
    SCHOOL,
    TECHNICIAN,
    VOCATIONAL,
    codes,
    found,
    registers,
    statuses,
)

REJECTED = ["NOT_IN_REGISTER"]
SPAN = {"since": dt.date(2020, 3, 1), "until": dt.date(2020, 9, 30)}
DAYS = [("2020-02-29", False), ("2020-03-01", True), ("2020-09-30", True), ("2020-10-01", False)]
FILED = {"institution": SCHOOL, "qualified_by": "审核备案"}


@pytest.mark.parametrize(("day", "listed"), DAYS)
def test_an_occupation_holds_from_its_first_day_to_its_last(tmp_path: Path, day: str, listed: bool) -> None:
    lists = registers(tmp_path, occupations=[{"occupation": "电工", "level": "初级工", **SPAN}])
    trained = VOCATIONAL | {"start_date": day}
    certified = CERTIFICATE | {"certificate_date": day}
    assert codes(lists, trained, certified) == [[], []] if listed else [REJECTED, REJECTED]


def test_a_certificate_is_asked_on_its_issue_date_and_not_on_the_start(tmp_path: Path) -> None:
    lists = registers(tmp_path, occupations=[{"occupation": "电工", **SPAN}])
    begun_before = CERTIFICATE | {"start_date": "2020-02-01", "certificate_date": "2020-03-01"}
    issued_after = CERTIFICATE | {"start_date": "2020-09-01", "certificate_date": "2020-10-01"}
    assert codes(lists, begun_before, issued_after) == [[], REJECTED]


@pytest.mark.parametrize(("day", "listed"), DAYS)
def test_every_other_list_holds_from_first_day_to_last_as_well(tmp_path: Path, day: str, listed: bool) -> None:
    expected = [] if listed else REJECTED
    ability = CERTIFICATE | {"certificate_type": "专项职业能力证书", "level": None, "certificate_date": day}
    qualified = TECHNICIAN | {"certificate_date": day}
    cases: list[tuple[str, dict[str, Any], dict[str, str | None]]] = [
        ("abilities", {"ability": "电工"}, ability),
        ("qualifications", {"qualification": "电工"}, qualified),
        ("assessors", {"assessor": "晋阳鉴定所"}, qualified),
        ("institutions", FILED, VOCATIONAL | {"start_date": day}),
    ]
    for name, entry, row in cases:
        assert codes(registers(tmp_path / name, **{name: [entry | SPAN]}), row) == [expected], name


@pytest.mark.parametrize(
    ("entry", "row", "why"),
    [
        ({"occupation": "焊工"}, VOCATIONAL, "the register of occupations does not have it"),
        ({"occupation": "电工", "level": "高级工"}, VOCATIONAL, "the register of occupations has it for another level"),
        (
            {"occupation": "电工", "until": "2020-06-30"},
            VOCATIONAL,
            "the register of occupations has it, not in force on that day",
        ),
    ],
)
def test_the_reason_says_which_register_and_why(tmp_path: Path, entry: Any, row: Any, why: str) -> None:
    assert found(registers(tmp_path, occupations=[entry]), row) == [[("NOT_IN_REGISTER", "occupation", why)]]


def test_an_entry_without_level_covers_every_level(tmp_path: Path) -> None:
    lists = registers(tmp_path, occupations=[{"occupation": "电工"}])
    assert codes(lists, VOCATIONAL, VOCATIONAL | {"level": "中级工"}, TECHNICIAN) == [[], [], []]


def test_several_levels_of_one_entry_each_count(tmp_path: Path) -> None:
    lists = registers(tmp_path, occupations=[{"occupation": "电工", "level": "五级、四级/中级工"}])
    junior, middle = CERTIFICATE, CERTIFICATE | {"level": "中级工"}
    assert codes(lists, junior, middle, CERTIFICATE | {"level": "高级工"}) == [[], [], REJECTED]


def test_a_level_counts_only_for_programmes_that_use_it(tmp_path: Path) -> None:
    lists = registers(tmp_path, occupations=[{"occupation": "电工", "level": "高级工"}])
    assert codes(lists, ENTERPRISE | {"level": "初级工"}, VOCATIONAL | {"level": None}) == [[], []]


def test_an_unknown_level_is_told_elsewhere(tmp_path: Path) -> None:
    lists = registers(tmp_path, occupations=[{"occupation": "电工", "level": "高级工"}])
    assert codes(lists, VOCATIONAL | {"level": "九段"}) == [[]]


def test_an_alias_stands_for_its_occupation(tmp_path: Path) -> None:
    entries = [
        {"occupation": "电工", "level": "初级工", "aliases": "维修电工, 电气工/电 匠;低压电工"},
        {"occupation": "焊工"},
    ]
    lists = registers(tmp_path, occupations=entries)
    names = ["维修电工", "电气工", "电匠", "低压 电工", "高压电工"]
    assert codes(lists, *(VOCATIONAL | {"occupation": name} for name in names)) == [[], [], [], [], REJECTED]


def test_an_alias_that_two_occupations_claim_stands_for_neither(tmp_path: Path) -> None:
    entries = [{"occupation": "电工", "aliases": "技工"}, {"occupation": "焊工", "aliases": "技工"}]
    assert codes(registers(tmp_path, occupations=entries), VOCATIONAL | {"occupation": "技工"}) == [REJECTED]


def test_a_listed_occupation_is_never_an_alias_of_another(tmp_path: Path) -> None:
    entries = [{"occupation": "电工", "level": "高级工", "aliases": "焊工"}, {"occupation": "焊工", "level": "初级工"}]
    assert codes(registers(tmp_path, occupations=entries), VOCATIONAL | {"occupation": "焊工"}) == [[]]


def test_an_allowance_has_no_occupation_to_check(tmp_path: Path) -> None:
    lists = registers(tmp_path, occupations=[{"occupation": "焊工"}])
    assert codes(lists, ALLOWANCE, ALLOWANCE | {"occupation": "电工"}) == [[], []]


def test_what_is_empty_or_has_no_date_is_told_elsewhere(tmp_path: Path) -> None:
    lists = registers(
        tmp_path,
        occupations=[{"occupation": "电工", **SPAN}],
        assessors=[{"assessor": "别处"}],
        institutions=[FILED | SPAN],
    )
    assert codes(
        lists,
        VOCATIONAL | {"occupation": None, "institution": None},
        VOCATIONAL | {"start_date": None},
        CERTIFICATE | {"assessor": None, "certificate_date": None},
    ) == [[], [], []]


def test_without_a_date_a_name_that_was_never_listed_is_still_refused(tmp_path: Path) -> None:
    lists = registers(tmp_path, occupations=[{"occupation": "焊工", **SPAN}])
    assert codes(lists, VOCATIONAL | {"start_date": None}) == [REJECTED]


def test_an_ability_certificate_is_asked_about_the_ability_list_alone(tmp_path: Path) -> None:
    lists = registers(
        tmp_path, occupations=[{"occupation": "电工"}], abilities=[{"ability": "面点制作"}], qualifications=[]
    )
    ability = CERTIFICATE | {"certificate_type": "专项职业能力证书", "level": None}
    said = found(lists, ability | {"occupation": "面点制作"}, ability, CERTIFICATE)
    assert said[0] == []
    assert said[1] == [("NOT_IN_REGISTER", "occupation", "the register of special abilities does not have it")]
    assert said[2] == []


def test_a_training_for_a_special_ability_may_stand_in_either_list(tmp_path: Path) -> None:
    lists = registers(
        tmp_path,
        occupations=[{"occupation": "电工"}, {"occupation": "焊工", "level": "专项职业能力"}],
        abilities=[{"ability": "面点制作"}],
    )
    rows = [VOCATIONAL | {"occupation": name, "level": "专项职业能力"} for name in ("电工", "焊工", "面点制作", "插花")]
    junior = VOCATIONAL | {"occupation": "面点制作"}
    said_by_type = junior | {"level": None, "certificate_type": "专项职业能力证书"}
    assert codes(lists, *rows, junior, said_by_type) == [[], [], [], REJECTED, REJECTED, []]


def test_a_certificate_type_says_the_level_where_the_column_is_empty(tmp_path: Path) -> None:
    lists = registers(tmp_path, occupations=[{"occupation": "电工", "level": "初级工"}])
    unsaid = VOCATIONAL | {"level": None}
    assert codes(lists, unsaid, unsaid | {"certificate_type": "专项职业能力证书"}) == [[], REJECTED]


def test_a_qualification_certificate_needs_both_lists(tmp_path: Path) -> None:
    lists = registers(
        tmp_path,
        occupations=[{"occupation": "电工"}, {"occupation": "钳工"}],
        qualifications=[{"qualification": "电工"}, {"qualification": "焊工"}],
    )
    rows = [TECHNICIAN | {"occupation": name} for name in ("电工", "钳工", "焊工", "车工")]
    other_kind = TECHNICIAN | {"certificate_type": "职业技能等级证书", "occupation": "钳工"}
    assert codes(lists, *rows, other_kind) == [[], REJECTED, REJECTED, REJECTED * 2, []]


def test_an_institution_under_a_heading_that_may_mean_the_assessor_is_no_payee_if_only_an_assessor(
    tmp_path: Path,
) -> None:
    """机构名称 in the assessors' but not the institutions' register (contract, 'Roster headings')."""
    assessors = [{"assessor": "晋阳（鉴定）所"}, {"assessor": SCHOOL}]
    lists = registers(tmp_path, assessors=assessors, institutions=[FILED])
    own = {"institution": "晋阳(鉴定)所"}
    certified, trained = CERTIFICATE | own | {"assessor": None}, VOCATIONAL | own
    asked = codes(lists, certified, trained, VOCATIONAL, ENTERPRISE | own, ALLOWANCE | own, unclear=True)
    held = [["PAYEE_MISSING"] if "PAYEE_MISSING" in found else [] for found in asked]
    assert held == [["PAYEE_MISSING"], ["PAYEE_MISSING"], [], [], []]
    assert "PAYEE_MISSING" not in codes(lists, certified)[0]
    alone = registers(tmp_path / "alone", assessors=assessors)
    assert codes(alone, certified, CERTIFICATE | {"assessor": None}, unclear=True) == [["PAYEE_MISSING"]] * 2


def test_only_lines_that_rest_on_a_certificate_are_asked_about_the_assessor(tmp_path: Path) -> None:
    lists = registers(tmp_path, assessors=[{"assessor": "晋阳鉴定所"}])
    by_other = {"assessor": "路边评价站"}
    high = VOCATIONAL | {"level": "高级工", "certificate_no": "Z1", "certificate_date": "2020-09-01"}
    rows = [CERTIFICATE | by_other, TECHNICIAN | by_other, high | by_other, high | {"assessor": "晋阳 鉴定所"}]
    assert codes(lists, *rows, VOCATIONAL | by_other) == [REJECTED, REJECTED, REJECTED, [], []]


def test_a_high_skill_training_is_asked_about_its_assessor_on_the_issue_date(tmp_path: Path) -> None:
    lists = registers(tmp_path, assessors=[{"assessor": "晋阳鉴定所", "since": "2020-08-01"}])
    high = VOCATIONAL | {"level": "高级工", "certificate_no": "Z1", "assessor": "晋阳鉴定所"}
    rows = [high | {"certificate_date": day} for day in ("2020-07-31", "2020-08-01")]
    assert codes(lists, *rows) == [REJECTED, []]


def test_an_assessor_is_limited_to_the_occupations_it_names(tmp_path: Path) -> None:
    lists = registers(
        tmp_path,
        occupations=[{"occupation": "电工", "aliases": "维修电工"}, {"occupation": "焊工"}],
        assessors=[{"assessor": "晋阳鉴定所", "occupations": "维修电工、钳工"}, {"assessor": "省鉴定中心"}],
    )
    welder = CERTIFICATE | {"occupation": "焊工"}
    said = found(lists, CERTIFICATE, welder, welder | {"assessor": "省鉴定中心"})
    detail = "the register of assessors has it for another occupation"
    assert said == [[], [("NOT_IN_REGISTER", "assessor", detail)], []]


def test_an_unlisted_institution_is_paid_for_no_training_of_its_own(tmp_path: Path) -> None:
    lists = registers(tmp_path, institutions=[{"institution": "别的学校", "qualified_by": "审核备案"}])
    beside = ENTERPRISE | {"institution": SCHOOL}
    assert codes(lists, VOCATIONAL, CERTIFICATE, ALLOWANCE, beside) == [REJECTED] * 4


def test_an_employer_that_trains_its_own_staff_needs_no_entry(tmp_path: Path) -> None:
    lists = registers(tmp_path, institutions=[FILED])
    own = {"institution": "汾河 机械厂", "employer": FACTORY}
    named_alone = {"institution": FACTORY, "employer": None}
    rows = [ENTERPRISE, ENTERPRISE | own, ENTERPRISE | named_alone, CERTIFICATE | own, ALLOWANCE | own]
    assert codes(lists, *rows, TECHNICIAN | {"institution": "无名学校"}) == [[]] * 6


def test_whoever_is_paid_a_vocational_training_is_asked(tmp_path: Path) -> None:
    lists = registers(tmp_path, institutions=[FILED])
    own = VOCATIONAL | {"institution": FACTORY, "employer": FACTORY}
    as_employer = VOCATIONAL | {"institution": None, "employer": FACTORY}
    listed = VOCATIONAL | {"institution": None, "employer": SCHOOL}
    said = found(lists, own, as_employer, listed)
    assert [[(code, field) for code, field, _ in line] for line in said] == [
        [("NOT_IN_REGISTER", "institution")],
        [("NOT_IN_REGISTER", "employer")],
        [],
    ]


@pytest.mark.parametrize(
    ("way", "expected"),
    [
        ("审核备案", []), ("公开招标", []), ("竞争性谈判", []), ("竞争性磋商", []), ("审核备案、公开招标", []),
        (None, ["NOT_QUALIFIED"]), ("无", ["NOT_QUALIFIED"]),
    ],
)  # fmt: skip
def test_an_institution_qualifies_by_filing_or_procurement(
    tmp_path: Path, way: str | None, expected: list[str]
) -> None:
    lists = registers(tmp_path, institutions=[{"institution": SCHOOL, "qualified_by": way}])
    assert codes(lists, VOCATIONAL, CERTIFICATE, ALLOWANCE) == [expected] * 3
    assert statuses(lists, VOCATIONAL) == (["held"] if expected else ["approved"])


def test_the_entry_in_force_says_how_the_institution_qualified(tmp_path: Path) -> None:
    lists = registers(
        tmp_path,
        institutions=[
            {"institution": SCHOOL, "qualified_by": None, "until": "2020-06-30"},
            {"institution": SCHOOL, "qualified_by": "公开招标", "since": "2020-07-01"},
        ],
    )
    assert codes(lists, VOCATIONAL | {"start_date": "2020-06-30"}, VOCATIONAL) == [["NOT_QUALIFIED"], []]


def test_an_institution_is_limited_to_the_occupations_it_names_in_its_trainings(tmp_path: Path) -> None:
    lists = registers(tmp_path, institutions=[FILED | {"occupations": "焊工、钳工"}])
    welder = VOCATIONAL | {"occupation": "焊工"}
    assert codes(lists, VOCATIONAL, welder, CERTIFICATE, ALLOWANCE) == [REJECTED, [], [], []]


def test_a_line_outside_a_register_is_rejected_and_one_inside_approved(tmp_path: Path) -> None:
    lists = registers(tmp_path, occupations=[{"occupation": "电工", "level": "初级工", "standard": 800}])
    assert statuses(lists, VOCATIONAL, VOCATIONAL | {"occupation": "焊工"}) == ["approved", "rejected"]


def test_without_registers_nothing_is_said(tmp_path: Path) -> None:
    from trainingcli.evidence.gathering import gather
    from trainingcli.evidence.source import NOTHING

    rows = (VOCATIONAL, CERTIFICATE, ENTERPRISE, TECHNICIAN, ALLOWANCE)
    assert codes(gather(NOTHING), *rows) == [[]] * 5
    assert codes(registers(tmp_path, waivers=[]), *rows) == [[]] * 5
