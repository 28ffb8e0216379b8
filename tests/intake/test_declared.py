"""Declared tables: the header by its declared columns, every kind of cell, faults with their cells."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml
from openpyxl import Workbook
from tests.intake.helpers import workbook
from tests.support.inline import INLINE

from trainingcli.errors import UsageError
from trainingcli.intake.tables.declared import DeclaredTable, _table
from trainingcli.intake.tables.read_declared import TableRead, read_declared
from trainingcli.vocabulary import canonical_headings

COLUMNS = """
  id_number: {kind: id, needed: true, headings: roster}
  name: {kind: name, headings: roster}
  result: {kind: choice, code: UNKNOWN_LEVEL, headings: [评估结果], choices: {优秀: [优], 合格: []}}
  grade: {kind: choice, open: true, headings: [级别], choices: {市级: [市]}}
  experts: {kind: names, several: true, headings: [专家, 专家姓名]}
  since: {kind: date, headings: [起始日期]}
  date_range: {kind: span, headings: [培训时间]}
  year: {kind: year, headings: [年度]}
  amount: {kind: yuan, headings: [金额]}
  opening: {kind: yuan, zero: true, headings: [期初已用]}
  people: {kind: count, headings: [人数]}
  hours: {kind: number, headings: [课时]}
  number: {kind: serial, headings: [账号]}
  institution: {kind: name, headings: roster}
"""
ID = "140105199001010016"


def table(columns: str = COLUMNS, **entry: Any) -> DeclaredTable:
    shape = {"title": {"zh": "名单", "en": "List"}, "header": {"known": 2, "all_of": ["id_number"]}}
    return _table("list", {**shape, "titles": ["institution"], **entry, "columns": yaml.safe_load(columns)})


def read(tmp_path: Path, rows: list[list[Any]], declared: DeclaredTable | None = None, **book: Any) -> TableRead:
    path = tmp_path / "list.xlsx"
    path.write_bytes(workbook(rows, **book))
    return read_declared([str(path)], declared or table(), INLINE)


def one(tmp_path: Path, heading: str, cell: Any, declared: DeclaredTable | None = None) -> tuple[dict[str, Any], Any]:
    """The values of a row that has this cell, and its faults' cells and codes."""
    found = read(tmp_path, [["身份证号", heading], [ID, cell]], declared)
    ((_, values),) = found.entries()
    return values, [(fault.cell, fault.code) for fault in found.faults]


@pytest.mark.parametrize(
    ("heading", "cell", "key", "value"),
    [
        ("评估结果", " 优 ", "result", "优秀"),
        ("级别", "市", "grade", "市级"),
        ("级别", "县级", "grade", "县级"),
        ("专家", "王一、李二", "experts", ("王一", "李二")),
        ("起始日期", "2020.7.1", "since", dt.date(2020, 7, 1)),
        ("起始日期", dt.datetime(2020, 7, 1), "since", dt.date(2020, 7, 1)),
        ("年度", "2020年度", "year", 2020),
        ("年度", 2020, "year", 2020),
        ("金额", "1,200.50元", "amount", 120050),
        ("金额(万元)", 1.5, "amount", 1500000),
        ("金额(万元)", "300元", "amount", 30000),
        ("金额(千元)", 1.5, "amount", 150000),
        ("金额（百元）", "3", "amount", 30000),
        ("金额(千元)", "300元", "amount", 30000),
        ("金额", 2_000_000_000, "amount", 200_000_000_000),
        ("期初已用", 0, "opening", 0),
        ("人数", "30人", "people", 30),
        ("课时", "1.5课时", "hours", Decimal("1.5")),
        ("账号", "6222 0205 0001", "number", "622202050001"),
    ],
)
def test_a_cell_is_read_by_its_kind(tmp_path: Path, heading: str, cell: Any, key: str, value: Any) -> None:
    assert one(tmp_path, heading, cell) == ({"id_number": ID, key: value}, [])


