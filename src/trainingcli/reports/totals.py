"""Totals of claim lines (合计): lines, people, yuan and statuses of each group, in one pass."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from trainingcli.assessment import STATUSES


@dataclass
class Total:
    """Totals of one group of lines; money in fen.

    `difference` is claimed less approved over the lines that claimed an amount; `unclaimed` is what was approved on
    lines that claimed none. So approved = claimed - difference + unclaimed.
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

    @property
    def paid_lines(self) -> int:
        """Lines that this run pays."""
        return self.statuses["approved"] + self.statuses["reduced"]


def totals_by(lines: pa.Table, column: str, order: Iterable[str | None]) -> list[Total]:
    """Return a total for each key of `order`, then for each other key that has lines; null only if it has lines."""
    found = {key: Total(key) for key in order}
    with_sums = lines.select([column, "status", "claimed", "approved", "id_number"]).append_column(
        "unclaimed", pc.if_else(pc.is_null(lines["claimed"]), lines["approved"], 0)
    )
    sums = with_sums.group_by([column, "status"], use_threads=False).aggregate(
        [([], "count_all"), ("claimed", "sum"), ("approved", "sum"), ("unclaimed", "sum")]
    )
    for row in sums.to_pylist():
        total = found.setdefault(row[column], Total(row[column]))
        total.statuses[row["status"]] += row["count_all"]
        total.lines += row["count_all"]
        total.claimed += row["claimed_sum"] or 0
        total.approved += row["approved_sum"] or 0
        total.unclaimed += row["unclaimed_sum"] or 0
    for total in found.values():
        total.difference = total.claimed - (total.approved - total.unclaimed)
    _count_people(with_sums, column, found)
    return list(found.values())


def total_of(lines: pa.Table) -> Total:
    """Return the total of all lines."""
    whole = lines.append_column("all", pa.nulls(lines.num_rows, pa.string()))
    return totals_by(whole, "all", [None])[0]


def _count_people(lines: pa.Table, column: str, found: dict[str | None, Total]) -> None:
    paid = lines.filter(pc.is_in(lines["status"], pa.array(["approved", "reduced"])))
    for table, name in ((lines, "people"), (paid, "paid_people")):
        counts: Any = table.group_by([column], use_threads=False).aggregate([("id_number", "count_distinct")])
        for row in counts.to_pylist():
            setattr(found[row[column]], name, row["id_number_count_distinct"])
