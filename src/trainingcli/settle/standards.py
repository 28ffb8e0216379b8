"""The occupation register's subsidy standards (补贴标准): by occupation and level, each in force for a time."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import numpy.typing as npt

from trainingcli.settle.dated import NONE, Spans

if TYPE_CHECKING:
    import datetime as dt

    from trainingcli.settle.rows import Dates, Mask, Rows

Pair = tuple[str | None, str | None]  # occupation and level


class Standard(NamedTuple):
    """One entry: an occupation, a level (None: any), fen, and the days it is in force (None: open)."""

    occupation: str
    level: str | None
    fen: int
    since: dt.date | None = None
    until: dt.date | None = None


@dataclass(frozen=True)
class Standards:
    """All standards of the register; none where it was not supplied."""

    entries: tuple[Standard, ...] = field(default_factory=tuple)

    @classmethod
    def from_entries(cls, entries: Iterable[Standard]) -> Standards:
        """Build from entries; those without a level come first, so that a level's own entry wins."""
        return cls(tuple(sorted(entries, key=lambda entry: entry.level is not None)))

    def of(self, rows: Rows, dates: Dates) -> tuple[npt.NDArray[np.int64], Mask]:
        """Return each row's standard in fen on its date, and where there is one."""
        if not self.entries:
            return np.zeros(len(rows), dtype=np.int64), np.zeros(len(rows), dtype=bool)
        by_key: dict[Pair, list[int]] = {}
        for place, entry in enumerate(self.entries):
            by_key.setdefault((entry.occupation, entry.level), []).append(place)
        places, pairs = occupations_with_levels(rows)
        candidates = [
            [*by_key.get((occupation, None), ()), *(by_key.get((occupation, level), ()) if level else ())]
            for occupation, level in pairs
        ]  # fmt: skip
        spans = Spans.of((entry.since, entry.until) for entry in self.entries)
        found = spans.holding(candidates, places, dates)
        known = (found != NONE) & ~np.isnat(dates)
        return np.where(known, np.array([entry.fen for entry in self.entries])[found], 0), known


def occupations_with_levels(rows: Rows) -> tuple[npt.NDArray[np.int64], list[Pair]]:
    """Return each row's pair of occupation (as compared) and level, as places into the distinct pairs."""
    occupations, occupation_words = rows.occupations()
    levels, level_words = rows.words("level")
    import pandas as pd  # the evidence is gathered before pandas is there: it is loaded while the workers read

    codes, distinct = pd.factorize(occupations * len(level_words) + levels)
    pairs = [
        (occupation_words[code // len(level_words)], level_words[code % len(level_words)]) for code in distinct.tolist()
    ]
    return codes.astype(np.int64), pairs
