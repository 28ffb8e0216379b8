"""The page 说明 of a workbook, one printed page: what was asked of these lines, by which figures and readings, of what.

The whole policy is `trainingcli policy show`, every input stands in the summary workbook.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import pyarrow as pa
import pyarrow.compute as pc

from trainingcli.facts import Check
from trainingcli.language import Text, tr
from trainingcli.places import base_name
from trainingcli.policy import FigureRow
from trainingcli.reports.data.totals import Total
from trainingcli.reports.workbooks.context import Context, InputRef, ReadingRef, check_title
from trainingcli.reports.workbooks.late_lines import head_line
from trainingcli.reports.workbooks.style import Book, Page
from trainingcli.settle.programmes import programmes
from trainingcli.terminal_text import width

_WIDTHS = (24, 33, 11, 14, 14, 13, 14)
_COLUMNS = len(_WIDTHS)
_MOST_INPUTS = 5  # rows: the page is one
_NAME, _REMARK, _TITLE = 44, 64, 20  # digits of two lines of their columns
_LATIN = re.compile("[A-Za-z]")
_CODE = re.compile(r"（[A-Z]+(_[A-Z]+)+）")

# Which lines a default reading touches: by the programmes that name its parameter, by reason code. Q10 (the figure of
# the day) touches every line; Q12 allows and so decides nothing unless it is set otherwise, and then by its own codes.
_BY_CODE = {
    "Q6": ("NO_STANDARD",),
    "Q7": ("ANNUAL_LIMIT",),
    "Q8": ("REPEAT_TRAINING",),
    "Q9": ("ANNUAL_LIMIT", "WAIVED"),
    "Q12": ("LOWER_AFTER_HIGHER",),
    "Q13": ("CERTIFICATE_KIND",),
    "Q14": ("NOT_COMPLETED",),
    "Q20": ("REALNAME_DIFFERS", "NOT_IN_REALNAME"),
}


def deciding_readings(context: Context, lines: pa.Table, reasons: pa.Table) -> list[ReadingRef]:
    """Return the default readings that decided something of these lines."""
    asked = set(pc.unique(lines["programme"]).to_pylist())
    by_programme = {
        name for programme in programmes(context.programmes) if programme.code in asked for name in programme.readings
    }
    codes = set(pc.unique(reasons["code"]).to_pylist())

    def decided(reading: ReadingRef) -> bool:
        if reading.number == "Q10":
            return bool(lines.num_rows)
        return reading.parameter in by_programme or not codes.isdisjoint(_BY_CODE.get(reading.number, ()))

    return [reading for reading in context.readings if decided(reading)]


def add_about_page(
    book: Book, context: Context, lines: pa.Table, reasons: pa.Table, sheets: Sequence[tuple[str, Total]]
) -> None:
    """Add the page. `sheets`: each sheet of lines with its control totals. A context without inputs lists none."""
    page = book.page(tr("说明", "About"))
    page.sheet.set_portrait()
    page.sheet.fit_to_pages(1, 1)
    page.widths(_WIDTHS)
    page.title(tr("说明", "About this workbook"), _COLUMNS)
    _sheet_totals(page, sheets)
    _checks(page, context)
    _figures(page, context, lines)
    _readings(page, context, deciding_readings(context, lines, reasons))
    if context.inputs:
        _inputs(page, context.inputs)
    _supplied(page, context)
    _policy(page, context)
    page.sheet.print_area(0, 0, page.row, _COLUMNS - 1)


def _sheet_totals(page: Page, sheets: Sequence[tuple[str, Total]]) -> None:
    page.section(tr("各表控制数", "Control totals"))
    headings = (
        Text("工作表", "Sheet"), Text("笔数", "Lines"), Text("人数", "People"), Text("申报金额(元)", "Claimed (yuan)"),
        Text("核定金额(元)", "Approved (yuan)"),
    )  # fmt: skip
    rows = [(name, total.lines, total.people, total.claimed, total.approved) for name, total in sheets]
    page.short_table(headings, rows, ("text", "count", "count", "money", "money"))


def _policy(page: Page, context: Context) -> None:
    """Say by which policy file, and of which ledger."""
    page.section(tr("政策和台账", "Policy and ledger"))
    page.line(tr(f"{context.policy_title}（政策文件 {context.policy_id}）",
                 f"{context.policy_title} (policy file {context.policy_id})"), _COLUMNS)  # fmt: skip
    page.line(tr(f"政策文件 SHA-256：{context.policy_sha256}", f"SHA-256: {context.policy_sha256}"), _COLUMNS)
    if context.ledger is not None:
        page.late_line("head", head_line(context.ledger), _COLUMNS)


def _figures(page: Page, context: Context, lines: pa.Table) -> None:
    """List the figures of the programmes that these lines ask for."""
    asked = set(pc.unique(lines["programme"]).to_pylist())
    page.section(tr(f"用到的补贴标准（{context.today} 执行）", f"Figures asked for, in force on {context.today}"))
    headings = (Text("补贴项目", "Figure"), Text("标准", "Amount"), Text("依据", "Clause"), Text("起始日期", "Since"))
    rows = [(str(each.name), _amount(each), each.clause, each.since) for each in context.figures if each.code in asked]
    page.short_table(headings, rows, ("wrap", "middle", "middle", "middle"))


def _amount(figure: FigureRow) -> str:
    """The amount with its unit; what the plan does not state has none."""
    return f"{figure.amount} {figure.unit}" if figure.amount[0].isdigit() else figure.amount


def _readings(page: Page, context: Context, readings: Sequence[ReadingRef]) -> None:
    """List the readings that decided something, each as its number and sentence."""
    page.section(tr("起了作用的默认口径（方案未写明之处）", "Default readings that decided something"))
    if not readings:
        page.line(tr("无", "None"), _COLUMNS)
        return
    for item in readings:
        page.text(page.row, 0, item.number, "wrap")
        page.paragraph(1, _COLUMNS - 1, _reading_text(context, item))
        page.row += 1


def _reading_text(context: Context, item: ReadingRef) -> str:
    """A reading in words: in Chinese without the program's codes, the value where it is one that people read."""
    value = context.programme_name(item.value) if item.value in context.programmes else item.value
    said = tr(_CODE.sub("", item.text.zh).rstrip("。"), item.text.en.rstrip("."))
    if tr(_LATIN.sub("", value), value) != value or value in said:
        return tr(f"{said}。", f"{said}.")
    return tr(f"{said}（{value}）。", f"{said} ({value}).")


