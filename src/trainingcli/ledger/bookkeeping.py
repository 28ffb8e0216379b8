"""From budgets (资金预算) and records without payment to entries: both stand in the chain like everything else."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from trainingcli.ledger.chain import ENTRY_FIELDS

if TYPE_CHECKING:
    from trainingcli.ledger.store import Row


def budget_rows(budgets: Sequence[tuple[str, int, int, int]], day: str, batch: int, first: int) -> list[Row]:
    """Return two entries for each (fund, year, budget in fen, opening in fen), as rows of `ENTRY_FIELDS`."""
    rows: list[Row] = []
    for fund, year, amount, opening in budgets:
        for kind, fen in (("budget", amount), ("opening", opening)):
            entry = first + len(rows)
            fields = {"entry": entry, "batch": batch, "line": len(rows), "kind": kind, "year": year, "day": day}
            fields |= {"fund": fund, "approved": fen}
            rows.append(tuple(fields.get(name) for name in ENTRY_FIELDS))
    return rows


def record_rows(kind: str, facts: Sequence[str], day: str, batch: int, first: int) -> list[Row]:
    """Return an entry without money for each record (JSON), as rows of `ENTRY_FIELDS`."""
    rows: list[Row] = []
    for line, text in enumerate(facts):
        fields = {"entry": first + line, "batch": batch, "line": line, "kind": kind, "day": day, "approved": 0}
        rows.append(tuple((fields | {"facts": text}).get(name) for name in ENTRY_FIELDS))
    return rows
