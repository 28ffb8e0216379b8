"""Inputs → outcomes, by the program's own stages in their order: roster, findings, lines, settlement, frames."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import pandas as pd

from trainingcli.claims.history import history_of_people, people_of
from trainingcli.claims.rosters import read_rows
from trainingcli.evidence.batch import Batch
from trainingcli.evidence.deciding import Decided, Decision
from trainingcli.evidence.gathered import Sources
from trainingcli.evidence.gathering import verdicts_of
from trainingcli.evidence.sources import decisions
from trainingcli.intake.tables.sheet_tables import InputFile
from trainingcli.ledger import Ledger
from trainingcli.policy import Policy, load_policy
from trainingcli.settle.claim_lines import Lines, claim_lines
from trainingcli.settle.limits.events import Waiver
from trainingcli.settle.lines_frame import lines_frame, payable_frame
from trainingcli.settle.reasons_frame import reasons_frame
from trainingcli.settle.rows import Rows
from trainingcli.settle.settlement import History, Settlement, settle
from trainingcli.settle.standards import Standard, Standards

TODAY = dt.date(2021, 12, 31)


@dataclass(frozen=True)
class Reason:
    """A reason on a line: its code and the cell it speaks of."""

    code: str
    cell: str | None


@dataclass(frozen=True)
class Outcome:
    """What became of one claim line; money in fen."""

    file: str
    sheet: str
    row: int
    programme: str | None
    status: str
    claimed: int | None
    entitled: int | None
    approved: int
    payee: str | None
    id_number: str | None
    reasons: tuple[Reason, ...]

    @property
    def codes(self) -> list[str]:
        """The reasons' codes, in alphabetical order."""
        return sorted(reason.code for reason in self.reasons)


@dataclass(frozen=True)
class Run:
    """What a run over inputs came to."""

    outcomes: list[Outcome]
    lines: pd.DataFrame
    reasons: pd.DataFrame
    parts: tuple[Rows, Lines, Settlement]
    policy: Policy

    def payable(self) -> pd.DataFrame:
        """What would be posted, as the ledger takes it."""
        return payable_frame(*self.parts, self.lines, self.policy)


def run(
    inputs: Sequence[InputFile],
    *,
    today: dt.date = TODAY,
    policy: Policy | None = None,
    programme: str | None = None,
    standards: Sequence[Standard] = (),
    history: History | None = None,
    ledger: Ledger | None = None,
    waivers: Mapping[str, Sequence[Waiver]] | None = None,
    decided: Sequence[Decision] = (),
    sources: Sources | None = None,
) -> Run:
    """Settle inputs; `programme` is the code of `--programme`. History is the ledger's, where there is one.

    `decided`: what was decided about lines, as `--decisions` brings it. `sources`: evidence asked beside the rosters.
    """
    policy = policy or load_policy()
    rows = read_rows(list(inputs), policy, today)
    if ledger is not None:
        history = history_of_people(people_of(rows), ledger)
    lines = claim_lines(rows, policy, programme)
    read = {**(sources.read if sources else {}), decisions.SOURCE.name: Decided(tuple(decided))}
    batch = Batch(rows, lines, policy, replace(sources or Sources(), read=read), history)
    if sources is not None:
        lines.findings.parts.extend(verdicts_of(batch).parts)
    found = settle(
        rows, lines, policy, standards=Standards.from_entries(standards), history=history, waivers=waivers,
        decide=partial(decisions.SOURCE.rulings, batch),
    )  # fmt: skip
    frame = lines_frame(rows, lines, found, policy)
    reasons = reasons_frame(found, lines, rows, policy)
    return Run(_outcomes(frame, reasons), frame, reasons, (rows, lines, found), policy)


def _outcomes(lines: pd.DataFrame, reasons: pd.DataFrame) -> list[Outcome]:
    by_line: dict[int, list[Reason]] = {}
    for line, code, cell in zip(reasons["line"], reasons["code"], reasons["cell"], strict=True):
        by_line.setdefault(line, []).append(Reason(code, _plain(cell)))
    columns = ([_plain(value) for value in lines[name]] for name in _SHOWN)
    return [
        Outcome(*values, reasons=tuple(by_line.get(place, ())))
        for place, values in enumerate(zip(*columns, strict=True))
    ]


_SHOWN = ("file", "sheet", "row", "programme", "status", "claimed", "entitled", "approved", "payee", "id_number")


def _plain(value: Any) -> Any:
    return None if pd.isna(value) else value
