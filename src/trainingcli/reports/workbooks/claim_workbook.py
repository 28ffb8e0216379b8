"""The claim workbook (申领核定表) of one institution: what a clerk prints, has signed and pays from.

Sheets: 汇总, 核定明细 (approved, reduced and posted lines), 待核, 不予补贴, 说明. ID numbers stand whole, as text.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import IO, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from trainingcli import language
from trainingcli.facts import STATUS_WORDS
from trainingcli.language import Text, tr
from trainingcli.money import yuan_text
from trainingcli.reports.data.columns import join, joined, offsets_of, replaced
from trainingcli.reports.data.reason_words import remedies
from trainingcli.reports.data.totals import Total, total_of, totals_by, with_people
from trainingcli.reports.workbooks.about_page import add_about_page
from trainingcli.reports.workbooks.capital import capital_amount
from trainingcli.reports.workbooks.context import Context
from trainingcli.reports.workbooks.style import Book, Page, TableColumn, sheets_needed

_MOST_PAYEES = 30
_PRINTED, _PROBLEM_PRINTED = 14, 12  # columns
_DETAIL_STATUSES = ("approved", "reduced", "posted")


@dataclass(frozen=True)
class ClaimTask:
    """One claim workbook to write: the institution's lines and their reasons (`line` counts from 0 within them)."""

    institution: str
    lines: pa.Table
    reasons: pa.Table
    context: Context


def write_claim_workbook(task: ClaimTask, target: IO[bytes]) -> None:
    """Write the workbook to an open binary file."""
    language.use(task.context.language)
    task = replace(task, lines=with_people(task.lines))
    book = Book(f"{task.institution} {tr('培训补贴申领核定表', 'training subsidy claims')}", task.context.today)
    _summary_page(book.page(tr("汇总", "Summary")), task)
    offsets = offsets_of(task.reasons["line"], task.lines.num_rows)
    parts = {
        "detail": _positions(task.lines, _DETAIL_STATUSES),
        "held": _positions(task.lines, ("held",)),
        "rejected": _positions(task.lines, ("rejected",)),
    }
    totals = _sheet_totals(task, parts)
    _detail_pages(book, task, parts["detail"], offsets)
    _problem_pages(book, task, totals[1], parts["held"], offsets)
    _problem_pages(book, task, totals[2], parts["rejected"], offsets)
    add_about_page(book, task.context, task.lines, task.reasons, totals)
    book.save(target, "claim")


def _positions(lines: pa.Table, statuses: Sequence[str]) -> Any:
    return np.flatnonzero(pc.is_in(lines["status"], pa.array(statuses)).to_numpy())


def _sheet_totals(task: ClaimTask, parts: dict[str, Any]) -> list[tuple[str, Total]]:
    names = {
        "detail": tr("核定明细", "Details"),
        "held": tr("待核", "Held"),
        "rejected": tr("不予补贴", "Rejected"),
    }
    return [(names[part], total_of(task.lines.take(positions))) for part, positions in parts.items()]


# ---- 汇总

_SUMMARY = (
    (Text("补贴项目", "Programme"), 20), (Text("政策依据", "Clause"), 9), (Text("资金来源", "Fund"), 14),
    (Text("申报人数", "People"), 8), (Text("申报笔数", "Lines"), 8), (Text("申报金额", "Claimed"), 14),
    (Text("核定人数", "People paid"), 8), (Text("核定笔数", "Lines paid"), 8), (Text("核定金额", "Approved"), 14),
    (Text("差额", "Difference"), 13), (Text("待核", "Held lines"), 8), (Text("不予补贴", "Rejected lines"), 9),
    (Text("已入账", "Posted lines"), 8),
)  # fmt: skip
_SUMMARY_STYLES = ("wrap", "middle", "middle", *["count"] * 2, "money", *["count"] * 2, *["money"] * 2, *["count"] * 3)


def _summary_page(page: Page, task: ClaimTask) -> None:
    context, columns = task.context, len(_SUMMARY)
    page.widths([width for _, width in _SUMMARY])
    page.title(tr("职业技能提升培训补贴申领核定汇总表", "Training subsidies: claims settled"), columns)
    page.text(page.row, 0, tr(f"单位：{task.institution}", f"Institution: {task.institution}"))
    page.span(page.row, columns - 5, columns - 1, tr(f"核定日期：{_day(context.today)}　　金额单位：元",
              f"Settled on {context.today}; amounts in yuan"), "right")  # fmt: skip
    page.row += 1
    posting = _posting(context)
    if posting:
        page.line(posting, columns)
    whole = _programme_table(page, task)
    page.text(page.row, 0, tr("核定金额合计（大写）", "Total approved"), "label")
    capital = f"{capital_amount(whole.approved)}　（￥{_grouped(whole.approved)}）"
    page.span(page.row, 1, columns - 1, capital, "capital")
    page.sheet.set_row(page.row, 26)
    page.row += 1
    _payees(page, task)
    page.row += 1
    for note in _notes(whole, context):
        page.line(note, columns, "note", 15)
    _signatures(page, columns)
    page.sheet.print_area(0, 0, page.row - 1, columns - 1)


