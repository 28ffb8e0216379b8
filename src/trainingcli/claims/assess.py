"""A batch's rows, settled: the rules, the evidence, the ledger's history, the funds' budgets; nothing is posted."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any

from trainingcli.claims.history import history_of_people, people_of, unchanged
from trainingcli.claims.request import Request
from trainingcli.claims.rosters import read_rows
from trainingcli.facts import Check, FundBudget
from trainingcli.language import Text
from trainingcli.memory import MUCH, give_back
from trainingcli.policy import Policy
from trainingcli.settle.assessment import Assessment

if TYPE_CHECKING:
    import pandas as pd

    from trainingcli.evidence.batch import Batch
    from trainingcli.evidence.gathered import Sources
    from trainingcli.intake.tables.sheet_tables import InputFile
    from trainingcli.ledger import Ledger
    from trainingcli.settle.rows import Rows
    from trainingcli.settle.settlement import Settlement


@dataclass(frozen=True)
class Settled:
    """An assessment, and what of it would be posted (as `Ledger.post` takes it), made when it is asked for.

    `unchanged`: whether the ledger still says what this was settled by. `kind`: the batch's; `index`: lines and reasons
    → every line as `Ledger.post` takes `index` (None: of people).
    """

    assessment: Assessment
    payable: Callable[[], pd.DataFrame]
    unchanged: Callable[[Ledger], bool]
    kind: str = "claims"
    index: Callable[[pd.DataFrame, pd.DataFrame], pd.DataFrame] | None = None


def assess(
    request: Request,
    policy: Policy,
    inputs: list[InputFile],
    ledger: Ledger | None,
    sources: Sources,
) -> Settled:
    """Convert, validate and settle what was read, with the ledger's history where there is one; it is only read."""
    rows = read_rows(inputs, policy, request.today, sources.aliases)
    for item in inputs if request.settled_once else ():
        item.drop_cells()
    return assess_rows(rows, request, policy, inputs, ledger, sources)


def assess_rows(
    rows: Rows, request: Request, policy: Policy, inputs: list[InputFile], ledger: Ledger | None, sources: Sources
) -> Settled:
    """Settle rows, as `read_rows` gives them; for those who ask about the rows afterwards."""
    from trainingcli.evidence.batch import Batch
    from trainingcli.evidence.gathering import accounts_of
    from trainingcli.settle.claim_lines import claim_lines
    from trainingcli.settle.lines_frame import lines_frame, payable_frame
    from trainingcli.settle.reasons_frame import reasons_frame

    lines = claim_lines(rows, policy, request.programme)
    people = people_of(rows)
    history = None if ledger is None else history_of_people(people, ledger)
    batch = Batch(rows, lines, policy, sources, history)
    settlement = decide(batch)
    frame = lines_frame(rows, lines, settlement, policy)
    reasons = reasons_frame(settlement, lines, rows, policy)
    give_back(above=MUCH)  # what settling took; the flags' columns are the most that is held at one moment
    assessment = assessed(request, policy, inputs, ledger, sources, frame, reasons, [accounts_of(batch)])
    payable = partial(payable_frame, rows, lines, settlement, frame, policy)
    return within_budgets(Settled(assessment, payable, partial(unchanged, people, history)), sources, ledger)


def assessed(
    request: Request,
    policy: Policy,
    inputs: list[InputFile],
    ledger: Ledger | None,
    sources: Sources,
    lines: pd.DataFrame,
    reasons: pd.DataFrame,
    accounts: Sequence[Mapping[str, Any]],
) -> Assessment:
    """Put together what was found. `accounts`: what each part of the batch contributes to what the evidence says."""
    from trainingcli.evidence.accounts import accounts_of_payees
    from trainingcli.evidence.gathering import checks_of, documents_of, said_of

    return Assessment(
        policy=policy,
        inputs=inputs,
        checks=[ledger_check(ledger), *checks_of(sources)],
        lines=lines,
        reasons=reasons,
        today=request.today.isoformat(),
        ledger=None if ledger is None else ledger.head(),
        evidence=documents_of(accounts, sources),
        warnings=said_of(accounts, sources),
        accounts=accounts_of_payees(sources.contents, lines, request.today),
    )


def ledger_check(ledger: Ledger | None) -> Check:
    """Say whether there was a ledger to compare with."""
    if ledger is not None:
        return Check("ledger", True)
    why = Text("没有台账：未与以往已付款项比对", "no ledger: not compared with what was paid before")
    return Check("ledger", False, why)


def decide(batch: Batch, shared_values: Mapping[str, Collection[str]] | None = None) -> Settlement:
    """Ask the evidence and settle. `shared_values`: what `settle` must be told where the batch is a part of one."""
    from trainingcli.evidence.gathering import verdicts_of
    from trainingcli.evidence.sources import decisions
    from trainingcli.settle.settlement import settle

    batch.lines.findings.parts.extend(verdicts_of(batch).parts)
    return settle(
        batch.rows,
        batch.lines,
        batch.policy,
        standards=batch.sources.standards,
        history=batch.history,
        waivers=batch.sources.waivers,
        shared_values=shared_values,
        decide=partial(decisions.SOURCE.rulings, batch),
    )


def _without(payable: pd.DataFrame, lines: Sequence[int]) -> pd.DataFrame:
    """Return what is left to be paid; the waiver that gave an event its place goes on to the event's other lines."""
    gone = payable["line"].isin(lines)
    waivers = payable[gone & payable["waiver"].notna()].drop_duplicates("event").set_index("event")["waiver"]
    kept = payable[~gone].reset_index(drop=True)
    if len(waivers):
        inherited = kept["event"].map(waivers).astype("str").where(kept["place"] == "waiver")
        kept["waiver"] = kept["waiver"].fillna(inherited)
    return kept


def within_budgets(settled: Settled, sources: Sources, ledger: Ledger | None) -> Settled:
    """Hold what the funds' budgets of today's year cannot bear, where any are known; 三(九)."""
    from trainingcli.evidence.sources import budgets

    def left(ledger: Ledger | None) -> dict[budgets.FundYear, FundBudget]:
        return budgets.budgets_left(sources.budgets, None if ledger is None else ledger.budgets())

    def same(ledger: Ledger) -> bool:
        now = left(ledger)
        if not known:
            return not now and settled.unchanged(ledger)
        return set(now) == set(known) and budgets.overdrawn(payable, now, year) == found and settled.unchanged(ledger)

    known = left(ledger)
    if not known:
        return replace(settled, unchanged=same)
    assessment, payable, year = settled.assessment, settled.payable(), int(settled.assessment.today[:4])
    found = budgets.overdrawn(payable, known, year)
    kept = _without(payable, [one.line + 1 for one in found])
    held = budgets.hold(assessment, found) if found else assessment
    missing = budgets.without_budget(payable, known, year)
    checks = [budgets.performed(check) for check in assessment.checks]
    return replace(
        settled,
        assessment=replace(held, checks=checks, warnings=[*held.warnings, *missing]),
        payable=lambda: kept,
        unchanged=same,
    )
