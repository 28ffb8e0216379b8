"""Lines that a batch paid → payments: one a payee and fund, of a trainee's own subsidies one a person and fund."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pyarrow.compute as pc

from trainingcli.claims.batch_archive import unpack_table
from trainingcli.compared import folded_name
from trainingcli.evidence.accounts import (
    INSTITUTIONS,
    PAYEES,
    PayeeAccount,
    RegisteredAccounts,
    chosen,
    registers_of,
)  # fmt: skip
from trainingcli.language import Text
from trainingcli.ledger.posting import TRAINEE
from trainingcli.views.paid_lines import paid_table

if TYPE_CHECKING:
    from trainingcli.ledger import Ledger

_COLUMNS = (
    "entry", "batch", "line", "approved", "fund", "payee", "subject_kind", "subject", "reversed_on", "name",
    "id_number", "phone", "institution", "employer", "host", "archived.payee", "bank", "account",
)  # fmt: skip
_LOST = "NUMBER_PRECISION_LOST"


@dataclass
class Payment:
    """What one payee gets of one fund: fen, from these entries. `id_number`: of a trainee, None: no person.

    `account`, or `problem` that keeps it from being paid; `file`: the file that it stands in.
    """

    payee: str
    fund: str
    id_number: str | None
    fen: int = 0
    entries: list[int] = field(default_factory=list)
    account: PayeeAccount | None = None
    problem: Text | None = None
    file: str | None = None

    @property
    def account_name(self) -> str:
        """The account's holder (户名): as the register says, else the payee."""
        return (self.account.name if self.account is not None else None) or self.payee


def standing_lines(ledger: Ledger, batches: Iterable[int]) -> list[dict[str, Any]]:
    """Return what these batches paid and nobody reversed, in posting order, with what is known of accounts.

    `is_lost`: the account was typed as a number, and its last digits are gone, whoever released the line since.
    """
    wanted = set(batches)
    paid = paid_table(ledger, _COLUMNS, batches=wanted)
    lines: list[dict[str, Any]] = paid.filter(pc.is_null(paid["reversed_on"])).to_pylist()
    lost = {(batch, line) for batch in {line["batch"] for line in lines} for line in _lost_accounts(ledger, batch)}
    return [{**line, "is_lost": (line["batch"], line["line"]) in lost} for line in lines]


def _lost_accounts(ledger: Ledger, batch: int) -> set[int]:
    reasons = unpack_table(ledger.archive(batch), ("line", "code", "field"), "reasons")
    if not reasons.num_rows:
        return set()
    said = pc.and_(pc.equal(reasons["code"], _LOST), pc.equal(reasons["field"], "account"))
    return {int(line) + 1 for line in reasons.filter(said)["line"].to_pylist()}


def payments_of(lines: Sequence[dict[str, Any]], registered: RegisteredAccounts, today: dt.date) -> list[Payment]:
    """Return the payments by fund, payees before trainees, each by its first line; with its account or its problem."""
    groups: dict[tuple[Any, ...], list[dict[str, Any]]] = {}
    for line in lines:
        who = line["subject"] if line["payee"] == TRAINEE else folded_name(_payee(line))
        groups.setdefault((line["fund"], line["payee"] == TRAINEE, who), []).append(line)
    found = []
    for (fund, is_trainee, _), own in sorted(groups.items(), key=lambda group: (*group[0][:2], group[1][0]["entry"])):
        first = own[0]
        payee = (first["name"] or "") if is_trainee else _payee(first)
        payment = Payment(payee, fund, first["id_number"] if is_trainee else None)
        payment.fen, payment.entries = sum(line["approved"] for line in own), [line["entry"] for line in own]
        candidates, where = (_of_trainee if is_trainee else _of_unit(registered, payee, today))(own)
        payment.account, payment.problem = chosen(candidates, where)
        found.append(payment)
    return found


def _payee(line: dict[str, Any]) -> str:
    return line["archived.payee"] or line["payee"] or ""


def _of_trainee(lines: Sequence[dict[str, Any]]) -> tuple[list[PayeeAccount], Text]:
    """A trainee's accounts are the rosters'; the person's own ID number and phone are none."""
    others = frozenset(text for line in lines for text in (line["id_number"], line["phone"]) if text)
    return [_written(line, others) for line in lines], Text("花名册的银行账号", "the roster's 银行账号")


def _written(line: dict[str, Any], others: frozenset[str] = frozenset()) -> PayeeAccount:
    return PayeeAccount(line["account"], line["bank"], None, line["is_lost"], others)


def _of_unit(
    registered: RegisteredAccounts, payee: str, today: dt.date
) -> Callable[[Sequence[dict[str, Any]]], tuple[list[PayeeAccount], Text]]:
    """A payee's accounts are the registers'; a host's are those of its award lines as well."""

    def found(lines: Sequence[dict[str, Any]]) -> tuple[list[PayeeAccount], Text]:
        people = [line for line in lines if line["subject_kind"] == "person"]
        registers: tuple[str, ...] = (INSTITUTIONS, PAYEES)
        if len(people) == len(lines):
            registers = registers_of(payee, ((line["institution"], line["employer"]) for line in people))
        accounts = registered.of(payee, registers, today)
        accounts += [_written(line) for line in lines if line["subject_kind"] != "person" and line["account"]]
        places = "、".join(f"{name}.xlsx" for name in registers)
        return accounts, Text(places, places.replace("、", " or "))

    return found
