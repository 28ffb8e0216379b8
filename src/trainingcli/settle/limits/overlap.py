"""Two trainings of one person on the same days: a note, since one of them may not have been attended."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from trainingcli.reasons import reason
from trainingcli.settle.limits.events import Row

OVERLAPPING_TRAINING = reason("OVERLAPPING_TRAINING")


def overlapping(rows: Iterable[Row]) -> Iterator[Row]:
    """Yield the rows whose days overlap those of another event of the person."""
    dated = [
        (row.start, row.end, row)
        for row in rows
        if row.start is not None and row.end is not None and row.start <= row.end
    ]
    for start, end, row in dated:
        if any(row.event is not other.event and start <= last and first <= end for first, last, other in dated):
            yield row
