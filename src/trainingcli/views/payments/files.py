"""Payments as a bank's files: by fund, at most so many rows each; what a file cannot say exactly is not paid by it."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from trainingcli.language import Text
from trainingcli.reports.workbooks.style import Book
from trainingcli.views.payments.payments import Payment
from trainingcli.views.payments.profile import BankColumn, Profile

_FORMULA = ("=", "+", "-", "@")


@dataclass(frozen=True)
class PaymentFile:
    """One file, ready to be written; `sha256` in hex."""

    name: str
    fund: str
    payments: tuple[Payment, ...]
    data: bytes

    @property
    def sha256(self) -> str:
        """The hash of its bytes."""
        return hashlib.sha256(self.data).hexdigest()

    @property
    def fen(self) -> int:
        """What it pays."""
        return sum(payment.fen for payment in self.payments)


def refuse_unwritable(payments: Sequence[Payment], profile: Profile) -> None:
    """Mark payments that the file could not say exactly: a character that its encoding lacks, a formula in a csv."""
    for payment in payments:
        if payment.problem is None and profile.form == "csv":
            payment.problem = next(_faults(payment, profile), None)


def _faults(payment: Payment, profile: Profile) -> Iterator[Text]:
    for column in profile.columns:
        text = _text(payment, column, 0, profile)
        try:
            text.encode(profile.encoding)
        except UnicodeEncodeError as error:
            sign = text[error.start]
            zh = f"“{column.heading}”里的“{sign}”不在编码 {profile.encoding} 内，请换一种 --bank 格式或更正"
            en = f"'{sign}' in '{column.heading}' is not in {profile.encoding}; take another --bank, or correct it"
            yield Text(zh, en)
        if column.value not in ("account", "yuan", "number", "lines") and text.startswith(_FORMULA):
            zh = f"“{column.heading}”以“{text[0]}”开头，会被当作公式，请更正或换用工作簿格式"
            yield Text(zh, f"'{column.heading}' begins with '{text[0]}', a formula; correct it, or take a workbook")


def files_of(payments: Sequence[Payment], profile: Profile, number: int, day: str) -> list[PaymentFile]:
    """Return the files of payments that have no problem, and tell each payment its file."""
    found = []
    for fund in dict.fromkeys(payment.fund for payment in payments):
        own = [payment for payment in payments if payment.fund == fund]
        for part, start in enumerate(range(0, len(own), profile.rows), 1):
            rows = own[start : start + profile.rows]
            name = profile.file_name(number, fund, part)
            for payment in rows:
                payment.file = name
            data = _csv(rows, profile) if profile.form == "csv" else _xlsx(rows, profile, day)
            found.append(PaymentFile(name, fund, tuple(rows), data))
    return found


def _text(payment: Payment, column: BankColumn, number: int, profile: Profile) -> str:
    """Return what a cell says, on one line."""
    account = payment.account
    assert account is not None, "who has no account is not paid"
    values = {
        None: column.text,
        "number": str(number),
        "account_name": payment.account_name,
        "account": account.digits,
        "bank": account.bank or "",
        "yuan": profile.amount(payment.fen),
        "purpose": "职业技能培训补贴",
        "payee": payment.payee,
        "fund": payment.fund,
        "lines": str(len(payment.entries)),
    }
    return " ".join(values[column.value].split())


def _csv(payments: Sequence[Payment], profile: Profile) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, delimiter=profile.separator, lineterminator="\r\n")
    for _ in range(profile.header - 1):
        writer.writerow([])
    if profile.header:
        writer.writerow([column.heading for column in profile.columns])
    for number, payment in enumerate(payments, 1):
        writer.writerow([_text(payment, column, number, profile) for column in profile.columns])
    return text.getvalue().encode(profile.encoding)


def _xlsx(payments: Sequence[Payment], profile: Profile, day: str) -> bytes:
    """Texts are texts, amounts numbers; nothing stands beside the table, for a program reads it."""
    book = Book("付款", day)
    page = book.page("付款")
    page.widths([_WIDTHS.get(column.value or "", 16) for column in profile.columns])
    first = profile.header
    if profile.header:
        page.headings(profile.header - 1, [Text(column.heading, column.heading) for column in profile.columns], 20)
    money = "number" if profile.number == "0" else "money"
    for number, payment in enumerate(payments, 1):
        for place, column in enumerate(profile.columns):
            if column.value == "yuan":
                page.cell(first + number - 1, place, payment.fen, money)
            else:
                page.cell(first + number - 1, place, _text(payment, column, number, profile) or None, "text")
    target = io.BytesIO()
    book.save(target, "payments")
    return target.getvalue()


_WIDTHS = {"number": 8, "account_name": 34, "payee": 34, "account": 28, "bank": 34, "yuan": 18}
