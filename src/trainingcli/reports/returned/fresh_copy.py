"""A fresh workbook in place of one whose package cannot be kept (xls, xlsb, ods, csv, very large): same cells, marked.

Rows and columns stand where they stood, so that a cell named in a reason is that cell here too.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import IO, Any

import openpyxl
from openpyxl.cell import WriteOnlyCell
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.workbook.properties import CalcProperties
from openpyxl.worksheet.cell_range import CellRange
from openpyxl.worksheet.properties import PageSetupProperties

from trainingcli.facts import RETURN_SHEET
from trainingcli.intake.formats.cell_kinds import Kind
from trainingcli.intake.formats.cell_values import Special, is_filled
from trainingcli.intake.formats.grid import Grid, OpenedBook
from trainingcli.language import tr
from trainingcli.reports.returned import marks
from trainingcli.reports.returned.note_parts import note_size
from trainingcli.reports.returned.paper import paper_for
from trainingcli.reports.returned.return_task import RowFinding

_WIDTH_SAMPLE = 50  # rows


def write_fresh_copy(
    source: OpenedBook,
    headers: Mapping[str, Sequence[int]],
    findings: Sequence[RowFinding],
    today: str,
    target: IO[bytes],
) -> None:
    """Write a workbook with the source's cells. `headers`: each sheet that was read → its header rows."""
    book = openpyxl.Workbook(write_only=True)
    book.calculation = CalcProperties(fullCalcOnLoad=False)
    for grid in source.grids:
        if grid.name in headers or grid.name not in (RETURN_SHEET.zh, RETURN_SHEET.en):
            mine = [item for item in findings if item.sheet == grid.name]
            _write_grid(book.create_sheet(_sheet_name(grid.name, book.sheetnames)), grid, headers, mine)
    note = tr("注：原文件格式不能原样保留，本文件的行、列、单元格位置与原文件一致。",
              "Note: the file's format cannot be kept; rows, columns and cells stand where they stood.")  # fmt: skip
    _write_instructions(
        book.create_sheet(_sheet_name(str(RETURN_SHEET), book.sheetnames)), marks.instructions(findings, [note])
    )
    book.properties.creator = marks.AUTHOR
    book.properties.created = book.properties.modified = dt.datetime.fromisoformat(today)
    book.save(target)


def _sheet_name(name: str, taken: Sequence[str]) -> str:
    plain = re.sub(r"[\[\]:*?/\\]", "_", marks.clean(name)).strip("'")[:28] or "Sheet1"
    number, chosen = 1, plain
    while chosen.casefold() in {other.casefold() for other in taken}:
        number += 1
        chosen = f"{plain}{number}"
    return chosen


def _write_grid(sheet: Any, grid: Grid, headers: Mapping[str, Sequence[int]], findings: Sequence[RowFinding]) -> None:
    by_row: dict[int, list[RowFinding]] = {}
    for finding in findings:
        by_row.setdefault(finding.row, []).append(finding)
    rows = [_shown(grid, number, row) for number, row in enumerate(grid.rows)]
    reason_column = max((len(row) for row in rows), default=0)
    header_rows = headers.get(grid.name, ())
    _set_widths(sheet, rows, reason_column)
    for merge in grid.merges:
        if merge.top >= len(rows):
            continue  # below everything that is filled in: nothing to keep, and a million cells to some readers
        reference = CellRange(
            min_col=merge.left + 1,
            min_row=merge.top + 1,
            max_col=merge.right + 1,
            max_row=min(merge.bottom + 1, len(rows)),
        )
        sheet.merged_cells.add(reference.coord)
    for number, row in enumerate(rows, start=1):
        heading = number in header_rows
        sheet.append(list(_cells(sheet, row, by_row.get(number, ()), reason_column, heading=heading)))


def _shown(grid: Grid, number: int, row: Sequence[Any]) -> list[Any]:
    """A row's cells with what the parser did not show put in, blanks at the end taken off."""
    cells = list(row)
    for column, special in grid.specials.get(number, {}).items():
        cells += [None] * (column + 1 - len(cells))
        cells[column] = special
    while cells and not is_filled(cells[-1]):
        cells.pop()
    return cells


