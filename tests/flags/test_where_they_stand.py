"""Flags stand in the summary workbook, the JSON and `explain`; in no institution's workbook, ever."""

from __future__ import annotations

import csv
import json
import os
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from typer.testing import CliRunner

from trainingcli.cli import app
from trainingcli.evidence.flags import all_flags
from trainingcli.flag_words import all_flag_words
from trainingcli.policy import load_policy

from .test_thresholds import person

HEADINGS = [
    "姓名", "身份证号", "补贴项目", "人员类别", "职业(工种)", "等级", "开班日期", "就业创业证号", "培训机构", "班级",
    "补贴金额", "备注",
]  # fmt: skip
# Copied by hand from the contract, second part, 2: codes with their clauses' paragraph, thresholds with their names.
CODES = [
    "AGE_OUT_OF_RANGE", "CERTIFICATE_BURST", "EMPLOYED_AND_JOBLESS", "SAME_PEOPLE", "LEVELS_TOO_CLOSE",
    "CERTIFICATE_NUMBER_DIFFERS", "QUALIFICATION_MISSING",
]  # fmt: skip
THRESHOLDS = {
    "age_from": 16, "age_men": 60, "age_women": 55, "burst_certificates": 100, "status_days": 90,
    "same_people_from": 10, "same_people_percent": 80, "levels_days": 30,
}  # fmt: skip


def roster(folder: Path) -> Path:
    """Two schools' classes of the same ten people, one of them too old; one row that a note holds."""
    path = folder / "花 名册.xlsx"
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "名单's"
    sheet.append(HEADINGS)
    for school, class_no, day in (("甲学校", "一班", "2020-07-01"), ("乙学校", "二班", "2020-09-01")):
        for number in range(10):
            who = person(number, "19600101" if number == 3 else "19850101")
            remark = "退学" if number == 5 else None
            row = [
                "王小明",
                who,
                "职业技能培训补贴",
                "退役军人",
                "电工",
                "初级工",
                day,
                "1401052020000001",
                school,
                class_no,
            ]
            sheet.append([*row, "500", remark])
    book.save(path)
    return path


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Any]:
    folder = tmp_path_factory.mktemp("flags")
    arguments = [
        "claims", str(roster(folder)), "--out", str(folder / "out"), "--ledger", str(folder / "ledger.db"), "--post",
        "--returns", "--today", "2021-12-31", "-f", "json", "--lang", "zh",
    ]  # fmt: skip
    found = CliRunner().invoke(app, arguments)
    assert found.exit_code == 0, found.stderr
    return folder, json.loads(found.stdout)


def test_a_name_in_bytes_that_are_no_utf8_is_no_link_and_no_obstacle(tmp_path: Path) -> None:
    """The roster, the folder of everything, the ledger: settled, posted, written again, copied."""
    folder = Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xb0\xa1"))
    folder.mkdir()
    file = roster(folder).rename(folder / os.fsdecode("名册.xlsx".encode("gbk")))
    for arguments in (
        ["claims", file, "--out", folder / "out", "--post", "--returns", "--today", "2021-12-31"],
        ["ledger", "rebuild", "1", "--out", folder / "again"],
        ["ledger", "backup", folder / "copy.db"],
        ["doctor"],
    ):
        found = CliRunner().invoke(app, [*map(str, arguments), "--ledger", str(folder / "ledger.db"), "-f", "json"])
        assert found.exit_code == 0, (arguments[0], found.stderr)
    for out in ("out", "again"):
        (path,) = (folder / out).glob("汇总*.xlsx")
        links = [cell.hyperlink for row in openpyxl.load_workbook(path)["疑点"].iter_rows() for cell in row]
        assert not any(links), out


def test_the_json_lists_them_by_institution_and_class(done: tuple[Path, Any]) -> None:
    flags = done[1]["flags"]
    assert [(each["institution"], each["class_no"], each["code"]) for each in flags] == [
        ("乙学校", "二班", "AGE_OUT_OF_RANGE"),  # no reading of Chinese: the characters' own order
        ("甲学校", "一班", "SAME_PEOPLE"),  # its first cell stands in the class's first row
        ("甲学校", "一班", "AGE_OUT_OF_RANGE"),
    ]
    (same,) = (each for each in flags if each["code"] == "SAME_PEOPLE")
    assert same["clause"] == "三(四)"
    assert [cell["cell"] for cell in same["cells"]] == ["J2", "J12"]
    assert {cell["sheet"] for cell in same["cells"]} == {"名单's"}


