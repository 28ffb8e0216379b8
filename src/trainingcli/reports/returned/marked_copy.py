"""An institution's own workbook, marked: reopened as it looked, coloured, commented, reasons beside the rows."""

from __future__ import annotations

import io
import re
import warnings
from collections.abc import Mapping, Sequence
from copy import copy
from datetime import datetime
from typing import Any
from zipfile import ZIP_STORED, ZipFile

import openpyxl
from openpyxl.cell.cell import MergedCell
from openpyxl.packaging.core import DocumentProperties
from openpyxl.packaging.custom import CustomPropertyList
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import coordinate_to_tuple, get_column_letter
from openpyxl.workbook.properties import CalcProperties
from openpyxl.worksheet.dimensions import ColumnDimension
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.pagebreak import ColBreak, RowBreak
from openpyxl.writer.excel import ExcelWriter

from trainingcli.reports.returned import marks
from trainingcli.reports.returned.looks import Looks
from trainingcli.reports.returned.losses import losses
from trainingcli.reports.returned.paper import print_on_a4
from trainingcli.reports.returned.returns import RowFinding
from trainingcli.reports.returned.visible_part import visible_part

_LAST_COLUMN = 16_384
_LINE_HEIGHT = 14.5  # points
_DATE_WIDTH = 11.5
_USUAL_WIDTH = 8.43  # of a column that says none
# A name for a range of this workbook: no other workbook, no program (DDE), no formula.
_SHEET_OF = re.compile(r"('(?:[^']|'')+'|[^'!(),+*/=<>&\s]+)!")
_PLAIN_RANGE = re.compile(r"('[^'\[\]|]+'|[^'\[\]|!(),\s]+)!\$?[A-Z]{1,3}\$?\d+(:\$?[A-Z]{1,3}\$?\d+)?")


def marked_copy(
    data: bytes,
    headers: Mapping[str, Sequence[int]],
    findings: Sequence[RowFinding],
    today: str,
    names: Mapping[str, int] | None = None,
) -> bytes | None:
    """Return the marked workbook; None where openpyxl cannot keep this file, which others may still read.

    `headers`: each sheet that was read → its header rows, as the program shows them; `names`: → the names' column.
    """
    found = visible_part(data)
    if found is None:
        return None
    visible, hidden = found
    try:
        with warnings.catch_warnings(action="ignore"):  # openpyxl's, of what it does not keep: `losses` says that
            book = openpyxl.load_workbook(io.BytesIO(visible), rich_text=True, data_only=True, keep_links=False)
            for name in {marks.SHEET_NAME.zh, marks.SHEET_NAME.en} & set(book.sheetnames) - set(headers):
                del book[name]  # of an earlier return
            _take_off(book, today)
            looks = Looks()
            for sheet_name, header_rows in headers.items():
                mine = [item for item in findings if item.sheet == sheet_name]
                _mark_sheet(book[sheet_name], header_rows, mine, (names or {}).get(sheet_name, 0), looks)
            _add_instructions(book, looks, findings, losses(visible, hidden, lambda: _saved(book)))
            return _saved(book)
    except MemoryError:
        raise
    except Exception:  # whatever it trips over: it raises errors of every kind, and the file is not at fault
        return None


def _saved(book: Any) -> bytes:
    """The workbook's package, not compressed: it is read, and written into another, right away."""
    target = io.BytesIO()
    ExcelWriter(book, ZipFile(target, "w", ZIP_STORED)).save()
    return target.getvalue()


def _take_off(book: Any, today: str) -> None:
    """Take off what must not go back: who wrote it, what reaches outside, what is worked out anew when it is opened."""
    book.properties = DocumentProperties(creator=marks.AUTHOR)
    book.properties.created = book.properties.modified = datetime.fromisoformat(today)
    book.custom_doc_props = CustomPropertyList()
    book.calculation = CalcProperties(fullCalcOnLoad=False)
    for names in (book.defined_names, *(sheet.defined_names for sheet in book.worksheets)):
        for name in [name for name, defined in names.items() if not _PLAIN_RANGE.fullmatch(defined.value or "")]:
            del names[name]
    for sheet in book.worksheets:
        for cell in list(sheet._cells.values()):
            if getattr(cell, "hyperlink", None) is not None:
                cell.hyperlink = None
        sheet._hyperlinks = []
        rules = sheet.data_validations.dataValidation
        sheet.data_validations.dataValidation = [rule for rule in rules if _stays_inside(rule, book)]


