"""Each flag at its threshold and just beside it (contract, second part, 2), alone and with a policy that moves it."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from registers.builder import CERTIFICATE, VOCATIONAL, policy, registers, rows_of
from support.overlays import overlay
from support.people import check_digit
from support.posted import Posted, history_frame
from trainingcli.cli import app
from trainingcli.evidence.batch import Batch
from trainingcli.evidence.gathered import Sources
from trainingcli.evidence.sources.flags import SOURCE
from trainingcli.ledger import open_ledger
from trainingcli.policy import Policy
from trainingcli.settle.claim_lines import claim_lines
from trainingcli.settle.settlement import History

Row = dict[str, str | None]


def person(number: int, born: str = "19850101", *, woman: bool = False) -> str:
    """An ID number of somebody born on a day."""
    first17 = f"140105{born}{number:02d}{(2 if woman else 1)}"
    return first17 + check_digit(first17)


def flags(
    *rows: Row, law: Policy | None = None, sources: Sources | None = None, posted: Any = ()
) -> list[dict[str, Any]]:
    """The flags of these rows, after what the ledger paid."""
    given, law = sources or Sources(), law or policy()
    made = rows_of(*rows, lists=given)
    history = History(history_frame(list(posted))) if posted else None
    batch = Batch(made, claim_lines(made, law), law, given, history)
    found: list[dict[str, Any]] = SOURCE.document([SOURCE.account(batch)], given)
    return found


def codes(*rows: Row, **more: Any) -> list[str]:
    return [flag["code"] for flag in flags(*rows, **more)]


def changed(**values: int) -> Policy:
    return overlay({"parameters": {name: {"value": value} for name, value in values.items()}})


# ---- age


@pytest.mark.parametrize(
    ("born", "woman", "day", "is_flagged"),
    [
        ("20040702", False, "2020-07-01", True),  # 16 tomorrow
        ("20040701", False, "2020-07-01", False),  # 16 today
        ("19600701", False, "2020-07-01", False),  # the 60th birthday is not before the day
        ("19600630", False, "2020-07-01", True),
        ("19650701", True, "2020-07-01", False),
        ("19650630", True, "2020-07-01", True),
        ("19650630", False, "2020-07-01", False),  # a man of 55
    ],
)
def test_age(born: str, woman: bool, day: str, is_flagged: bool) -> None:
    row = VOCATIONAL | {"id_number": person(1, born, woman=woman), "start_date": day}
    assert codes(row) == ["AGE_OUT_OF_RANGE"] * is_flagged


def test_age_without_a_start_is_that_of_the_certificates_day() -> None:
    row = CERTIFICATE | {"id_number": person(1, "20040702"), "certificate_date": "2020-07-01"}
    assert codes(row) == ["AGE_OUT_OF_RANGE"]
    assert codes(row | {"start_date": "2020-07-02"}) == []


def test_ages_are_the_policys() -> None:
    row = VOCATIONAL | {"id_number": person(1, "20020702")}
    assert codes(row) == []
    assert codes(row, law=changed(age_from=18)) == ["AGE_OUT_OF_RANGE"]


def test_a_number_that_is_none_says_no_age() -> None:
    number = person(1, "20040702")
    wrong = number[:17] + ("0" if number[17] != "0" else "1")
    assert codes(VOCATIONAL | {"id_number": wrong}) == []


# ---- certificates of one day


def issued(count: int, **more: str) -> list[Row]:
    people = [person(place % 90, f"19850{1 + place // 90}01") for place in range(count)]
    return [
        CERTIFICATE | {"id_number": who, "certificate_no": f"Z{place:05d}"} | more for place, who in enumerate(people)
    ]


def test_over_a_hundred_certificates_of_a_day_are_one_flag() -> None:
    assert codes(*issued(100)) == []
    (flag,) = flags(*issued(101))
    assert (flag["code"], len(flag["cells"])) == ("CERTIFICATE_BURST", 101)


@pytest.mark.parametrize(
    "other",
    [
        {"certificate_no": "Ｚ00000"},  # the same number, wide
        {"certificate_date": "2020-07-02"},
        {"assessor": "另一鉴定所"},
        {"assessor": None},
        {"certificate_no": None},
    ],
)
def test_the_hundred_and_first_counts_with_its_own_number_assessor_and_day(other: Row) -> None:
    *rows, last = issued(101)
    assert codes(*rows, last | other) == []


def test_one_assessor_in_two_spellings_is_one() -> None:
    *rows, last = issued(101)
    assert codes(*rows, last | {"assessor": "晋阳 鉴定所"}) == ["CERTIFICATE_BURST"]


# ---- employee and jobless


EMPLOYEE = VOCATIONAL | {"category": "企业职工", "programme": "企业职工培训补贴", "training_type": "岗前培训"}


def day(days: int) -> str:
    return (dt.date(2020, 1, 1) + dt.timedelta(days)).isoformat()


@pytest.mark.parametrize(("apart", "is_flagged"), [(0, False), (1, True), (90, True), (91, False)])
def test_employee_and_jobless_within_ninety_days(apart: int, is_flagged: bool) -> None:
    rows = EMPLOYEE | {"start_date": day(0)}, VOCATIONAL | {"start_date": day(apart)}
    assert codes(*rows) == codes(*reversed(rows)) == ["EMPLOYED_AND_JOBLESS"] * is_flagged


def test_two_trainings_of_one_category_or_of_two_people_are_none() -> None:
    assert codes(VOCATIONAL | {"start_date": day(0)}, VOCATIONAL | {"start_date": day(9)}) == []
    assert codes(EMPLOYEE | {"start_date": day(0)}, EMPLOYEE | {"start_date": day(9)}) == []
    other = VOCATIONAL | {"start_date": day(9), "id_number": person(2)}
    assert codes(EMPLOYEE | {"start_date": day(0)}, other) == []


@pytest.mark.parametrize(
    ("programme", "row", "is_flagged"),
    [
        ("enterprise-training", VOCATIONAL, True),
        ("technician", VOCATIONAL, True),
        ("vocational-training", VOCATIONAL, False),
        ("vocational-training", EMPLOYEE, True),
        ("certificate", EMPLOYEE, False),  # says nothing of the category
        ("living-allowance", EMPLOYEE, False),
    ],
)
def test_what_the_ledger_paid_counts_by_its_programme(programme: str, row: Row, is_flagged: bool) -> None:
    for first, within in ((dt.date(2020, 4, 2), True), (dt.date(2020, 4, 1), False)):  # 90 and 91 days before the row
        posted = Posted(str(row["id_number"]), programme, 1, "焊工", "初级工", start=first)
        assert codes(row, posted=[posted]) == ["EMPLOYED_AND_JOBLESS"] * (is_flagged and within)


# ---- the same people


def class_of(school: str, class_no: str, people: range) -> list[Row]:
    return [VOCATIONAL | {"id_number": person(place), "institution": school, "class_no": class_no} for place in people]


@pytest.mark.parametrize(
    ("one", "other", "is_flagged"),
    [
        (range(10), range(10), True),
        (range(10), range(2, 12), True),  # 8 of 10
        (range(10), range(3, 13), False),  # 7 of 10
        (range(9), range(9), False),  # too small
        (range(9), range(20), False),
        (range(10), range(40), True),  # all of the smaller one
        (range(11), range(3, 14), False),  # 8 of 11 are 72 %
        (range(15), range(3, 18), True),  # 12 of 15
    ],
)
def test_two_classes_of_the_same_people(one: range, other: range, is_flagged: bool) -> None:
    rows = class_of("甲学校", "一班", one) + class_of("乙学校", "二班", other)
    assert codes(*rows) == ["SAME_PEOPLE"] * is_flagged


def test_classes_of_one_institution_or_without_a_number_are_not_compared() -> None:
    same = class_of("甲学校", "一班", range(10)) + class_of("甲 学校", "二班", range(10))
    assert codes(*same) == []
    without = [row | {"class_no": None} for row in class_of("乙学校", "二班", range(10))]
    assert codes(*class_of("甲学校", "一班", range(10)), *without) == []


def test_a_flag_names_both_classes() -> None:
    (flag,) = flags(*class_of("乙学校", "二班", range(10)), *class_of("甲学校", "一班", range(12)))
    assert (flag["institution"], flag["class_no"], len(flag["cells"])) == ("乙学校", "二班", 2)
    assert "有 10 人相同" in flag["message"].zh


# ---- levels


@pytest.mark.parametrize(("apart", "is_flagged"), [(0, True), (30, True), (31, False)])
def test_two_levels_within_thirty_days(apart: int, is_flagged: bool) -> None:
    first = CERTIFICATE | {"certificate_date": day(0)}
    later = CERTIFICATE | {"certificate_date": day(apart), "level": "高级工", "certificate_no": "Z0009"}
    assert codes(first, later) == ["LEVELS_TOO_CLOSE"] * is_flagged


@pytest.mark.parametrize(
    "other", [{"level": "五级"}, {"occupation": "钳工"}, {"id_number": person(2)}, {"level": "特级"}]
)
def test_one_level_another_occupation_or_person_is_none(other: Row) -> None:
    first = CERTIFICATE | {"certificate_date": day(0)}
    later = CERTIFICATE | {"certificate_date": day(9), "level": "高级工", "certificate_no": "Z0009"} | other
    assert codes(first, later) == []


# ---- the number


@pytest.mark.parametrize(
    ("number", "is_flagged"),
    [
        ("S000014010001205000001", False),  # 2020, 初级工
        ("y 0000 1401 0001 205 000001", False),
        ("S000014010001195000001", True),  # 2019
        ("S000014010001204000001", True),  # 中级工
        ("S000014010001206000001", False),  # no level
        ("S00001401000119500001", False),  # 20 digits
        ("X000014010001195000001", False),
    ],
)
def test_the_number_of_a_certificate(number: str, is_flagged: bool) -> None:
    assert codes(CERTIFICATE | {"certificate_no": number}) == ["CERTIFICATE_NUMBER_DIFFERS"] * is_flagged


def test_a_number_is_compared_with_what_is_there() -> None:
    row = CERTIFICATE | {"certificate_no": "S000014010001194000001"}
    assert codes(row | {"certificate_date": None, "level": None}) == []
    assert codes(row | {"certificate_date": None}) == ["CERTIFICATE_NUMBER_DIFFERS"]
    assert codes(row | {"certificate_date": None, "level": "专项职业能力"}) == []


# ---- qualification


@pytest.fixture(scope="module")
def access(tmp_path_factory: pytest.TempPathFactory) -> Sources:
    folder = tmp_path_factory.mktemp("registers")
    entries = [
        {"occupation": "电工", "entry": "是", "aliases": "维修电工", "since": "2020-01-01", "until": "2020-12-31"},
        {"occupation": "焊工", "entry": "否"},
    ]
    return registers(folder, occupations=entries)


IN_POST = EMPLOYEE | {"training_type": "安全技能培训"}


@pytest.mark.parametrize(
    ("row", "is_flagged"),
    [
        (IN_POST, True),
        (IN_POST | {"occupation": "维修电工（五级）"}, True),
        (IN_POST | {"occupation": "焊工"}, False),
        (IN_POST | {"training_type": "岗前培训"}, False),
        (IN_POST | {"start_date": "2019-12-31"}, False),
        (IN_POST | {"start_date": "2021-01-01"}, False),
        (VOCATIONAL, False),
        (VOCATIONAL | {"employed": "是"}, True),
        (VOCATIONAL | {"employed": "在岗"}, True),
        (VOCATIONAL | {"employed": "否"}, False),
    ],
)
def test_in_post_without_a_qualification(access: Sources, row: Row, is_flagged: bool) -> None:
    assert codes(row, sources=access) == ["QUALIFICATION_MISSING"] * is_flagged


@pytest.mark.parametrize(
    ("certificate", "is_flagged"),
    [
        ({"certificate_type": "职业资格证书"}, False),
        ({"certificate_type": "职业技能等级证书"}, True),
        ({"certificate_type": "职业资格证书", "occupation": "焊工"}, True),
        ({"certificate_type": "职业资格证书", "id_number": person(2)}, True),
    ],
)
def test_a_qualification_in_the_batch_is_enough(access: Sources, certificate: Row, is_flagged: bool) -> None:
    assert codes(IN_POST, CERTIFICATE | certificate, sources=access) == ["QUALIFICATION_MISSING"] * is_flagged


@pytest.mark.parametrize(
    ("kind", "is_flagged"),
    [("职业资格证书", False), ("职业技能等级证书", True), (None, False)],  # an earlier program's entry does not tell
)
def test_a_qualification_in_the_ledger_is_enough(access: Sources, kind: str | None, is_flagged: bool) -> None:
    who, day = str(IN_POST["id_number"]), dt.date(2019, 9, 1)
    posted = Posted(who, "technician", 1, "电工", "技师", certificate_date=day, certificate_type=kind)
    assert codes(IN_POST, sources=access, posted=[posted]) == ["QUALIFICATION_MISSING"] * is_flagged


def test_what_is_posted_keeps_the_type_of_its_certificate(tmp_path: Path) -> None:
    roster, books = tmp_path / "r.csv", tmp_path / "l.db"
    headings = "姓名,身份证号,补贴项目,职业(工种),等级,证书类型,证书编号,发证日期,培训机构,补贴金额"
    roster.write_text(f"{headings}\n王一,{person(1)},取证补贴,电工,初级工,技能等级证书,Z1,2020-08-01,晋阳学校,300\n")
    given = ["--today", "2021-12-31", "--ledger", str(books), "--out", str(tmp_path / "out"), "--jobs", "1"]
    done = CliRunner().invoke(app, ["claims", str(roster), *given, "--post", "--format", "json"])
    assert done.exit_code == 0, done.output
    with open_ledger(books, read_only=True) as ledger:
        assert ledger.history([person(1)], [])["facts"].tolist() == ['{"certificate_type": "职业技能等级证书"}']


def test_nothing_is_asked_without_the_register() -> None:
    assert codes(IN_POST) == []
