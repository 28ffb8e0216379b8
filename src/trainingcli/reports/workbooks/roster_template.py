"""A blank roster (空白花名册): the contract's headings, drop-downs, text-formatted numbers, and how to fill it in."""

from __future__ import annotations

import io
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from trainingcli.drafts import write_file
from trainingcli.errors import OutputError
from trainingcli.intake.formats.fingerprint import fingerprint
from trainingcli.language import Text, tr
from trainingcli.stamp import stamped
from trainingcli.vocabulary import canonical_headings, load_vocabulary

if TYPE_CHECKING:
    from trainingcli.policy import Policy

ROWS = 1000
"""Rows that have drop-downs, notes and formats; more can be added below, and are read as well."""

_PRINTED = 20  # rows that are ruled, so that a blank one can be printed and filled in by hand
_HEADER = 2  # from 0: below the title and the line 填报单位
_FOR_ALL = ("name", "id_number")
_FOR_EVENTS = ("occupation", "level")  # what a training is told by, whichever programme it is
# Columns of every roster. The institution stands in the line above; a range of dates is two columns here.
_COMMON = ("name", "id_number", "sex", "phone", "employer", "class_no")
_LAST = ("assessor", "claimed", "bank", "account", "employed", "remark")
_TEXTS = ("id_number", "phone", "account", "certificate_no", "employment_card", "class_no")
_DATES = ("start_date", "end_date", "certificate_date")
_WIDTHS = {
    "name": 9, "id_number": 20, "sex": 5, "phone": 12.5, "employer": 16, "class_no": 10, "level": 9, "claimed": 9,
    "start_date": 10.5, "end_date": 10.5, "certificate_date": 10.5, "attended_days": 5.5, "employed": 5.5,
    "employment_card": 17, "certificate_no": 17, "account": 20, "assessor": 14, "bank": 11, "remark": 9,
}  # fmt: skip
_NOTES = {
    "name": Text("与身份证一致。", "As on the identity card."),
    "id_number": Text(
        "18位，末位可为X。本列已设为文本，不要改成数字。", "18 digits or X at the end. The column is text: keep it so."
    ),
    "sex": Text(
        "与身份证号第17位一致：单数为男，双数为女。", "男 where digit 17 of the ID number is odd, 女 where it is even."
    ),
    "phone": Text("本人手机号码。", "The trainee's own mobile number."),
    "employer": Text("企业职工填写工作单位全称；没有的留空。", "The employer's full name; blank where there is none."),
    "class_no": Text("开班备案的班级编号。", "The class's number as filed."),
    "category": Text("从下拉框选择；属于几类的用、隔开。", "Choose from the list; put 、 between several."),
    "hardship": Text("申领生活费补贴的必须填写，从下拉框选择。", "For the living allowance; choose from the list."),
    "training_type": Text(
        "企业职工培训补贴从下拉框选择。", "For the enterprise training subsidy; choose from the list."
    ),
    "occupation": Text("与职业(工种)目录中的名称一致。", "As the occupation register names it."),
    "level": Text("从下拉框选择；没有等级的留空。", "Choose from the list; blank where there is no level."),
    "start_date": Text("写作 2020-07-01。", "Write 2020-07-01."),
    "end_date": Text("写作 2020-07-15，不早于开班日期。", "Write 2020-07-15; not before the start."),
    "attended_days": Text("实际出勤天数，整数；没有的留空。", "Days attended, a whole number; blank where not known."),
    "employment_card": Text("《就业创业证》号；高技能等级不用填。", "Of the 就业创业证; not for high-skill levels."),
    "certificate_type": Text(
        "从下拉框选择；还没有取证的留空。", "Choose from the list; blank where there is no certificate yet."
    ),
    "certificate_no": Text(
        "证书编号；还没有取证的留空，不要写“办理中”。", "The certificate's number; blank where there is none yet."
    ),
    "certificate_date": Text("证书上的日期，写作 2020-08-01。", "The date on the certificate: 2020-08-01."),
    "assessor": Text("鉴定、评价机构全称。", "The assessing body's full name."),
    "programme": Text("从下拉框选择；同时申领几项的用、隔开。", "Choose from the list; put 、 between several."),
    "claimed": Text("元，最多两位小数；空白的按标准核定。", "Yuan, at most two decimals; blank: as the plan gives."),
    "bank": Text("开户银行及网点。", "Bank and branch."),
    "account": Text(
        "本人银行账号。本列已设为文本，不要改成数字。", "The trainee's account. The column is text: keep it so."
    ),
    "employed": Text("是或否。", "是 (yes) or 否 (no)."),
    "remark": Text(
        "退学、作废、不申领等写在这里，该行即列待核。", "Say here who withdrew (退学, 作废, 不申领 …): the row is held."
    ),
}


