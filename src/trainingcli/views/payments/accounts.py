"""Where a payee's account comes from (收款账户), and what is none: in doubt nobody is paid."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from trainingcli.bank_account import account_digits, is_account
from trainingcli.compared import folded_name
from trainingcli.errors import UsageError
from trainingcli.language import Text
from trainingcli.masking import mask_account

if TYPE_CHECKING:
    from trainingcli.evidence.register_contents import Entry
    from trainingcli.workers import WorkerPool

INSTITUTIONS, PAYEES = "institutions", "payees"
_NAMED = {INSTITUTIONS: "institution", PAYEES: "payee"}


@dataclass(frozen=True)
class Account:
    """One account as it was found. `number`: as written, None: none; `is_lost`: its last digits are (a number cell).

    `name`: 户名, None: the payee's own; `others`: numbers of the same person that are no account.
    """

    number: str | None
    bank: str | None = None
    name: str | None = None
    is_lost: bool = False
    others: frozenset[str] = frozenset()

    @property
    def digits(self) -> str:
        """The number as accounts are compared: without blanks and dashes."""
        return account_digits(self.number or "")

    @property
    def is_one(self) -> bool:
        """Whether this can be an account: digits alone, none of them hidden or lost, and no phone or ID number."""
        return is_account(self.digits) and self.digits not in self.others and not self.is_lost


def chosen(found: Iterable[Account], where: Text) -> tuple[Account | None, Text | None]:
    """Return the one account of a payee, or None and what is wrong; `where`: where one would be written."""
    accounts = {one.digits: one for one in reversed([one for one in found if one.number is not None or one.is_lost])}
    if not accounts:
        return None, Text(f"没有收款账号，请填在{where.zh}", f"no account; write one into {where.en}")
    shown = [mask_account(digits) or "?" for digits in reversed(accounts)]
    if len(accounts) > 1:
        listed = "、".join(shown)
        zh = f"有 {len(accounts)} 个不同的账号（{listed}），请核对{where.zh}"
        return None, Text(zh, f"{len(accounts)} different accounts ({', '.join(shown)}); check {where.en}")
    (account,) = accounts.values()
    if not account.is_one:
        zh = f"不是完整的银行账号（{shown[0]}），请改正{where.zh}"
        return None, Text(zh, f"no whole bank account ({shown[0]}); correct {where.en}")
    return account, None


@dataclass
class RegisteredAccounts:
    """The accounts of the registers institutions.xlsx and payees.xlsx, by name as compared; without them none."""

    _rows: dict[tuple[str, str], list[tuple[Entry, Account]]] = field(default_factory=dict)

    def add(self, register: str, entry: Entry, *, is_lost: bool) -> None:
        """Take one row. `is_lost`: its account's cell cannot be read."""
        name = entry.values.get(_NAMED[register])
        if name:
            account = Account(entry.get("account"), entry.get("bank"), entry.get("account_name"), is_lost)
            self._rows.setdefault((register, folded_name(name)), []).append((entry, account))

    def of(self, payee: str, registers: Sequence[str], today: dt.date) -> list[Account]:
        """Return a payee's accounts in these registers: of the rows in force today, where there are any."""
        rows = [row for register in registers for row in self._rows.get((register, folded_name(payee)), ())]
        in_force = [row for row in rows if _is_in_force(row[0], today)]
        return [account for _, account in in_force or rows]


def _is_in_force(entry: Entry, today: dt.date) -> bool:
    since, until = entry.get("since"), entry.get("until")
    return (since is None or since <= today) and (until is None or today <= until)


def read_accounts(folder: Path | None, pool: WorkerPool) -> RegisteredAccounts:
    """Read the two registers; an account that cannot be read stops its payee, any other fault the run (exit 2)."""
    from trainingcli.evidence.register_contents import all_registers, read_contents

    found = RegisteredAccounts()
    if folder is None:
        return found
    if not folder.is_dir():
        text = Text(f"目录清单文件夹不存在：{folder}（--registers）", f"there is no folder {folder} (--registers)")
        raise UsageError(text)
    for name in _NAMED:
        if not (folder / f"{name}.xlsx").exists():
            continue
        contents = read_contents(all_registers()[name], folder, pool)
        lost = {fault.position for fault in contents.faults if fault.key == "account"}
        for fault in contents.faults:
            if fault.is_error and fault.key != "account":
                raise UsageError(fault.line())
        for position, entry in enumerate(contents.entries):
            found.add(name, entry, is_lost=position in lost)
    return found
