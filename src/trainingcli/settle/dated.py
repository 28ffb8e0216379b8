"""Entries in force for a time (生效、失效): which one holds for each row on its date; both ends are included."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from trainingcli.settle.rows import Dates

Ints = npt.NDArray[np.int64]
NONE = -1
_OPEN = np.int64(1 << 40)
_UNKNOWN = np.iinfo(np.int64).min


def day_number(day: dt.date) -> int:
    """Return days since 1970-01-01."""
    return (day - dt.date(1970, 1, 1)).days


class Spans(NamedTuple):
    """For each entry the days it is in force; an open end reaches beyond any date."""

    since: Ints
    until: Ints

    @classmethod
    def of(cls, ends: Iterable[tuple[dt.date | None, dt.date | None]]) -> Spans:
        """Build from pairs of dates, None: open."""
        pairs = list(ends)
        since = [-_OPEN if first is None else day_number(first) for first, _ in pairs]
        until = [_OPEN if last is None else day_number(last) for _, last in pairs]
        return cls(np.array(since, dtype=np.int64), np.array(until, dtype=np.int64))

    def holding(self, candidates: Sequence[Sequence[int]], places: Ints, dates: Dates) -> Ints:
        """Return for each row the entry that holds on its date, `NONE` where none does.

        `candidates`: for each distinct word its entries, the last that holds wins; `places`: each row's word. A row
        without a date is held by any entry: that its date is missing is told elsewhere.
        """
        found = np.full(len(places), NONE, dtype=np.int64)
        days = dates.astype("datetime64[D]").astype(np.int64)
        for depth in range(max(map(len, candidates), default=0)):
            entries = np.array([word[depth] if depth < len(word) else NONE for word in candidates], dtype=np.int64)
            entry = entries[places]
            in_force = (self.since[entry] <= days) & (days <= self.until[entry])
            holds = (entry != NONE) & (in_force | (days == _UNKNOWN))
            found[holds] = entry[holds]
        return found