@dataclass(frozen=True)
class Column:
    """One column of the template: roster key, whether it must be filled, what may be chosen."""

    key: str
    needed: bool
    choices: tuple[str, ...]

    @property
    def heading(self) -> str:
        """The contract's first heading for the key, marked where it must be filled."""
        return canonical_headings()[self.key][0] + ("*" if self.needed else "")


def columns_of(policy: Policy, code: str | None) -> list[Column]:
    """Return the columns for one programme, or for any where none is named."""
    uses = _uses(policy, code)
    middle = [key for key in canonical_headings() if key in uses or key in _FOR_EVENTS]
    keys = [*_COMMON, *middle, *(() if code else ("programme",)), *_LAST]
    needed = {
        *_FOR_ALL,
        *(key for key, is_needed in uses.items() if is_needed and code),
        *(() if code else ("programme",)),
    }
    choices = _choices(policy)
    return [Column(key, key in needed, choices.get(key, ())) for key in dict.fromkeys(keys)]


def _uses(policy: Policy, code: str | None) -> dict[str, bool]:
    """Return the fields that a programme (any, where none is named) uses → whether a blank row lacks them."""
    from trainingcli.settle.programmes import programmes
    from trainingcli.settle.programmes.base import Use

    blank = _blank_row()
    found: dict[str, bool] = {}
    for programme in programmes(policy.programmes):
        if code in (None, programme.code):
            for field, use in programme.uses.items():
                lacks = use is not Use.USED and bool(programme.used(field, blank, policy)[0])
                found[field] = found.get(field, False) or lacks
    return found


def _blank_row() -> Any:
    """Return a roster of one row in which nothing is filled."""
    import pandas as pd

    from trainingcli.fields import TEXT_FIELDS
    from trainingcli.findings import Findings
    from trainingcli.intake.tables.convert import Roster
    from trainingcli.settle.rows import Rows

    frame = pd.DataFrame({field: pd.array([None], dtype="str") for field in TEXT_FIELDS})
    return Rows(Roster(frame, [], [], Findings()), Findings())


def _choices(policy: Policy) -> dict[str, tuple[str, ...]]:
    """Return the drop-downs: the vocabulary's terms, and what the policy lists."""
    values = load_vocabulary({}).values
    terms = {field: tuple(dict.fromkeys(words.values())) for field, words in values.items()}
    return {
        "category": terms["category"],
        "level": terms["level"],
        "certificate_type": terms["certificate_type"],
        "sex": terms["sex"],
        "training_type": tuple(policy.parameter("training_types")),
        "hardship": tuple(policy.parameter("hardships")),
        "programme": tuple(entry.name.zh for entry in policy.programmes.values()),
        "employed": ("是", "否"),
    }


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
    _instructions(book, columns, policy, code)
    book.close()
    return buffer.getvalue()


def _roster(book: Any, columns: Sequence[Column], name: str) -> None:
    """Write the sheet to be filled in."""
    sheet, last = book.add_worksheet("花名册"), len(columns) - 1
    styles = _Styles(book)
    sheet.merge_range(0, 0, 0, last, f"{name}花名册", styles.title)
    sheet.set_row(0, 30)
    sheet.write_string(1, 0, "填报单位：", styles.line)
    sheet.merge_range(1, 1, 1, 5, "", styles.fill)
    sheet.write_string(1, 6, "填报日期：", styles.line)
    sheet.merge_range(1, 7, 1, 8, "", styles.fill_date)
    sheet.set_row(1, 22)
    sheet.set_row(_HEADER, 32)
    for row in range(_HEADER + 1, _HEADER + 1 + _PRINTED):
        sheet.set_row(row, 26)
    for place, column in enumerate(columns):
        sheet.set_column(place, place, _WIDTHS.get(column.key, 12), styles.cell(column.key, ruled=False))
        sheet.write_string(_HEADER, place, column.heading, styles.needed if column.needed else styles.optional)
        sheet.data_validation(_HEADER + 1, place, _HEADER + ROWS, place, _rule(column))
        for row in range(_HEADER + 1, _HEADER + 1 + _PRINTED):
            sheet.write_blank(row, place, None, styles.cell(column.key, ruled=True))
    sheet.freeze_panes(_HEADER + 1, 2)
    _print_setup(sheet)
    sheet.repeat_rows(0, _HEADER)
    sheet.print_area(0, 0, _HEADER + _PRINTED, last)
    sheet.activate()


