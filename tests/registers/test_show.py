"""`registers show`: one register's rows, in force on a day, about a name; people masked."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from support.declared import workbook
from trainingcli.cli import app

from .builder import IDS, write


def show(*arguments: object) -> Any:
    return CliRunner().invoke(app, ["registers", "show", *map(str, arguments)])


def rows(*arguments: object) -> list[int]:
    return [entry["row"] for entry in json.loads(show(*arguments, "-f", "json").stdout)["entries"]]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Institutions open, until the end of 2019, and from 2021 on, in rows 2 to 4."""
    write(
        tmp_path, "institutions",
        {"institution": "晋阳技工学校", "occupations": "焊工:初级工、中级工", "account": "1234567890123456"},
        {"institution": "汾河培训中心", "until": "2019-12-31"},
        {"institution": "ＡＢ 学校", "since": "2021-01-01", "district": "小店区"},
    )  # fmt: skip
    return tmp_path


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ((), [2, 3, 4]),
        (("--on", "2019-12-31"), [2, 3]),
        (("--on", "2020-01-01"), [2]),
        (("--on", "2021-01-01"), [2, 4]),
        (("--find", "ab学校"), [4]),
        (("--find", "小店"), [4]),
        (("--find", "焊工"), [2]),
        (("--find", "无此"), []),
        (("--find", "学校", "--on", "2020-06-30"), [2]),
    ],
)
def test_rows_in_force_that_say_a_text(folder: Path, more: tuple[str, ...], expected: list[int]) -> None:
    assert rows("institutions", "--registers", folder, *more) == expected


def test_a_budget_is_of_its_year_a_class_of_its_days(tmp_path: Path) -> None:
    write(tmp_path, "budgets", *({"fund": "市财政", "year": year, "budget": "10万"} for year in (2020, 2021)))
    write(tmp_path, "classes", {"class_no": "1", "start_date": "2020-07-01", "end_date": "2020-07-15"})
    found = json.loads(show("budgets", "--registers", tmp_path, "--on", "2021-05-01", "-f", "json").stdout)
    assert [(entry["year"], entry["budget"]) for entry in found["entries"]] == [(2021, "100000.00")]
    assert rows("classes", "--registers", tmp_path, "--on", "2020-07-15") == [2]
    assert rows("classes", "--registers", tmp_path, "--on", "2020-07-16") == []


@pytest.mark.parametrize(("day", "expected"), [("2019-04-30", []), ("2019-05-01", [2]), ("2020-05-31", [2]),
    ("2020-06-01", []), ("2021-01-01", [3])])  # fmt: skip
def test_a_unit_is_in_force_from_its_recognition_until_the_day_before_its_withdrawal(
    tmp_path: Path, day: str, expected: list[int]
) -> None:
    """Contract-2, 3: not withdrawn on or before the day. Recognised again later, it is not there twice."""
    unit = {"unit": "重工实训基地", "kind": "实训基地", "grade": "市级"}
    write(
        tmp_path, "units",
        unit | {"recognised": "2019-05-01", "withdrawn": "2020-06-01"}, unit | {"recognised": "2021-01-01"},
    )  # fmt: skip
    assert rows("units", "--registers", tmp_path, "--on", day) == expected
    assert CliRunner().invoke(app, ["registers", "check", str(tmp_path)]).exit_code == 0


def test_people_and_accounts_are_masked_unless_asked_for(folder: Path) -> None:
    write(folder, "instructors", {"name": "王小明", "id_number": IDS[0], "occupation": "焊工"})
    for form in ("json", "csv", "ndjson", "table"):
        said = show("instructors", "--registers", folder, "-f", form).stdout
        assert IDS[0] not in said
        assert "王小明" not in said
        assert "1234567890123456" not in show("institutions", "--registers", folder, "-f", form).stdout
    assert IDS[0] in show("instructors", "--registers", folder, "-f", "csv", "--unmask").stdout


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("teachers",), 2, "institutions"),
        (("institutions",), 2, "--registers"),
        (("institutions", "--registers", "{}", "--on", "2020年"), 2, "--on"),
        (("assessors", "--registers", "{}"), 3, "assessors.xlsx"),
    ],
)
def test_what_cannot_be_shown_is_said(folder: Path, arguments: tuple[str, ...], code: int, said: str) -> None:
    done = show(*(each.format(folder) for each in arguments))
    assert done.exit_code == code
    assert said in done.stderr


@pytest.mark.parametrize("cell", ["no header", "no workbook", "no amount"])
def test_a_register_that_does_not_hold_is_wrong_usage_as_everywhere(tmp_path: Path, cell: str) -> None:
    """A file that an option names and that is not what it should be: exit 2, as of `claims --registers`."""
    file = tmp_path / "budgets.xlsx"
    if cell == "no workbook":
        file.write_bytes(b"junk")
    else:
        fund = "资金来源" if cell == "no amount" else "名目"
        file.write_bytes(workbook({"Sheet1": [[fund, "年度", "预算金额"], ["市财政", 2021, "若干"]]}))
    done = show("budgets", "--registers", tmp_path)
    assert (done.exit_code, done.stdout) == (2, "")
    assert "budgets.xlsx" in done.stderr
