"""付款控制表.xlsx: what went out in which file, by fund, with hashes; who was not paid and why; to be signed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import IO

from trainingcli.facts import Head
from trainingcli.language import Text, tr
from trainingcli.masking import mask_name
from trainingcli.reports.workbooks.capital import capital_amount
from trainingcli.reports.workbooks.style import SIGNATURES, Book, Page
from trainingcli.views.payments.files import PaymentFile
from trainingcli.views.payments.payments import Payment

_WIDTHS = (34, 14, 10, 10, 20, 46)


@dataclass(frozen=True)
class ControlTask:
    """The workbook to write. `number`: the export's; `head`: the ledger's before it; `again`: why, or None."""

    number: int
    day: str
    batches: Sequence[int]
    bank: str
    head: Head
    files: Sequence[PaymentFile]
    payments: Sequence[Payment]
    again: str | None


def write_control(task: ControlTask, target: IO[bytes]) -> None:
    """Write the workbook to an open binary file, stamped as this program's."""
    book = Book(tr("付款控制表", "Control of payments"), task.day)
    page = book.page(tr("控制表", "Control"))
    page.widths(_WIDTHS)
    width = len(_WIDTHS)
    page.title(tr(f"付款控制表（第 {task.number} 号）", f"Control of payments no. {task.number}"), width)
    batches = "、".join(map(str, task.batches))
    page.line(tr(f"台账批次：{batches}　　导出日期：{task.day}　　格式：{task.bank}　　金额单位：元",
                 f"Batches: {batches}; exported on {task.day}; profile: {task.bank}; yuan"), width)  # fmt: skip
    page.line(tr(f"台账：{task.head.entries} 条，末条 {task.head.hash}",
                 f"Ledger: {task.head.entries} entries, head {task.head.hash}"), width)  # fmt: skip
    if task.again is not None:
        page.line(tr(f"再次导出，原因：{task.again}", f"Exported again: {task.again}"), width)
    _files(page, task)
    _problems(page, [payment for payment in task.payments if payment.problem is not None])
    page.row += 1
    page.sheet.set_row(page.row, 30)
    for column, role in zip((0, 2, 5), SIGNATURES, strict=True):
        page.text(page.row, column, str(role), "sign")
    page.sheet.print_area(0, 0, page.row, width - 1)
    book.save(target, "payments-control")


def _files(page: Page, task: ControlTask) -> None:
    page.section(tr("一、付款文件", "1. Files"))
    headings = (
        Text("文件", "File"), Text("资金来源", "Fund"), Text("付款笔数", "Payments"), Text("明细数", "Lines"),
        Text("金额", "Yuan"), Text("SHA-256", "SHA-256"),
    )  # fmt: skip
    styles = ("wrap", "wrap", "count", "count", "money", "wrap")
    rows: list[list[object]] = [
        [file.name, file.fund, len(file.payments), _lines(file.payments), file.fen, file.sha256] for file in task.files
    ]
    page.short_table(headings, rows, styles)
    paid = [payment for file in task.files for payment in file.payments]
    total = sum(payment.fen for payment in paid)
    page.cells(page.row, [tr("合计", "Total"), None, len(paid), _lines(paid), total, capital_amount(total)], styles,
               total=True)  # fmt: skip
    page.row += 1


def _problems(page: Page, problems: Sequence[Payment]) -> None:
    page.section(tr(f"二、没有付出的（{len(problems)} 笔）", f"2. Not paid ({len(problems)})"))
    if not problems:
        page.line(tr("无", "none"), len(_WIDTHS))
        return
    headings = (
        Text("收款方", "Payee"), Text("资金来源", "Fund"), Text("", ""), Text("明细数", "Lines"), Text("金额", "Yuan"),
        Text("问题", "Problem"),
    )  # fmt: skip
    rows: list[list[object]] = [
        [_shown(each), each.fund, None, len(each.entries), each.fen, str(each.problem)] for each in problems
    ]
    page.short_table(headings, rows, ("wrap", "wrap", "text", "count", "money", "wrap"))


def _shown(payment: Payment) -> str:
    return payment.payee if payment.id_number is None else mask_name(payment.payee)


def _lines(payments: Sequence[Payment]) -> int:
    return sum(len(payment.entries) for payment in payments)
