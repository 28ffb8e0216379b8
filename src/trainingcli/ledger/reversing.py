"""From payments to their reversals (冲销), and to leave to claim again (重新申领): entries that name the old ones."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from trainingcli.errors import UsageError
from trainingcli.language import Text
from trainingcli.ledger.chain import ENTRY_FIELDS
from trainingcli.ledger.queries import PAYMENTS_SQL

if TYPE_CHECKING:
    from trainingcli.ledger.store import Row, Store

_LINE, _DAY = ENTRY_FIELDS.index("line"), ENTRY_FIELDS.index("day")


def payments_to_reverse(store: Store, batch: int, lines: Sequence[int] | None) -> list[Row]:
    """Return the payments of a batch that can be reversed; a `UsageError` where any that is named cannot."""
    rows = _payments(store, batch, lines, Text("可冲销的", "to reverse"))
    active = [row[: len(ENTRY_FIELDS)] for row in rows if row[-2] is None]
    gone = sorted({row[_LINE] for row in rows if row[-2] is not None})
    if lines is None and not active:
        raise _already(batch, None, Text("冲销过", "reversed"))
    if lines is not None and gone:
        raise _already(batch, gone, Text("冲销过", "reversed"))
    return active


def payments_to_reopen(store: Store, batch: int, lines: Sequence[int]) -> list[Row]:
    """Return reversed payments of a batch that may be let come again; a `UsageError` where any cannot."""
    rows = _payments(store, batch, lines, Text("可重新申领的", "to reopen"))
    if paid := sorted({row[_LINE] for row in rows if row[-2] is None}):
        shown = ", ".join(map(str, paid))
        raise UsageError(
            Text(
                f"批次 {batch} 的明细 {shown} 没有冲销，无须重新申领",
                f"line {shown} of batch {batch} is not reversed: there is nothing to reopen",
            )
        )
    if gone := sorted({row[_LINE] for row in rows if row[-1] is not None}):
        raise _already(batch, gone, Text("允许重新申领", "reopened"))
    return [row[: len(ENTRY_FIELDS)] for row in rows]


def _payments(store: Store, batch: int, lines: Sequence[int] | None, what: Text) -> list[Row]:
    """Return a batch's payments, or those of some lines, each with its reversal and its reopening, or None."""
    rows = store.execute(PAYMENTS_SQL, (batch,))
    if not rows:
        raise UsageError(
            Text(
                f"台账没有{what.zh}批次 {batch}；请用 trainingcli ledger list 查看",
                f"the ledger has no batch {batch} {what.en}; see trainingcli ledger list",
            )
        )
    if lines is None:
        return rows
    if missing := sorted(set(lines) - {row[_LINE] for row in rows}):
        shown = ", ".join(map(str, missing))
        raise UsageError(
            Text(
                f"批次 {batch} 没有已入账的明细 {shown}；请用 trainingcli ledger show {batch} 查看",
                f"batch {batch} has no posted line {shown}; see trainingcli ledger show {batch}",
            )
        )
    wanted = set(lines)
    return sorted((row for row in rows if row[_LINE] in wanted), key=lambda row: int(row[_LINE]))


def reversal_rows(
    payments: Sequence[Row], day: str | None, clock: str, reopen: bool, batch: int, first: int
) -> list[Row]:
    """Return the reversals of payments as rows of `ENTRY_FIELDS`: every field of the old entry, and its number.

    `day`: the day they count for; None: the clock's, or the payment's where that is later. With `reopen` each is let
    come again at once.
    """
    rows = []
    for entry, payment in enumerate(payments, first):
        fields = dict(zip(ENTRY_FIELDS, payment, strict=True))
        fields |= {"entry": entry, "batch": batch, "kind": "reversal", "reverses": fields["entry"]}
        fields["day"] = day or max(clock, fields["day"])
        rows.append(tuple(fields[name] for name in ENTRY_FIELDS))
    return rows + (reopening_rows(payments, day or clock, batch, first + len(rows)) if reopen else [])


def reopening_rows(payments: Sequence[Row], day: str, batch: int, first: int) -> list[Row]:
    """Return the records that let reversed payments come again, as rows of `ENTRY_FIELDS`."""
    kept = ("subject_kind", "subject", "programme")
    rows = []
    for entry, payment in enumerate(payments, first):
        paid = dict(zip(ENTRY_FIELDS, payment, strict=True))
        fields = {name: paid[name] for name in kept} | {"entry": entry, "batch": batch, "kind": "reopened"}
        fields |= {"line": -entry, "refers": paid["entry"], "day": day, "approved": 0}
        rows.append(tuple(fields.get(name) for name in ENTRY_FIELDS))
    return rows


def refuse_before(payments: Sequence[Row], day: str | None) -> None:
    """Refuse a day of reversal before the payment's own."""
    latest = max((row[_DAY] for row in payments), default="")
    if day is not None and day < latest:
        raise UsageError(
            Text(
                f"冲销日 {day} 早于入账日 {latest}；请给出不早于入账日的 --today",
                f"the reversal's day {day} is before the payment's, {latest}; give a --today that is not",
            )
        )


def _already(batch: int, lines: Sequence[int] | None, done: Text) -> UsageError:
    shown = ", ".join(map(str, lines or ()))
    zh = f"批次 {batch} 的明细 {shown} " if lines else f"批次 {batch} "
    en = f"line {shown} of batch {batch} is" if lines else f"batch {batch} is"
    return UsageError(Text(f"{zh}已经{done.zh}，不能再来一次", f"{en} {done.en} already; it cannot be done twice"))