def _stays_inside(rule: Any, book: Any) -> bool:
    """Tell whether a drop-down looks at no other workbook, no other program, no sheet that does not go back."""
    formulas = [str(formula) for formula in (rule.formula1, rule.formula2) if formula]
    named = [name.strip("'").replace("''", "'") for text in formulas for name in _SHEET_OF.findall(text)]
    return not any("[" in text or "|" in text for text in formulas) and all(name in book.sheetnames for name in named)


def _mark_sheet(
    sheet: Any, header_rows: Sequence[int], findings: Sequence[RowFinding], names: int, looks: Looks
) -> None:
    column = _reason_column(sheet, header_rows)
    _clear_earlier(sheet, column, header_rows)
    for row in header_rows:
        _put_beside(sheet, row, column, str(marks.REASON_HEADING), looks)
        sheet.cell(row, column).font = Font(bold=True, color="FFC00000")
    _set_width(sheet, column, marks.REASON_WIDTH)
    by_row: dict[int, list[RowFinding]] = {}
    by_cell: dict[tuple[int, int], list[RowFinding]] = {}
    owners = _owners(sheet)
    for finding in findings:
        by_row.setdefault(finding.row, []).append(finding)
        # Where the column is not there it is the heading row that is wrong.
        place = (
            coordinate_to_tuple(finding.cell)
            if finding.cell is not None
            else (max((row for row in header_rows if row < finding.row), default=header_rows[0]), column)
        )
        by_cell.setdefault(owners.get(place, place), []).append(finding)
    for row, mine in by_row.items():
        text = marks.row_text(mine)
        _put_beside(sheet, row, column, text, looks)
        _make_high(sheet, row, text)
    for (row, place), mine in by_cell.items():
        cell = sheet.cell(row, place)
        _colour(cell, marks.worst(mine), looks)
        cell.comment = marks.comment(mine, cell.comment)
    _print_set_up(sheet, header_rows, names)


def _colour(cell: Any, severity: str, looks: Looks) -> None:
    def coloured(cell: Any) -> None:
        cell.fill = marks.fill(severity)

    looks.put(cell, severity, coloured)


def _owners(sheet: Any) -> dict[tuple[int, int], tuple[int, int]]:
    """For each cell of a merged range the cell that shows its value: the range's first."""
    return {
        (row, column): (merged.min_row, merged.min_col)
        for merged in sheet.merged_cells.ranges
        for row in range(merged.min_row, merged.max_row + 1)
        for column in range(merged.min_col, merged.max_col + 1)
    }


def _reason_column(sheet: Any, header_rows: Sequence[int]) -> int:
    """The column of an earlier return's reasons, else the first to the right of the table.

    A title above the table may reach farther; merged to the sheet's last column it leaves no room beside it.
    """
    headings = (marks.REASON_HEADING.zh, marks.REASON_HEADING.en)
    filled = [place for place, cell in sheet._cells.items() if cell.value is not None and place[0] >= min(header_rows)]
    for row, column in filled:
        if row in header_rows and sheet.cell(row, column).value in headings:
            return int(column)
    merged = (found.max_col for found in sheet.merged_cells.ranges if found.max_row >= min(header_rows))
    return int(max((*(column for _, column in filled), *(last for last in merged if last < _LAST_COLUMN)))) + 1


def _clear_earlier(sheet: Any, column: int, header_rows: Sequence[int]) -> None:
    """Take off what an earlier return marked: what is still wrong is marked anew."""
    empty = PatternFill()
    for (row, place), cell in list(sheet._cells.items()):
        if row < min(header_rows) or isinstance(cell, MergedCell):
            continue
        if cell.comment is not None and cell.comment.author == marks.AUTHOR:
            cell.comment, cell.fill = marks.without_ours(cell.comment), empty
        elif place == column and row > min(header_rows):
            cell.value = None


def _put_beside(sheet: Any, row: int, column: int, text: str, looks: Looks) -> None:
    """Put a text at the right of a row, with the look of the row's last cell."""
    cell = sheet.cell(row, column)
    neighbour = sheet.cell(row, max(column - 1, 1))
    if neighbour.has_style:
        cell._style = copy(neighbour._style)
    looks.put(cell, "beside", _as_running_text)
    marks.put_text(cell, text)


