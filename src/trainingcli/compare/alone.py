"""Rows settled each as if it were the whole batch, without history: what a policy says of a row by itself.

All rows are settled together, each as a person of its own who shares nothing with anybody.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from trainingcli.claims.assess import decide
from trainingcli.compare.sides import Ints, Side
from trainingcli.evidence.batch import Batch
from trainingcli.evidence.gathering import wholes_of
from trainingcli.evidence.sources import budgets
from trainingcli.facts import FundBudget
from trainingcli.settle.claim_lines import Lines, claim_lines
from trainingcli.settle.limits.shared import NOTES
from trainingcli.settle.line_draft import NONE
from trainingcli.settle.settlement import STATUS_OF, Settlement

_SHARED_BY_NOBODY: dict[str, frozenset[str]] = {field: frozenset() for field in ("certificate_no", *NOTES)}
_HELD = list(STATUS_OF).index("held")


class Alone(NamedTuple):
    """Lines of rows by themselves, in the rows' order: `row` among the side's rows, status as in `STATUS_OF`, fen."""

    row: Ints
    programme: list[str | None]
    status: npt.NDArray[np.int64]
    approved: Ints


def settled_alone(side: Side, at: Ints, named: str | None, year: int) -> Alone:
    """Settle the rows at these positions (ascending). `named`: the programme of `--programme`; `year`: the budgets'."""
    rows, policy, sources = side.rows.alone(at), side.policy, side.sources
    lines = claim_lines(rows, policy, named)
    nobody = side.rows.alone(at[:0])
    wholes = wholes_of(Batch(nobody, claim_lines(nobody, policy, named), policy, sources))
    settlement = decide(Batch(rows, lines, policy, sources, None, wholes), _SHARED_BY_NOBODY)
    _hold(settlement, lines, side, year)
    codes = [*lines.codes, None]
    programme = [codes[place] for place in np.where(lines.programme == NONE, len(lines.codes), lines.programme)]
    return Alone(at[lines.row], programme, settlement.status.astype(np.int64), settlement.approved)


def _hold(settlement: Settlement, lines: Lines, side: Side, year: int) -> None:
    """Hold what the budgets cannot bear, row by row: only rows that may overdraw a fund are looked at."""
    known = budgets.budgets_left(side.sources.budgets, None)
    for (fund, budget_year), budget in known.items():
        if budget_year == year:
            _hold_of_fund(settlement, lines, side, fund, budget)


def _hold_of_fund(settlement: Settlement, lines: Lines, side: Side, fund: str, budget: FundBudget) -> None:
    own = [place for place, code in enumerate(lines.codes) if side.policy.programmes[code].fund == fund]
    at = np.flatnonzero((settlement.status < _HELD) & np.isin(lines.programme, own))
    sums = np.zeros(int(lines.row.max(initial=0)) + 1, dtype=np.int64)
    np.add.at(sums, lines.row[at], settlement.approved[at])
    for row in np.flatnonzero(sums > budget.amount - budget.used).tolist():
        here = at[lines.row[at] == row]
        payable = pd.DataFrame({"fund": fund, "line": here + 1, "approved": settlement.approved[here]})
        for one in budgets.overdrawn(payable, {(fund, 0): budget}, 0):
            settlement.status[one.line], settlement.approved[one.line] = _HELD, 0