def _day(iso: str) -> str:
    day = date.fromisoformat(iso)
    return f"{day.year}年{day.month}月{day.day}日"


def _grouped(fen: int) -> str:
    whole, _, cents = yuan_text(abs(fen)).partition(".")
    return f"{'-' if fen < 0 else ''}{int(whole):,}.{cents}"


def _posting(context: Context) -> str:
    parts = []
    if context.batch is not None:
        parts.append(tr(f"入账批次：第 {context.batch.id} 批", f"Batch {context.batch.id}"))
    if context.ledger is not None:
        head = context.ledger
        parts.append(
            tr(f"台账：{head.entries} 条，末条 {head.hash}", f"Ledger: {head.entries} entries, head {head.hash}")
        )
    return "　　".join(parts)


def _programme_table(page: Page, task: ClaimTask) -> Total:
    """The totals of each programme that has lines, and the total of all; returns the latter."""
    context = task.context
    totals = [total for total in totals_by(task.lines, "programme", context.programmes) if total.lines]
    rows = []
    for total in totals:
        programme = context.programmes.get(total.key or "")
        clause, fund = (programme.clause, programme.fund) if programme else (None, None)
        rows.append([context.programme_name(total.key), clause, fund, *_figures(total)])
    page.short_table([heading for heading, _ in _SUMMARY], rows, _SUMMARY_STYLES)
    whole = total_of(task.lines)
    page.cells(page.row, [tr("合计", "Total"), None, None, *_figures(whole)], _SUMMARY_STYLES, total=True)
    page.row += 1
    return whole


def _figures(total: Total) -> list[object]:
    return [
        total.people, total.lines, total.claimed, total.paid_people, total.paid_lines, total.approved,
        total.difference, total.statuses["held"], total.statuses["rejected"], total.statuses["posted"],
    ]  # fmt: skip


def _payees(page: Page, task: ClaimTask) -> None:
    """Who is paid how much from which fund; trainees paid themselves are one entry, named in the details."""
    paid = task.lines.filter(pc.is_in(task.lines["status"], pa.array(["approved", "reduced"])))
    if not paid.num_rows:
        return
    to_trainees = [code for code, item in task.context.programmes.items() if item.pays_trainee]
    own = pc.is_in(paid["programme"], pa.array(to_trainees, paid["programme"].type))
    trainees = tr("学员本人（见核定明细）", "the trainees (see details)")
    payee = pc.if_else(own, trainees, pc.fill_null(paid["payee"], ""))
    table = pa.table({"fund": pc.fill_null(paid["fund"], ""), "payee": payee, "approved": paid["approved"]})
    sums = table.group_by(["fund", "payee"], use_threads=False).aggregate([([], "count_all"), ("approved", "sum")])
    found = sorted(sums.to_pylist(), key=lambda row: (row["fund"], -row["approved_sum"], row["payee"]))
    page.section(tr("拨付对象", "Payees"))
    styles = ["wrap", "label", "label", "label", "count", "money"]
    page.headings(page.row, [Text("资金来源", "Fund"), Text("享受补贴对象", "Payee")])
    page.span(page.row, 1, 3, tr("享受补贴对象", "Payee"), "head")
    page.text(page.row, 4, tr("笔数", "Lines"), "head")
    page.text(page.row, 5, tr("金额", "Amount"), "head")
    page.sheet.set_row(page.row, 18)
    page.row += 1
    for row in found[:_MOST_PAYEES]:
        values = [row["fund"], None, None, None, row["count_all"], row["approved_sum"]]
        page.cells(page.row, values, styles)
        page.span(page.row, 1, 3, row["payee"], "wrap")
        page.row += 1
    rest = found[_MOST_PAYEES:]
    if rest:
        amount = sum(row["approved_sum"] for row in rest)
        text = tr(f"其余 {len(rest)} 个对象", f"{len(rest)} more payees")
        page.cells(page.row, [None, None, None, None, sum(row["count_all"] for row in rest), amount], styles)
        page.span(page.row, 1, 3, text, "wrap")
        page.row += 1


