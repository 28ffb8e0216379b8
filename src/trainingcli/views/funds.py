"""The use of funds (资金使用情况), 三(九): each fund's account by year, and what a period paid, by whatever one asks.

A list's groups count payments by their own day and take reversals off by theirs; a fund's account is of whole years,
and there a reversal counts in the year of its payment, to which it gives back (Q21).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc

from trainingcli.coded_columns import by_value
from trainingcli.facts import FundBudget, Head
from trainingcli.language import Text
from trainingcli.ledger.paid_columns import between
from trainingcli.money import percent_text, yuan_text
from trainingcli.views.districts import Districts
from trainingcli.views.paid_groups import PaidGroups, PaidOfKey
from trainingcli.views.paid_lines import NOWHERE, coded_lines
from trainingcli.views.period import Period

if TYPE_CHECKING:
    from trainingcli.ledger import Ledger

FundYear = tuple[str, int]


LISTS: Mapping[str, tuple[Text, str]] = {
    "by_programme": (Text("补贴项目", "Programme"), "programme"),
    "by_month": (Text("月份", "Month"), "month"),
    "by_district": (Text("区县", "District"), "district"),
    "by_payee": (Text("补贴对象", "Payee"), "payee"),
    "by_training_year": (Text("培训年度", "Year of training"), "event_year"),
}
"""List → its heading, and the column that its keys are; a month is that of the payment's, or the reversal's, day."""

COLUMNS = (
    "day", "reversed_on", "approved", "subject", "subject_kind", "programme", "district", "payee", "event_year"
)  # fmt: skip


@dataclass(frozen=True)
class FundAccount:
    """A fund's whole year, in fen; `budget` None: none is known."""

    fund: str
    year: int
    budget: int | None
    opening: int
    paid: int
    reversed: int

    @property
    def closing(self) -> int:
        """What of the budget is used (执行数)."""
        return self.opening + self.paid - self.reversed

    @property
    def left(self) -> int | None:
        """What of the budget is left; below zero: overdrawn."""
        return None if self.budget is None else self.budget - self.closing

    @property
    def used_percent(self) -> str | None:
        """The share that is used (执行率), percent half up; None without a budget."""
        return percent_text(self.closing, self.budget) if self.budget else None

    def shown(self) -> dict[str, Any]:
        """Return the account as documents have it."""
        return {
            "fund": self.fund, "year": self.year, "budget": _yuan(self.budget), "opening": yuan_text(self.opening),
            "paid": yuan_text(self.paid), "reversed": yuan_text(self.reversed), "closing": yuan_text(self.closing),
            "left": _yuan(self.left), "used_percent": self.used_percent,
        }  # fmt: skip


def _yuan(fen: int | None) -> str | None:
    return None if fen is None else yuan_text(fen)


@dataclass(frozen=True)
class Funds:
    """The whole view. `lists`: name of `LISTS` → its groups by key; `said`: what a reader must be told beside it."""

    period: Period
    ledger: Head
    totals: PaidOfKey
    accounts: Sequence[FundAccount]
    lists: Mapping[str, Sequence[PaidOfKey]]
    said: Sequence[Text] = field(default=())


def funds(
    ledger: Ledger,
    period: Period,
    *,
    supplied: Mapping[FundYear, FundBudget] | None = None,
    districts: Districts = NOWHERE,
) -> Funds:
    """Work the view out of one state of the ledger.

    `supplied`: budgets and openings of a register, which outrank the ledger's where they name a fund and year.
    """
    with ledger.one_state():
        head, balances, imported = ledger.head(), ledger.budgets().to_dict("records"), ledger.imported()
        lines = coded_lines(ledger, COLUMNS, since=period.since, until=period.until, districts=districts)
        groups = _grouped(lines, period)
    accounts = _accounts(balances, supplied or {}, period)
    lists = {name: groups.by(column) for name, (_, column) in LISTS.items()}
    totals = groups.totals()
    return Funds(period, head, totals, accounts, lists, [*_said(accounts, imported), *_emptiness(totals)])


def _accounts(
    balances: Sequence[Mapping[Any, Any]], supplied: Mapping[FundYear, FundBudget], period: Period
) -> list[FundAccount]:
    """Return the accounts of the years that the period touches, of funds with a budget or a payment."""
    known = {(row["fund"], int(row["year"])): row for row in balances}
    found = []
    for fund, year in sorted(known.keys() | supplied.keys(), key=lambda key: (key[1], key[0])):
        row = known.get((fund, year), {})
        named, opening = row.get("budget"), int(row.get("opening", 0))
        budget = named if isinstance(named, int) else None  # pandas has a null of its own
        if (fund, year) in supplied:
            budget, opening = supplied[fund, year].amount, supplied[fund, year].used
        posted = int(row.get("posted", 0))
        if period.touches(year) and (budget is not None or posted):
            found.append(FundAccount(fund, year, budget, opening, posted, int(row.get("reversed", 0))))
    return found


def _grouped(lines: Iterable[pa.Table], period: Period) -> PaidGroups:
    """Sum the period's payments and its reversals by what `LISTS` ask for."""
    groups = PaidGroups([column for _, column in LISTS.values()], named="payee")
    for table in lines:
        for name, add in (("day", groups.pay), ("reversed_on", groups.take_back)):
            within = by_value(table[name], partial(between, *period.ends))
            here = table if pc.all(within, skip_nulls=False).as_py() else table.filter(within)
            if here.num_rows:
                add(here.append_column("month", by_value(here[name], lambda days: pc.utf8_slice_codeunits(days, 0, 7))))
    return groups


def _said(accounts: Sequence[FundAccount], imported: frozenset[FundYear]) -> list[Text]:
    """Name what has no budget, and openings beside which imports may count twice."""
    found = []
    for each in accounts:
        if each.budget is None:
            text = Text(f"{each.fund} {each.year} 年没有预算，未比对",
                        f"{each.fund} has no budget for {each.year}; not compared")  # fmt: skip
            found.append(text)
        if each.opening and (each.fund, each.year) in imported:
            zh = f"{each.fund} {each.year} 年既有期初已用又有导入的历史发放；期初只应是台账没有的，请核对是否重复"
            en = f"{each.fund} {each.year} has an opening and imported payments; an opening is what the ledger lacks"
            found.append(Text(zh, f"{en}: check that nothing counts twice"))
    return found


def _emptiness(totals: PaidOfKey) -> list[Text]:
    none = Text("这段时间没有入账，也没有冲销", "nothing was paid or reversed in this time")
    return [] if totals.lines or totals.reversed else [none]
