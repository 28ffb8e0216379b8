"""`registers template` and `registers check`, as a clerk runs them."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook
from typer.testing import CliRunner

from support.inline import INLINE
from trainingcli.cli import app
from trainingcli.evidence.gathering import gather, read_registers
from trainingcli.evidence.register_faults import check_folder
from trainingcli.evidence.source import Given

from .builder import IDS, SCHOOL, TODAY, means, write


def checked(folder: Path) -> list[tuple[str, str | None, bool]]:
    return [(fault.file, fault.cell, fault.is_error) for fault in check_folder(folder, TODAY, INLINE)]


def run(*arguments: str) -> Any:
    return CliRunner().invoke(app, ["registers", *arguments])


def test_templates_are_eleven_workbooks_that_read_as_empty_registers(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "registers"
    done = run("template", str(folder))
    assert done.exit_code == 0
    assert len(list(folder.iterdir())) == 11
    contents = read_registers(folder, INLINE)
    assert len(contents) == 11
    assert not any(found.entries or found.faults for found in contents.values())
    said = check_folder(folder, TODAY, INLINE)
    assert [(fault.cell, fault.is_error, "没有数据行" in fault.text.zh) for fault in said] == [(None, False, True)] * 11
    assert gather(Given(folder), means()).contents == {}


def test_templates_offer_choices_and_keep_numbers_as_text(tmp_path: Path) -> None:
    run("template", str(tmp_path))
    sheet = load_workbook(tmp_path / "classes.xlsx").active
    by_heading = {cell.value: cell.column_letter for cell in sheet[3]}
    assert sheet.column_dimensions[by_heading["教师身份证号"]].number_format == "@"
    offered = {
        str(rule.sqref).rstrip("0123456789").split(":")[0]: rule for rule in sheet.data_validations.dataValidation
    }
    acceptance = offered[f"{by_heading['验收结果']}4"]
    assert acceptance.formula1 == '"合格,不合格,未验收"'
    assert acceptance.errorStyle in (None, "stop")
    ways = load_workbook(tmp_path / "institutions.xlsx").active.data_validations.dataValidation
    assert [rule.formula1 for rule in ways] == ['"审核备案,公开招标,竞争性谈判,竞争性磋商"']
    assert sheet["A2"].value


def test_templates_overwrite_nothing(tmp_path: Path) -> None:
    (tmp_path / "waivers.xlsx").write_bytes(b"mine")
    done = run("template", str(tmp_path))
    assert done.exit_code == 2
    assert [path.name for path in tmp_path.iterdir()] == ["waivers.xlsx"]
    assert (tmp_path / "waivers.xlsx").read_bytes() == b"mine"


def test_a_place_that_cannot_be_written_is_exit_5(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    assert run("template", str(tmp_path / "file" / "sub")).exit_code == 5


def test_a_clean_folder_has_no_findings(tmp_path: Path) -> None:
    write(tmp_path, "occupations", {"occupation": "电工", "level": "初级工"}, {"occupation": "电工", "level": "中级工"})
    done = run("check", str(tmp_path), "--format", "json")
    assert done.exit_code == 0
    assert json.loads(done.stdout) == {"schema": "trainingcli.registers/1", "findings": []}


SINCE, UNTIL = {"since": "2020-07-01"}, {"until": "2020-07-01"}
DAY_BEFORE = {"until": "2020-06-30"}


@pytest.mark.parametrize(
    ("name", "first", "second", "doubled"),
    [
        ("abilities", {"ability": "面点"}, {"ability": "面 点"}, True),
        ("abilities", {"ability": "面点"} | UNTIL, {"ability": "面点"} | SINCE, True),
        ("abilities", {"ability": "面点"} | SINCE, {"ability": "面点"} | UNTIL, True),
        ("abilities", {"ability": "面点"} | SINCE, {"ability": "面点"} | DAY_BEFORE, False),
        ("abilities", {"ability": "面点"} | DAY_BEFORE, {"ability": "面点"} | SINCE, False),
        ("occupations", {"occupation": "电工"}, {"occupation": "电工", "level": "初级工"}, False),
        ("occupations", {"occupation": "电工", "level": "五级、四级"}, {"occupation": "电工", "level": "四级"}, True),
        (
            "institutions",
            {"institution": SCHOOL, "occupations": "电工"},
            {"institution": SCHOOL, "occupations": "焊工"},
            False,
        ),
        ("assessors", {"assessor": "所", "occupations": "电工"}, {"assessor": "所", "occupations": "焊工、电工"}, True),
        ("classes", {"class_no": "1", "institution": SCHOOL}, {"class_no": "1", "institution": "别处"}, False),
        ("classes", {"class_no": "1", "institution": SCHOOL}, {"class_no": "1", "institution": SCHOOL}, True),
        (
            "budgets",
            {"fund": "市财政", "year": 2020, "budget": "1000万"},
            {"fund": "市财政", "year": 2020, "budget": "2000万"},
            True,
        ),
        (
            "budgets",
            {"fund": "市财政", "year": 2020, "budget": "1000万"},
            {"fund": "市财政", "year": 2020, "budget": "2000万", "source": "追加"},
            False,
        ),
        (
            "institutions",
            {"institution": SCHOOL, "occupations": "焊工:初级工、中级工"},
            {"institution": SCHOOL, "occupations": "电工:初级工、中级工"},
            False,
        ),
        (
            "institutions",
            {"institution": SCHOOL, "occupations": "焊工:初级工、中级工"},
            {"institution": SCHOOL, "occupations": "焊工:中级工"},
            True,
        ),
    ],
)
def test_an_entry_that_repeats_another_in_force_is_an_error(
    tmp_path: Path, name: str, first: Any, second: Any, doubled: bool
) -> None:
    write(tmp_path, name, first, second)
    assert checked(tmp_path) == ([(f"{name}.xlsx", "A3", True)] if doubled else [])


def test_every_fault_is_listed_with_its_cell(tmp_path: Path) -> None:
    write(
        tmp_path,
        "occupations",
        {"occupation": "电工", "level": "九段", "standard": "面议", "since": "去年"},
        {"occupation": "焊工", "since": "2020-07-01", "until": "2020-06-30"},
    )
    bad_digit = IDS[0][:-1] + "5"
    future = "140105202201010014"
    write(
        tmp_path,
        "classes",
        {"class_no": "1", "instructors": f"{IDS[0]}、{bad_digit}"},
        {"class_no": "2", "start_date": "2020-07-02", "end_date": "2020-07-01", "instructors": IDS[0]},
    )
    approved = {"approver": "王", "document": "1号"}
    write(
        tmp_path,
        "waivers",
        {"id_number": "14010519900101", "code": "ANNUAL_LIMIT"} | approved,
        {"id_number": IDS[1], "code": "REPEAT_TRAINING"} | approved,
        {"id_number": future, "code": "ANNUAL_LIMIT"} | approved,
    )
    assert checked(tmp_path) == [
        ("occupations.xlsx", "B2", True), ("occupations.xlsx", "C2", True), ("occupations.xlsx", "G2", True),
        ("occupations.xlsx", "H3", True), ("classes.xlsx", "H2", True), ("classes.xlsx", "F3", True),
        ("waivers.xlsx", "A2", True), ("waivers.xlsx", "E3", False), ("waivers.xlsx", "A4", True),
    ]  # fmt: skip
    done = run("check", str(tmp_path), "--format", "json", "--today", TODAY.isoformat())
    assert done.exit_code == 1
    assert len(json.loads(done.stdout)["findings"]) == 9
    assert not any(number in done.output for number in (*IDS, bad_digit, future))


def test_aliases_that_mean_two_things_are_errors(tmp_path: Path) -> None:
    write(
        tmp_path,
        "occupations",
        {"occupation": "电工", "aliases": "技工、焊工"},
        {"occupation": "焊工", "aliases": "技工"},
        {"occupation": "焊工", "level": "初级工", "aliases": "电焊工"},
        {"occupation": "焊工", "level": "中级工", "aliases": "电焊工"},
    )
    assert checked(tmp_path) == [("occupations.xlsx", "F2", True)] * 2 + [("occupations.xlsx", "F3", True)]


def test_what_is_not_read_is_a_warning(tmp_path: Path) -> None:
    book = Workbook()
    book.active.append(["专项能力", "生效日期", "失效日", None, "备注"])
    book.active.append(["面点", dt.date(2020, 1, 1), dt.date(2020, 12, 31), None, "x"])
    book.save(tmp_path / "abilities.xlsx")
    write(tmp_path, "waivers")
    (tmp_path / "waivers.xlsx").rename(tmp_path / "waiver.xlsx")
    (tmp_path / "~$abilities.xlsx").write_bytes(b"lock")
    assert checked(tmp_path) == [
        ("abilities.xlsx", "C1", False), ("abilities.xlsx", "E1", False), ("waiver.xlsx", None, False),
    ]  # fmt: skip
    assert run("check", str(tmp_path)).exit_code == 0


def test_a_folder_without_registers_is_said(tmp_path: Path) -> None:
    assert [is_error for _, _, is_error in checked(tmp_path)] == [False]
    assert run("check", str(tmp_path / "nowhere")).exit_code == 2


def test_accounts_that_nothing_is_paid_to_are_errors(tmp_path: Path) -> None:
    good, masked, phone = "0502 0000-1234", "6222****1234", "13800001234"
    write(
        tmp_path, "institutions", {"institution": SCHOOL, "account": good}, {"institution": "二校", "account": masked}
    )
    write(tmp_path, "payees", {"payee": "甲厂", "account": phone}, {"payee": "乙厂"})
    said = check_folder(tmp_path, TODAY, INLINE)
    assert [(fault.file, fault.cell) for fault in said if "银行账号" in fault.text.zh] == [
        ("institutions.xlsx", "H3"), ("payees.xlsx", "D2"),
    ]  # fmt: skip
    assert all(fault.is_error for fault in said)