def _notes(whole: Total, context: Context) -> list[str]:
    notes = []
    if whole.unclaimed:
        amount = _grouped(whole.unclaimed)
        notes.append(tr(f"注：名册未填申报金额的，按应补金额核定，计 {amount} 元；差额只计填有申报金额的各笔。",
                        f"Lines that claimed no amount are approved at the entitlement: {amount} yuan in all; "
                        "the difference counts lines with a claimed amount alone."))  # fmt: skip
    held, missing = whole.statuses["held"], [check.check for check in context.checks if not check.performed]
    if held:
        notes.append(tr(f"注：待核 {held} 笔未计入核定金额，查清后另行核定。",
                        f"{held} held lines are not in the approved amount until they are decided."))  # fmt: skip
    if missing:
        notes.append(
            tr(f"注：未进行的核查 {len(missing)} 项，见“说明”。", f"{len(missing)} checks were not done: see About.")
        )
    return notes


def _signatures(page: Page, columns: int) -> None:
    page.row += 1
    page.sheet.set_row(page.row, 34)
    third = columns // 3
    for place, role in enumerate(
        (Text("制表：", "Prepared by:"), Text("审核：", "Checked by:"), Text("负责人：", "In charge:"))
    ):
        page.text(page.row, place * third, str(role), "sign")
    page.text(page.row, columns - 2, tr("（盖章）", "(seal)"), "sign")
    page.row += 1
    page.sheet.set_row(page.row, 26)
    page.text(page.row, 0, tr("日期：　　　　年　　月　　日", "Date:"), "sign")
    page.row += 1


# ---- 核定明细


def _detail_pages(book: Book, task: ClaimTask, positions: Any, offsets: Any) -> None:
    notes = joined(_messages(task.reasons), offsets, "；")
    lines = task.lines.take(positions).append_column("notes", pc.take(notes, positions))
    for number, rows in enumerate(sheets_needed(lines.num_rows)):
        name = tr("核定明细", "Details")
        page = book.page(f"{name}{number + 1}" if number else name)
        part = lines.slice(rows.start, len(rows))
        paid = pc.sum(part["approved"]).as_py() or 0
        columns = _detail_columns(part, task.context, rows.start)
        page.title(tr(f"{task.institution}　核定明细表", f"{task.institution}: lines approved"), _PRINTED)
        page.line(tr(f"共 {part.num_rows} 笔，核定金额 {_grouped(paid)} 元。打印左侧各栏；右侧各栏供核对与拨付。",
                     f"{part.num_rows} lines, {_grouped(paid)} yuan. Columns on the right: to check and to pay."),
                  _PRINTED)  # fmt: skip
        page.long_table(columns, frozen=4, printed=_PRINTED)


def _messages(reasons: pa.Table) -> Any:
    return reasons["en" if language.current() == "en" else "zh"]


def _detail_columns(lines: pa.Table, context: Context, before: int) -> list[TableColumn]:
    """The first `_PRINTED` are printed and signed; the rest are for checking and paying."""
    names = {code: str(item.name) for code, item in context.programmes.items()}
    statuses = {code: str(word) for code, word in STATUS_WORDS.items()}
    number = pa.array(np.arange(before + 1, before + lines.num_rows + 1))
    return [
        TableColumn(Text("序号", "No."), number, "number", 5),
        TableColumn(Text("补贴项目", "Programme"), replaced(lines["programme"], names), "wrap", 10, 18),
        TableColumn(Text("姓名", "Name"), lines["name"], "middle", 8, 16),
        TableColumn(Text("身份证号", "ID number"), lines["id_number"], "middle", 18, 20),
        TableColumn(Text("职业(工种)", "Occupation"), lines["occupation"], "wrap", 10, 16),
        TableColumn(Text("等级", "Level"), lines["level"], "middle", 6, 12),
        TableColumn(Text("培训开始", "Start"), _days(lines["start_date"]), "date"),
        TableColumn(Text("培训结束", "End"), _days(lines["end_date"]), "date"),
        TableColumn(Text("申报金额", "Claimed"), lines["claimed"], "money", 10, 14),
        TableColumn(Text("应补金额", "Entitled"), lines["entitled"], "money", 10, 14),
        TableColumn(Text("核定金额", "Approved"), lines["approved"], "money", 10, 14),
        TableColumn(Text("结果", "Result"), replaced(lines["status"], statuses), "middle", 6, 10),
        TableColumn(Text("享受补贴对象", "Payee"), lines["payee"], "wrap", 10, 28),
        TableColumn(Text("备注", "Remarks"), _empty_as_null(lines["notes"]), "wrap", 10, 30),
        TableColumn(Text("资金来源", "Fund"), lines["fund"], "middle", 8, 16),
        TableColumn(Text("开户银行", "Bank"), lines["bank"], "wrap", 8, 20),
        TableColumn(Text("银行账号", "Account"), lines["account"], "middle", 10, 22),
        TableColumn(Text("联系电话", "Phone"), lines["phone"], "middle", 11, 16),
        TableColumn(Text("人员类别", "Category"), lines["category"], "wrap", 8, 18),
        TableColumn(Text("困难类型", "Hardship"), lines["hardship"], "wrap", 8, 18),
        TableColumn(Text("工作单位", "Employer"), lines["employer"], "wrap", 8, 24),
        TableColumn(Text("培训类型", "Training type"), lines["training_type"], "wrap", 8, 18),
        TableColumn(Text("班级", "Class"), lines["class_no"], "wrap", 8, 18),
        TableColumn(Text("天数", "Days"), lines["days"], "number", 4),
        TableColumn(Text("证书类型", "Certificate type"), lines["certificate_type"], "wrap", 8, 18),
        TableColumn(Text("证书编号", "Certificate no."), lines["certificate_no"], "middle", 10, 24),
        TableColumn(Text("发证日期", "Issued"), _days(lines["certificate_date"]), "date"),
        *_source(lines),
    ]


