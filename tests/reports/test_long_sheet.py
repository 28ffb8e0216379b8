"""A long table is, cell for cell, what XlsxWriter itself would have written."""

import datetime
import io
import random
import zipfile
from functools import partial

import openpyxl
import pyarrow as pa
import pytest
import xlsxwriter
from defusedxml.ElementTree import fromstring

from trainingcli.reports.workbooks import long_sheet
from trainingcli.reports.workbooks.long_sheet import LongColumn, LongSheet, plain_text, save_with_long_tables

HOSTILE = [
    "=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "'quoted", "<b>&amp;</b>", " edge ", "two\nlines",
    "_x0041_", "\x00\x01\x0b\x1f", "\ufffe\uffff", "𠮷田", "艾力·麦麦提", "1e5", "0012", "TRUE", "#N/A", "https://a.b",
    "{=1}", "\u202ertl", "]]>", "x" * 40_000, "",
]  # fmt: skip


def books(columns, first_row=3):
    """The same table by XlsxWriter alone and with the long table; as (bytes, bytes)."""
    results = []
    for long in (False, True):
        package, target = io.BytesIO(), io.BytesIO()
        book = xlsxwriter.Workbook(package, {"in_memory": True, "strings_to_formulas": False})
        sheet = book.add_worksheet("明细", LongSheet)
        sheet.merge_range(0, 0, 0, 3, "标题", book.add_format({"bold": True}))
        sheet.write_string(2, 0, "表头")
        style = {
            "text": book.add_format({"border": 1, "num_format": "@"}),
            "date": book.add_format({"border": 1, "num_format": "yyyy-mm-dd"}),
            "money": book.add_format({"border": 1, "num_format": "#,##0.00"}),
            "number": book.add_format({"border": 1}),
        }
        quoted = book.add_format({"border": 1, "num_format": "@", "quote_prefix": True})
        if long:
            table = [
                LongColumn(v, style[k], partial(_same, quoted) if k == "text" else None, k == "money")
                for k, v in columns
            ]
            sheet.add_long_table(first_row, table)
        else:
            for place, (kind, values) in enumerate(columns):
                _write_plainly(sheet, first_row, place, kind, values.to_pylist(), style[kind], quoted)
        book.close()
        if long:
            save_with_long_tables(package, [sheet], target, "claim")
        results.append((target if long else package).getvalue())
    return results


def _same(value):
    return value


def _write_plainly(sheet, first_row, column, kind, values, style, quoted):
    for row, value in enumerate(values, first_row):
        if value is None:
            sheet.write_blank(row, column, None, style)
        elif kind == "text":
            looks_like_formula = value[:1] in tuple("=+-@\t\r")
            sheet.write_string(row, column, plain_text(value), quoted if looks_like_formula else style)
        elif kind == "date":
            sheet.write_datetime(row, column, value, style)
        else:
            sheet.write_number(row, column, value / 100 if kind == "money" else value, style)


def grid(data):
    """Every cell with its value, type and look."""
    sheet = openpyxl.load_workbook(io.BytesIO(data))["明细"]
    return {
        cell.coordinate: (
            cell.value, cell.data_type, cell.number_format, cell.quotePrefix, cell.border.left.style, cell.font.name,
        )
        for row in sheet.iter_rows()
        for cell in row
    }  # fmt: skip


def random_columns(rows, seed=1):
    pick = random.Random(seed)

    def some(values):
        return [pick.choice([*values, None]) for _ in range(rows)]

    days = [datetime.date(2019, 7, 1) + datetime.timedelta(days=n) for n in range(900)]
    return [
        ("text", pa.array(some(["电工", "焊工", "=1+1"]), pa.string())),
        ("text", pa.array([f"{pick.randrange(10**17, 10**18)}" for _ in range(rows)], pa.string())),
        ("text", pa.array(some(HOSTILE[:-2]), pa.string())),
        ("date", pa.array(some(days), pa.date32())),
        ("money", pa.array(some([0, 1, 99, 30000, 45001, -150, 123456789012]), pa.int64())),
        ("number", pa.array(some(range(1, 500)), pa.int32())),
        ("text", pa.array([None] * rows, pa.string())),
    ]


@pytest.mark.parametrize("rows", [1, 7, 8, 40, 900])
def test_random_tables_are_the_same_cells(rows):
    plain, long = books(random_columns(rows))
    assert grid(long) == grid(plain)


def test_parted_rosters_and_chunks_leave_no_seam(monkeypatch):
    columns = [
        (kind, pa.chunked_array([values.slice(0, 33), values.slice(33)])) for kind, values in random_columns(100)
    ]
    monkeypatch.setattr(long_sheet, "_PIECE", 9)
    plain, long = books(columns)
    assert grid(long) == grid(plain)


def test_every_hostile_text_is_that_text_and_well_formed():
    columns = [("text", pa.array([text or None for text in HOSTILE], pa.string()))]
    _, long = books(columns)
    for name in zipfile.ZipFile(io.BytesIO(long)).namelist():
        fromstring(zipfile.ZipFile(io.BytesIO(long)).read(name))
    cells = grid(long)
    for row, text in enumerate(HOSTILE, 4):
        value, kind, _, quoted, *_ = cells[f"A{row}"]
        assert kind != "f"
        if text and text.isprintable() and len(text) < 99:
            assert value == text
        assert quoted == (text[:1] in tuple("=+-@\t\r") and bool(text))


def test_a_text_too_long_for_a_cell_is_cut_and_not_lost():
    _, long = books([("text", pa.array(["字" * 40_000]))])
    value = grid(long)["A4"][0]
    assert set(value) == {"字"}
    assert 16_000 < len(value) <= 32_767


def test_rich_text_of_xlsxwriter_is_no_way_in():
    assert plain_text("<r><t>x</t></r>") == "<r><t>x</t></r> "
    assert plain_text("a\udcff") == "a\ufffd"
    rich = "<r><t>&x;</t></r>"
    for texts in ([rich], [rich] * 40, [rich, "\x01"] * 40):
        plain, long = books([("text", pa.array(texts))])
        assert grid(plain)["A4"][0].strip() == rich
        assert grid(long)["A4"][0] == rich


def test_the_same_table_gives_the_same_bytes_and_no_entry_carries_the_clock():
    entries = [zipfile.ZipFile(io.BytesIO(books(random_columns(30))[1])) for _ in range(2)]
    sheets = [entry.read("xl/worksheets/sheet1.xml") for entry in entries]
    assert sheets[0] == sheets[1]
    assert {info.date_time for info in entries[0].infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_heights_stand_on_the_rows_that_need_them():
    package, target = io.BytesIO(), io.BytesIO()
    book = xlsxwriter.Workbook(package, {"in_memory": True})
    sheet = book.add_worksheet("明细", LongSheet)
    column = LongColumn(pa.array(["a", "b", "c"]), book.add_format())
    sheet.add_long_table(0, [column], pa.array([None, 29.0, None]))
    book.close()
    save_with_long_tables(package, [sheet], target, "claim")
    heights = openpyxl.load_workbook(target)["明细"].row_dimensions
    assert [heights[row].height for row in (1, 2, 3)] == [None, 29.0, None]
