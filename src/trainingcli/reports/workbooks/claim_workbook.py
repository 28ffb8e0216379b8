"""The claim workbook (申领核定表) of one institution: what a clerk prints, has signed and pays from.

Sheets: 汇总, 核定明细 (approved and reduced lines), 已入账 (paid before), 待核, 不予补贴, 比对 (beside an
export of the real-name system), 说明; no empty one.
ID numbers stand whole, as text.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import IO, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from trainingcli import language
from trainingcli.facts import STATUS_WORDS
from trainingcli.language import Text, tr
from trainingcli.money import grouped_yuan
from trainingcli.reports.data.text_columns import joined, offsets_of, replaced
from trainingcli.reports.data.totals import Total, total_of, with_people
from trainingcli.reports.workbooks.about_page import add_about_page
from trainingcli.reports.workbooks.claim_front_page import front_page
from trainingcli.reports.workbooks.claim_parts import ClaimTask, as_days, empty_as_null, messages, source_columns
from trainingcli.reports.workbooks.context import Context
from trainingcli.reports.workbooks.payee_accounts import with_payee_accounts
from trainingcli.reports.workbooks.problem_pages import problem_pages
from trainingcli.reports.workbooks.style import Book, Page, TableColumn, sheets_needed

_PRINTED = 14  # columns


def write_claim_workbook(task: ClaimTask, target: IO[bytes]) -> None:
    """Write the workbook to an open binary file."""
    language.use(task.context.language)
    lines = with_earlier(with_payee_accounts(with_people(task.lines), task.context))
    task = replace(task, lines=lines)
    book = Book(f"{task.institution} {tr('培训补贴申领核定表', 'training subsidy claims')}", task.context.today)
    front_page(book.page(tr("汇总", "Summary")), task.institution, task.lines, task.context)
    offsets = offsets_of(task.reasons["line"], task.lines.num_rows)
    totals = []
    for name, statuses, write in _SHEETS:
        positions = _positions(task.lines, statuses)
        if len(positions):  # an empty sheet is left out
            totals.append((str(name), total_of(task.lines, positions)))
            write(book, task, totals[-1], positions, offsets)
    if task.comparison is not None:
        from trainingcli.reports.workbooks.comparison_page import add_comparison_page

        add_comparison_page(book, task.institution, task.comparison)
    add_about_page(book, task.context, task.lines, task.reasons, totals)
    book.save(target, "claim")


_SAID_BY_THE_SHEET = "ALREADY_POSTED"
_EARLIER = {"earlier_paid": pa.int64(), "earlier_batch": pa.int64(), "earlier_day": pa.string()}


def with_earlier(lines: pa.Table) -> pa.Table:
    """Return the lines with what the ledger paid of them before; batches of earlier versions do not say it."""
    for name in _EARLIER.keys() - set(lines.column_names):
        lines = lines.append_column(name, pa.nulls(lines.num_rows, _EARLIER[name]))
    return lines


def _positions(lines: pa.Table, statuses: Sequence[str]) -> Any:
    return np.flatnonzero(pc.is_in(lines["status"], pa.array(statuses)).to_numpy())


# ---- 核定明细


def _detail_pages(book: Book, task: ClaimTask, named: tuple[str, Total], positions: Any, offsets: Any) -> None:
    """The lines that are paid, with their total, to be signed."""
    name = named[0]
    notes = joined(messages(task.reasons), offsets, "；")
    lines = task.lines.take(positions).append_column("notes", pc.take(notes, positions))
    for number, rows in enumerate(sheets_needed(lines.num_rows)):
        page = book.page(f"{name}{number + 1}" if number else name)
        part = lines.slice(rows.start, len(rows))
        paid = pc.sum(part["approved"]).as_py() or 0
        page.title(f"{task.institution}　{tr(f'{name}表', name)}", _PRINTED)
        page.line(tr(f"共 {part.num_rows} 笔，核定金额 {grouped_yuan(paid)} 元。打印左侧各栏；右侧各栏供核对。",
                     f"{part.num_rows} lines, {grouped_yuan(paid)} yuan. Columns on the right are to check with."),
                  _PRINTED)  # fmt: skip
        columns = _detail_columns(part, task.context, rows.start)
        page.long_table(columns, frozen=4, printed=_PRINTED)
        claimed = pc.sum(part["claimed"]).as_py() or 0
        sums = {"申报金额": claimed, "核定金额": paid}
        _end(page, columns, sums)
        page.end_signatures(_PRINTED)


def _end(page: Page, columns: Sequence[TableColumn], sums: Mapping[str, int]) -> None:
    """Write the total below the printed columns. `sums`: heading → fen."""
    values = [tr("合计", "Total"), *(sums.get(column.heading.zh) for column in columns[1:_PRINTED])]
    page.end_table(values, ["middle" if column.style == "number" else column.style for column in columns[:_PRINTED]])


def _earlier_pages(book: Book, task: ClaimTask, named: tuple[str, Total], positions: Any, offsets: Any) -> None:
    """The lines that the ledger has: what was paid, in which batch, on which day; nothing of it is paid again."""
    name = named[0]
    said = pc.if_else(pc.equal(task.reasons["code"], _SAID_BY_THE_SHEET), "", messages(task.reasons))
    notes = pc.utf8_trim(joined(said, offsets, "；"), "；")
    lines = task.lines.take(positions).append_column("notes", pc.take(notes, positions))
    for number, rows in enumerate(sheets_needed(lines.num_rows)):
        page = book.page(f"{name}{number + 1}" if number else name)
        part = lines.slice(rows.start, len(rows))
        page.title(f"{task.institution}　{tr(f'{name}表', name)}", _PRINTED)
        page.line(tr(f"共 {part.num_rows} 笔，以前已入账，本次不再支付。",
                     f"{part.num_rows} lines that are in the ledger already; nothing of them is paid again."),
                  _PRINTED)  # fmt: skip
        columns = _earlier_columns(part, task.context, rows.start)
        page.long_table(columns, frozen=4, printed=_PRINTED)
        _end(page, columns, {"申报金额": pc.sum(part["claimed"]).as_py() or 0,
                             "已付金额": pc.sum(part["earlier_paid"]).as_py() or 0})  # fmt: skip


def _who_and_what(lines: pa.Table, context: Context, before: int) -> list[TableColumn]:
    names = {code: str(item.name) for code, item in context.programmes.items()}
    number = pa.array(np.arange(before + 1, before + lines.num_rows + 1))
    return [
        TableColumn(Text("序号", "No."), number, "number", 5),
        TableColumn(Text("补贴项目", "Programme"), replaced(lines["programme"], names), "wrap", 10, 18),
        TableColumn(Text("姓名", "Name"), lines["name"], "middle", 8, 16),
        TableColumn(Text("身份证号", "ID number"), lines["id_number"], "middle", 18, 20),
        TableColumn(Text("职业(工种)", "Occupation"), lines["occupation"], "wrap", 10, 16),
        TableColumn(Text("等级", "Level"), lines["level"], "middle", 6, 12),
        TableColumn(Text("培训开始", "Start"), as_days(lines["start_date"]), "date"),
        TableColumn(Text("培训结束", "End"), as_days(lines["end_date"]), "date"),
        TableColumn(Text("申报金额", "Claimed"), lines["claimed"], "money", 10, 14),
    ]


def _detail_columns(lines: pa.Table, context: Context, before: int) -> list[TableColumn]:
    """The first `_PRINTED` are printed and signed; the rest are for checking."""
    statuses = {code: str(word) for code, word in STATUS_WORDS.items()}
    return [
        *_who_and_what(lines, context, before),
        TableColumn(Text("核定金额", "Approved"), lines["approved"], "money", 10, 14),
        TableColumn(Text("享受补贴对象", "Payee"), lines["payee"], "wrap", 10, 28),
        TableColumn(Text("开户银行", "Bank"), lines["pay_bank"], "wrap", 8, 20),
        TableColumn(Text("银行账号", "Account"), lines["pay_account"], "middle", 10, 22),
        TableColumn(Text("备注", "Remarks"), empty_as_null(lines["notes"]), "wrap", 10, 30),
        TableColumn(Text("应补金额", "Entitled"), lines["entitled"], "money", 10, 14),
        TableColumn(Text("结果", "Result"), replaced(lines["status"], statuses), "middle", 6, 10),
        TableColumn(Text("资金来源", "Fund"), lines["fund"], "middle", 8, 16),
        *_written(lines),
    ]


def _earlier_columns(lines: pa.Table, context: Context, before: int) -> list[TableColumn]:
    """The first `_PRINTED` are printed; the rest are for checking."""
    return [
        *_who_and_what(lines, context, before),
        TableColumn(Text("已付金额", "Paid"), lines["earlier_paid"], "money", 10, 14),
        TableColumn(Text("入账批次", "Batch"), lines["earlier_batch"], "number", 5),
        TableColumn(Text("入账日期", "Posted"), as_days(lines["earlier_day"].cast(pa.timestamp("s"))), "date"),
        TableColumn(Text("享受补贴对象", "Payee"), lines["payee"], "wrap", 10, 28),
        TableColumn(Text("备注", "Remarks"), empty_as_null(lines["notes"]), "wrap", 10, 30),
        *_written(lines),
    ]


def _written(lines: pa.Table) -> list[TableColumn]:
    """What the roster says beside, and where."""
    return [
        TableColumn(Text("联系电话", "Phone"), lines["phone"], "middle", 11, 16),
        TableColumn(Text("人员类别", "Category"), lines["category"], "wrap", 8, 18),
        TableColumn(Text("困难类型", "Hardship"), lines["hardship"], "wrap", 8, 18),
        TableColumn(Text("工作单位", "Employer"), lines["employer"], "wrap", 8, 24),
        TableColumn(Text("培训类型", "Training type"), lines["training_type"], "wrap", 8, 18),
        TableColumn(Text("班级", "Class"), lines["class_no"], "wrap", 8, 18),
        TableColumn(Text("天数", "Days"), lines["days"], "number", 4),
        TableColumn(Text("证书类型", "Certificate type"), lines["certificate_type"], "wrap", 8, 18),
        TableColumn(Text("证书编号", "Certificate no."), lines["certificate_no"], "middle", 10, 24),
        TableColumn(Text("发证日期", "Issued"), as_days(lines["certificate_date"]), "date"),
        TableColumn(Text("名册开户行", "Bank in the roster"), lines["bank"], "wrap", 8, 20),
        TableColumn(Text("名册账号", "Account in the roster"), lines["account"], "middle", 10, 22),
        *source_columns(lines),
    ]


# Each sheet of lines: its name, the statuses of its lines, what writes it.
_SHEETS = (
    (Text("核定明细", "Details"), ("approved", "reduced"), _detail_pages),
    (Text("已入账", "Paid before"), ("posted",), _earlier_pages),
    (Text("待核", "Held"), ("held",), problem_pages),
    (Text("不予补贴", "Rejected"), ("rejected",), problem_pages),
)
