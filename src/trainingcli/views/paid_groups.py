"""What was paid and taken back, by one key after another: millions of lines summed once, batch by batch.

All keys of a line together are one of some thousand combinations. Money and lines are summed by these; of a line
nothing stays but its combination and its person, since people of several combinations count once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from trainingcli.coded_columns import by_value, distinct_rows
from trainingcli.compared import folded_name
from trainingcli.ledger.entry_frames import KEY
from trainingcli.money import yuan_text


@dataclass(frozen=True)
class PaidOfKey:
    """What was paid and reversed of one key, in fen; `lines`: payments, `people`: distinct people among them."""

    key: Any
    lines: int = 0
    people: int = 0
    paid: int = 0
    reversed: int = 0

    @property
    def net(self) -> int:
        """Paid less reversed."""
        return self.paid - self.reversed

    def sums(self) -> dict[str, Any]:
        """Return the figures as documents have them."""
        return {
            "lines": self.lines, "people": self.people, "paid": yuan_text(self.paid),
            "reversed": yuan_text(self.reversed), "net": yuan_text(self.net),
        }  # fmt: skip


class _People(NamedTuple):
    """Distinct people of payments. `all`: how many; `alone`: by combination, how many have one payment alone, who count
    once wherever it stands; `places`, `people`: the combinations in which each of the others has any, as pairs.
    """

    all: int
    alone: Any
    places: Any
    people: Any


class PaidGroups:
    """Gathers payments and reversals, then says what they come to.

    `keys`: the columns to group by; `named`: one of them, of names that are one however they are spelled: the spelling
    that was paid first, else the one that was taken back first.
    """

    def __init__(self, keys: Sequence[str], named: str | None = None) -> None:
        self._keys, self._named = tuple(keys), named
        self._spelled: tuple[dict[str, str], ...] = ({}, {})  # name as compared → as spelled first: paid, taken back
        self._places: dict[tuple[Any, ...], int] = {}
        self._sums: list[list[int]] = []  # of each combination: payments, fen paid, fen reversed
        self._which: list[Any] = []
        self._people: list[pa.Array[Any]] = [pa.array([], KEY)]

    def pay(self, lines: pa.Table) -> None:
        """Add payments: the keys, `approved`, `subject`, `subject_kind` (people alone are counted)."""
        places, sums = self._summed(lines, self._spelled[0])
        for place, (count, fen) in sums.items():
            self._sums[place][0] += count
            self._sums[place][1] += fen
        is_person = by_value(lines["subject_kind"], lambda kinds: pc.equal(kinds, "person"))
        self._which.append(places[is_person.to_numpy(zero_copy_only=False)].astype(np.int32))
        self._people.extend(lines["subject"].filter(is_person).chunks)

    def take_back(self, lines: pa.Table) -> None:
        """Add reversals: the keys, `approved`."""
        for place, (_, fen) in self._summed(lines, self._spelled[1])[1].items():
            self._sums[place][2] += fen

    def _summed(self, lines: pa.Table, spelled: dict[str, str]) -> tuple[Any, dict[int, tuple[int, int]]]:
        """Return each line's combination, and how many lines and fen these lines add to each."""
        rows, which = distinct_rows(lines, self._keys)
        for name in rows[self._named].to_pylist() if self._named is not None else ():
            if name is not None:
                spelled.setdefault(folded_name(name), name)
        own = [self._place(tuple(row.values())) for row in rows.to_pylist()]
        by_row = pa.table({"row": which, "fen": lines["approved"]}).group_by("row", use_threads=False)
        sums = by_row.aggregate([("fen", "count"), ("fen", "sum")]).to_pylist()
        return np.array(own, dtype=np.int64)[which], {own[r["row"]]: (r["fen_count"], r["fen_sum"]) for r in sums}

    def _place(self, combination: tuple[Any, ...]) -> int:
        if combination not in self._places:
            self._places[combination] = len(self._sums)
            self._sums.append([0, 0, 0])
        return self._places[combination]

    def totals(self) -> PaidOfKey:
        """Return what everything comes to."""
        paid, back = (sum(sums[at] for sums in self._sums) for at in (1, 2))
        return PaidOfKey(None, sum(sums[0] for sums in self._sums), self._counted.all, paid, back)

    def by(self, key: str) -> list[PaidOfKey]:
        """Return the groups of one of the keys in its order, those without one last."""
        at, groups = self._keys.index(key), dict[Any, list[int]]()
        values = [self._value(key, combination[at]) for combination in self._places]
        for value, sums in zip(values, self._sums, strict=True):
            own = groups.setdefault(value, [0, 0, 0])
            groups[value] = [one + more for one, more in zip(own, sums, strict=True)]
        numbers = {value: number for number, value in enumerate(groups)}
        people = self._people_of(np.array([numbers[value] for value in values], dtype=np.int64), len(groups))
        found = [
            PaidOfKey(value, lines, int(people[numbers[value]]), paid, back)
            for value, (lines, paid, back) in groups.items()
        ]
        return sorted(found, key=lambda group: (group.key is None, group.key))

    def _value(self, key: str, value: Any) -> Any:
        if key != self._named or value is None:
            return value
        paid, taken_back = self._spelled
        name = folded_name(value)
        return paid.get(name) or taken_back[name]

    def _people_of(self, groups: Any, count: int) -> Any:
        """Return the distinct people of each group; `groups`: each combination's."""
        found = self._counted
        among = np.zeros(count, dtype=np.int64)
        np.add.at(among, groups, found.alone)
        pairs = pa.array(groups[found.places] * max(found.all, 1) + found.people).unique().to_numpy()
        return among + np.bincount(pairs // max(found.all, 1), minlength=count)

    @cached_property
    def _counted(self) -> _People:
        people, count = _numbered(pa.chunked_array(self._people).combine_chunks())
        places = np.concatenate([np.zeros(0, dtype=np.int32), *self._which])
        once = np.bincount(people, minlength=count)[people] == 1
        alone = np.bincount(places[once], minlength=len(self._sums))
        pairs = pa.array(places[~once] * np.int64(max(count, 1)) + people[~once]).unique().to_numpy()
        return _People(count, alone, *np.divmod(pairs, max(count, 1)))


def _numbered(keys: Any) -> tuple[Any, int]:
    """Return keys as numbers from 0, and how many there are.

    Sorted by their first halves, which costs a third of looking each up; should two ever agree in these alone, they
    are looked up.
    """
    halves = np.frombuffer(keys.buffers()[1] or b"", np.uint64, 2 * len(keys), keys.offset * KEY.byte_width)
    firsts, seconds = (np.ascontiguousarray(halves[at::2]) for at in (0, 1))
    order = np.argsort(firsts)
    is_new = np.ones(len(keys), dtype=bool)
    is_new[1:] = firsts[order[1:]] != firsts[order[:-1]]
    again = np.flatnonzero(~is_new)
    if (seconds[order[again]] != seconds[order[again - 1]]).any():
        coded = keys.dictionary_encode()
        return coded.indices.to_numpy(), len(coded.dictionary)
    numbers = np.empty(len(keys), dtype=np.int32)
    numbers[order] = np.cumsum(is_new, dtype=np.int32) - 1
    return numbers, int(is_new.sum())