@pytest.mark.parametrize(
    ("heading", "cell", "code"),
    [
        ("评估结果", "良好", "UNKNOWN_LEVEL"),
        ("起始日期", "2020年7月", "BAD_DATE"),
        ("年度", "20", "BAD_NUMBER"),
        ("金额", 0, "BAD_AMOUNT"),
        ("金额(美元)", 300, "BAD_AMOUNT"),
        ("金额", "面议", "BAD_AMOUNT"),
        ("期初已用", -1, "BAD_AMOUNT"),
        ("人数", "三十", "BAD_NUMBER"),
        ("人数", 0, "BAD_NUMBER"),
        ("课时", 1.234, "BAD_NUMBER"),
        ("金额", "#N/A", "ERROR_CELL"),
        ("起始日期", "=A1+1", "FORMULA_WITHOUT_VALUE"),
    ],
)
def test_what_does_not_hold_is_a_fault_with_its_cell(tmp_path: Path, heading: str, cell: Any, code: str) -> None:
    assert one(tmp_path, heading, cell) == ({"id_number": ID}, [("B2", code)])


def test_a_needed_cell_that_is_empty_and_an_id_number_that_lost_digits(tmp_path: Path) -> None:
    found = read(tmp_path, [["身份证号", "姓名"], [None, "王一"], [140105199001010016, "李二"]])
    assert [(fault.cell, fault.code, fault.position) for fault in found.faults] == [
        ("A2", "MISSING_FIELD", 0),
        ("A3", "ID_PRECISION_LOST", 1),
    ]


def test_every_column_of_a_key_that_has_several_is_read(tmp_path: Path) -> None:
    found = read(
        tmp_path, [["身份证号", "专家1", "年度", "专家2"], [ID, "王一、李二", 2020, "王一"], [ID, None, 1999, None]]
    )
    assert found.columns["experts"] == [("王一", "李二"), ()]


def test_a_span_fills_the_ends_that_have_no_cell_and_a_title_line_the_column(tmp_path: Path) -> None:
    rows = [["填报单位：甲校"], ["身份证号", "培训时间"], [ID, "2020.7.1-7.15"]]
    found = read(tmp_path, rows)
    ((_, values),) = found.entries()
    assert (values["start_date"], values["end_date"]) == (dt.date(2020, 7, 1), dt.date(2020, 7, 15))
    assert values["institution"] == "甲校"


def test_a_merged_amount_is_no_rows(tmp_path: Path) -> None:
    found = read(tmp_path, [["身份证号", "金额"], [ID, 600], [ID, None]], merges=["B2:B3"])
    assert [(fault.cell, fault.code) for fault in found.faults] == [("B2", "MERGED_AMOUNT"), ("B3", "MERGED_AMOUNT")]
    assert found.columns["amount"] == [None, None]


def test_the_frame_is_typed_and_says_where_each_row_stands(tmp_path: Path) -> None:
    rows = [
        ["名单"],
        ["身份证号", "年度", "起始日期", "金额", "专家"],
        [ID, 2020, "2020-07-01", 3, "王一"],
        [ID] + [None] * 4,
    ]
    found = read(tmp_path, rows)
    frame = found.frame
    assert frame["row"].tolist() == [3, 4]
    assert [found.sheets[place].sheet for place in frame["place"]] == ["表1"] * 2
    dtypes = {key: str(frame[key].dtype) for key in ("id_number", "year", "since", "amount", "experts")}
    assert dtypes == {
        "id_number": "str", "year": "Int64", "since": "datetime64[s]", "amount": "Int64", "experts": "object",
    }  # fmt: skip


def test_a_header_needs_the_declared_columns_and_the_nearest_row_is_named(tmp_path: Path) -> None:
    found = read(tmp_path, [["名单"], ["姓名", "年度", "金额"], ["王一", 2020, 3]])
    (fault,) = found.unreadable
    assert (fault.sheet, fault.cell) == ("表1", "A2")
    assert "身份证号" in fault.text.zh
    with pytest.raises(UsageError, match="--people"):
        found.refuse("--people")


