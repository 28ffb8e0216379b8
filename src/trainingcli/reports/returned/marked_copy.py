"""An institution's own workbook, marked: reopened as it looked, coloured, commented, reasons beside the rows."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from copy import copy
from datetime import datetime
from typing import Any
from zipfile import ZipFile

import openpyxl
from openpyxl.cell.cell import MergedCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import coordinate_to_tuple, get_column_letter
from openpyxl.worksheet.dimensions import ColumnDimension
from openpyxl.worksheet.hyperlink import Hyperlink

from trainingcli.language import tr
from trainingcli.reports.returned import marks
from trainingcli.reports.returned.formula_values import formula_results, save_with_results
from trainingcli.reports.returned.returns import Finding


def marked_copy(
    data: bytes, headers: Mapping[str, Sequence[int]], findings: Sequence[Finding], today: str
) -> bytes | None:
    """Return the marked workbook; None where openpyxl cannot keep this file, which others may still read.

    `headers`: each sheet that was read → its header rows, as the program shows them.
    """
    try:
        book = openpyxl.load_workbook(io.BytesIO(data), rich_text=True)
        values = openpyxl.load_workbook(io.BytesIO(data), data_only=True)
    except Exception:  # whatever it trips over: it raises errors of every kind, and the file is not at fault
        return None
    for name in {marks.SHEET_NAME.zh, marks.SHEET_NAME.en} & set(book.sheetnames):
        del book[name], values[name]  # of an earlier return
    results = formula_results(book, values)
    for sheet_name, header_rows in headers.items():
        _mark_sheet(book[sheet_name], header_rows, [item for item in findings if item.sheet == sheet_name])
    _add_instructions(book, findings, _losses(data))
    book.calculation.fullCalcOnLoad = True
    book.properties.modified = datetime.fromisoformat(today)
    package, target = io.BytesIO(), io.BytesIO()
    book.save(package)
    save_with_results(package, results, target, book.epoch)
    return target.getvalue()


def _losses(data: bytes) -> list[str]:
    with ZipFile(io.BytesIO(data)) as package:
        drawn = any(name.startswith(("xl/media/", "xl/charts/")) for name in package.namelist())
    return [tr("注：原文件中的图片、图表没有保留。", "Note: pictures and charts were not kept.")] if drawn else []


def _mark_sheet(sheet: Any, header_rows: Sequence[int], findings: Sequence[Finding]) -> None:
    column = _reason_column(sheet, header_rows)
    _clear_earlier(sheet, column, header_rows)
    for row in header_rows:
        _put_beside(sheet, row, column, str(marks.REASON_HEADING))
        sheet.cell(row, column).font = Font(bold=True, color="FFC00000")
    _make_room(sheet, column)
    by_row: dict[int, list[Finding]] = {}
    by_cell: dict[str, list[Finding]] = {}
    for finding in findings:
        by_row.setdefault(finding.row, []).append(finding)
        if finding.cell is not None:
            by_cell.setdefault(_owner(sheet, finding.cell), []).append(finding)
    for row, mine in by_row.items():
        _put_beside(sheet, row, column, marks.row_text(mine))
    for reference, mine in by_cell.items():
        cell = sheet[reference]
        cell.fill = marks.fill(marks.worst(mine))
        cell.comment = marks.comment(mine, cell.comment)


def _owner(sheet: Any, reference: str) -> str:
    """The cell that shows a cell's value: the first of a merged range."""
    row, column = coordinate_to_tuple(reference)
    if isinstance(sheet.cell(row, column), MergedCell):
        for merged in sheet.merged_cells.ranges:
            if reference in merged:
                return str(merged.start_cell.coordinate)
    return reference


def _reason_column(sheet: Any, header_rows: Sequence[int]) -> int:
    """The column of an earlier return's reasons, else the first to the right of everything."""
    headings = (marks.REASON_HEADING.zh, marks.REASON_HEADING.en)
    for row in header_rows:
        for cell in sheet[row]:
            if cell.value in headings:
                return int(cell.column)
    filled = (cell.column for row in sheet.iter_rows() for cell in row if cell.value is not None)
    merged = (found.max_col for found in sheet.merged_cells.ranges)
    return int(max((*filled, *merged))) + 1


def _clear_earlier(sheet: Any, column: int, header_rows: Sequence[int]) -> None:
    """Take off what an earlier return marked: what is still wrong is marked anew."""
    empty = PatternFill()
    for row in sheet.iter_rows(min_row=min(header_rows) + 1):
        for cell in row:
            if cell.comment is not None and cell.comment.author == marks.AUTHOR:
                cell.comment, cell.fill = marks.without_ours(cell.comment), empty
            elif cell.column == column and not isinstance(cell, MergedCell):
                cell.value = None


def _put_beside(sheet: Any, row: int, column: int, text: str) -> None:
    """Put a text at the right of a row, with the look of the row's last cell."""
    cell = sheet.cell(row, column)
    neighbour = sheet.cell(row, max(column - 1, 1))
    if neighbour.has_style:
        cell._style = copy(neighbour._style)
    cell.fill, cell.number_format = PatternFill(), "@"
    cell.alignment = Alignment(vertical="center")
    marks.put_text(cell, text)


def _make_room(sheet: Any, column: int) -> None:
    """Give the column its width; where a range of columns shares one width, the range is parted around it."""
    dimensions = sheet.column_dimensions
    for letter, shared in list(dimensions.items()):
        first, last = shared.min or 0, shared.max or 0
        if not (first < last and first <= column <= last):
            continue
        if column < last:
            rest = copy(shared)
            rest.index, rest.min, rest.max = get_column_letter(column + 1), column + 1, last
            dimensions[rest.index] = rest
        if first < column:
            shared.max = column - 1
        else:
            del dimensions[letter]
    letter = get_column_letter(column)
    dimensions[letter] = ColumnDimension(sheet, index=letter, width=marks.REASON_WIDTH, customWidth=True)


def _add_instructions(book: Any, findings: Sequence[Finding], notes: Sequence[str]) -> None:
    sheet = book.create_sheet(str(marks.SHEET_NAME))
    rows = marks.instructions(findings, notes)
    first = len(rows) - len(findings)
    for number, texts in enumerate(rows, start=1):
        for column, text in enumerate(texts, start=1):
            cell = sheet.cell(number, column)
            marks.put_text(cell, text)
            for name, value in marks.wrapped(bold=number in (1, first)).items():
                setattr(cell, name, value)
        if len(texts) == 1:
            sheet.merge_cells(
                start_row=number, start_column=1, end_row=number, end_column=len(marks.INSTRUCTION_WIDTHS)
            )
    for number, finding in enumerate(findings, start=first + 1):
        place = sheet.cell(number, 2)
        quoted = finding.sheet.replace("'", "''")
        place.hyperlink = Hyperlink(ref=place.coordinate, location=f"'{quoted}'!{finding.cell or f'A{finding.row}'}")
        place.font = Font(color="FF0563C1", underline="single")
    for column, width in enumerate(marks.INSTRUCTION_WIDTHS, start=1):
        sheet.column_dimensions[get_column_letter(column)].width = width
    print_on_a4(sheet)


def print_on_a4(sheet: Any) -> None:
    """Landscape, as wide as the page."""
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", 9
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.page_setup.fitToHeight = 0