def _print_setup(sheet: Any) -> None:
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.fit_to_pages(1, 0)
    sheet.center_horizontally()
    sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
    sheet.set_footer("&L&A&C第 &P 页 共 &N 页")


def _rule(column: Column) -> dict[str, Any]:
    """Return a column's input message, with its drop-down where there is one; other texts are warned of, not barred."""
    note = str(_NOTES[column.key])
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
        self.needed = book.add_format(head | {"bg_color": "#DDE7F3"})
        self.optional = book.add_format(head | {"bg_color": "#F2F2F2", "bold": False})

    def cell(self, key: str, *, ruled: bool) -> Any:
        shape = "@" if key in _TEXTS else "yyyy-mm-dd" if key in _DATES else "0.00" if key == "claimed" else "General"
        if (shape, ruled) not in self._cells:
            rules = {"border": 1, "border_color": "#808080"} if ruled else {}
            self._cells[shape, ruled] = self._book.add_format({"num_format": shape, "valign": "vcenter", **rules})
        return self._cells[shape, ruled]


def _instructions(book: Any, columns: Sequence[Column], policy: Policy, code: str | None) -> None:
    """Write how to fill the roster in: one row a column, so that no program takes it for a roster."""
    sheet = book.add_worksheet("填表说明")
    wrap = book.add_format({"text_wrap": True, "valign": "top", "border": 1, "border_color": "#808080"})
    head = book.add_format({"bold": True, "bg_color": "#DDE7F3", "border": 1, "align": "center"})
    note = book.add_format({"text_wrap": True, "valign": "top"})
    for place, width in enumerate((22, 10, 90)):
        sheet.set_column(place, place, width)
    rows = list(_general(policy, code))
    for row, text in enumerate(rows):
        sheet.merge_range(row, 0, row, 2, "", note)
        sheet.write_string(row, 0, text, note)
        sheet.set_row(row, 15 * -(-len(text) // 58) + 3)
    first = len(rows) + 1
    for place, title in enumerate((Text("栏目", "Column"), Text("必填", "Needed"), Text("怎样填写", "How to fill in"))):
        sheet.write_string(first, place, str(title), head)
    for number, column in enumerate(columns, first + 1):
        choices = tr("可选：", " One of: ") + "、".join(column.choices) if column.choices else ""
        cells = (column.heading.rstrip("*"), tr("是", "yes") if column.needed else "", f"{_NOTES[column.key]}{choices}")
        for place, cell in enumerate(cells):
            sheet.write_string(number, place, cell, wrap)
        if len(cells[-1]) > 44:
            sheet.set_row(number, 15 * -(-len(cells[-1]) // 44) + 2)
    _print_setup(sheet)


def _general(policy: Policy, code: str | None) -> Iterator[str]:
    yield tr("填表说明", "How to fill in this roster")
    yield tr(
        "一人一次培训填一行，不要合并单元格，不要改表头。带 * 的栏目必须填写；合计、签字写在最后一行之下。",
        "One row a person and training; merge no cells, keep the headings. Columns with * must be filled in.",
    )
    yield tr(
        "“填报单位”填在标题下的横线上，作为每一行的培训机构。",
        "Write the institution beside 填报单位: it counts for every row.",
    )
    if code is not None:
        entry = policy.programmes[code]
        yield tr(
            f"本表申领{entry.name}，依据 {entry.clause}，{_figure_text(entry.amounts)}{entry.unit}。",
            f"This roster claims the {entry.name} ({entry.clause}): {_figure_text(entry.amounts)} {entry.unit}.",
        )
    yield tr(
        f"填好后可用 trainingcli validate 检查。政策文件 {policy.id}。",
        f"Check it with `trainingcli validate` before it is sent. Policy file {policy.id}.",
    )


def _figure_text(amounts: Mapping[str, Sequence[Any]]) -> str:
    """Return the latest figures of a programme in one line."""
    said = []
    for level, dated in amounts.items():
        fen = dated[-1].fen
        amount = tr("方案未列", "not stated") if fen is None else f"{fen // 100}"
        said.append(amount if level == "each" else f"{level} {amount}")
    return "、".join(said)
