"""Two trainings of one person on the same days: a note, since one of them may not have been attended."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from trainingcli.limits.events import Row
from trainingcli.reasons import reason

OVERLAPPING_TRAINING = reason("OVERLAPPING_TRAINING")
USING = ("enterprise-training", "vocational-training", "living-allowance")


def overlapping(rows: Iterable[Row]) -> Iterator[Row]:
    """Yield the rows whose days overlap those of another event of the person."""
    dated = [row for row in rows if row.start is not None and row.end is not None and row.start <= row.end]
    for row in dated:
        for other in dated:
            if other.event is not row.event and _meet(row, other):
                yield row
                break


def _meet(one: Row, other: Row) -> bool:
    if one.start is None or one.end is None or other.start is None or other.end is None:
        return False
    return one.start <= other.end and other.start <= one.end
