"""The export as a document and on a terminal: every payment with its file or its problem."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from trainingcli.language import tr
from trainingcli.masking import mask_name, masked_object
from trainingcli.money import yuan_text
from trainingcli.result import Block, Listing, Prose, Table, columns
from trainingcli.views.payments.export import Exported
from trainingcli.views.payments.payments import Payment

SCHEMA = "trainingcli.payments/1"
PAYMENTS = Listing(
    "payments",
    columns("""
    payee        收款方    text   Payee
    -id_number   身份证号  code   ID number
    fund         资金来源  text   Fund
    account      账号      code   Account
    bank         开户银行  text   Bank
    yuan         金额      yuan   Yuan
    lines        明细数    count  Lines
    file         文件      place  File
    problem      问题      text   Problem
    """),
)
_MOST = 20  # payments on a screen


def rows(found: Exported, *, unmask: bool) -> list[dict[str, Any]]:
    """Return the payments as the document has them; trainees' names masked unless `unmask`, the rest by its keys."""
    return [_row(payment, unmask) for payment in found.payments]


def _row(payment: Payment, unmask: bool) -> dict[str, Any]:
    account = payment.account
    is_person = payment.id_number is not None
    return {
        "payee": mask_name(payment.payee) if is_person and not unmask else payment.payee,
        "id_number": payment.id_number, "fund": payment.fund, "account": None if account is None else account.digits,
        "bank": None if account is None else account.bank, "yuan": yuan_text(payment.fen),
        "lines": len(payment.entries), "file": payment.file,
        "problem": None if payment.problem is None else str(payment.problem),
    }  # fmt: skip


def facts(found: Exported, batches: Sequence[int]) -> dict[str, Any]:
    """Return the document's keys beside its main list."""
    paid = [payment for payment in found.payments if payment.problem is None]
    others = [payment for payment in found.payments if payment.problem is not None]
    files = [
        {"file": file.name, "fund": file.fund, "payments": len(file.payments), "yuan": yuan_text(file.fen),
         "sha256": file.sha256}
        for file in found.files
    ]  # fmt: skip
    totals = {**_sums(found.payments), "written": _sums(paid), "problems": _sums(others)}
    return {
        "number": found.number, "batch": found.batch, "batches": list(batches), "ledger": found.head.shown(),
        "totals": totals, "files": files, "outputs": found.outputs,
    }  # fmt: skip


def _sums(payments: Sequence[Payment]) -> dict[str, Any]:
    return {
        "payments": len(payments), "lines": sum(len(payment.entries) for payment in payments),
        "yuan": yuan_text(sum(payment.fen for payment in payments)),
    }  # fmt: skip


def screen(listed: Sequence[Mapping[str, Any]], said: Mapping[str, Any], *, unmask: bool) -> Iterator[Block]:
    """Yield the totals, what was not paid and why, the largest payments, the files."""
    number, totals = said["number"], said["totals"]
    title = tr(f"付款导出第 {number} 号", f"Export no. {number}") if number else tr("没有导出", "Nothing went out")
    yield Prose(title, "bold")
    kept = listed if unmask else masked_object(listed)
    problems = [row for row in kept if row["problem"]]
    shown = {column.key: column for column in PAYMENTS.columns}
    if problems:
        columns_ = [shown[key] for key in ("payee", "fund", "yuan", "problem")]
        yield Table(columns_, problems, tr(f"没有付出的 {len(problems)} 笔", f"Not paid: {len(problems)}"))
    paid = [row for row in kept if not row["problem"]]
    if paid:
        largest = sorted(paid, key=lambda row: -int(row["yuan"].replace(".", "")))[:_MOST]
        more = tr(
            f"（金额最大的 {len(largest)} 笔，共 {len(paid)} 笔）", f" (the {len(largest)} largest of {len(paid)})"
        )
        columns_ = [shown[key] for key in ("payee", "fund", "account", "lines", "yuan")]
        total = {"payee": tr("合计", "Total"), "lines": totals["written"]["lines"], "yuan": totals["written"]["yuan"]}
        yield Table(columns_, largest, tr("付款", "Payments") + (more if len(largest) < len(paid) else ""), total)
    yield from (Prose(path) for path in said["outputs"])
