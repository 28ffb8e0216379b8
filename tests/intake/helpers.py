"""Small workbooks made by code, and intake run on their bytes within the test's own process."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from typing import Any

import openpyxl
from openpyxl.worksheet.worksheet import Worksheet

from trainingcli.intake.formats.cell_kinds import Kind, Mark
from trainingcli.intake.tables.raw_columns import RawCells
from trainingcli.intake.tables.read_input import read_one
from trainingcli.intake.tables.sheet_tables import InputFile, SheetTable
from trainingcli.vocabulary import load_vocabulary

PROGRAMMES = {
    "企业职工培训补贴": "enterprise-training",
    "职业技能培训补贴": "vocational-training",
    "职业培训补贴": "vocational-training",
    "生活费补贴": "living-allowance",
    "取证补贴": "certificate",
    "技师补贴": "technician",
    "技师、高级技师补贴": "technician",
    "培训补贴": "training",
}
VOCABULARY = load_vocabulary(PROGRAMMES)
HEADER = ["序号", "姓名", "身份证号", "工种", "等级"]
WANG = [1, "王一", "140105199001011234", "焊工", "中级"]
LI = [2, "李二", "140105199002021234", "电工", "初级"]


def workbook(
    *sheets: Sequence[Sequence[Any]], merges: Sequence[str] = (), change: Callable[[Worksheet], None] | None = None
) -> bytes:
    """Return an xlsx; `merges` and `change` are for its first sheet."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for number, rows in enumerate(sheets, 1):
        sheet = book.create_sheet(f"表{number}")
        for row in rows:
            sheet.append(list(row))
    first = book.worksheets[0]
    for merge in merges:
        first.merge_cells(merge)
    if change:
        change(first)
    return saved(book)


def saved(book: openpyxl.Workbook) -> bytes:
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def read(data: bytes, password: str | None = None) -> InputFile:
    found = read_one("-", data, VOCABULARY, password)
    for sheet in found.sheets:
        if isinstance(sheet.cells, RawCells):
            sheet.cells = sheet.cells.table()
    return found


def only(data: bytes) -> SheetTable:
    """Return the one sheet that was read; the control totals hold."""
    found = read(data)
    assert found.error is None, found.error
    assert len(found.sheets) == 1, found.not_read
    sheet = found.sheets[0]
    assert sheet.total == sheet.read + sheet.blank + sheet.header + sheet.footer + sheet.skipped
    assert sheet.read == sheet.cells.num_rows
    return sheet


def texts(sheet: SheetTable, key: str) -> list[str | None]:
    found: list[str | None] = sheet.cells.column(f"t{_number(sheet, key)}").to_pylist()
    return found


def kinds(sheet: SheetTable, key: str) -> list[Kind]:
    return [Kind(kind & 0xF) for kind in sheet.cells.column(f"k{_number(sheet, key)}").to_pylist()]


def merged(sheet: SheetTable, key: str) -> list[bool]:
    return [bool(kind & Mark.MERGED) for kind in sheet.cells.column(f"k{_number(sheet, key)}").to_pylist()]


def rows(sheet: SheetTable) -> list[int]:
    found: list[int] = sheet.cells.column("row").to_pylist()
    return found


def keys(sheet: SheetTable) -> list[str]:
    return [column.key for column in sheet.columns]


def _number(sheet: SheetTable, key: str) -> int:
    return keys(sheet).index(key)