def _cells(
    sheet: Any, row: Sequence[Any], findings: Sequence[RowFinding], reason_column: int, *, heading: bool
) -> Iterator[Any]:
    by_column: dict[str, list[RowFinding]] = {}
    for finding in findings:
        if finding.cell is not None:
            by_column.setdefault(finding.cell.rstrip("0123456789"), []).append(finding)
    marked = {get_column_letter(column + 1): column for column in range(reason_column)} if by_column or heading else {}
    cells = [_cell(sheet, value) for value in row] + [None] * (reason_column - len(row))
    for letter, mine in by_column.items():
        column = marked.get(letter)
        if column is not None:
            cell = cells[column] = _as_cell(sheet, cells[column])
            cell.fill = PatternFill("solid", fgColor=marks.colour(marks.worst(mine)))
            cell.comment = _comment(marks.comment_text(mine))
    if heading:
        cells = [None if value is None else _bold(sheet, value) for value in cells]
        cells.append(_text_cell(sheet, str(marks.REASON_HEADING), **_wrapped(bold=True)))
    elif findings:
        cells.append(_text_cell(sheet, marks.row_text(findings), **_wrapped()))
    yield from cells


def _cell(sheet: Any, value: Any) -> Any:
    """A parser's cell as openpyxl writes it; texts stay texts whatever they look like."""
    if value is None or value == "":
        return None
    if isinstance(value, str):
        return _text_cell(sheet, value, number_format="@")
    if isinstance(value, Special):
        return _special(sheet, value)
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, dt.datetime) and not (value.hour or value.minute or value.second):
        return value.date()
    return value


def _special(sheet: Any, special: Special) -> Any:
    if special.kind is not Kind.ERROR:
        return None
    cell = _text_cell(sheet, special.text or "#N/A")
    cell.data_type = "e"
    return cell


def _as_cell(sheet: Any, value: Any) -> Any:
    if isinstance(value, WriteOnlyCell().__class__):
        return value
    cell = WriteOnlyCell(sheet)
    cell.value = value
    return cell


def _bold(sheet: Any, value: Any) -> Any:
    cell = _as_cell(sheet, value)
    cell.font = Font(bold=True)
    return cell


def _set_widths(sheet: Any, rows: Sequence[Sequence[Any]], reason_column: int) -> None:
    widths = []
    for column in range(reason_column):
        texts = [str(row[column]) for row in rows[:_WIDTH_SAMPLE] if column < len(row) and row[column] is not None]
        widest = max((sum(1 + (character > "ÿ") for character in text) for text in texts), default=8)
        widths.append(min(max(widest, 8), 30) + 2)
    for column, width in enumerate([*widths, marks.REASON_WIDTH], start=1):
        sheet.column_dimensions[get_column_letter(column)].width = width
    _print_on_a4(sheet, sum(widths) + marks.REASON_WIDTH)


def _write_instructions(sheet: Any, rows: Sequence[Sequence[str]]) -> None:
    _print_on_a4(sheet, sum(marks.INSTRUCTION_WIDTHS))
    for column, width in enumerate(marks.INSTRUCTION_WIDTHS, start=1):
        sheet.column_dimensions[get_column_letter(column)].width = width
    for number, texts in enumerate(rows, start=1):
        if len(texts) == 1:
            sheet.merged_cells.add(f"A{number}:{get_column_letter(len(marks.INSTRUCTION_WIDTHS))}{number}")
        sheet.append([_text_cell(sheet, text, **_wrapped(bold=number == 1)) for text in texts])


def _print_on_a4(sheet: Any, width: float) -> None:
    paper = paper_for(width)
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", 9
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.page_margins.left = sheet.page_margins.right = float(paper.margin)
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = paper.across, 0


def _comment(text: str) -> Comment:
    made = Comment(text, marks.AUTHOR)
    made.width, made.height = note_size(text)
    return made


def _text_cell(sheet: Any, text: str, **style: Any) -> Any:
    """Return a cell of text for a sheet that is written row by row: never a formula, an error or a number."""
    cell = WriteOnlyCell(sheet)
    cell.value = marks.clean(text)
    cell.data_type = "s"
    for name, value in style.items():
        setattr(cell, name, value)
    return cell


def _wrapped(bold: bool = False) -> dict[str, Any]:
    return {"alignment": Alignment(wrap_text=True, vertical="top"), "font": Font(bold=bold)}
