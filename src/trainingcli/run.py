"""One run from inputs to the assessment: read, validate, settle, and, when asked, post; nothing is printed here.

Streams, exit codes and outputs belong to `cli` and `reports`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from trainingcli.assessment import Assessment, Check
from trainingcli.language import Text
from trainingcli.policy import Policy
from trainingcli.vocabulary import load_vocabulary
from trainingcli.workers import WorkerPool

if TYPE_CHECKING:
    from trainingcli.intake.tables import InputFile
    from trainingcli.ledger import Ledger
    from trainingcli.registers.folder import Registers


@dataclass(frozen=True)
class Request:
    """What a run is asked to do. `files`: paths as given; `stdin`: the bytes for the path `-`."""

    files: Sequence[str]
    today: dt.date
    programme: str | None = None
    registers: Path | None = None
    password: str | None = None
    stdin: bytes | None = None
    progress: Callable[[int, int], None] | None = field(default=None, compare=False)


def read_inputs(request: Request, policy: Policy, pool: WorkerPool) -> list[InputFile]:
    """Read every input in workers; one that cannot be read is an `InputFile` with an error."""
    from trainingcli.intake.reading import expand, read_rosters

    vocabulary = load_vocabulary(policy.programme_names())
    return read_rosters(
        expand(request.files), vocabulary, pool, stdin=request.stdin, password=request.password, progress=request.progress
    )


def assess(
    request: Request, policy: Policy, inputs: list[InputFile], ledger: Ledger | None, registers: Registers
) -> Assessment:
    """Settle what was read, with the ledger's history where there is a ledger. Pure but for reading the ledger."""
    from trainingcli.claim_lines import claim_lines
    from trainingcli.explained import reasons_frame
    from trainingcli.intake.convert import to_roster
    from trainingcli.lines_frame import lines_frame
    from trainingcli.rows import Rows
    from trainingcli.settlement import settle
    from trainingcli.validation.roster import validate

    vocabulary = load_vocabulary(policy.programme_names())
    roster = to_roster(inputs, vocabulary)
    known = {name: frozenset(vocabulary.values[name].values()) for name in ("category", "level", "certificate_type")}
    rows = Rows(roster, validate(roster, today=request.today, known=known), registers.aliases)
    lines = claim_lines(rows, policy, request.programme)
    settlement = settle(
        rows,
        lines,
        policy,
        standards=registers.standards,
        history=_history(rows, ledger),
        waivers=registers.waivers,
    )
    return Assessment(
        policy=policy,
        inputs=inputs,
        checks=[_ledger_check(ledger), *registers.checks, *_NOT_YET],
        lines=lines_frame(rows, lines, settlement, policy),
        reasons=reasons_frame(settlement, lines, rows, policy),
        today=request.today.isoformat(),
        ledger=None if ledger is None else ledger.head(),
    )


def _ledger_check(ledger: Ledger | None) -> Check:
    if ledger is not None:
        return Check("ledger", True)
    why = Text("没有台账：未与以往已付款项比对", "no ledger: not compared with what was paid before")
    return Check("ledger", False, why)


_NOT_YET = (
    Check("realname", False, Text("未提供实名制系统导出表", "no export of the real-name system was supplied")),
    Check("budgets", False, Text("未提供资金预算表", "no budgets were supplied")),
)


def _history(rows: object, ledger: Ledger | None) -> object:
    return None
