"""A published list (目录) as it is looked up: entries by name, for any kind or for some, each in force for a time."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from trainingcli.evidence.listed import OTHER_KIND, OUT_OF_DATE, UNLISTED, Listed
from trainingcli.settle.dated import NONE, Ints, Spans

if TYPE_CHECKING:
    from trainingcli.settle.rows import Dates, Mask

NEAR = 90
"""How much alike (rapidfuzz `ratio`) an unlisted and a listed name are, for the listed one to be named."""

Word = str | None
Words = tuple["Ints", Sequence[Word]]
"""A word for each line: its place among the distinct ones."""


class LookedUp(NamedTuple):
    """The outcome, one place a line: the entry in force (`NONE`: none does), and why there is none.

    `names`: what was looked for; `listing`: where.
    """

    entry: Ints
    why: Ints
    names: Words
    listing: ListedNames

    @property
    def missing(self) -> Mask:
        """Say which lines have no entry in force."""
        mask: Mask = self.entry == NONE
        return mask


class ListedNames:
    """The entries of a list, or those that may be looked up; `every`: then, all its names."""

    def __init__(self, entries: Iterable[Listed], every: Callable[[], Iterable[str]] | None = None) -> None:
        self._entries = list(entries)
        self._every = every
        self._spans = Spans.of((entry.since, entry.until) for entry in self._entries)
        self._by_name: dict[str, list[int]] = {}
        for place, entry in enumerate(self._entries):
            self._by_name.setdefault(entry.name, []).append(place)

    def look_up(self, names: Words, kinds: Words | None, dates: Dates | None) -> LookedUp:
        """Find the entry of each line's name and kind on its date; of several the last. A kind of None is any."""
        places, words = _folded(*names, self._by_name.keys())
        kind_places, kind_words = self._kinds_of(kinds, len(places))
        codes, distinct = pd.factorize(places * len(kind_words) + kind_places)
        pairs = [(words[code // len(kind_words)], kind_words[code % len(kind_words)]) for code in distinct.tolist()]
        candidates = [self._candidates(name, kind) for name, kind in pairs]
        whys = [self._why(name, entries) for (name, _), entries in zip(pairs, candidates, strict=True)]
        if dates is None:
            dates = np.full(len(places), np.datetime64("NaT"), dtype="datetime64[s]")
        entry = self._spans.holding(candidates, codes, dates)
        why = np.array(whys, dtype=np.int64)[codes] if pairs else np.zeros(0, dtype=np.int64)
        return LookedUp(entry, why, names, self)

    def near(self, name: str) -> str | None:
        """Return the listed name that an unlisted one is nearly written as; None where there is none."""
        from rapidfuzz import fuzz, process  # a run without registers has no need of it

        found = process.extractOne(name, self._names, scorer=fuzz.ratio, score_cutoff=NEAR)
        return None if found is None else str(found[0])

    @cached_property
    def _names(self) -> list[str]:
        return [*self._by_name] if self._every is None else list(dict.fromkeys(self._every()))

    def _kinds_of(self, kinds: Words | None, size: int) -> Words:
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


def _folded(places: Ints, words: Sequence[Word], known: Collection[str]) -> Words:
    """Take all words that the list does not know for one, so that few distinct pairs are left to look up."""
    folded: dict[Word, int] = {None: 0, "": 1}
    codes = [0 if word is None else folded.setdefault(word, len(folded)) if word in known else 1 for word in words]
    return np.array(codes, dtype=np.int64)[places], list(folded)
