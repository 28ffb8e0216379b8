"""Where a payee's account comes from (收款账户), and what is none: in doubt nobody is paid."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from trainingcli.bank_account import account_digits, is_account
from trainingcli.compared import folded_name
from trainingcli.errors import UsageError
from trainingcli.language import Text
from trainingcli.masking import mask_account

if TYPE_CHECKING:
    import pandas as pd

    from trainingcli.evidence.register_contents import Contents, Entry
    from trainingcli.workers import WorkerPool

INSTITUTIONS, PAYEES = "institutions", "payees"
NOWHERE = Text("", "")
_NAMED = {INSTITUTIONS: "institution", PAYEES: "payee"}


class PayeeAccount(NamedTuple):
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


def chosen(found: Iterable[PayeeAccount], where: Text) -> tuple[PayeeAccount | None, Text | None]:
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

    _rows: dict[tuple[str, str], list[tuple[Entry, bool]]] = field(default_factory=dict)

    def add_all(self, contents: Contents, names: Collection[str] | None = None) -> None:
        """Take the rows (of these names as compared) of one register; what cannot be read of an account is lost."""
        register = contents.register.name
        lost = {fault.position for fault in contents.faults if fault.key == "account"}
        at = contents.named_at(_NAMED[register], folded_name, names)
        for position, entry in zip(at, contents.at(at), strict=True):
            key = register, folded_name(entry.values[_NAMED[register]])
            self._rows.setdefault(key, []).append((entry, position in lost))

    def has_account(self, payee: str) -> bool:
        """Say whether any row of a payee, in force or not, has an account, or one that is lost."""
        rows = (row for register in _NAMED for row in self._rows.get((register, folded_name(payee)), ()))
        return any(is_lost or entry.get("account") is not None for entry, is_lost in rows)

    def of(self, payee: str, registers: Sequence[str], today: dt.date) -> list[PayeeAccount]:
        """Return a payee's accounts in these registers: of the rows in force today, where there are any."""
        rows = [row for register in registers for row in self._rows.get((register, folded_name(payee)), ())]
        in_force = [row for row in rows if _is_in_force(row[0], today)]
        return [_account(entry, is_lost) for entry, is_lost in in_force or rows]


def _account(entry: Entry, is_lost: bool) -> PayeeAccount:
    return PayeeAccount(entry.get("account"), entry.get("bank"), entry.get("account_name"), is_lost)


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
        for fault in contents.faults:
            if fault.is_error and fault.key != "account":
                raise UsageError(fault.line())
        found.add_all(contents)
    return found


def registers_of(payee: str, named: Iterable[tuple[str | None, str | None]]) -> tuple[str, ...]:
    """Say in which registers a payee's account may stand. `named`: institution and employer of each of its lines.

    Who is paid as an institution alone has its account in institutions.xlsx; any other may stand in payees.xlsx.
    """
    name = folded_name(payee)
    alone = all(folded_name(one or "") == name and folded_name(other or "") != name for one, other in named)
    return (INSTITUTIONS,) if alone else (INSTITUTIONS, PAYEES)


def accounts_of_payees(
    contents: Mapping[str, Contents], lines: pd.DataFrame, today: dt.date
) -> dict[str, tuple[str | None, str]]:
    """Return payee, as compared → bank and account of the registers, of those payees that have one sound account."""
    payees = [str(payee) for payee in lines["payee"].dropna().unique()]
    registered, names = RegisteredAccounts(), set(map(folded_name, payees))
    for register in contents.keys() & _NAMED:
        registered.add_all(contents[register], names)
    known = [payee for payee in payees if registered.has_account(payee)]
    pairs = lines.loc[lines["payee"].isin(known), ["payee", "institution", "employer"]].drop_duplicates().astype(object)
    pairs = pairs.where(pairs.notna(), None)
    found = {}
    for payee, own in pairs.groupby("payee"):
        where = registers_of(str(payee), zip(own["institution"], own["employer"], strict=True))
        account, _ = chosen(registered.of(str(payee), where, today), NOWHERE)
        if account is not None and account.number is not None:
            found[folded_name(str(payee))] = (account.bank, account.number)
    return found
