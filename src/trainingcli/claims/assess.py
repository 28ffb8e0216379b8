"""A batch's rows, settled: the rules, the evidence, the ledger's history, the funds' budgets; nothing is posted."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from trainingcli.claims.history import history_of
from trainingcli.claims.request import Request
from trainingcli.claims.rosters import read_rows
from trainingcli.facts import Check
from trainingcli.language import Text
from trainingcli.policy import Policy
from trainingcli.settle.assessment import Assessment

if TYPE_CHECKING:
    import pandas as pd

    from trainingcli.evidence.registers import Registers
    from trainingcli.intake.tables.sheet_tables import InputFile
    from trainingcli.ledger import Ledger
    from trainingcli.settle.claim_lines import Lines
    from trainingcli.settle.dated import Ints
    from trainingcli.settle.rows import Rows
    from trainingcli.settle.settlement import History, Settlement


@dataclass(frozen=True)
class Settled:
    """An assessment, and what of it would be posted (as `Ledger.post` takes it), made when it is asked for."""

    assessment: Assessment
    payable: Callable[[], pd.DataFrame]


def assess(
    request: Request, policy: Policy, inputs: list[InputFile], ledger: Ledger | None, registers: Registers
) -> Settled:
    """Convert, validate and settle what was read, with the ledger's history where there is one; it is only read."""
    rows = read_rows(inputs, policy, request.today, registers.aliases)
    return assess_rows(rows, request, policy, inputs, ledger, registers)


def assess_rows(
    rows: Rows, request: Request, policy: Policy, inputs: list[InputFile], ledger: Ledger | None, registers: Registers
) -> Settled:
    """Settle rows, as `read_rows` gives them; for those who ask about the rows afterwards."""
    from trainingcli.settle.claim_lines import claim_lines
    from trainingcli.settle.lines_frame import lines_frame, payable_frame
    from trainingcli.settle.reasons_frame import reasons_frame

    lines = claim_lines(rows, policy, request.programme)
    settlement = decide(rows, lines, policy, registers, None if ledger is None else history_of(rows, ledger))
    frame = lines_frame(rows, lines, settlement, policy)
    assessment = Assessment(
        policy=policy,
        inputs=inputs,
        checks=checks_of(ledger, registers),
        lines=frame,
        reasons=reasons_frame(settlement, lines, rows, policy),
        today=request.today.isoformat(),
        ledger=None if ledger is None else ledger.head(),
    )
    payable = partial(payable_frame, rows, lines, settlement, frame, policy)
    return within_budgets(Settled(assessment, payable), registers, ledger)


def within_budgets(settled: Settled, registers: Registers, ledger: Ledger | None) -> Settled:
    """Hold what the funds' budgets cannot bear, where budgets were supplied; 三(九)."""
    from trainingcli.evidence import budgets

    if not registers.budgets:
        return settled
    posted: dict[tuple[str, int], int] = {}
    if ledger is not None:
        balances = ledger.budgets()
        posted = dict(zip(zip(balances["fund"], balances["year"], strict=True), balances["closing"], strict=True))
    payable = settled.payable()
    found = budgets.overdrawn(payable, registers.budgets, posted)
    kept = payable[~payable["line"].isin([one.line + 1 for one in found])].reset_index(drop=True)
    assessment = budgets.hold(settled.assessment, found) if found else settled.assessment
    missing = budgets.without_budget(payable, registers.budgets)
    return Settled(replace(assessment, warnings=[*assessment.warnings, *missing]), lambda: kept)


def decide(
    rows: Rows,
    lines: Lines,
    policy: Policy,
    registers: Registers,
    history: History | None,
    *,
    shared_values: Mapping[str, Collection[str]] | None = None,
    class_sizes: Ints | None = None,
) -> Settlement:
    """Ask the registers and settle. The last two: what `settle` and `verdicts` must be told of a part of a batch."""
    from trainingcli.settle.settlement import settle

    lines.findings.parts.extend(registers.verdicts(rows, lines, policy, class_sizes).parts)
    return settle(
        rows,
        lines,
        policy,
        standards=registers.standards,
        history=history,
        waivers=registers.waivers,
        shared_values=shared_values,
    )


def checks_of(ledger: Ledger | None, registers: Registers) -> list[Check]:
    """Say which checks a run does, and of every other why not."""
    return [_ledger_check(ledger), *registers.checks, *_NOT_YET]


def _ledger_check(ledger: Ledger | None) -> Check:
    if ledger is not None:
        return Check("ledger", True)
    why = Text("没有台账：未与以往已付款项比对", "no ledger: not compared with what was paid before")
    return Check("ledger", False, why)


_NOT_YET = (Check("realname", False, Text("未提供实名制系统导出表", "no export of the real-name system was supplied")),)
