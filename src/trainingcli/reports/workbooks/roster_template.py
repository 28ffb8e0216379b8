"""A blank roster (空白花名册): the contract's headings, drop-downs, text-formatted numbers; for printer and screen.

What a programme needs stands first and is all that is printed; the rest is folded away to the right.
"""

from __future__ import annotations

import io
import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from trainingcli.drafts import write_file
from trainingcli.errors import OutputError
from trainingcli.intake.formats.fingerprint import fingerprint
from trainingcli.language import Text, tr
from trainingcli.reports.workbooks.template_columns import DATES, NOTES, TEXTS, TemplateColumn, columns_of
from trainingcli.reports.workbooks.template_instructions import add_instructions
from trainingcli.stamp import stamped

if TYPE_CHECKING:
    from trainingcli.policy import Policy

ROWS = 1000
"""Rows that have drop-downs, notes and formats; more can be added below, and are read as well."""

_PRINTED = 20  # rows that are ruled and numbered, so that a blank one can be printed and filled in by hand
_HEADER = 3  # from 0: below the title, the line 填报单位, the promise
_PAGE = 135  # characters across A4 at full size
_PROMISE = (
    "本单位承诺：表中所填情况真实，人员确已参加并完成学时；如有虚报，退回所得资金并承担责任。"
    "　　负责人（签字）：　　　　　　　　经办人（签字）："
)
_WIDTHS = {
    "name": 7.5, "id_number": 18.5, "sex": 5, "phone": 12.5, "employer": 16, "class_no": 10, "level": 7, "claimed": 8,
    "start_date": 10, "end_date": 10, "certificate_date": 10, "attended_days": 5.5, "employed": 5.5,
    "employment_card": 12, "certificate_no": 12, "account": 12, "assessor": 14, "bank": 11, "remark": 9,
    "category": 9, "hardship": 9, "training_type": 8.5, "occupation": 10, "certificate_type": 9.5, "programme": 11,
}  # fmt: skip
"""Characters; what is longer is folded within its cell. All that any programme needs fits A4 at 8 pt."""


def write_template(path: Path, policy: Policy, code: str | None, *, force: bool = False) -> None:
    """Write a blank roster, readable by its owner alone, at once or not at all. OutputError where it cannot be."""
    if os.path.lexists(path) and not force:
        raise OutputError(
            Text(
                f"{path} 已经存在，没有覆盖；要覆盖请加 --force",
                f"{path} is there already and was left; add --force to overwrite it",
            )
        )
    package = io.BytesIO(_workbook(policy, code))
    write_file(path, lambda target: stamped(package, target, "template", cells=fingerprint(package.getvalue())))


def _workbook(policy: Policy, code: str | None) -> bytes:
    import xlsxwriter

    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(
        buffer, {"in_memory": True, "default_format_properties": {"font_name": "宋体", "font_size": 10}}
    )
    columns = columns_of(policy, code)
    _roster(book, columns, policy.programmes[code].name.zh if code else "职业技能提升培训补贴")
    add_instructions(book, columns, policy, code)
    book.close()
    return buffer.getvalue()


def _roster(book: Any, columns: Sequence[TemplateColumn], name: str) -> None:
    """Write the sheet to be filled in."""
    sheet = book.add_worksheet("花名册")
    styles = _Styles(book)
    last = sum(not column.is_folded for column in columns)  # of what is printed; the first column numbers the rows
    printed = 5 + sum(_WIDTHS.get(column.key, 12) for column in columns[:last])
    wider = max(1, _PAGE / printed)  # few columns share the page, many make it smaller
    _above(sheet, styles, name, last)
    sheet.set_column(0, 0, 5, styles.number)
    sheet.write_string(_HEADER, 0, "序号", styles.optional)
    for row in range(_HEADER + 1, _HEADER + 1 + _PRINTED):
        sheet.set_row(row, 19.5 * max(1, printed / _PAGE))
        sheet.write_number(row, 0, row - _HEADER, styles.number)  # alone it makes no row
    for place, column in enumerate(columns, 1):
        fold = {"level": 1, "hidden": True} if column.is_folded else {}
        width = wider * _WIDTHS.get(column.key, 12)
        sheet.set_column(place, place, width, styles.cell(column.key, ruled=False), fold)
        sheet.write_string(_HEADER, place, column.heading, styles.needed if column.needed else styles.optional)
        sheet.data_validation(_HEADER + 1, place, _HEADER + ROWS, place, _rule(column))
        for row in range(_HEADER + 1, _HEADER + 1 + _PRINTED):
            sheet.write_blank(row, place, None, styles.cell(column.key, ruled=True))
    sheet.set_column(len(columns) + 1, len(columns) + 1, 8.43, None, {"collapsed": True})
    sheet.freeze_panes(_HEADER + 1, 3)
    print_setup(sheet)
    sheet.repeat_rows(0, _HEADER)
    sheet.print_area(0, 0, _HEADER + _PRINTED, last)
    sheet.activate()


