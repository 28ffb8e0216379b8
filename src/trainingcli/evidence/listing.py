"""A published list (目录) as it is looked up: entries by name, for any kind or for some, each in force for a time."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from trainingcli.settle.dated import NONE, Ints, Spans

if TYPE_CHECKING:
    import datetime as dt

    from trainingcli.settle.rows import Dates, Mask

Word = str | None
# Why a name is not in force, from farthest to nearest.
UNLISTED, OTHER_KIND, OUT_OF_DATE = range(3)


@dataclass(frozen=True)
class Listed:
    """One entry: its name, the kinds it is for (levels, occupations; empty: any), the days it is in force."""

    name: str
    kinds: frozenset[str] = frozenset()
    since: dt.date | None = None
    until: dt.date | None = None


@dataclass(frozen=True)
class Found:
    """The outcome, one place a line: the entry in force (`NONE`: none does), and why there is none."""

    entry: Ints
    why: Ints

    @property
    def missing(self) -> Mask:
        """Say which lines have no entry in force."""
        mask: Mask = self.entry == NONE
        return mask


class Listing:
    """The entries of a list."""

    def __init__(self, entries: Iterable[Listed]) -> None:
        self._entries = list(entries)
        self._spans = Spans.of((entry.since, entry.until) for entry in self._entries)
        self._by_name: dict[str, list[int]] = {}
        for place, entry in enumerate(self._entries):
            self._by_name.setdefault(entry.name, []).append(place)

    def look_up(
        self, names: tuple[Ints, Sequence[Word]], kinds: tuple[Ints, Sequence[Word]] | None, dates: Dates
    ) -> Found:
        """Find the entry of each line's name and kind on its date; of several the last. A kind of None is any."""
        places, words = _folded(*names, self._by_name.keys())
        kind_places, kind_words = self._kinds_of(kinds, len(places))
        codes, distinct = pd.factorize(places * len(kind_words) + kind_places)
        pairs = [(words[code // len(kind_words)], kind_words[code % len(kind_words)]) for code in distinct.tolist()]
        candidates = [self._candidates(name, kind) for name, kind in pairs]
        whys = [self._why(name, entries) for (name, _), entries in zip(pairs, candidates, strict=True)]
        entry = self._spans.holding(candidates, codes, dates)
        return Found(entry, np.array(whys, dtype=np.int64)[codes] if pairs else np.zeros(0, dtype=np.int64))

    def _kinds_of(self, kinds: tuple[Ints, Sequence[Word]] | None, size: int) -> tuple[Ints, Sequence[Word]]:
        if kinds is None:
            return np.zeros(size, dtype=np.int64), [None]
        named = frozenset().union(*(entry.kinds for entry in self._entries))
        return _folded(*kinds, named)

    def _candidates(self, name: Word, kind: Word) -> list[int]:
        entries = self._by_name.get(name or "", [])
        return [place for place in entries if kind is None or self._covers(place, kind)]

    def _covers(self, place: int, kind: str) -> bool:
        kinds = self._entries[place].kinds
        return not kinds or kind in kinds

    def _why(self, name: Word, candidates: Sequence[int]) -> int:
        if candidates:
            return OUT_OF_DATE
        return OTHER_KIND if name in self._by_name else UNLISTED


def _folded(places: Ints, words: Sequence[Word], known: Collection[str]) -> tuple[Ints, Sequence[Word]]:
    """Take all words that the list does not know for one, so that few distinct pairs are left to look up."""
    folded: dict[Word, int] = {None: 0, "": 1}
    codes = [0 if word is None else folded.setdefault(word, len(folded)) if word in known else 1 for word in words]
    return np.array(codes, dtype=np.int64)[places], list(folded)
