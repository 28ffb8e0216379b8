"""The page 说明 of a workbook: policy and figures, readings that decided something, inputs, checks, control totals."""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa
import pyarrow.compute as pc

from trainingcli.language import Text, tr
from trainingcli.reports.data.totals import Total
from trainingcli.reports.workbooks.context import Context, ReadingRef
from trainingcli.reports.workbooks.late_lines import head_line
from trainingcli.reports.workbooks.style import Book, Page
from trainingcli.settle.programmes import programmes

_WIDTHS = (30, 34, 12, 14, 14, 14, 14)
_COLUMNS = len(_WIDTHS)

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
    page.widths(_WIDTHS)
    page.title(tr("说明", "About this workbook"), _COLUMNS)
    _sheet_totals(page, sheets)
    _policy(page, context)
    _readings(page, deciding_readings(context, lines, reasons))
    if context.inputs:
        _inputs(page, context)
    _supplied(page, context)
    _checks(page, context)
    _ledger(page, context)
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
    page.section(tr("政策", "Policy"))
    page.line(context.policy_title, _COLUMNS)
    page.line(tr(f"政策文件 {context.policy_id}，SHA-256 {context.policy_sha256}",
                 f"Policy file {context.policy_id}, SHA-256 {context.policy_sha256}"), _COLUMNS)  # fmt: skip
    page.section(tr(f"{context.today} 执行的标准", f"Figures in force on {context.today}"))
    headings = (Text("标准", "Figure"), Text("数额", "Amount"), Text("依据", "Clause"), Text("自", "Since"))
    rows = [(str(name), f"{amount} {unit}", clause, since) for name, amount, unit, clause, since in context.figures]
    page.short_table(headings, rows, ("wrap", "middle", "middle", "middle"))


def _readings(page: Page, readings: Sequence[ReadingRef]) -> None:
    page.section(tr("起了作用的默认口径（方案未写明之处）", "Default readings that decided something"))
    if not readings:
        page.line(tr("无", "None"), _COLUMNS)
        return
    page.headings(page.row, [Text("编号与参数", "Number and parameter"), Text("口径", "Reading")], 20)
    page.span(page.row, 1, _COLUMNS - 1, tr("口径", "Reading"), "head")
    page.row += 1
    for item in readings:
        page.text(page.row, 0, f"{item.number}　{item.parameter}", "wrap")
        page.paragraph(1, _COLUMNS - 1, tr(f"{item.text}（取值：{item.value}）", f"{item.text} (value: {item.value})"))
        page.row += 1


def _inputs(page: Page, context: Context) -> None:
    """List the inputs: name and hash, each sheet with its control totals, what was not read and why."""
    page.section(tr("输入文件（总行数 = 人员行 + 空行 + 表头 + 表尾 + 标题及跳过）",
                    "Inputs (rows = read + blank + header + footer + title and skipped)"))  # fmt: skip
    headings = (
        Text("文件", "File"), Text("SHA-256 或说明", "SHA-256 or remark"), Text("工作表", "Sheet"),
        Text("表头行", "Header row"), Text("人员行", "Rows read"), Text("总行数", "Rows in sheet"),
        Text("空/头/尾/跳过", "Blank/head/foot/skipped"),
    )  # fmt: skip
    rows: list[list[object]] = []
    for item in context.inputs:
        if item.error is not None:
            rows.append([item.file, tr(f"未能读取：{item.error}", f"Not read: {item.error}"), *[None] * 5])
        for sheet in item.sheets:
            rest = f"{sheet.blank}/{sheet.header}/{sheet.footer}/{sheet.skipped}"
            rows.append([item.file, item.sha256, sheet.sheet, sheet.header_row, sheet.read, sheet.total, rest])
            if sheet.unused:
                unread = "、".join(f"{letter} {heading}" for letter, heading in sheet.unused)
                rows.append(
                    [item.file, tr(f"未读取的列：{unread}", f"Columns not read: {unread}"), sheet.sheet, *[None] * 4]
                )
        for name, why in item.not_read:
            rows.append([item.file, tr(f"未读：{why}", f"Not read: {why}"), name, *[None] * 4])
        rows += [[item.file, str(text), *[None] * 5] for text in item.warnings]
    page.short_table(headings, rows, ("wrap", "wrap", "wrap", "count", "count", "count", "middle"))


def _supplied(page: Page, context: Context) -> None:
    """List the workbooks of other offices, each with its hash and counts."""
    if not context.supplied:
        return
    page.section(tr("比对用的文件", "Held against"))
    headings = (
        Text("文件", "File"), Text("SHA-256", "SHA-256"), Text("种类", "Kind"), Text("条目", "Entries"),
        Text("不能用的", "Unusable"),
    )  # fmt: skip
    rows = [(each.file, each.sha256, str(each.kind), each.entries, each.findings) for each in context.supplied]
    page.short_table(headings, rows, ("wrap", "wrap", "wrap", "count", "count"))


def _checks(page: Page, context: Context) -> None:
    """List the checks that were not done: never passed in silence."""
    page.section(tr("未进行的核查", "Checks not performed"))
    missing = [check for check in context.checks if not check.performed]
    if not missing:
        page.line(tr("无：应做的核查都已进行。", "None: every check was done."), _COLUMNS)
        return
    rows = [(check.check, str(check.why or "")) for check in missing]
    page.short_table((Text("核查", "Check"), Text("原因", "Why")), rows, ("text", "wrap"))


def _ledger(page: Page, context: Context) -> None:
    if context.ledger is None:
        return
    page.section(tr("台账", "Ledger"))
    page.late_line("head", head_line(context.ledger), _COLUMNS)
