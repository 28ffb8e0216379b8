"""Page 1 of a claim workbook (汇总): what is signed: the programmes' totals, the payees with their accounts."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from trainingcli.coded_columns import distinct_rows, sums_of
from trainingcli.language import Text, tr
from trainingcli.money import grouped_yuan
from trainingcli.reports.data.totals import Total, total_of, totals_by
from trainingcli.reports.workbooks.capital import capital_amount
from trainingcli.reports.workbooks.context import Context
from trainingcli.reports.workbooks.late_lines import posting_line
from trainingcli.reports.workbooks.payee_accounts import is_paid, to_trainee
from trainingcli.reports.workbooks.style import SIGNATURES, Page

_MOST_PAYEES = 30


_SUMMARY = (
    (Text("补贴项目", "Programme"), 19), (Text("政策依据", "Clause"), 9), (Text("资金来源", "Fund"), 13),
    (Text("申报人数", "People"), 6), (Text("申报笔数", "Lines"), 6), (Text("申报金额", "Claimed"), 14),
    (Text("核定人数", "People paid"), 6), (Text("核定笔数", "Lines paid"), 6), (Text("核定金额", "Approved"), 14),
    (Text("核减及不予", "Refused"), 13), (Text("待核", "Held"), 13), (Text("以前已付", "Paid before"), 13),
    (Text("待核笔数", "Held lines"), 6), (Text("不予笔数", "Rejected lines"), 6),
    (Text("已付笔数", "Posted lines"), 6),
)  # fmt: skip
_SUMMARY_STYLES = (
    "wrap", "middle", "middle", "count", "count", "money", "count", "count", *["money"] * 4, *["count"] * 3
)  # fmt: skip


def front_page(page: Page, institution: str, lines: pa.Table, context: Context) -> None:
    """Write the page. `lines`: the institution's, with the column that `with_people` adds."""
    columns = len(_SUMMARY)
    page.widths([width for _, width in _SUMMARY])
    page.title(tr("职业技能提升培训补贴申领核定汇总表", "Training subsidies: claims settled"), columns)
    page.text(page.row, 0, tr(f"单位：{institution}", f"Institution: {institution}"))
    page.text(page.row, 5, tr("文号：", "Document no.:"))
    page.span(page.row, columns - 5, columns - 1, tr(f"核定日期：{day_text(context.today)}　　金额单位：元",
              f"Settled on {context.today}; amounts in yuan"), "right")  # fmt: skip
    page.row += 1
    add_posting_line(page, context, columns)
    whole = _programme_table(page, lines, context)
    page.text(page.row, 0, tr("核定金额合计（大写）", "Total approved"), "label")
    capital = f"{capital_amount(whole.approved)}　（￥{grouped_yuan(whole.approved)}）"
    page.span(page.row, 1, columns - 1, capital, "capital")
    page.sheet.set_row(page.row, 26)
    page.row += 1
    _payees(page, lines, context)
    page.row += 1
    for note in _notes(whole, context):
        page.line(note, columns, "note", 15)
    sign(page, columns)
    page.sheet.print_area(0, 0, page.row - 1, columns - 1)


def day_text(iso: str) -> str:
    """Return a day as documents write it."""
    day = date.fromisoformat(iso)
    return f"{day.year}年{day.month}月{day.day}日"


def add_posting_line(page: Page, context: Context, columns: int) -> None:
    """Say in which batch a run was posted and what the ledger's head is; nothing without a ledger."""
    if context.ledger is not None:
        page.late_line("posting", posting_line(context.ledger, context.batch), columns)


def _programme_table(page: Page, lines: pa.Table, context: Context) -> Total:
    """The totals of each programme that has lines, and the total of all; returns the latter."""
    totals = [total for total in totals_by(lines, "programme", context.programmes) if total.lines]
    rows = []
    for total in totals:
        programme = context.programmes.get(total.key or "")
        clause, fund = (programme.clause, programme.fund) if programme else (None, None)
        rows.append([context.programme_name(total.key), clause, fund, *_figures(total)])
    page.short_table([heading for heading, _ in _SUMMARY], rows, _SUMMARY_STYLES)
    whole = total_of(lines)
    page.cells(page.row, [tr("合计", "Total"), None, None, *_figures(whole)], _SUMMARY_STYLES, total=True)
    page.row += 1
    return whole


def _figures(total: Total) -> list[object]:
    return [
        total.people, total.lines, total.claimed, total.paid_people, total.paid_lines, total.approved,
        *total.parts.values(), total.statuses["held"], total.statuses["rejected"], total.statuses["posted"],
    ]  # fmt: skip