def _above(sheet: Any, styles: _Styles, name: str, last: int) -> None:
    """Write the title, who fills it in and seals it, and the promise."""
    sheet.merge_range(0, 0, 0, last, f"{name}花名册", styles.title)
    sheet.set_row(0, 30)
    sheet.merge_range(1, 0, 1, 1, "填报单位（盖章）：", styles.line)
    sheet.merge_range(1, 2, 1, 4, "", styles.fill)
    sheet.merge_range(1, 5, 1, 6, "填报日期：", styles.line)
    sheet.write_blank(1, 7, None, styles.fill_date)
    if last > 7:
        sheet.merge_range(1, 7, 1, last, "", styles.fill_date)
    sheet.set_row(1, 24)
    sheet.merge_range(2, 0, 2, last, _PROMISE, styles.promise)
    sheet.set_row(2, 30)
    sheet.set_row(_HEADER, 32)


def print_setup(sheet: Any) -> None:
    """Set a sheet up for A4 across, one page wide."""
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.fit_to_pages(1, 0)
    sheet.center_horizontally()
    sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
    sheet.set_footer("&L&A&C第 &P 页 共 &N 页")


def _rule(column: TemplateColumn) -> dict[str, Any]:
    """Return a column's input message, with its drop-down where there is one; other texts are warned of, not barred."""
    note = str(NOTES[column.key])
    told = {"input_title": column.heading.rstrip("*")[:32], "input_message": note, "ignore_blank": True}
    if column.choices:
        problem = {"error_type": "warning", "error_message": tr("不在下拉框中，确定吗？", "Not in the list. Keep it?")}
        return {"validate": "list", "source": list(column.choices), **told, **problem}
    if column.key == "id_number":
        problem = {
            "error_type": "warning",
            "error_message": tr("身份证号应为18位。", "An ID number has 18 characters."),
        }
        return {"validate": "length", "criteria": "==", "value": 18, **told, **problem}
    return {"validate": "any", **told}


class _Styles:
    """The formats of the sheet, each made once."""

    def __init__(self, book: Any) -> None:
        self._book = book
        self._cells: dict[tuple[str, bool], Any] = {}
        line = {"valign": "vcenter", "align": "right", "num_format": "@"}
        head = {"bold": True, "border": 1, "align": "center", "valign": "vcenter", "text_wrap": True, "num_format": "@"}
        self.title = book.add_format(
            {"bold": True, "font_name": "黑体", "font_size": 16, "align": "center", "valign": "vcenter"}
        )
        self.line = book.add_format(line)
        self.fill = book.add_format({"bottom": 1, "valign": "vcenter", "num_format": "@"})
        self.fill_date = book.add_format(
            {"bottom": 1, "valign": "vcenter", "num_format": "yyyy-mm-dd", "align": "left"}
        )
        self.promise = book.add_format({"valign": "vcenter", "text_wrap": True, "num_format": "@"})
        self.number = book.add_format({"align": "center", "valign": "vcenter", "border": 1, "border_color": "#808080"})
        self.needed = book.add_format(head | {"bg_color": "#DDE7F3"})
        self.optional = book.add_format(head | {"bg_color": "#F2F2F2", "bold": False})

    def cell(self, key: str, *, ruled: bool) -> Any:
        shape = "@" if key in TEXTS else "yyyy-mm-dd" if key in DATES else "0.00" if key == "claimed" else "General"
        if (shape, ruled) not in self._cells:
            rules = {"border": 1, "border_color": "#808080"} if ruled else {}
            self._cells[shape, ruled] = self._book.add_format(
                {"num_format": shape, "valign": "vcenter", "text_wrap": True, **rules}
            )
        return self._cells[shape, ruled]
