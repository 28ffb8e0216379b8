"""The claim workbook (申领核定表) of one institution: what a clerk prints, has signed and pays from.

Sheets: 汇总, 核定明细 (approved and reduced lines), 已入账 (paid before), 待核, 不予补贴, 比对 (beside an
export of the real-name system), 说明; no empty one.
ID numbers stand whole, as text.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import IO, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from trainingcli import language
from trainingcli.facts import STATUS_WORDS
from trainingcli.language import Text, tr
from trainingcli.money import grouped_yuan
from trainingcli.reports.data.reason_words import remedies
from trainingcli.reports.data.text_columns import join, joined, offsets_of, replaced
from trainingcli.reports.data.totals import Total, total_of, with_people
from trainingcli.reports.workbooks.about_page import add_about_page
from trainingcli.reports.workbooks.claim_front_page import front_page
from trainingcli.reports.workbooks.comparison_page import RealnameComparison, add_comparison_page
from trainingcli.reports.workbooks.context import Context
from trainingcli.reports.workbooks.payee_accounts import with_payee_accounts
from trainingcli.reports.workbooks.style import Book, Page, TableColumn, sheets_needed

_PRINTED, _PROBLEM_PRINTED = 14, 13  # columns


@dataclass(frozen=True)
class ClaimTask:
    """One claim workbook to write: the institution's lines and their reasons (`line` counts from 0 within them)."""

    institution: str
    lines: pa.Table
    reasons: pa.Table
    context: Context
    comparison: RealnameComparison | None = None

    def __getstate__(self) -> dict[str, Any]:
        """What goes to another process: these lines alone, where a slice would take all along that it was cut from."""
        return self.__dict__ | {"lines": _alone(self.lines), "reasons": _alone(self.reasons)}


def _alone(table: pa.Table) -> pa.Table:
    is_small_slice = table.get_total_buffer_size() > 2 * table.nbytes
    return table.take(pa.array(range(table.num_rows), pa.int64())) if is_small_slice else table


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
            totals.append((str(name), total_of(task.lines.take(positions))))
            write(book, task, totals[-1], positions, offsets)
    if task.comparison is not None:
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


def messages(reasons: pa.Table) -> Any:
    """Return the reasons' messages in the language in use."""
    return reasons["en" if language.current() == "en" else "zh"]


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
        TableColumn(Text("培训开始", "Start"), _days(lines["start_date"]), "date"),
        TableColumn(Text("培训结束", "End"), _days(lines["end_date"]), "date"),
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
        TableColumn(Text("入账日期", "Posted"), _days(lines["earlier_day"].cast(pa.timestamp("s"))), "date"),
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
        TableColumn(Text("发证日期", "Issued"), _days(lines["certificate_date"]), "date"),
        TableColumn(Text("名册开户行", "Bank in the roster"), lines["bank"], "wrap", 8, 20),
        TableColumn(Text("名册账号", "Account in the roster"), lines["account"], "middle", 10, 22),
        *_source(lines),
    ]


def _days(moments: Any) -> Any:
    return moments.cast(pa.date32())


def empty_as_null(texts: Any) -> Any:
    """Return the texts, those that say nothing as null."""
    return pc.if_else(pc.equal(texts, ""), None, texts)


def _source(lines: pa.Table) -> list[TableColumn]:
    return [
        TableColumn(Text("来源文件", "File"), lines["file"], "wrap", 10, 26),
        TableColumn(Text("工作表", "Sheet"), lines["sheet"], "wrap", 8, 14),
        TableColumn(Text("行号", "Row"), lines["row"], "number", 5),
    ]


# ---- 待核, 不予补贴


# To be filled in on 待核 and brought back with --decisions (contract-2, section 2).
DECISION = (
    Text("决定", "Decision"), Text("依据", "Grounds"), Text("经办人", "Decided by"), Text("核定金额", "Amount decided"),
)  # fmt: skip
_CHOICES = (Text("放行", "Release"), Text("不予", "Refuse"))


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
        columns = _problem_columns(task, positions, places[rows.start : rows.stop], offsets)
        if name == tr("待核", "Held"):
            columns += decision_columns(page, len(columns), len(rows), _PROBLEM_PRINTED)
        page.long_table(columns, frozen=4, printed=_PROBLEM_PRINTED)


def decision_columns(page: Page, before: int, rows: int, printed: int) -> list[TableColumn]:
    """Return empty columns to decide in, the words for a decision to choose from; say how they come back."""
    page.line(tr("核实后请在右侧“决定”一栏选放行或不予，写明依据，再以 --decisions 带回本表。",
                 "Choose Release or Refuse in the column Decision, give the grounds, then bring this back with"
                 " --decisions."), printed)  # fmt: skip
    first, last = page.row + 1, page.row + max(rows, 1)
    page.sheet.data_validation(first, before, last, before, {"validate": "list", "source": [*map(str, _CHOICES)]})
    amounts = {"validate": "decimal", "criteria": ">", "value": 0}
    page.sheet.data_validation(first, before + 3, last, before + 3, amounts)
    return [TableColumn(heading, pa.nulls(rows, pa.string()), "wrap", 10) for heading in DECISION]


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
        TableColumn(Text("原因", "Reason"), messages(reasons), "wrap", 13, 30),
        TableColumn(Text("政策依据", "Clause"), reasons["clause"], "middle", 7, 10),
        TableColumn(Text("来源", "Where"), place_of(lines), "wrap", 8, 18),
        TableColumn(Text("单元格", "Cell"), reasons["cell"], "middle", 6, 8),
        TableColumn(Text("填写内容", "As written"), reasons["value"], "wrap", 8, 18),
        TableColumn(Text("怎么办", "What to do"), replaced(reasons["code"], remedies(codes)), "wrap", 13, 36),
        TableColumn(Text("职业(工种)", "Occupation"), lines["occupation"], "wrap", 8, 16),
        TableColumn(Text("等级", "Level"), lines["level"], "middle", 6, 12),
        TableColumn(Text("原因代码", "Code"), reasons["code"], "text", 10, 28),
        TableColumn(Text("开班日期", "Start"), _days(lines["start_date"]), "date"),
        TableColumn(Text("证书编号", "Certificate no."), lines["certificate_no"], "middle", 10, 24),
        *_source(lines),
    ]


def place_of(lines: pa.Table) -> Any:
    """Return the file without its folders, and the sheet: where the cell is to be looked for."""
    return join(pc.replace_substring_regex(lines["file"], r"^.*[/\\]", ""), "　", lines["sheet"])


# Each sheet of lines: its name, the statuses of its lines, what writes it.
_SHEETS = (
    (Text("核定明细", "Details"), ("approved", "reduced"), _detail_pages),
    (Text("已入账", "Paid before"), ("posted",), _earlier_pages),
    (Text("待核", "Held"), ("held",), _problem_pages),
    (Text("不予补贴", "Rejected"), ("rejected",), _problem_pages),
)
