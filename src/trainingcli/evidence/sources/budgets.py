"""The funds' budgets of a year (资金预算): a line that would overdraw one waits, 三(九).

Budgets are cash (Q21): a line draws on its fund's budget of the year of its posting, which is today's. Lines draw in
the batch's order, after what was used before the ledger (期初已用) and what the ledger has posted in that year; one
that no longer fits is held and draws nothing, so a smaller one behind it may still fit. A fund and year without a
budget is not compared, and is named.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple

from trainingcli.evidence.source import Source
from trainingcli.facts import Check, FundBudget
from trainingcli.language import Text
from trainingcli.money import yuan_text

if TYPE_CHECKING:
    import pandas as pd

    from trainingcli.evidence.register_contents import Contents
    from trainingcli.intake.tables.read_declared import Fault
    from trainingcli.settle.assessment import Assessment

CODE = "OVER_BUDGET"
_ODD = 1_000_000_00  # fen: less than a million yuan for a fund and year may be a unit too few (10万 for 10亿)


class Budgets(Source):
    """A payment fits what is left of its fund's budget of the year."""

    name = "budgets"
    place = 80
    registers = ("budgets",)
    reasons = (CODE,)

    def faults(self, contents: Contents) -> Iterator[Fault]:
        """Yield budgets that are oddly small, as they were read: a unit may be missing."""
        for entry in contents.entries:
            if entry.get("budget") is not None and entry.values["budget"] < _ODD:
                read = yuan_text(entry.values["budget"])
                text = Text(f"预算读作 {read} 元，请核对单位", f"the budget is read as {read} yuan; check its unit")
                yield contents.fault(entry, "budget", text, is_error=False)


FundYear = tuple[str, int]


def budgets_of(budgets: Contents | None) -> dict[FundYear, FundBudget]:
    """Return fund and year → budget and what was used before (期初已用); several rows of one add up."""
    found: dict[FundYear, FundBudget] = {}
    for entry in budgets.entries if budgets else ():
        key = entry.values["fund"], entry.values["year"]
        before = found.get(key, FundBudget(0, 0))
        found[key] = FundBudget(before.amount + entry.values["budget"], before.used + (entry.get("opening") or 0))
    return found


def budgets_left(supplied: Mapping[FundYear, FundBudget], ledger: pd.DataFrame | None) -> dict[FundYear, FundBudget]:
    """Return the budgets that hold, with all that was used: those supplied, else the ledger's own.

    `ledger`: as `Ledger.budgets` gives them.
    """
    import pandas as pd

    found = dict(supplied)
    for row in ledger.to_dict("records") if ledger is not None else ():
        key, posted = (row["fund"], int(row["year"])), int(row["closing"] - row["opening"])
        if key in found:
            found[key] = found[key]._replace(used=found[key].used + posted)
        elif not pd.isna(row["budget"]):
            found[key] = FundBudget(int(row["budget"]), int(row["closing"]))
    return found


class Overdrawn(NamedTuple):
    """A line that does not fit: its position in the batch, and what the fund had (fen)."""

    line: int
    fund: str
    year: int
    budget: int
    used: int
    amount: int

    @property
    def detail(self) -> Text:
        """Say whose budget, what of it was used, and what this line needs."""
        budget, used, amount = map(yuan_text, (self.budget, self.used, self.amount))
        return Text(
            f"{self.fund}{self.year}年预算{budget}元，已用{used}元，本笔{amount}元",
            f"{self.fund} {self.year}: budget {budget} yuan, {used} used, {amount} needed",
        )


def overdrawn(payable: pd.DataFrame, budgets: Mapping[FundYear, FundBudget], year: int) -> list[Overdrawn]:
    """Return the payable lines that their fund's budget of the year cannot bear, in order; all money in fen."""
    found: list[Overdrawn] = []
    for (fund, budget_year), budget in budgets.items():
        if budget_year == year:
            found += _beyond(payable[payable["fund"] == fund], fund, year, budget)
    return sorted(found, key=lambda one: one.line)


def _beyond(group: pd.DataFrame, fund: str, year: int, budget: FundBudget) -> Iterator[Overdrawn]:
    used = budget.used
    for line, amount in zip(group["line"].tolist(), group["approved"].tolist(), strict=True):
        if used + amount > budget.amount:
            yield Overdrawn(line - 1, fund, year, budget.amount, used, amount)
        else:
            used += amount


def hold(assessment: Assessment, found: Sequence[Overdrawn]) -> Assessment:
    """Return the assessment with these lines held: nothing approved, `OVER_BUDGET` behind their other reasons."""
    import pandas as pd

    lines = assessment.lines.copy(deep=False)
    at = [one.line for one in found]
    status, approved = lines["status"].array.copy(), lines["approved"].to_numpy(copy=True)
    status[at], approved[at] = "held", 0
    lines["status"], lines["approved"] = status, approved
    reasons = pd.concat([assessment.reasons, _reasons(found, assessment.reasons)], ignore_index=True)
    return replace(assessment, lines=lines, reasons=reasons.sort_values("line", kind="stable", ignore_index=True))


def _reasons(found: Sequence[Overdrawn], like: pd.DataFrame) -> pd.DataFrame:
    import pandas as pd

    from trainingcli.reasons import reason

    declared = reason(CODE)
    rows: list[dict[str, Any]] = []
    for one in found:
        message = declared.message.format(detail=one.detail)
        rows.append(
            {"line": one.line, "code": CODE, "severity": declared.severity, "clause": declared.clause,
             "zh": message.zh, "en": message.en}
        )  # fmt: skip
    return pd.DataFrame(rows, columns=like.columns).astype(like.dtypes.to_dict())


def without_budget(payable: pd.DataFrame, budgets: Mapping[FundYear, FundBudget], year: int) -> list[Text]:
    """Name the funds that money is drawn from and that have no budget of the year."""
    missing = sorted(str(fund) for fund in payable["fund"].unique() if (str(fund), year) not in budgets)
    return [
        Text(f"{fund} {year} 年没有预算，未比对", f"{fund} has no budget for {year}; not compared") for fund in missing
    ]


def performed(check: Check) -> Check:
    """Return the check of the budgets as performed, with the ledger's own where no register was supplied."""
    if check.check != "register:budgets" or check.performed:
        return check
    why = Text("按台账记录的预算比对", "compared with the budgets that the ledger keeps")
    return Check(check.check, True, why)


SOURCE = Budgets()
