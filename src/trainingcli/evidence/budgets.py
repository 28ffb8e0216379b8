"""The funds' budgets of a year (资金预算): a line that would overdraw one waits, 三(九).

Lines draw on their fund in the batch's order, after what the ledger has posted; one that no longer fits is held and
draws nothing, so a smaller one behind it may still fit. A fund and year without a budget is not compared, and is named.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import pandas as pd

from trainingcli.language import Text
from trainingcli.money import yuan_text
from trainingcli.reasons import reason

if TYPE_CHECKING:
    from trainingcli.settle.assessment import Assessment

OVER_BUDGET = reason("OVER_BUDGET")


@dataclass(frozen=True)
class Overdrawn:
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


def overdrawn(
    payable: pd.DataFrame, budgets: Mapping[tuple[str, int], int], posted: Mapping[tuple[str, int], int]
) -> list[Overdrawn]:
    """Return the payable lines that their fund's budget of the event's year cannot bear, in order; all money in fen."""
    found: list[Overdrawn] = []
    for (fund, year), budget in budgets.items():
        group = payable[(payable["fund"] == fund) & (payable["event_year"] == year)]
        found += _beyond(group, fund, year, budget, posted.get((fund, year), 0))
    return sorted(found, key=lambda one: one.line)


def _beyond(group: pd.DataFrame, fund: str, year: int, budget: int, used: int) -> Iterator[Overdrawn]:
    if used + int(group["approved"].sum()) <= budget:
        return
    for line, amount in zip(group["line"].tolist(), group["approved"].tolist(), strict=True):
        if used + amount > budget:
            yield Overdrawn(line - 1, fund, year, budget, used, amount)
        else:
            used += amount


def hold(assessment: Assessment, found: Sequence[Overdrawn]) -> Assessment:
    """Return the assessment with these lines held: nothing approved, `OVER_BUDGET` behind their other reasons."""
    lines = assessment.lines.copy(deep=False)
    at = [one.line for one in found]
    status, approved = lines["status"].array.copy(), lines["approved"].to_numpy(copy=True)
    status[at], approved[at] = "held", 0
    lines["status"], lines["approved"] = status, approved
    reasons = pd.concat([assessment.reasons, _reasons(found, assessment.reasons)], ignore_index=True)
    return replace(assessment, lines=lines, reasons=reasons.sort_values("line", kind="stable", ignore_index=True))


def _reasons(found: Sequence[Overdrawn], like: pd.DataFrame) -> pd.DataFrame:
    rows: list[dict[str, Any]] = []
    for one in found:
        message = OVER_BUDGET.message.format(detail=one.detail)
        rows.append(
            {"line": one.line, "code": OVER_BUDGET.code, "severity": OVER_BUDGET.severity,
             "clause": OVER_BUDGET.clause, "zh": message.zh, "en": message.en}
        )  # fmt: skip
    return pd.DataFrame(rows, columns=like.columns).astype(like.dtypes.to_dict())


def without_budget(payable: pd.DataFrame, budgets: Mapping[tuple[str, int], int]) -> list[Text]:
    """Name the funds and years that money is drawn from and that have no budget."""
    pairs = payable[["fund", "event_year"]].drop_duplicates().itertuples(index=False)
    missing = sorted((str(fund), int(year)) for fund, year in pairs if (fund, int(year)) not in budgets)
    return [
        Text(
            f"budgets.xlsx 中没有{fund} {year} 年的预算，未比对",
            f"budgets.xlsx has no budget for {fund} {year}; not compared",
        )
        for fund, year in missing
    ]