def _as_running_text(cell: Any) -> None:
    cell.fill, cell.number_format = PatternFill(), "@"
    cell.alignment = Alignment(vertical="top", wrap_text=True)


def _make_high(sheet: Any, row: int, text: str) -> None:
    """Give a row the height that its reasons need; some programs do not work that out."""
    lines = -(-sum(1 + (character > "\u00ff") for character in text) // (marks.REASON_WIDTH - 2))
    if lines > 1:
        dimension = sheet.row_dimensions[row]
        dimension.height = min(max(dimension.height or 0, _LINE_HEIGHT * lines + 2), 400)


def _print_set_up(sheet: Any, header_rows: Sequence[int], names: int) -> None:
    """A4 landscape, as wide as the page, reasons and all; dates wide enough to be read."""
    sheet.print_area = None
    sheet.row_breaks, sheet.col_breaks = RowBreak(), ColBreak()
    if len(header_rows) == 1:
        sheet.print_title_rows = f"{header_rows[0]}:{header_rows[0]}"
    for column in {cell.column for cell in sheet._cells.values() if getattr(cell, "is_date", False)}:
        if _width(sheet, column) < _DATE_WIDTH:
            _set_width(sheet, column, _DATE_WIDTH)
    last = max((column for (_, column), cell in sheet._cells.items() if cell.value is not None), default=1)
    hidden = {column for column in range(1, last + 1) if _is_hidden(sheet, column)}
    shown = [column for column in range(1, last + 1) if column not in hidden]
    widths = {column: _width(sheet, column) or _USUAL_WIDTH for column in shown}
    smallest = min(float(font.sz) for font in sheet.parent._fonts if font.sz)
    first = [widths.get(column, 0) for column in range(1, names + 1)]
    print_on_a4(sheet, sum(widths.values()), min(smallest, 10), first)


def _is_hidden(sheet: Any, column: int) -> bool:
    shared = sheet.column_dimensions.values()
    return any(dim.hidden and (dim.min or 0) <= column <= (dim.max or 0) for dim in shared)


def _width(sheet: Any, column: int) -> float:
    widths = (dim.width for dim in sheet.column_dimensions.values() if (dim.min or 0) <= column <= (dim.max or 0))
    return next(widths, 0) or 0


def _set_width(sheet: Any, column: int, width: float) -> None:
    """Give a column its width; where a range of columns shares one width, the range is parted around it."""
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
    dimensions[letter] = ColumnDimension(sheet, index=letter, min=column, max=column, width=width, customWidth=True)


def _add_instructions(book: Any, looks: Looks, findings: Sequence[RowFinding], notes: Sequence[str]) -> None:
    sheet = book.create_sheet(str(marks.SHEET_NAME))
    rows = marks.instructions(findings, notes)
    first = len(rows) - len(findings)
    for number, texts in enumerate(rows, start=1):
        for column, text in enumerate(texts, start=1):
            cell = sheet.cell(number, column)
            marks.put_text(cell, text)
            looks.put(cell, "head" if number in (1, first) else "told", _head if number in (1, first) else _told)
        if len(texts) == 1:
            sheet.merge_cells(
                start_row=number, start_column=1, end_row=number, end_column=len(marks.INSTRUCTION_WIDTHS)
            )
    for number, finding in enumerate(findings, start=first + 1):
        place = sheet.cell(number, 2)
        quoted = finding.sheet.replace("'", "''")
        place.hyperlink = Hyperlink(ref=place.coordinate, location=f"'{quoted}'!{finding.cell or f'A{finding.row}'}")
        looks.put(place, "link", _link)
    for column, width in enumerate(marks.INSTRUCTION_WIDTHS, start=1):
        sheet.column_dimensions[get_column_letter(column)].width = width
    print_on_a4(sheet, sum(marks.INSTRUCTION_WIDTHS))


def _head(cell: Any) -> None:
    marks.put_look(cell, marks.wrapped(bold=True))


def _told(cell: Any) -> None:
    marks.put_look(cell, marks.wrapped())


def _link(cell: Any) -> None:
    cell.font = Font(color="FF0563C1", underline="single")
