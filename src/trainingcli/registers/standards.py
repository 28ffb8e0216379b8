"""The occupation register's subsidy standards (补贴标准): by occupation and level, each in force for a time."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    import datetime as dt

    from trainingcli.rows import Dates, Mask, Rows


@dataclass(frozen=True)
class Standard:
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
        fen, known = np.zeros(len(rows), dtype=np.int64), np.zeros(len(rows), dtype=bool)
        if not self.entries:
            return fen, known
        occupations, occupation_words = rows.words("occupation")
        levels, level_words = rows.words("level")
        place_of = {word: place for place, word in enumerate(rows.occupation_keys(occupation_words)) if word}
        level_of = {word: place for place, word in enumerate(level_words) if word}
        by_occupation: dict[str, list[int]] = {}
        for place, word in enumerate(rows.occupation_keys(occupation_words)):
            if word:
                by_occupation.setdefault(word, []).append(place)
        for entry in self.entries:
            if entry.occupation not in place_of or (entry.level and entry.level not in level_of):
                continue
            here = np.isin(occupations, by_occupation[entry.occupation])
            if entry.level:
                here &= levels == level_of[entry.level]
            if entry.since:
                here &= dates >= np.datetime64(entry.since, "s")
            if entry.until:
                here &= dates <= np.datetime64(entry.until, "s")
            fen[here], known[here] = entry.fen, True
        return fen, known
