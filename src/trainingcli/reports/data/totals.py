"""Totals of claim lines (合计): lines, people, yuan and statuses of each group, in one pass."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from trainingcli.coded_columns import distinct_rows, sums_of
from trainingcli.facts import STATUSES
from trainingcli.reasons import SEVERITIES

PARTS = {"refused": ("approved", "reduced", "rejected"), "held": ("held",), "paid": ("posted",)}
"""What became of the difference between claimed and approved, by the status of the line."""

_MARKED = 20_000_000
_PERSON = "person"


@dataclass
class Total:
    """Totals of one group of lines; money in fen.

    `difference` is claimed less approved over the lines that claimed an amount; `unclaimed` is what was approved on
    lines that claimed none. So approved = claimed - difference + unclaimed. `parts`: the difference by what became of
    it: "refused", "held", "paid" (before).
    """

    key: str | None
    lines: int = 0
    people: int = 0
    paid_people: int = 0
    claimed: int = 0
    approved: int = 0
    difference: int = 0
    unclaimed: int = 0
    statuses: dict[str, int] = field(default_factory=lambda: dict.fromkeys(STATUSES, 0))
    parts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(PARTS, 0))

    @property
    def paid_lines(self) -> int:
        """Lines that this run pays."""
        return self.statuses["approved"] + self.statuses["reduced"]


def totals_by(lines: pa.Table, column: str, order: Iterable[str | None]) -> list[Total]:
    """Return a total for each key of `order`, then for each other key that has lines; null only if it has lines."""
    keys = dict.fromkeys(order)
    keys.update(dict.fromkeys(pc.unique(lines[column]).to_pylist()))
    words = [key for key in keys if key is not None]
    groups = _numbers(pc.fill_null(pc.index_in(lines[column], pa.array(words, pa.string())), len(words)))
    totals = _totals(lines, groups, [*words, None])
    place = dict(zip([*words, None], totals, strict=True))
    return [place[key] for key in keys]


def with_people(lines: pa.Table) -> pa.Table:
    """Return the lines with a number for each person, so that several totals of them need not tell people apart anew.

    People are told apart by ID number, else by name; a line without either has none.
    """
    people = pc.coalesce(lines["id_number"], lines["name"]).combine_chunks()
    return lines.append_column(_PERSON, pc.dictionary_encode(people).indices)


def total_of(lines: pa.Table, positions: Any = None) -> Total:
    """Return the total of all lines, or of those at `positions`."""
    if positions is not None:
        lines = with_people(lines) if _PERSON not in lines.column_names else lines
        lines = lines.select(["status", "claimed", "approved", _PERSON]).take(positions)
    return _totals(lines, np.zeros(lines.num_rows, dtype=np.int64), [None])[0]


def _totals(lines: pa.Table, groups: Any, keys: list[str | None]) -> list[Total]:
    """Totals of the groups numbered 0, 1 …"""
    status = _numbers(pc.index_in(lines["status"], pa.array(STATUSES)))
    approved, claimed = _numbers(lines["approved"]), _numbers(pc.fill_null(lines["claimed"], 0))
    unclaimed = np.where(pc.is_null(lines["claimed"]).to_numpy(), approved, 0)
    counts = np.bincount(groups * len(STATUSES) + status, minlength=len(keys) * len(STATUSES))
    sums = [sums_of(groups, values, len(keys)) for values in (claimed, approved, unclaimed)]
    differences = np.where(pc.is_null(lines["claimed"]).to_numpy(), 0, claimed - approved)
    parts = {
        part: sums_of(
            groups, np.where(np.isin(status, [STATUSES.index(one) for one in those]), differences, 0), len(keys)
        )
        for part, those in PARTS.items()
    }
    people, paid_people = _people(lines, groups, status, len(keys))
    totals = []
    for place, key in enumerate(keys):
        mine = counts[place * len(STATUSES) : (place + 1) * len(STATUSES)].tolist()
        claimed_sum, approved_sum, unclaimed_sum = (int(values[place]) for values in sums)
        totals.append(
            Total(
                key, sum(mine), int(people[place]), int(paid_people[place]), claimed_sum, approved_sum,
                claimed_sum - (approved_sum - unclaimed_sum), unclaimed_sum, dict(zip(STATUSES, mine, strict=True)),
                {part: int(values[place]) for part, values in parts.items()},
            )
        )  # fmt: skip
    return totals


def _numbers(values: Any) -> Any:
    return values.to_numpy().astype(np.int64)


def _people(lines: pa.Table, groups: Any, status: Any, size: int) -> tuple[Any, Any]:
    numbers = (lines if _PERSON in lines.column_names else with_people(lines))[_PERSON]
    known = pc.is_valid(numbers).to_numpy()
    person = _numbers(pc.fill_null(numbers, 0))
    persons = int(person.max(initial=0)) + 1
    pairs = groups * persons + person
    paid = known & (status < STATUSES.index("held"))

    def count(chosen: Any) -> Any:
        if size * persons <= _MARKED:  # marking is many times as fast as sorting, while the marks fit
            marks = np.zeros(size * persons, dtype=bool)
            marks[pairs[chosen]] = True
            return marks.reshape(size, persons).sum(axis=1)
        return np.bincount(np.unique(pairs[chosen]) // persons, minlength=size)

    return count(known), count(paid)


class ReasonTotal(NamedTuple):
    """How many lines carry a reason, and the fen not paid on them: claimed (else entitled) less approved."""

    code: str
    severity: str
    lines: int
    unpaid: int


def reason_totals(lines: pa.Table, reasons: pa.Table) -> list[ReasonTotal]:
    """Return a total for each code and severity, the worst first, then the most frequent.

    A line with several reasons counts for each; one of which a code speaks several times, once.
    """
    if not reasons.num_rows:
        return []
    unpaid = pc.subtract(pc.coalesce(lines["claimed"], lines["entitled"], lines["approved"]), lines["approved"])
    kinds, which = distinct_rows(reasons, ["code", "severity"])
    once = pc.unique(pa.array(_numbers(reasons["line"]) * kinds.num_rows + which)).to_numpy()
    line, kind = once // kinds.num_rows, once % kinds.num_rows
    lines_of = np.bincount(kind, minlength=kinds.num_rows)
    unpaid_of = sums_of(kind, _numbers(unpaid)[line], kinds.num_rows)
    found = [
        ReasonTotal(one["code"], one["severity"], count, fen)
        for one, count, fen in zip(kinds.to_pylist(), lines_of.tolist(), unpaid_of.tolist(), strict=True)
    ]
    return sorted(found, key=lambda item: (-SEVERITIES.index(item.severity), -item.lines, item.code))
