"""A declared table as a blank sheet (空白表): headings, formats, drop-downs, a note on how each column is filled in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from trainingcli.intake.tables.declared import DeclaredColumn
from trainingcli.language import Text, current
from trainingcli.vocabulary import load_vocabulary

ROWS = 2000  # prepared with formats and drop-downs
_HEADER = 2
_A4, _ROOM, _DIGIT = 9, 784, 5.25  # points across A4 landscape within the margins; points of a digit of a width
_SMALLEST, _FONT = 8, 11  # points: wide sheets print on several pages side by side rather than smaller
_TEXT_KINDS = ("id", "ids", "serial", "name", "names", "text", "code")
_NOTE_OF = {
    "date": Text("日期，如 2020-07-01", "a date, such as 2020-07-01"),
    "yuan": Text("金额，单位为元", "an amount in yuan"),
    "count": Text("整数", "a whole number"),
    "year": Text("四位年份", "a year of four digits"),
    "id": Text("18位，文本格式", "18 digits, as text"),
    "ids": Text("18位，文本格式；多个用顿号分开", "18 digits, as text; several parted by 、"),
    "names": Text("可填多个，用顿号分开", "several are parted by 、"),
    "levels": Text("可填多个，用顿号分开；留空表示各等级", "several are parted by 、; empty: every level"),
}


def add_blank_sheet(book: Any, title: Text, note: Text, columns: Sequence[DeclaredColumn]) -> None:
    """Add a blank sheet of these columns to an XlsxWriter workbook; `title` names it, in Chinese as its headings."""
    sheet = book.add_worksheet(title.zh.replace("/", ""))
    sheet.write_string(0, 0, _said(title), book.add_format({"bold": True, "font_size": 14}))
    sheet.write_string(1, 0, _said(note), book.add_format({"font_color": "#666666"}))
    needed = book.add_format({"bold": True, "bg_color": "#DDEBF7", "border": 1, "align": "center"})
    optional = book.add_format({"bg_color": "#F2F2F2", "border": 1, "align": "center"})
    for place, column in enumerate(columns):
        sheet.set_column(place, place, _width(column), _format(book, column))
        sheet.write_string(_HEADER, place, column.headings[0], needed if column.needed else optional)
        if column.kind in _NOTE_OF:
            sheet.write_comment(_HEADER, place, str(_NOTE_OF[column.kind]))
        rule = _rule(column)
        if rule is not None:
            sheet.data_validation(_HEADER + 1, place, _HEADER + ROWS, place, rule)
    sheet.freeze_panes(_HEADER + 1, 0)
    sheet.set_landscape()
    sheet.set_paper(_A4)
    across = sum(map(_width, columns)) * _DIGIT * _SMALLEST / _FONT
    sheet.fit_to_pages(-int(-across // _ROOM), 0)
    sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
    sheet.repeat_rows(_HEADER)


def _said(text: Text) -> str:
    return text.en if current() == "en" else text.zh


def _format(book: Any, column: DeclaredColumn) -> Any:
    if column.kind in _TEXT_KINDS:
        return book.add_format({"num_format": "@"})
    shapes = {"date": "yyyy-mm-dd", "yuan": "#,##0.00", "count": "0", "year": "0"}
    return book.add_format({"num_format": shapes.get(column.kind, "General")})


def _width(column: DeclaredColumn) -> int:
    widths = {"id": 22, "ids": 24, "name": 26, "names": 26, "date": 13, "yuan": 16}
    return widths.get(column.kind, 16)


def _rule(column: DeclaredColumn) -> dict[str, Any] | None:
    """Return the drop-down of a closed choice; where other texts are allowed too it only warns."""
    closed = column.kind in ("choice", "level")
    if column.kind in ("level", "levels"):
        options = list(dict.fromkeys(load_vocabulary({}).values["level"].values()))
    else:
        options = column.terms or list(column.suggest)
    if not options:
        return None
    return {"validate": "list", "source": options, "error_type": "stop" if closed else "information"}
