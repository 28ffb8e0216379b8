"""xlsx and xlsm: the gate's parts, the raw scan, and calamine's rows, as one `Book`."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

from python_calamine import CalamineSheet, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from trainingcli.intake.bounds import Bounds
from trainingcli.intake.grid import Book, Grid, Merge
from trainingcli.language import Text

HIDDEN = Text("隐藏的工作表，未读取", "hidden sheet, not read")
CHART = Text("图表工作表，没有数据", "chart sheet, holds no rows")


def open_xlsx(data: bytes, bounds: Bounds) -> Book:
    """Open a workbook's visible sheets."""
    workbook = CalamineWorkbook.from_filelike(io.BytesIO(data))
    book = Book("xlsx", iter(()))
    book.grids = _grids(workbook, book)
    return book


def _grids(workbook: CalamineWorkbook, book: Book) -> Iterator[Grid]:
    for index, sheet in enumerate(workbook.sheets_metadata):
        if sheet.typ != SheetTypeEnum.WorkSheet:
            book.not_read.append((sheet.name, CHART))
        elif sheet.visible != SheetVisibleEnum.Visible:
            book.not_read.append((sheet.name, HIDDEN))
        else:
            yield grid_of(workbook.get_sheet_by_index(index))


def grid_of(sheet: CalamineSheet) -> Grid:
    """Wrap one sheet of calamine: its rows from the sheet's first row and column."""
    return Grid(sheet.name, _rows(sheet), sheet.total_height, merges_of(sheet))


def merges_of(sheet: CalamineSheet) -> list[Merge]:
    """Return the merged ranges, none where calamine does not know them for the format."""
    return [Merge(top, left, bottom, right) for (top, left), (bottom, right) in sheet.merged_cell_ranges or ()]


def _rows(sheet: CalamineSheet) -> Iterator[list[Any]]:
    if sheet.start is None:
        return iter(())
    left = sheet.start[1]
    if not left:
        return sheet.iter_rows()
    padding = [""] * left
    return (padding + row for row in sheet.iter_rows())