def _days(moments: Any) -> Any:
    return moments.cast(pa.date32())


def _empty_as_null(texts: Any) -> Any:
    return pc.if_else(pc.equal(texts, ""), None, texts)


def _source(lines: pa.Table) -> list[TableColumn]:
    return [
        TableColumn(Text("来源文件", "File"), lines["file"], "wrap", 10, 26),
        TableColumn(Text("工作表", "Sheet"), lines["sheet"], "wrap", 8, 14),
        TableColumn(Text("行号", "Row"), lines["row"], "number", 5),
    ]


# ---- 待核, 不予补贴


def _problem_pages(book: Book, task: ClaimTask, named: tuple[str, Total], positions: Any, offsets: Any) -> None:
    """A row a reason: what is wrong, by which clause, in which cell, and what to do about it."""
    name, people = named[0], named[1].people
    counts = np.maximum(np.diff(offsets)[positions], 1)
    places = np.repeat(np.arange(len(positions)), counts)
    for number, rows in enumerate(sheets_needed(len(places))):
        page = book.page(f"{name}{number + 1}" if number else name)
        page.title(tr(f"{task.institution}　{name}名单", f"{task.institution}: {name.lower()} lines"), _PROBLEM_PRINTED)
        page.line(tr(f"共 {len(positions)} 笔、{people} 人。一笔有几条原因的，一条一行；申报金额只列一次。",
                     f"{len(positions)} lines, {people} people. A row a reason; amounts on a line's first row."),
                  _PROBLEM_PRINTED)  # fmt: skip
        part = slice(rows.start, rows.stop)
        page.long_table(_problem_columns(task, positions, places[part], offsets), frozen=4, printed=_PROBLEM_PRINTED)


def _problem_columns(task: ClaimTask, positions: Any, places: Any, offsets: Any) -> list[TableColumn]:
    first = np.ones(len(places), dtype=bool)
    first[1:] = places[1:] != places[:-1]
    starts = np.flatnonzero(first)
    within = np.arange(len(places)) - np.repeat(starts, np.diff([*starts, len(places)]))
    line = positions[places]
    found = offsets[line] + within
    lines = task.lines.take(line)
    reasons = task.reasons.take(pa.array(found, mask=found >= offsets[line + 1]))
    names = {code: str(item.name) for code, item in task.context.programmes.items()}
    codes = pc.unique(reasons["code"]).drop_null().to_pylist()
    return [
        TableColumn(Text("序号", "No."), pa.array(places + 1), "number", 5),
        TableColumn(Text("补贴项目", "Programme"), replaced(lines["programme"], names), "wrap", 10, 18),
        TableColumn(Text("姓名", "Name"), lines["name"], "middle", 8, 16),
        TableColumn(Text("身份证号", "ID number"), lines["id_number"], "middle", 18, 20),
        TableColumn(Text("申报金额", "Claimed"), pc.if_else(pa.array(first), lines["claimed"], None), "money", 10, 14),
        TableColumn(Text("原因代码", "Code"), reasons["code"], "text", 10, 28),
        TableColumn(Text("原因", "Reason"), _messages(reasons), "wrap", 16, 30),
        TableColumn(Text("依据", "Clause"), reasons["clause"], "middle", 7, 10),
        TableColumn(Text("来源", "Where"), _place(lines), "wrap", 8, 18),
        TableColumn(Text("单元格", "Cell"), reasons["cell"], "middle", 6, 8),
        TableColumn(Text("填写内容", "As written"), reasons["value"], "wrap", 8, 18),
        TableColumn(Text("怎么办", "What to do"), replaced(reasons["code"], remedies(codes)), "wrap", 16, 36),
        TableColumn(Text("职业(工种)", "Occupation"), lines["occupation"], "wrap", 8, 16),
        TableColumn(Text("等级", "Level"), lines["level"], "middle", 6, 12),
        *_source(lines),
    ]


def _place(lines: pa.Table) -> Any:
    """The file without its folders, and the sheet: where the cell is to be looked for."""
    return join(pc.replace_substring_regex(lines["file"], r"^.*[/\\]", ""), "　", lines["sheet"])