def _inputs(page: Page, inputs: Sequence[InputRef]) -> None:
    """List the inputs: name and hash, each sheet with its control totals, what was not read and why."""
    page.section(tr("花名册（总行数 = 人员行 + 空行 + 表头 + 表尾 + 标题及跳过）",
                    "Rosters (rows = read + blank + header + footer + title and skipped)"))  # fmt: skip
    headings = (
        Text("文件", "File"), Text("SHA-256 或说明", "SHA-256 or remark"), Text("工作表", "Sheet"),
        Text("表头行", "Header row"), Text("人员行", "Rows read"), Text("总行数", "Rows in sheet"),
        Text("空/头/尾/跳过", "Blank/head/foot/skipped"),
    )  # fmt: skip
    rows = [row for item in inputs for row in _input_rows(item)]
    styles = ("wrap", "wrap", "wrap", "count", "count", "count", "middle")
    page.short_table(headings, rows[:_MOST_INPUTS], styles)
    if len(rows) > _MOST_INPUTS:
        left = len(rows) - _MOST_INPUTS
        page.line(
            tr(f"其余 {left} 行见汇总工作簿的“输入”。", f"{left} more rows: see Inputs in the summary."), _COLUMNS
        )


def _input_rows(item: InputRef) -> Iterator[list[object]]:
    """An input in rows, in short: no folders, texts that fit two lines."""
    name = _short(base_name(item.file), _NAME)
    if item.error is not None:
        yield [name, _short(tr(f"未能读取：{item.error}", f"Not read: {item.error}")), *[None] * 5]
    for sheet in item.sheets:
        rest = f"{sheet.blank}/{sheet.header}/{sheet.footer}/{sheet.skipped}"
        title = _short(sheet.sheet, _TITLE)
        yield [name, item.sha256, title, sheet.header_row, sheet.read, sheet.total, rest]
        if sheet.unused:
            unread = "、".join(f"{letter} {heading}" for letter, heading in sheet.unused)
            yield [name, _short(tr(f"未读取的列：{unread}", f"Columns not read: {unread}")), title, *[None] * 4]
    for sheet_name, why in item.not_read:
        yield [name, _short(tr(f"未读：{why}", f"Not read: {why}")), _short(sheet_name, _TITLE), *[None] * 4]
    for text in item.warnings:
        yield [name, _short(str(text)), *[None] * 5]


def _short(text: str, most: int = _REMARK) -> str:
    if width(text) <= most:
        return text
    kept = text[:most]
    while width(kept) >= most:
        kept = kept[:-1]
    return f"{kept}…"


def _supplied(page: Page, context: Context) -> None:
    """List the workbooks of other offices, each with its hash and counts."""
    if not context.supplied:
        return
    page.section(tr("比对用的文件", "Held against"))
    headings = (
        Text("文件", "File"), Text("SHA-256", "SHA-256"), Text("种类", "Kind"), Text("条目", "Entries"),
        Text("不能用的", "Unusable"),
    )  # fmt: skip
    rows = [
        (_short(base_name(each.file), _NAME), each.sha256, str(each.kind), each.entries, each.findings)
        for each in context.supplied
    ]
    page.short_table(headings, rows[:_MOST_INPUTS], ("wrap", "wrap", "wrap", "count", "count"))
    if len(rows) > _MOST_INPUTS:
        left = len(rows) - _MOST_INPUTS
        page.line(tr(f"其余 {left} 个文件从略。", f"{left} more files."), _COLUMNS)


def _checks(page: Page, context: Context) -> None:
    """Say what the lines were held against, and what not: never passed in silence."""
    page.section(tr("核查", "Checks"))
    for performed, word in ((True, tr("已进行", "Done")), (False, tr("未进行", "Not done"))):
        found = [check for check in context.checks if check.performed == performed]
        said = [str(check_title(check.check)) if performed else _not_done(check) for check in found]
        page.text(page.row, 0, word, "label")
        page.paragraph(1, _COLUMNS - 1, tr("；", "; ").join(said) or tr("无", "none"))
        page.row += 1


def _not_done(check: Check) -> str:
    return str(check.why or check_title(check.check))
