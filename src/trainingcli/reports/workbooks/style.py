"""The look of every report page: fonts, formats, widths for Chinese text, print set-up. One `Book` is one workbook."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import datetime
from typing import IO, Any, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc
import xlsxwriter
from xlsxwriter.format import Format

from trainingcli.language import Text
from trainingcli.reports.data.text_columns import by_value
from trainingcli.reports.workbooks.long_sheet import LongColumn, LongSheet, plain_text, save_with_long_tables

BODY_FONT, TITLE_FONT = "宋体", "黑体"
_A4 = 9
_LINE = {"border": 1, "border_color": "#808080", "valign": "vcenter"}
_STYLES: dict[str, dict[str, Any]] = {
    "title": {"bold": True, "font_name": TITLE_FONT, "font_size": 16, "align": "center", "valign": "vcenter"},
    "section": {"bold": True, "font_name": TITLE_FONT, "font_size": 11, "valign": "vcenter"},
    "plain": {"valign": "vcenter"},
    "right": {"valign": "vcenter", "align": "right"},
    "note": {"valign": "top", "text_wrap": True, "font_color": "#404040"},
    "sign": {"valign": "bottom", "font_size": 11},
    "head": {**_LINE, "bold": True, "bg_color": "#E7ECF2", "align": "center", "text_wrap": True},
    "label": {**_LINE, "bg_color": "#F4F6F9", "text_wrap": True},
    "capital": {**_LINE, "bold": True, "font_size": 12},
    "text": {**_LINE, "num_format": "@"},
    "wrap": {**_LINE, "num_format": "@", "text_wrap": True},
    "middle": {**_LINE, "num_format": "@", "align": "center"},
    "date": {**_LINE, "num_format": "yyyy-mm-dd", "align": "center"},
    "count": {**_LINE, "num_format": "#,##0"},
    "number": {**_LINE, "num_format": "0", "align": "center"},
    "money": {**_LINE, "num_format": "#,##0.00"},
    "share": {**_LINE, "num_format": '#,##0.00;-#,##0.00;"–"'},
}
_MONEY = ("money", "share")  # whole fen; a share of nothing is a dash, so that a cross table can be read
_TOTAL = {"bold": True, "bg_color": "#F4F6F9"}
_LINE_HEIGHT = 14.0  # points of one line of the body font
_DIGIT, _EDGE = 5.25, 4.6  # points of a digit of a width, and of what a column has beside it, rounding included
_SMALLEST = 8.0  # points that anything may be printed at
PRINTED_POINTS = 784 / _SMALLEST * 10  # as wide as the printed columns may be: A4 across, less its margins
_MOST_ROWS = 1_000_000  # of one sheet; the format's own limit is 1,048,576


SIGNATURES = (Text("制表：", "Prepared by:"), Text("审核：", "Checked by:"), Text("负责人：", "In charge:"))


class TableColumn(NamedTuple):
    """A column of a printed table. `style`: text, wrap, middle, date, count, number; of fen: money, share."""

    heading: Text
    values: Any
    style: str = "text"
    least: int = 6
    most: int = 24


class Book:
    """A workbook in the making. No text of an input is ever a formula, a link, a number or mark-up in it."""

    def __init__(self, title: str, today: str) -> None:
        self._package = io.BytesIO()
        options = {
            "in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False,
            "default_format_properties": {"font_name": BODY_FONT, "font_size": 10},
        }  # fmt: skip
        self.workbook = xlsxwriter.Workbook(self._package, options)
        # The day of the assessment and not the clock's: the same assessment gives the same workbook.
        self.workbook.set_properties({"title": title, "created": datetime.fromisoformat(today)})
        self._formats: dict[tuple[str, bool, bool], Format] = {}
        self._sheets: list[LongSheet] = []

    def style(self, name: str, *, total: bool = False, quoted: bool = False) -> Format:
        """Return a format by name; `quoted` marks a text that looks like a formula as a text for good."""
        key = (name, total, quoted)
        if key not in self._formats:
            extra = (_TOTAL if total else {}) | ({"quote_prefix": True} if quoted else {})
            self._formats[key] = self.workbook.add_format(
                {"font_name": BODY_FONT, "font_size": 10} | _STYLES[name] | extra
            )
        return self._formats[key]

    def page(self, name: str) -> Page:
        """Add a sheet: A4 landscape, as wide as the page, page numbers."""
        sheet: LongSheet = self.workbook.add_worksheet(name, LongSheet)
        self._sheets.append(sheet)
        return Page(self, sheet)

    def save(self, target: IO[bytes], kind: str) -> None:
        """Write the workbook, stamped as one of this kind; it cannot be added to afterwards."""
        self.workbook.close()
        save_with_long_tables(self._package, self._sheets, target, kind)


class Page:
    """One sheet: put things top-down; `row` is the next free row, counted from 0."""

    def __init__(self, book: Book, sheet: LongSheet) -> None:
        self.book, self.sheet, self.row = book, sheet, 0
        self._widths: list[float] = []
        sheet.set_landscape()
        sheet.set_paper(_A4)
        sheet.fit_to_pages(1, 0)
        sheet.center_horizontally()
        sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
        sheet.set_footer("&L&A&C第 &P 页 共 &N 页" if str(Text("zh", "en")) == "zh" else "&L&A&CPage &P of &N")
        sheet.hide_gridlines(2)

    def text(self, row: int, column: int, text: str, style: str = "plain", *, total: bool = False) -> None:
        """Write one text cell, whatever it looks like."""
        quoted = text[:1] in tuple("=+-@\t\r")
        self.sheet.write_string(row, column, plain_text(text), self.book.style(style, total=total, quoted=quoted))

    def span(self, row: int, first: int, last: int, text: str, style: str = "plain") -> None:
        """Write one text over several columns."""
        cell = self.book.style(style)
        if first == last:
            self.text(row, first, text, style)
            return
        self.sheet.merge_range(row, first, row, last, "", cell)
        self.text(row, first, text, style)

    def spans(self, places: Sequence[tuple[int, int]], values: Sequence[object], styles: Sequence[str]) -> None:
        """Write one row of a table whose cells take several columns each, as high as its texts need."""
        lines = 1
        for (first, last), value, style in zip(places, values, styles, strict=True):
            if isinstance(value, str):
                self.span(self.row, first, last, value, style)
                room = sum(self._width_of(column) for column in range(first, last + 1))
                lines = max(lines, -(-_one_width(value) // room))
            else:
                self.cell(self.row, first, value, style)
        self.sheet.set_row(self.row, max(20, _LINE_HEIGHT * lines + 4))
        self.row += 1

    def title(self, text: str, columns: int) -> None:
        """Write the page's title over its columns."""
        self.span(self.row, 0, columns - 1, text, "title")
        self.sheet.set_row(self.row, 30)
        self.row += 1

    def line(self, text: str, columns: int, style: str = "plain", height: float = 18) -> None:
        """Write one line over the columns; a `note` gets the height that its text needs."""
        self.span(self.row, 0, columns - 1, text, style)
        self.sheet.set_row(self.row, height)
        self.row += 1

    def late_line(self, name: str, text: str, columns: int) -> None:
        """Write one line over the columns that may be put in again under this name (`stamp.refill`); one a sheet."""
        self.sheet.merge_range(self.row, 0, self.row, columns - 1, "", self.book.style("plain"))
        self.sheet.late = (self.row, 0, name, text)
        self.sheet.set_row(self.row, 18)
        self.row += 1

    def paragraph(self, first: int, last: int, text: str) -> None:
        """Write a wrapped text over some columns of the row where the page stands, and give the row its height."""
        self.span(self.row, first, last, text, "wrap")
        room = sum(self._width_of(column) for column in range(first, last + 1))
        self.sheet.set_row(self.row, _LINE_HEIGHT * max(1, -(-_one_width(text) // room)) + 4)  # empty: one line, too

    def section(self, text: str) -> None:
        """Write a heading with a blank row above it."""
        self.row += 1
        self.text(self.row, 0, text, "section")
        self.sheet.set_row(self.row, 20)
        self.row += 1

    def widths(self, widths: Sequence[float]) -> None:
        """Set the widths of the columns from the first, in digits of the body font."""
        self._widths = list(widths)
        for column, width in enumerate(widths):
            self.sheet.set_column(column, column, width)

    def _width_of(self, column: int) -> int:
        return int(self._widths[column]) - 1 if column < len(self._widths) else 8

    def headings(self, row: int, headings: Sequence[Text], height: float = 30) -> None:
        """Write a table's heading row, two lines high unless it is said otherwise."""
        for column, heading in enumerate(headings):
            self.sheet.write_string(row, column, str(heading), self.book.style("head"))
        self.sheet.set_row(row, height)

    def cells(self, row: int, values: Sequence[object], styles: Sequence[str], *, total: bool = False) -> None:
        """Write one row of a short table; `money` values are whole fen."""
        for column, (value, style) in enumerate(zip(values, styles, strict=True)):
            self.cell(row, column, value, style, total=total)

    def cell(self, row: int, column: int, value: object, style: str, *, total: bool = False) -> None:
        """Write one cell: a text, a number, or an empty one."""
        cell = self.book.style(style, total=total)
        if value is None:
            self.sheet.write_blank(row, column, None, cell)
        elif isinstance(value, str):
            self.text(row, column, value, style, total=total)
        else:
            number = float(str(value))
            self.sheet.write_number(row, column, number / 100 if style in _MONEY else number, cell)

    def short_table(self, headings: Sequence[Text], rows: Sequence[Sequence[object]], styles: Sequence[str]) -> range:
        """Write a table of few rows where the page stands; return its rows (counted from 0, without the heading)."""
        fits = all(_one_width(str(heading)) <= self._width_of(column) for column, heading in enumerate(headings))
        self.headings(self.row, headings, 20 if fits else 32)
        first = self.row + 1
        for number, values in enumerate(rows):
            self.cells(first + number, values, styles)
            texts = [(value, column) for column, value in enumerate(values) if isinstance(value, str)]
            lines = max([1, *(-(-_one_width(value) // self._width_of(column)) for value, column in texts)])
            if lines > 1:
                self.sheet.set_row(first + number, _LINE_HEIGHT * lines + 2)
        self.row = first + len(rows)
        return range(first, self.row)

    def long_table(self, columns: Sequence[TableColumn], *, frozen: int = 0, printed: int | None = None) -> None:
        """Write the page's main table, at its end: panes frozen, filters on, headings repeated on each printed page.

        `printed` columns from the left are printed; the rest stand beside the printed page.
        """
        head = self.row
        self.headings(head, [column.heading for column in columns])
        measures = _fitted(columns, len(columns) if printed is None else printed)
        self.widths([measure.width for measure in measures])
        rows = len(columns[0].values)
        self.sheet.freeze_panes(head + 1, frozen)
        self.sheet.autofilter(head, 0, head + max(rows, 1), len(columns) - 1)
        self.sheet.repeat_rows(0, head)
        if printed is not None:
            self.sheet.print_area(0, 0, head + max(rows, 1), printed - 1)
        self.sheet.add_long_table(head + 1, [self._long(column) for column in columns], _heights(measures))
        self.row = head + 1 + rows

    def end_table(self, values: Sequence[object], styles: Sequence[str]) -> None:
        """Write the total below the main table, which is printed with it."""
        self.cells(self.row, values, styles, total=True)
        self.row += 1
        self.sheet.print_area(0, 0, self.row - 1, len(values) - 1)

    def end_signatures(self, columns: int) -> None:
        """Write a line to sign below the total."""
        self.row += 1
        self.sheet.set_row(self.row, 30)
        last = columns - 1
        for place, role in ((0, SIGNATURES[0]), (last // 3, SIGNATURES[1]), (2 * last // 3, SIGNATURES[2])):
            self.text(self.row, place, str(role), "sign")
        self.row += 1
        self.sheet.print_area(0, 0, self.row - 1, last)

    def _long(self, column: TableColumn) -> LongColumn:
        def quoted() -> Format:
            return self.book.style(column.style, quoted=True)

        return LongColumn(column.values, self.book.style(column.style), quoted, money=column.style in _MONEY)


def sheets_needed(rows: int) -> list[range]:
    """Return the rows of each sheet that a table needs: one sheet, unless it has more rows than a sheet can hold."""
    return [range(start, min(start + _MOST_ROWS, rows)) for start in range(0, max(rows, 1), _MOST_ROWS)]


class _Measure(NamedTuple):
    """A column's width in digits of the body font, and how many lines each of its texts takes; None: one each."""

    width: float
    lines: Any


def _fitted(columns: Sequence[TableColumn], printed: int) -> list[_Measure]:
    """Measure the columns; where the printed ones are too wide to be read, those whose texts wrap give way."""
    widths = [_text_widths(column.values) for column in columns]
    measures = [_measure(column, texts) for column, texts in zip(columns, widths, strict=True)]
    shown = list(zip(columns[:printed], measures[:printed], strict=True))
    too_much = sum(measure.width for _, measure in shown) - (PRINTED_POINTS - _EDGE * printed) / _DIGIT
    room = {place: one.width - one_column.least - 1.5 for place, (one_column, one) in enumerate(shown)
            if one_column.style == "wrap"}  # fmt: skip
    if too_much <= 0 or sum(room.values()) <= 0:
        return measures
    part = min(1.0, too_much / sum(room.values()))
    for place, spare in room.items():
        column = columns[place]
        narrower = column._replace(most=max(column.least, int(measures[place].width - 1.5 - part * spare)))
        measures[place] = _measure(narrower, widths[place])
    return measures


def _measure(column: TableColumn, texts: Any) -> _Measure:
    heading = _one_width(str(column.heading))
    heading = heading if heading <= 10 else (heading + 1) // 2  # headings wrap to two lines
    widest = {"money": 11, "share": 9, "date": 10}.get(column.style, 5)
    if texts is not None:
        widest = pc.max(texts).as_py() or 0
    width = max(column.least, min(column.most, max(widest, heading + 2))) + 1.5
    room = int(width)
    if texts is None or column.style != "wrap" or widest <= room:
        return _Measure(width, None)
    return _Measure(width, pc.fill_null(pc.divide(pc.add(texts, room - 1), room), 1))


def _text_widths(texts: Any) -> Any:
    """Digits that each text takes, characters beyond ASCII being two wide; None where these are no texts."""
    return by_value(_widths_of, texts) if pa.types.is_string(texts.type) else None


def _widths_of(texts: Any) -> Any:
    length = pc.utf8_length(texts)
    return pc.add(length, pc.divide(pc.subtract(pc.binary_length(texts), length), 2))


def _one_width(text: str) -> int:
    return 2 * len(text) - len(text.encode("latin-1", "ignore"))  # characters beyond U+00FF are two wide


def _heights(measures: Sequence[_Measure]) -> Any:
    """The height of each row in points, for texts that need several lines; null for one line, None if all have one.

    Not left to the program that opens the sheet: some give a row the height of its longest text, some do not.
    """
    wrapped = [measure.lines for measure in measures if measure.lines is not None]
    if not wrapped:
        return None
    lines = pc.max_element_wise(*wrapped)
    return pc.if_else(pc.greater(lines, 1), pc.add(pc.multiply(lines.cast(pa.float64()), _LINE_HEIGHT), 2), None)
