"""From payments to their reversals (冲销): new entries that name the old ones."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from trainingcli.errors import UsageError
from trainingcli.language import Text
from trainingcli.ledger.chain import ENTRY_FIELDS
from trainingcli.ledger.queries import TO_REVERSE_SQL

if TYPE_CHECKING:
    from trainingcli.ledger.store import Row, Store

_LINE = ENTRY_FIELDS.index("line")


def payments_to_reverse(store: Store, batch: int, lines: Sequence[int] | None) -> list[Row]:
    """Return the payments of a batch that can be reversed; a `UsageError` where any that is named cannot."""
    rows = store.execute(TO_REVERSE_SQL, (batch,))
    if not rows:
        raise UsageError(
            Text(
                f"台账没有可冲销的批次 {batch}；请用 trainingcli ledger list 查看",
                f"the ledger has no batch {batch} to reverse; see trainingcli ledger list",
            )
        )
    active = {row[_LINE]: row[:-1] for row in rows if row[-1] is None}
    if lines is None:
        if not active:
            raise _already(f"批次 {batch} ", f"batch {batch} is")
        return list(active.values())
    there = {row[_LINE] for row in rows}
    if missing := sorted(set(lines) - there):
        shown = ", ".join(map(str, missing))
        raise UsageError(
            Text(
                f"批次 {batch} 没有已入账的明细 {shown}；请用 trainingcli ledger show {batch} 查看",
                f"batch {batch} has no posted line {shown}; see trainingcli ledger show {batch}",
            )
        )
    if gone := sorted(set(lines) - set(active)):
        shown = ", ".join(map(str, gone))
        raise _already(f"批次 {batch} 的明细 {shown} ", f"line {shown} of batch {batch} is")
    return [active[line] for line in sorted(set(lines))]


def reversal_rows(payments: Sequence[Row], batch: int, first: int) -> list[Row]:
    """Return the reversals of payments as rows of `ENTRY_FIELDS`: every field of the old entry, and its number."""
    rows = []
    for entry, payment in enumerate(payments, first):
        fields = dict(zip(ENTRY_FIELDS, payment, strict=True))
        fields |= {"entry": entry, "batch": batch, "kind": "reversal", "reverses": fields["entry"]}
        rows.append(tuple(fields[name] for name in ENTRY_FIELDS))
    return rows


def _already(zh: str, en: str) -> UsageError:
    return UsageError(Text(f"{zh}已经冲销过，不能再次冲销", f"{en} reversed already; it cannot be done twice"))