def _payees(page: Page, lines: pa.Table, context: Context) -> None:
    """Who is paid how much from which fund to which account and what for; trainees paid themselves are one entry."""
    found = _payments(lines, context)
    if not found:
        return
    rest = found[_MOST_PAYEES:]
    if rest:
        left = tr(f"其余 {len(rest)} 个对象（见核定明细）", f"{len(rest)} more payees (see details)")
        amount = (sum(row[4] for row in rest), sum(row[5] for row in rest))
        found = [*found[:_MOST_PAYEES], (left, "", "", "", *amount, "")]
    page.section(tr("拨付对象", "Payees"))
    places = [place for _, place, _ in _PAYEES]
    page.spans(places, [str(heading) for heading, _, _ in _PAYEES], ["head"] * len(_PAYEES))
    for row in found:
        page.spans(places, row, [style for _, _, style in _PAYEES])


_PAYEES = (
    (Text("享受补贴对象", "Payee"), (0, 1), "wrap"), (Text("资金来源", "Fund"), (2, 2), "wrap"),
    (Text("开户银行", "Bank"), (3, 5), "wrap"), (Text("银行账号", "Account"), (6, 8), "wrap"),
    (Text("笔数", "Lines"), (9, 9), "count"), (Text("金额", "Amount"), (10, 10), "money"),
    (Text("用途", "Purpose"), (11, 14), "wrap"),
)  # fmt: skip
"""Heading, the columns of page 1 that it takes, style."""


def _payments(lines: pa.Table, context: Context) -> list[tuple[str, str, str, str, int, int, str]]:
    """Payee, fund, bank, account, lines, fen and purpose of each payment, by fund, the largest first."""
    paid = lines.filter(is_paid(lines))
    trainees = tr("学员本人（见核定明细）", "the trainees (see details)")
    sums: dict[tuple[str, str, str, str], list[Any]] = {}
    own = to_trainee(paid, context)
    payee = pc.if_else(own, trainees, pc.fill_null(paid["payee"], ""))
    bank, account = (pc.if_else(own, "", pc.fill_null(paid[name], "")) for name in ("pay_bank", "pay_account"))
    keys = ["payee", "fund", "bank", "account", "programme"]
    kinds, which = distinct_rows(
        pa.table([payee, pc.fill_null(paid["fund"], ""), bank, account, paid["programme"]], keys), keys
    )
    fens = sums_of(which, paid["approved"].to_numpy(), kinds.num_rows).tolist()
    counts = np.bincount(which, minlength=kinds.num_rows).tolist()
    for *key, code, fen, count in zip(*(kinds[name].to_pylist() for name in keys), fens, counts, strict=True):
        one = sums.setdefault((key[0], key[1], key[2], key[3]), [0, 0, {}])
        one[0] += count
        one[1] += fen
        one[2][context.programme_name(code)] = True
    rows = [(*key, count, fen, "、".join(purpose)) for key, (count, fen, purpose) in sums.items()]
    return sorted(rows, key=lambda row: (row[1], -row[5], row[0]))


def _notes(whole: Total, context: Context) -> list[str]:
    notes = []
    if whole.unclaimed:
        amount = grouped_yuan(whole.unclaimed)
        notes.append(tr(f"注：名册未填申报金额的，按应补金额核定，计 {amount} 元；其余各栏差额只计填有申报金额的各笔。",
                        f"Lines that claimed no amount are approved at the entitlement: {amount} yuan in all; "
                        "refused, held and paid before count lines with a claimed amount alone."))  # fmt: skip
    held, missing = whole.statuses["held"], [check.check for check in context.checks if not check.performed]
    if held:
        notes.append(tr(f"注：待核 {held} 笔未计入核定金额，查清后另行核定。",
                        f"{held} held lines are not in the approved amount until they are decided."))  # fmt: skip
    if missing:
        notes.append(
            tr(f"注：未进行的核查 {len(missing)} 项，见“说明”。", f"{len(missing)} checks were not done: see About.")
        )
    return notes


def sign(page: Page, columns: int) -> None:
    """Write the lines to sign."""
    page.row += 1
    page.sheet.set_row(page.row, 34)
    third = columns // 3
    for place, role in enumerate(SIGNATURES):
        page.text(page.row, place * third, str(role), "sign")
    page.text(page.row, columns - 2, tr("（盖章）", "(seal)"), "sign")
    page.row += 1
    page.sheet.set_row(page.row, 26)
    page.text(page.row, 0, tr("日期：　　　　年　　月　　日", "Date:"), "sign")
    page.row += 1
