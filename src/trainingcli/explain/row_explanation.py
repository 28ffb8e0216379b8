"""How one row came to its amounts: its cells, what they were read as, each programme's rules, the lines' outcome.

Nothing is decided here: the row is settled with all others of its roster, as `claims` does, and asked afterwards.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from trainingcli.claims.assess import assess_rows
from trainingcli.claims.request import Request
from trainingcli.claims.rosters import read_inputs, read_rows
from trainingcli.errors import InputError, UsageError
from trainingcli.evidence.batch import Batch
from trainingcli.explain.row_cells import cells_of
from trainingcli.explain.row_evidence import evidence_of
from trainingcli.explain.row_lines import line_at, others_of
from trainingcli.explain.row_place import Place, position_of
from trainingcli.explain.row_programmes import programme_on
from trainingcli.explain.settled_row import SettledRow
from trainingcli.intake.tables.sheet_tables import NO_HEADER
from trainingcli.language import Text
from trainingcli.policy import Policy
from trainingcli.settle import claim_lines
from trainingcli.settle.programmes import programmes

if TYPE_CHECKING:
    from trainingcli.evidence.gathered import Sources
    from trainingcli.ledger import Ledger
    from trainingcli.workers import WorkerPool

SCHEMA = "trainingcli.explanation/1"
Explanation = dict[str, Any]
"""The document that `explain ROSTER --row N --format json` prints; texts are in the language in use."""

_ASKED = {
    "wide": Text("表中按补贴项目分列的金额", "wide amount columns, each headed by a programme"),
    "column": Text("“补贴项目”一列", "the column 补贴项目"),
    "named": Text("--programme", "--programme"),
    "titled": Text("标题、表名或文件名", "the title, the sheet's or the file's name"),
    "fits": Text("没有写明：凡符合的项目各一笔", "nothing says it: a line for each programme that fits"),
}


def explain_row(
    request: Request,
    place: Place,
    policy: Policy,
    pool: WorkerPool,
    ledger: Ledger | None,
    sources: Sources,
    *,
    unmask: bool = False,
) -> Explanation:
    """Settle a roster and explain one of its rows. InputError where it cannot be read, UsageError where no row is."""
    inputs = read_inputs(request, policy, pool)
    if len(inputs) != 1:
        raise UsageError(Text("只能解释一个文件中的一行", "one row of one file can be explained"))
    why = inputs[0].error or (None if inputs[0].sheets else NO_HEADER)
    if why is not None:
        raise InputError(Text(f"{inputs[0].file}：{why.zh}", f"{inputs[0].file}: {why.en}"))
    rows = read_rows(inputs, policy, request.today, sources.aliases)
    assessment = assess_rows(rows, request, policy, inputs, ledger, sources).assessment
    at = position_of(rows, place)
    row = SettledRow(rows, at, inputs[0], assessment, sources.standards, unmask)
    batch = Batch(rows, claim_lines.claim_lines(rows, policy, request.programme), policy, sources)
    return _document(row, request.programme) | {"evidence": evidence_of(batch, at, unmask=unmask)}


def _document(row: SettledRow, named: str | None) -> Explanation:
    lines = row.own_lines()
    asked = claim_lines.mode_of(row.origin, row.policy, named)[0]
    return {
        "schema": SCHEMA,
        "policy": {"id": row.policy.id, "sha256": row.policy.sha256},
        "today": row.assessment.today,
        "file": row.place(row.file.file),
        "sheet": row.place(row.origin.sheet),
        "row": row.number,
        "header_row": row.table.header_row,
        "cells": list(cells_of(row)),
        "unused": [{"column": letter, "heading": row.place(heading)} for letter, heading in row.table.unused],
        "asked_by": {"how": asked, "what": str(_ASKED[asked])},
        "programmes": [programme_on(row, each, lines) for each in programmes(row.policy.programmes)],
        "lines": [line_at(row, int(line)) for line in lines],
        "others": list(others_of(row)),
        "checks": [
            {"check": check.check, "why": str(check.why or "")}
            for check in row.assessment.checks
            if not check.performed
        ],
    }
