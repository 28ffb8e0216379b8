"""`claims` and `explain` beside an export and lists: the document, the workbooks, the ledger, what bad files get."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook
from typer.testing import CliRunner

from support.people import check_digit, id_number, wrong_check_digit
from trainingcli.cli import app
from trainingcli.evidence.realname.sentences import nearly_the_same

from . import plain
from .builder import Row, workbook

A, B, C = (id_number(number) for number in (1, 2, 3))
DAY = dt.date(2020, 7, 1)
TRAINING: Row = {
    "name": "王小明", "id_number": A, "institution": "晋阳学校", "employer": "太重", "class_no": "1班",
    "occupation": "电工", "start_date": DAY, "end_date": dt.date(2020, 7, 10), "category": "企业职工",
    "training_type": "岗前培训", "programme": "企业职工培训补贴",
}  # fmt: skip
ROSTER = [*TRAINING]
EXPORT = ["name", "id_number", "institution", "class_no", "occupation", "start_date", "end_date", "completion"]


def roster(folder: Path, *rows: Row) -> Path:
    path = folder / "rosters" / "花名册.xlsx"
    workbook(path, [TRAINING | row for row in rows], ROSTER)
    return path


def export(folder: Path, *rows: Row, name: str = "系统.xlsx", titles: tuple[str, ...] = ()) -> Path:
    path = folder / "exports" / name
    workbook(path, [TRAINING | row for row in rows], EXPORT, titles=titles)
    return path


def people(folder: Path, headings: list[str], *rows: list[Any], name: str = "名单.xlsx") -> Path:
    book = Workbook()
    for row in (headings, *rows):
        book.active.append(row)
    path = folder / "lists" / name
    path.parent.mkdir(exist_ok=True)
    book.save(path)
    return path


def run(*arguments: object, code: int = 0) -> Any:
    done = CliRunner().invoke(app, [*map(str, arguments), "--today", "2021-12-31"])
    assert done.exit_code == code, done.output
    return done


def claims(folder: Path, *more: object, unmask: bool = True) -> dict[str, Any]:
    options = ["--out", folder / "out", "--ledger", folder / "ledger.db", "-f", "json", *(["--unmask"] * unmask)]
    found: dict[str, Any] = json.loads(run("claims", folder / "rosters", *options, *more).stdout)
    return found


def cells(path: Path, sheet: str) -> list[list[Any]]:
    return [[cell for cell in row if cell is not None] for row in load_workbook(path)[sheet].values]


def test_the_document_has_the_contracts_object(tmp_path: Path) -> None:
    later = {"id_number": B, "name": "李四", "start_date": dt.date(2020, 7, 20), "end_date": dt.date(2020, 7, 30)}
    roster(tmp_path, {}, later, {"id_number": C})
    late = dt.date(2020, 7, 27)  # 7 days after the institution's last start
    path = export(
        tmp_path,
        {"end_date": dt.date(2020, 7, 11)},
        later,
        {"id_number": id_number(9), "name": "多一人", "start_date": late},
        {"id_number": id_number(10), "start_date": late + dt.timedelta(days=1)},
        {"id_number": id_number(11), "start_date": DAY - dt.timedelta(days=7)},
        {"id_number": id_number(12), "start_date": DAY - dt.timedelta(days=8)},
        {"id_number": id_number(13), "institution": "并州学校"},
        {"id_number": id_number(14), "institution": None},
        {"id_number": id_number(15), "start_date": None, "class_no": None},
        {"id_number": A[:17] + wrong_check_digit(A[:17])},
    )
    found = claims(tmp_path, "--realname", path)
    said = found["realname"]
    assert [*said] == [
        "entries", "matched_rows", "missing_rows", "differing_rows", "only_in_export", "elsewhere", "findings",
    ]  # fmt: skip
    numbers = [said[key] for key in ("entries", "matched_rows", "missing_rows", "differing_rows", "elsewhere")]
    assert numbers == [9, 2, 1, 1, 5]
    assert said["only_in_export"][0] == {
        "file": str(path), "sheet": "Sheet", "row": 4, "name": "多一人", "id_number": id_number(9),
        "institution": "晋阳学校", "class_no": "1班", "occupation": "电工", "start_date": "2020-07-27",
    }  # fmt: skip
    assert [entry["row"] for entry in said["only_in_export"]] == [4, 6]
    assert [(each["row"], each["cell"], each["code"]) for each in said["findings"]] == [(11, "B11", "ID_CHECKSUM")]
    assert {check["check"]: check["performed"] for check in found["checks"]}["realname"]
    assert [line["status"] for line in found["lines"]] == ["held", "approved", "held"]
    masked = claims(tmp_path, "--realname", path, unmask=False)["realname"]["only_in_export"][0]
    assert (masked["name"], masked["id_number"][6:14]) == ("多*", "********")


def test_without_an_export_nothing_is_said_and_the_check_says_so(tmp_path: Path) -> None:
    roster(tmp_path, {})
    found = claims(tmp_path)
    assert found["realname"] is found["people"] is None
    assert {check["check"]: check["performed"] for check in found["checks"] if check["check"] in found} == {
        "realname": False, "people": False, "ledger": False,
    }  # fmt: skip


def test_exports_that_overlap_are_one(tmp_path: Path) -> None:
    roster(tmp_path, {})
    export(tmp_path, {}, {"id_number": B}, name="上旬.xlsx")
    export(tmp_path, {"id_number": B}, {"id_number": C}, name="下旬.xlsx")
    by_folder = claims(tmp_path, "--realname", tmp_path / "exports")
    both = [part for name in ("上旬", "下旬") for part in ("--realname", tmp_path / "exports" / f"{name}.xlsx")]
    assert by_folder["realname"]["entries"] == claims(tmp_path, *both)["realname"]["entries"] == 3


def test_the_sheet_has_its_four_blocks_and_a_posted_batch_keeps_it(tmp_path: Path) -> None:
    roster(tmp_path, {}, {"id_number": B, "end_date": dt.date(2020, 7, 12)}, {"id_number": C, "name": "赵六"})
    path = export(tmp_path, {}, {"id_number": B}, {"id_number": id_number(9), "name": "多一人"}, {"id_number": "1"})
    claims(tmp_path, "--realname", path, "--post")
    first = next((tmp_path / "out").glob("晋阳学校*.xlsx"))
    rows = cells(first, "比对")
    assert ["花名册 3 行，其中系统有 2 行、没有 1 行。"] in rows
    assert ["一致：1 行"] in rows
    assert ["王小明", B, "结业日期", "2020-07-12", "2020-07-10", "H3", "花名册.xlsx　Sheet", 3] in rows
    assert ["赵六", C, "电工", "系统中没有此人", "1班", "2020-07-01", "花名册.xlsx　Sheet", 4] in rows
    assert ["多一人", id_number(9), "电工", "晋阳学校", "1班", "2020-07-01", "系统.xlsx　Sheet", 4] in rows
    about = cells(first, "说明")
    (named,) = [row for row in about if row[:1] == [path.name]]
    assert (len(named[1]), named[2:]) == (64, ["实名制系统导出表", 3, 1])
    summary = next((tmp_path / "out").glob("汇总*.xlsx"))
    assert any(row[:3] == [str(path), "Sheet", "B5"] for row in cells(summary, "比对文件的问题"))
    rebuild = ["ledger", "rebuild", "1", "--ledger", str(tmp_path / "ledger.db"), "--out", str(tmp_path / "again")]
    done = CliRunner().invoke(app, rebuild)
    assert done.exit_code == 0, done.output
    again = tmp_path / "again" / first.name
    assert [cells(again, name) for name in ("比对", "说明")] == [rows, about]


def test_no_list_no_sheet(tmp_path: Path) -> None:
    roster(tmp_path, {})
    claims(tmp_path)
    assert "比对" not in load_workbook(tmp_path / "out" / "晋阳学校.xlsx").sheetnames


def messages(found: dict[str, Any], code: str) -> list[str]:
    return [each["message"] for line in found["lines"] for each in line["reasons"] if each["code"] == code]


def test_a_missing_row_is_told_with_the_persons_other_trainings_three_at_most(tmp_path: Path) -> None:
    roster(tmp_path, {"occupation": "焊工", "class_no": None})
    starts = [dt.date(2019, month, 1) for month in (1, 2, 3, 4)]
    path = export(tmp_path, *({"start_date": start, "class_no": f"{start.month}班"} for start in starts))
    (said,) = messages(claims(tmp_path, "--realname", path), "NOT_IN_REALNAME")
    assert [f"电工 {number}班 2019-0{number}-01 开班" in said for number in (1, 2, 3, 4)] == [True, True, True, False]
    assert "另有1次" in said


def slips(number: str) -> dict[str, str]:
    """Numbers as a pen slips: by name of the slip."""
    other = str((int(number[8]) + 1) % 10)
    one = number[:8] + other + number[9:]
    place = next(at for at in range(16) if number[at] != number[at + 1])
    return {
        "one place": one,
        "one place and the check digit": one[:17] + check_digit(one[:17]),
        "two neighbours exchanged": number[:place] + number[place + 1] + number[place] + number[place + 2 :],
        "two places": number[:3] + str((int(number[3]) + 1) % 10) + number[4:8] + other + number[9:],
        "another length": number[:17],
    }


@pytest.mark.parametrize("slip", slips(A))
def test_a_number_nearly_the_same_beside_the_name_is_suggested(tmp_path: Path, slip: str) -> None:
    near = slips(A)[slip]
    roster(tmp_path, {})
    path = export(tmp_path, {"id_number": near}, {"id_number": B, "name": "别人"})
    (said,) = messages(claims(tmp_path, "--realname", path), "NOT_IN_REALNAME")
    is_near = slip not in ("two places", "another length")
    assert ("第2行有同名人员" in said) == is_near == plain.nearly_the_same(A, near) == bool(nearly_the_same(A, near))
    other = export(tmp_path, {"id_number": near, "name": "王小红"})
    assert "同名" not in messages(claims(tmp_path, "--realname", other), "NOT_IN_REALNAME")[0]


def test_an_export_from_before_a_classs_end_is_warned_of_with_both_dates(tmp_path: Path) -> None:
    roster(tmp_path, {})
    early = export(tmp_path, {}, titles=("导出日期：2020年7月9日",))
    (said,) = claims(tmp_path, "--realname", early)["warnings"]
    assert "2020-07-09" in said
    assert "2020-07-10" in said
    for on_its_day in (("导出日期：2020年7月10日",), ()):
        assert claims(tmp_path, "--realname", export(tmp_path, {}, titles=on_its_day))["warnings"] == []
    named = export(tmp_path, {}, name="导出20200705.xlsx")
    assert "2020-07-05" in claims(tmp_path, "--realname", named)["warnings"][0]


def test_explain_shows_the_partner_the_differences_and_the_lists_row(tmp_path: Path) -> None:
    path = roster(tmp_path, {"class_no": "2班"}, {"id_number": B})
    system = export(tmp_path, {"completion": "培训中"})
    listed = people(tmp_path, ["身份证号", "姓名", "类别", "死亡日期"], [A, "王晓明", "死亡", "2020-07-01"])
    options = ["--realname", system, "--people", listed, "--ledger", tmp_path / "none.db"]
    found = json.loads(run("explain", path, "--row", 2, *options, "-f", "json").stdout)["evidence"]
    assert found["realname"]["partner"]["row"] == 2
    assert found["realname"]["partner"]["completion"] == "培训中"
    assert found["realname"]["differences"] == [{"field": "class_no", "cell": "E2", "roster": "2班", "export": "1班"}]
    (row,) = found["people"]["listed"]
    assert (row["row"], row["category"], row["since"], row["until"]) == (2, "死亡", "2020-07-01", None)
    page = run("explain", path, "--row", 3, *options, "-f", "table").stdout
    assert "系统中没有此人" in page
    assert "不在任何名单上" in page


def test_lists_are_named_with_their_counts(tmp_path: Path) -> None:
    roster(tmp_path, {}, {"id_number": B}, {"id_number": C})
    first = people(
        tmp_path, ["身份证号码", "姓名", "人员状态", "参保日期", "止"],
        [A, "王晓明", "城镇职工参保", "2019-01-01", None], [A, "王晓明", "城镇职工参保", "2019-01-01", None],
        [B, "王小明", "退休", "2020-01", None], ["123", "王小明", "退休", None, None],
    )  # fmt: skip
    second = people(tmp_path, ["证件号", "名单类别"], [A, "死亡"], name="二.xlsx")
    found = claims(tmp_path, "--people", first, "--people", second)
    lists = found["people"]["lists"]
    assert [(each["file"], each["entries"], len(each["sha256"])) for each in lists] == [
        (str(first), 2, 64), (str(second), 1, 64),
    ]  # fmt: skip
    assert [(each["cell"], each["code"]) for each in lists[0]["findings"]] == [("D4", "BAD_DATE"), ("A5", "ID_FORMAT")]
    assert found["people"]["rows"] == 2
    said = messages(found, "ON_LIST")
    assert len(said) == 2  # 参保 does not hold an enterprise training; 死亡 does; a bad date leaves the end open
    assert "死亡" in said[0]
    assert "二.xlsx" in said[0]
    assert "退休" in said[1]
    assert {check["check"]: check["performed"] for check in found["checks"]}["people"]


def test_the_lists_name_is_told_where_it_is_another(tmp_path: Path) -> None:
    roster(tmp_path, {}, {"id_number": B})
    listed = people(tmp_path, ["身份证号", "姓名"], [A, "李晓明"], [B, "王小明"])
    said = messages(claims(tmp_path, "--people", listed), "ON_LIST")
    assert ["李*" in each for each in said] == [True, False]


def bad_files(folder: Path) -> dict[str, Path]:
    (folder / "exports").mkdir()
    (folder / "empty").mkdir()
    junk = folder / "exports" / "坏.xlsx"
    junk.write_bytes(b"PK\x03\x04 no workbook")
    no_header = people(folder, ["甲", "乙", "丙"], ["1", "2", "3"], name="无表头.xlsx")
    return {"missing": folder / "nowhere.xlsx", "junk": junk, "no header": no_header, "empty": folder / "empty"}


@pytest.mark.parametrize("option", ["--realname", "--people"])
@pytest.mark.parametrize("bad", ["missing", "junk", "no header", "empty", "another kind"])
def test_a_file_that_is_not_what_it_should_be_stops_before_anything_is_settled(
    tmp_path: Path, option: str, bad: str
) -> None:
    """A roster of claims is no export and no list; a list of people is no export."""
    path = roster(tmp_path, {})
    workbook(path, [TRAINING | {"claimed": 300}], [*ROSTER, "claimed"])
    files = bad_files(tmp_path) | {"another kind": path}
    done = run("claims", path, option, files[bad], "--out", tmp_path / "out", "-f", "json", code=2)
    assert done.stdout == ""
    assert files[bad].name in done.stderr
    assert option in done.stderr
    assert not (tmp_path / "out").exists()


def test_what_another_option_names_is_passed_over_in_a_folder_of_evidence(tmp_path: Path) -> None:
    """Contract, 'A folder': of exports, and of lists."""
    path, folder = roster(tmp_path, {}), tmp_path / "其他部门"
    folder.mkdir()
    given = {"--realname": export(folder, {}), "--people": people(folder, ["身份证号", "类别"], [B, "退休"])}
    for option in given:
        options = [part for name, file in (given | {option: folder}).items() for part in (name, file)]
        done = json.loads(run("claims", path, *options, "--out", tmp_path / "out", "-f", "json").stdout)
        assert (done["realname"]["entries"], [each["entries"] for each in done["people"]["lists"]]) == (1, [1])


def test_a_column_of_an_export_that_is_not_read_is_said(tmp_path: Path) -> None:
    """It may be the one that says who finished."""
    path = export(tmp_path, {"completion": "退学"})
    book = load_workbook(path)
    book.active["H1"] = "结业结论"
    book.save(path)
    done = run("claims", roster(tmp_path, {}), "--realname", path, "--out", tmp_path / "out", "--lang", "zh")
    assert "没有读取的列：H 结业结论" in done.stderr


def test_a_list_of_people_is_no_export(tmp_path: Path) -> None:
    path = roster(tmp_path, {})
    listed = people(tmp_path, ["身份证号", "姓名", "类别", "死亡日期"], [A, "王晓明", "死亡", "2020-07-01"])
    done = run("claims", path, "--realname", listed, "--out", tmp_path / "out", code=2)
    assert "名单.xlsx" in done.stderr
