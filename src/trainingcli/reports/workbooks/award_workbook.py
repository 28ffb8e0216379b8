"""Workbooks of awards (基地、工作室补助): one a payee, to be printed, signed and paid from, and a summary.

Sheets: 汇总, 核定明细, 已入账, 待核 (with the columns that bring a decision back), 不予补贴, 说明; no empty one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import IO, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from trainingcli import language
from trainingcli.bank_account import account_digits
from trainingcli.compared import folded_name
from trainingcli.facts import STATUS_WORDS, UNIT_KINDS
from trainingcli.language import Text, tr
from trainingcli.money import grouped_yuan
from trainingcli.reports.data.reason_words import remedies
from trainingcli.reports.data.text_columns import joined, offsets_of, replaced
from trainingcli.reports.data.totals import Total, total_of, totals_by
from trainingcli.reports.workbooks.about_page import add_about_page
from trainingcli.reports.workbooks.capital import capital_amount
from trainingcli.reports.workbooks.claim_front_page import add_posting_line, day_text, sign
from trainingcli.reports.workbooks.claim_parts import empty_as_null, messages, place_of
from trainingcli.reports.workbooks.context import Context, ProgrammeRef
from trainingcli.reports.workbooks.problem_pages import decision_columns
from trainingcli.reports.workbooks.style import Book, Page, TableColumn

_PAID = ("approved", "reduced")
_FRONT = (
    (Text("序号", "No."), 5, "number"), (Text("名称", "Unit"), 26, "wrap"), (Text("补贴项目", "Award"), 24, "wrap"),
    (Text("级别", "Grade"), 7, "middle"), (Text("评估年度", "Round"), 9, "middle"),
    (Text("认定文号", "Document"), 20, "wrap"), (Text("认定日期", "Recognised"), 11, "middle"),
    (Text("评估日期", "Evaluated"), 11, "middle"), (Text("申报金额", "Claimed"), 14, "money"),
    (Text("核定金额", "Approved"), 14, "money"), (Text("累计已拨付(含本次)", "Paid to the unit so far"), 15, "money"),
)  # fmt: skip
_COLUMNS = len(_FRONT)
_MOST_ON_FRONT = 60
_TOTALS = (
    Text("补贴项目", "Award"), Text("资金来源", "Fund"), Text("笔数", "Lines"), Text("申报金额", "Claimed"),
    Text("核定金额", "Approved"), *STATUS_WORDS.values(),
)  # fmt: skip
_TOTAL_STYLES = ("wrap", "middle", "count", "money", "money", *["count"] * len(STATUS_WORDS))
_PRINTED = 13


@dataclass(frozen=True)
class AwardTask:
    """One workbook to write: a payee's lines and reasons (`line` from 0 within them); no payee: the summary of all.

    Lines as awards' `Assessment.lines`, with `id_number` (null) and `name` (the unit) beside; `awards`: code → award.
    """

    payee: str | None
    lines: pa.Table
    reasons: pa.Table
    context: Context
    awards: Mapping[str, ProgrammeRef]


def write_award_workbook(task: AwardTask, target: IO[bytes]) -> None:
    """Write the workbook to an open binary file."""
    language.use(task.context.language)
    title = task.payee or tr("汇总", "Summary")
    book = Book(f"{title} {tr('基地、工作室补助申领核定表', 'awards of bases and studios')}", task.context.today)
    page = book.page(tr("汇总", "Summary"))
    if task.payee is None:
        _summary_page(page, task)
    else:
        _front_page(page, task, task.payee)
    offsets = offsets_of(task.reasons["line"], task.lines.num_rows)
    totals = []
    for name, statuses, write in _SHEETS:
        positions = np.flatnonzero(pc.is_in(task.lines["status"], pa.array(statuses)).to_numpy())
        if len(positions):  # an empty sheet is left out
            totals.append((str(name), total_of(task.lines.take(positions))))
            write(book.page(str(name)), task, str(name), positions, offsets)
    context = task.context if task.payee is not None else task.context.with_inputs([])
    add_about_page(book, context, task.lines, task.reasons, totals)
    book.save(target, "claim" if task.payee is not None else "summary")


# ---- 汇总


def _front_page(page: Page, task: AwardTask, payee: str) -> None:
    """What is signed: each unit that is paid with its document and day, the sum in words, the account."""
    page.widths([width for _, width, _ in _FRONT])
    page.title(tr("高技能人才实训基地、技能大师工作室补助申领核定表", "Awards of bases and studios"), _COLUMNS)
    page.text(page.row, 0, tr(f"收款单位（依托单位）：{payee}", f"Payee (host): {payee}"))
    page.text(page.row, 4, tr("文号：", "Document no.:"))
    page.span(page.row, _COLUMNS - 4, _COLUMNS - 1, tr(f"核定日期：{day_text(task.context.today)}　金额单位：元",
              f"Settled on {task.context.today}; amounts in yuan"), "right")  # fmt: skip
    page.row += 1
    add_posting_line(page, task.context, _COLUMNS)
    paid = task.lines.filter(pc.is_in(task.lines["status"], pa.array(_PAID)))
    styles = [style for _, _, style in _FRONT]
    page.short_table([heading for heading, _, _ in _FRONT], _front_rows(paid, task), styles)
    if paid.num_rows > _MOST_ON_FRONT:
        page.line(
            tr(f"其余 {paid.num_rows - _MOST_ON_FRONT} 笔见“核定明细”。", "More lines on the sheet Details."), _COLUMNS
        )
    whole = total_of(paid)
    total = [tr("合计", "Total"), *[None] * (_COLUMNS - 4), whole.claimed, whole.approved, None]
    page.cells(page.row, total, ["middle", *styles[1:]], total=True)
    page.row += 1
    page.span(page.row, 0, 1, tr("核定金额合计（大写）", "Total approved"), "label")
    page.span(page.row, 2, _COLUMNS - 1, f"{capital_amount(whole.approved)}　（￥{grouped_yuan(whole.approved)}）",
              "capital")  # fmt: skip
    page.sheet.set_row(page.row, 26)
    page.row += 1
    _accounts(page, paid, task.context.accounts.get(folded_name(payee)))
    page.row += 1
    for note in _notes(task):
        page.line(note, _COLUMNS, "note", 15)
    sign(page, _COLUMNS)
    page.sheet.print_area(0, 0, page.row - 1, _COLUMNS - 1)


def _front_rows(paid: pa.Table, task: AwardTask) -> list[list[object]]:
    so_far: dict[tuple[Any, Any], int] = {}
    rows: list[list[object]] = []
    listed = paid.to_pylist()
    for line in listed:
        unit = (line["kind"], line["unit_name"])
        so_far[unit] = so_far.get(unit, line["paid_before"]) + line["approved"]
    for number, line in enumerate(listed[:_MOST_ON_FRONT], 1):
        rows.append(
            [
                number, line["unit"], _award(task, line["programme"]), line["grade"], line["round"], line["document"],
                _iso(line["recognised"]), _iso(line["evaluated"]), line["claimed"], line["approved"],
                so_far[line["kind"], line["unit_name"]],
            ]
        )  # fmt: skip
    return rows


def _iso(moment: Any) -> str | None:
    return None if moment is None else str(moment)[:10]


def _accounts(page: Page, paid: pa.Table, registered: tuple[str | None, str] | None) -> None:
    """The account to pay into: the one that lines and registers name; where they name two, neither is taken."""
    found = {
        (line["bank"] or "", line["account"])
        for line in paid.select(["bank", "account"]).to_pylist()
        if line["account"] is not None
    }
    if registered is not None:
        found.add((registered[0] or "", registered[1]))
    page.row += 1
    if len({account_digits(account) for _, account in found}) > 1:
        text = tr("各处账号不一致，请核实后填写", "different accounts are named: find out which")
        page.span(page.row, 0, 1, tr("开户银行及账号", "Bank and account"), "label")
        page.span(page.row, 2, _COLUMNS - 1, text, "wrap")
        page.row += 1
        return
    bank = next((one for one, _ in sorted(found, reverse=True) if one), "")
    account = next((one for _, one in found), "")
    for heading, value in ((tr("开户银行", "Bank"), bank), (tr("银行账号", "Account"), account)):
        page.span(page.row, 0, 1, heading, "label")
        page.span(page.row, 2, _COLUMNS - 1, value, "text")
        page.sheet.set_row(page.row, 20)
        page.row += 1


def _notes(task: AwardTask) -> list[str]:
    notes = []
    held = pc.sum(pc.equal(task.lines["status"], "held")).as_py() or 0
    missing = [check.check for check in task.context.checks if not check.performed]
    if held:
        notes.append(tr(f"注：待核 {held} 笔未计入核定金额，查清后另行核定。",
                        f"{held} held lines are not in the approved amount until they are decided."))  # fmt: skip
    if missing:
        notes.append(
            tr(f"注：未进行的核查 {len(missing)} 项，见“说明”。", f"{len(missing)} checks were not done: see About.")
        )
    return notes


def _summary_page(page: Page, task: AwardTask) -> None:
    """Totals of each award, then of each payee."""
    page.widths([34, 14, 7, 16, 16, 8, 8, 8, 10, 8])
    page.title(tr("基地、工作室补助核定汇总", "Awards of bases and studios: summary"), len(_TOTALS))
    add_posting_line(page, task.context, len(_TOTALS))
    page.section(tr("各项补助", "Awards"))
    found = totals_by(task.lines, "programme", task.awards)
    rows = [[_award(task, each.key), _fund(task, each.key), *_figures(each)] for each in found]
    page.short_table(_TOTALS, rows, _TOTAL_STYLES)
    whole = total_of(task.lines)
    page.cells(page.row, [tr("合计", "Total"), None, *_figures(whole)], _TOTAL_STYLES, total=True)
    page.row += 1
    capital = f"{capital_amount(whole.approved)}　（￥{grouped_yuan(whole.approved)}）"
    page.text(page.row, 0, tr("核定金额合计（大写）", "Total approved"), "label")
    page.span(page.row, 1, len(_TOTALS) - 1, capital, "capital")
    page.sheet.set_row(page.row, 26)
    page.row += 1
    page.section(tr("各收款单位", "Payees"))
    payees = [each for each in totals_by(task.lines, "belongs", ()) if each.lines]
    headings = [Text("收款单位", "Payee"), *_TOTALS[1:]]
    page.short_table(headings, [[each.key, None, *_figures(each)] for each in payees], _TOTAL_STYLES)
    page.row += 1
    for note in _notes(task):
        page.line(note, len(_TOTALS), "note", 15)
    page.sheet.print_area(0, 0, page.row, len(_TOTALS) - 1)


def _figures(total: Total) -> list[object]:
    return [total.lines, total.claimed, total.approved, *total.statuses.values()]


def _award(task: AwardTask, code: str | None) -> str:
    return str(task.awards[code].name) if code is not None and code in task.awards else tr("未归项目", "No award")


def _fund(task: AwardTask, code: str | None) -> str | None:
    return task.awards[code].fund if code is not None and code in task.awards else None


# ---- 核定明细, 已入账, 待核, 不予补贴


def _detail_page(page: Page, task: AwardTask, name: str, positions: Any, offsets: Any) -> None:
    notes = joined(messages(task.reasons), offsets, "；")
    lines = task.lines.take(positions).append_column("notes", pc.take(notes, positions))
    page.title(f"{task.payee or ''}　{tr(f'{name}表', name)}".strip(), _PRINTED)
    columns = [
        TableColumn(Text("序号", "No."), pa.array(np.arange(1, lines.num_rows + 1)), "number", 5),
        *_of_unit(lines, task),
        TableColumn(Text("申报金额", "Claimed"), lines["claimed"], "money", 10, 14),
        TableColumn(Text("核定金额", "Approved"), lines["approved"], "money", 10, 14),
        TableColumn(Text("收款单位", "Payee"), lines["payee"], "wrap", 10, 28),
        TableColumn(Text("备注", "Remarks"), empty_as_null(lines["notes"]), "wrap", 10, 30),
        TableColumn(Text("应补金额", "Entitled"), lines["entitled"], "money", 10, 14),
        TableColumn(Text("结果", "Result"), replaced(lines["status"], _status_words()), "middle", 6, 10),
        TableColumn(Text("此前累计已拨付", "Paid to the unit before"), lines["paid_before"], "money", 10, 14),
        TableColumn(Text("开户银行", "Bank"), lines["bank"], "wrap", 8, 20),
        TableColumn(Text("银行账号", "Account"), lines["account"], "middle", 10, 22),
        *_source(lines),
    ]  # fmt: skip
    page.long_table(columns, frozen=2, printed=_PRINTED)
    whole = total_of(lines)
    sums = {"申报金额": whole.claimed, "核定金额": whole.approved}
    values = [tr("合计", "Total"), *(sums.get(column.heading.zh) for column in columns[1:_PRINTED])]
    styles = ["middle" if column.style == "number" else column.style for column in columns[:_PRINTED]]
    page.end_table(values, styles)
    if "posted" not in lines["status"].to_pylist():
        page.end_signatures(_PRINTED)


def _problem_page(page: Page, task: AwardTask, name: str, positions: Any, offsets: Any) -> None:
    """A row a reason: what is wrong, by which clause, in which cell, and what to do about it."""
    page.title(f"{task.payee or ''}　{tr(f'{name}名单', f'{name} lines')}".strip(), _PRINTED)
    found = np.concatenate([np.arange(offsets[at], offsets[at + 1]) for at in positions])
    line = np.repeat(positions, [offsets[at + 1] - offsets[at] for at in positions])
    lines, reasons = task.lines.take(line), task.reasons.take(found)
    first = np.ones(len(line), dtype=bool)
    first[1:] = line[1:] != line[:-1]
    codes = pc.unique(reasons["code"]).to_pylist()
    columns = [
        TableColumn(Text("序号", "No."), pa.array(np.cumsum(first)), "number", 5),
        *_of_unit(lines, task),
        TableColumn(Text("申报金额", "Claimed"), pc.if_else(pa.array(first), lines["claimed"], None), "money", 10, 14),
        TableColumn(Text("原因", "Reason"), messages(reasons), "wrap", 13, 34),
        TableColumn(Text("政策依据", "Clause"), reasons["clause"], "middle", 7, 10),
        TableColumn(Text("怎么办", "What to do"), replaced(reasons["code"], remedies(codes)), "wrap", 13, 34),
        TableColumn(Text("单元格", "Cell"), reasons["cell"], "middle", 6, 8),
        TableColumn(Text("来源", "Where"), place_of(lines), "wrap", 8, 18),
        TableColumn(Text("填写内容", "As written"), reasons["value"], "wrap", 8, 18),
        TableColumn(Text("收款单位", "Payee"), lines["payee"], "wrap", 10, 28),
        TableColumn(Text("原因代码", "Code"), reasons["code"], "text", 10, 28),
        *_source(lines),
    ]  # fmt: skip
    if name == str(STATUS_WORDS["held"]):
        columns += decision_columns(page, len(columns), reasons["code"], task.context.releasable, _PRINTED)
    page.long_table(columns, frozen=2, printed=_PRINTED)


def _of_unit(lines: pa.Table, task: AwardTask) -> list[TableColumn]:
    """Who and what a line is about, by the headings of an awards workbook."""
    names = {code: str(entry.name) for code, entry in task.awards.items()}
    kinds = {kind: str(word) for kind, word in UNIT_KINDS.items()}
    return [
        TableColumn(Text("名称", "Unit"), lines["unit"], "wrap", 10, 26),
        TableColumn(Text("类型", "Kind"), replaced(lines["kind"], kinds), "wrap", 8, 14),
        TableColumn(Text("补贴项目", "Award"), replaced(lines["programme"], names), "wrap", 10, 22),
        TableColumn(Text("级别", "Grade"), lines["grade"], "middle", 6, 8),
        TableColumn(Text("评估年度", "Round"), lines["round"], "middle", 6, 10),
        TableColumn(Text("认定文号", "Document"), lines["document"], "wrap", 10, 20),
        TableColumn(Text("日期", "Date"), lines["date"].cast(pa.date32()), "date"),
    ]


def _status_words() -> dict[str, str]:
    return {code: str(word) for code, word in STATUS_WORDS.items()}


def _source(lines: pa.Table) -> list[TableColumn]:
    return [
        TableColumn(Text("来源文件", "File"), lines["file"], "wrap", 10, 26),
        TableColumn(Text("工作表", "Sheet"), lines["sheet"], "wrap", 8, 14),
        TableColumn(Text("行号", "Row"), lines["row"], "number", 5),
    ]


_SHEETS: Sequence[tuple[Text, tuple[str, ...], Any]] = (
    (Text("核定明细", "Details"), _PAID, _detail_page),
    (Text("已入账", "Paid before"), ("posted",), _detail_page),
    (STATUS_WORDS["held"], ("held",), _problem_page),
    (STATUS_WORDS["rejected"], ("rejected",), _problem_page),
)
