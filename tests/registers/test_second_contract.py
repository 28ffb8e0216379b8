"""What contract-2, section 8 adds to the registers: levels of occupations, credit codes, instructors, near misses."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest

from support.inline import INLINE
from trainingcli.evidence.register_faults import check_folder

from .builder import IDS, SCHOOL, TODAY, VOCATIONAL, codes, found, registers, write

INSTITUTION = {"institution": SCHOOL, "qualified_by": "审核备案"}
CLASS = {
    "class_no": "2020-01", "institution": SCHOOL, "occupation": "电工", "start_date": "2020-07-01", "plan": "计1号",
    "instructors": IDS[1], "acceptance": "合格",
}  # fmt: skip
TEACHER = {"id_number": IDS[1], "occupation": "电工"}


def faults(folder: Path) -> list[tuple[str, str | None, bool]]:
    return [(fault.file, fault.cell, fault.is_error) for fault in check_folder(folder, TODAY, INLINE)]


@pytest.mark.parametrize(
    ("occupations", "level", "listed"),
    [
        ("电工:初级工、中级工", "初级工", True),
        ("电工：五级、四级", "中级工", True),
        ("电工:初级工、中级工", "高级工", False),
        ("电工:初级工、中级工", None, True),  # a line without level is covered by any
        ("焊工:初级工、电工", "高级工", True),  # 电工 stands behind no colon of its own
        ("焊工:初级工、电工:中级工", "初级工", False),
        ("焊工:初级工、中级工", "初级工", False),
        ("电工（高级工）、焊工", "高级工", True),
        ("电工（高级工）、焊工", "中级工", False),
        ("电工", "高级工", True),
        (None, "高级工", True),
    ],
)
def test_an_institutions_occupation_may_carry_levels(
    tmp_path: Path, occupations: str | None, level: str | None, listed: bool
) -> None:
    lists = registers(tmp_path, institutions=[INSTITUTION | {"occupations": occupations}])
    number = {"certificate_no": "Z1", "certificate_date": "2020-07-01"}
    assert codes(lists, VOCATIONAL | number | {"level": level}) == [[] if listed else ["NOT_IN_REGISTER"]]


@pytest.mark.parametrize(
    ("code", "holds"),
    [
        ("91110000600037341L", True),  # of the standard's own examples of use
        ("91110000600037341l", True),
        (" 9111 0000 6000 3734 1L", True),
        ("91110000600037341M", False),
        ("91110000600037314L", False),
        ("9111000060003734", False),
        ("91110000600037341I", False),  # I, O, S, V, Z are no signs of a code
        (None, True),
    ],
)
def test_credit_codes_are_checked(tmp_path: Path, code: str | None, holds: bool) -> None:
    write(tmp_path, "institutions", INSTITUTION | {"credit_code": code})
    assert faults(tmp_path) == ([] if holds else [("institutions.xlsx", "B2", True)])


def test_a_level_that_is_none_behind_an_occupation_is_an_error(tmp_path: Path) -> None:
    write(tmp_path, "institutions", INSTITUTION | {"occupations": "焊工:瞎写、电工"})
    assert faults(tmp_path) == [("institutions.xlsx", "F2", True)]


@pytest.mark.parametrize(
    ("results", "passes"),
    [
        ({"result": "合格"}, True),
        ({"result": "不合格"}, False),
        ({}, False),
        ({"teaching": "合格", "professional": "合格"}, True),
        ({"teaching": "合格", "professional": "合格", "result": "合格"}, True),
        ({"teaching": "合格", "professional": "合格", "result": "不合格"}, False),
        ({"teaching": "合格"}, False),
        ({"professional": "合格", "result": "合格"}, False),
        ({"teaching": "不合格", "professional": "合格"}, False),
        ({"result": "合格", "valid_until": "2020-07-01"}, True),  # the day the class begins is still valid
        ({"result": "合格", "valid_until": "2020-06-30"}, False),
        ({"result": "合格", "assessed": "2020-07-01", "valid_until": "2021-07-01"}, True),
        ({"result": "合格", "assessed": "2020-07-02", "valid_until": "2021-07-01"}, False),
    ],
)
def test_an_instructor_passed_by_one_result_or_by_both_parts_and_is_still_valid(
    tmp_path: Path, results: dict[str, Any], passes: bool
) -> None:
    lists = registers(tmp_path, classes=[CLASS], instructors=[TEACHER | results])
    assert codes(lists, VOCATIONAL) == [[] if passes else ["INSTRUCTOR_NOT_ASSESSED"]]


@pytest.mark.parametrize(
    ("written", "listed", "is_near"),
    [
        ("晋阳职业技术培训学交", "晋阳职业技术培训学校", True),  # nine of ten signs: 2 × 9 ÷ 20 = 90
        ("晋阳职业技能训学交", "晋阳职业技能训学校", False),  # eight of nine: 88.9
        ("晋阳职业技术培训学", "晋阳职业技术培训学校", True),  # one left out: 2 × 9 ÷ 19 = 94.7
        ("汾河机械厂", "晋阳职业技术培训学校", False),
    ],
)
def test_a_near_miss_is_named_in_the_reason(tmp_path: Path, written: str, listed: str, is_near: bool) -> None:
    lists = registers(tmp_path, institutions=[INSTITUTION | {"institution": listed}])
    ((said,),) = found(lists, VOCATIONAL | {"institution": written})
    assert said[:2] == ("NOT_IN_REGISTER", "institution")
    assert (listed in said[2]) is is_near


def test_a_near_miss_stands_beside_others_line_by_line(tmp_path: Path) -> None:
    names = ["太原市晋阳职业技术培训学校", "太原市汾河高级技工职业学校"]
    lists = registers(tmp_path, institutions=[INSTITUTION | {"institution": name} for name in names])
    rows = [VOCATIONAL | {"institution": text} for text in (names[0][:-1], "无此校", names[1][:-1], names[0])]
    said = [[detail for _, _, detail in line] for line in found(lists, *rows)]
    assert names[0] in said[0][0]
    assert "nearly" not in said[1][0]
    assert names[1] in said[2][0]
    assert said[3] == []


@pytest.mark.parametrize("seed", range(6))
def test_however_a_name_is_written_it_is_the_same_name(tmp_path: Path, seed: int) -> None:
    """Contract, 'Compared': NFKC, upper case, no blanks, no unseen signs, one form of bracket; on either side."""
    chance = random.Random(seed)
    plain = {"institution": "晋阳(AB)学校", "occupation": "CAD制图员(机械)"}

    def spelled(text: str) -> str:
        signs = [chance.choice([sign, sign.lower(), sign + "\u2063", sign + " "]) for sign in text]
        brackets = chance.choice(["()", "（）", "[]", "【】", "〔〕"])
        return "".join(signs).replace("(", brackets[0]).replace(")", brackets[1])

    spelt = {key: spelled(text) for key, text in plain.items()}
    lists = registers(
        tmp_path,
        institutions=[INSTITUTION | {"institution": spelt["institution"], "occupations": spelled(plain["occupation"])}],
        occupations=[{"occupation": spelt["occupation"], "aliases": spelled("电脑绘图b")}],
        classes=[CLASS | {"institution": spelt["institution"], "occupation": spelled(plain["occupation"])}],
    )
    rows = [VOCATIONAL | {"institution": spelled(plain["institution"]), "occupation": spelled(plain["occupation"])}]
    rows.append(rows[0] | {"occupation": spelled("电脑绘图B")})
    assert codes(lists, *rows) == [[], []]
    assert not any(is_error for _, _, is_error in faults(tmp_path))


@pytest.mark.parametrize(
    ("written", "echoed"),
    [("10万", "100000.00"), (500, "500.00"), ("99.9999万元", "999999.00"), (1000000, None), ("20000万元", None)],
)
def test_a_budget_that_is_oddly_small_is_echoed(tmp_path: Path, written: Any, echoed: str | None) -> None:
    write(tmp_path, "budgets", {"fund": "市财政", "year": 2021, "budget": written})
    said = [(fault.cell, fault.is_error, fault.text.zh) for fault in check_folder(tmp_path, TODAY, INLINE)]
    assert said == ([("C2", False, f"预算读作 {echoed} 元，请核对单位")] if echoed else [])