def test_brackets_count_where_the_table_says_so(tmp_path: Path) -> None:
    columns = """
      enterprise: {kind: name, needed: true, headings: [企业名称]}
      wages: {kind: yuan, headings: [工资总额(税收金额)]}
    """
    declared = table(columns, header={"known": 2, "all_of": ["enterprise"]}, titles=[], brackets="count")
    taken = read(tmp_path, [["企业名称", "工资总额（税收金额）（万元）"], ["甲厂", 2]], declared)
    assert taken.columns["wages"] == [2_000_000]
    assert read(tmp_path, [["企业名称", "工资总额（账载金额）"], ["甲厂", 2]], declared).unreadable


def test_a_folder_without_a_file_is_a_fault(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    found = read_declared([str(tmp_path / "empty")], table(), INLINE)
    assert [fault.file for fault in found.unreadable] == [str(tmp_path / "empty")]


def test_headings_of_a_roster_are_the_rosters(tmp_path: Path) -> None:
    for heading in canonical_headings()["id_number"]:
        assert read(tmp_path, [[heading, "年度"], [ID, 2020]]).columns["id_number"] == [ID], heading


def test_a_far_cell_is_refused_and_not_laid_out(tmp_path: Path) -> None:
    book = Workbook()
    for row in (["身份证号", "年度"], [ID, 2020]):
        book.active.append(row)
    book.active["XFD1048576"] = "x"
    book.save(tmp_path / "far.xlsx")
    found = read_declared([str(tmp_path / "far.xlsx")], table(), INLINE)
    assert found.columns["id_number"] in ([], [ID])
    assert bool(found.unreadable) is (found.columns["id_number"] == [])


@pytest.mark.parametrize(
    ("heading", "cell", "format_", "values", "codes"),
    [
        ("金额", 0.08, '0.00"万元"', {"amount": 80000}, []),
        ("金额", 0.8, '0.00"千元"', {}, ["BAD_AMOUNT"]),  # 元 and 万元 are the units of formats; no other is guessed
        ("金额", 8, '0"百元"', {}, ["BAD_AMOUNT"]),
        ("金额", 8, '0"百万元"', {}, ["BAD_AMOUNT"]),
        ("金额", 8, "0角", {}, ["BAD_AMOUNT"]),
        ("金额", 8, '0"美元"', {}, ["BAD_AMOUNT"]),
        ("金额(万元)", 300, '0"元"', {"amount": 30000}, []),  # the format is nearer than the heading
        ("金额", 80000, '0!.0000"万"', {"amount": 8000000}, []),  # shifts the point: display, no unit
        ("起始日期", dt.datetime(2020, 7, 1), 'yyyy"年"m"月"', {}, ["BAD_DATE"]),
        ("培训时间", dt.datetime(2020, 7, 1), "mm/yyyy", {}, ["BAD_DATE"]),
        ("起始日期", dt.datetime(2020, 7, 1), "yyyy/m/d", {"since": dt.date(2020, 7, 1)}, []),
    ],
)
def test_a_cells_format_counts_as_in_rosters(
    tmp_path: Path, heading: str, cell: Any, format_: str, values: dict[str, Any], codes: list[str]
) -> None:
    def look(sheet: Any) -> None:
        sheet["B2"].number_format = format_

    found = read(tmp_path, [["身份证号", heading], [ID, cell]], change=look)
    ((_, shown),) = found.entries()
    assert shown == {"id_number": ID} | values
    assert [(fault.cell, fault.code) for fault in found.faults] == [("B2", code) for code in codes]


def test_faults_stand_on_their_rows_where_cells_are_alike(tmp_path: Path) -> None:
    rows = [[ID, "去年"], [ID, "2020-07-01"], [ID, "去年"], [None, "2020-07-01"]]
    found = read(tmp_path, [["身份证号", "起始日期"], *rows])
    assert found.columns["since"] == [None, dt.date(2020, 7, 1), None, dt.date(2020, 7, 1)]
    assert [(fault.cell, fault.code) for fault in found.faults] == [
        ("B2", "BAD_DATE"), ("B4", "BAD_DATE"), ("A5", "MISSING_FIELD"),
    ]  # fmt: skip