def test_they_are_no_reasons_of_lines(done: tuple[Path, Any]) -> None:
    codes = {reason["code"] for line in done[1]["lines"] for reason in line["reasons"]}
    assert codes.isdisjoint(CODES)
    assert {line["status"] for line in done[1]["lines"]} == {"approved", "held", "rejected"}


def test_the_sheet_of_the_summary_can_be_worked_with(done: tuple[Path, Any]) -> None:
    (path,) = (done[0] / "out").glob("汇总*.xlsx")
    sheet = openpyxl.load_workbook(path)["疑点"]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2)]
    assert [row[1:4] for row in rows[1:]] == [
        ["乙学校", "二班", "年龄不在培训年龄内"],
        ["甲学校", "一班", "两家机构的班级人员大半相同"],
        ["甲学校", "一班", "年龄不在培训年龄内"],
    ]
    columns = {name: place for place, name in enumerate(rows[0])}
    link = sheet.cell(4, columns["单元格2"] + 1)
    assert link.value == "花 名册.xlsx 名单's!J12"
    assert link.hyperlink.target.replace("%20", " ").replace("\\", "/") == "../花 名册.xlsx"
    assert link.hyperlink.location == "'名单''s'!J12"
    (rule,) = sheet.data_validations.dataValidation
    letter = sheet.cell(2, columns["核实结果"] + 1).column_letter
    assert (str(rule.sqref), rule.formula1) == (f"{letter}3:{letter}5", '"属实,排除,待查"')
    assert rows[0][columns["核实结果"] + 1] == "说明"


def test_no_institutions_workbook_says_a_word_of_them(done: tuple[Path, Any]) -> None:
    """Neither claim workbooks nor returns; a word of any flag, its code or its message."""
    words = [*CODES, "疑点", *(str(entry.title.zh) for entry in all_flag_words().values()), "周岁", "人相同"]
    books = [path for path in (done[0] / "out").rglob("*.xlsx") if not path.name.startswith("汇总")]
    assert len(books) == 3, "two claim workbooks and a return"
    for path in books:
        book = openpyxl.load_workbook(path)
        said = [str(cell) for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row if cell]
        assert not [text for text in (*said, *book.sheetnames) for word in words if word in text], path.name


def test_a_posted_batch_has_them_when_it_is_rebuilt(done: tuple[Path, Any]) -> None:
    folder = done[0]
    again = CliRunner().invoke(
        app, ["ledger", "rebuild", "1", "--out", str(folder / "again"), "--ledger", str(folder / "ledger.db")]
    )
    assert again.exit_code == 0, again.stderr
    grids = []
    for place in ("out", "again"):
        (path,) = (folder / place).glob("汇总*.xlsx")
        sheet = openpyxl.load_workbook(path)["疑点"]
        grids.append([[cell.value for cell in row] for row in sheet.iter_rows()])
    assert grids[0] == grids[1]


def test_numbers_of_people_in_a_flag_are_masked(tmp_path: Path) -> None:
    path = tmp_path / "r.csv"
    who = person(1, "19600101")
    with path.open("w", encoding="utf-8", newline="") as target:
        csv.writer(target).writerows(
            [
                HEADINGS,
                ["王", who, "职业技能培训补贴", "退役军人", "电工", "初级工", "2020-07-01", "1", "甲", who, "5", ""],
            ]
        )
    found = CliRunner().invoke(
        app, ["claims", str(path), "--out", str(tmp_path / "out"), "--ledger", str(tmp_path / "no.db"), "--today",
              "2021-12-31", "-f", "json"],
    )  # fmt: skip
    assert json.loads(found.stdout)["flags"]
    assert who not in found.stdout
    sheet = openpyxl.load_workbook(tmp_path / "out" / "汇总.xlsx")["疑点"]
    assert who not in str([cell.value for row in sheet.iter_rows() for cell in row])


def test_every_code_is_declared_explained_and_has_its_file() -> None:
    assert sorted(CODES) == [flag.code for flag in all_flags()] == sorted(all_flag_words())
    assert {code: entry.clause for code, entry in all_flag_words().items() if entry.clause != "三(四)"} == {
        "QUALIFICATION_MISSING": "四(三)"
    }
    for code in CODES:
        page = CliRunner().invoke(app, ["explain", code, "-f", "table", "--lang", "zh"])
        assert page.exit_code == 0
        assert str(all_flag_words()[code].title.zh) in page.stdout


def test_thresholds_stand_in_the_policy_under_their_names() -> None:
    assert {name: load_policy().parameter(name) for name in THRESHOLDS} == THRESHOLDS
