"""Two classes of different institutions with mostly the same people."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import combinations

import numpy as np
import pandas as pd

from trainingcli.evidence.flagging import Flag
from trainingcli.evidence.raised_flags import FlaggedCell, Raised
from trainingcli.evidence.seen_rows import SeenRows
from trainingcli.language import Text

Class = tuple[str, str]  # institution and class number, as compared
_NAMES = ["institution", "class_no"]


@dataclass
class _Classes:
    """Classes with their people counted: each person is in one part alone. `common`: people of both classes."""

    least: int
    percent: int
    sizes: Counter[Class] = field(default_factory=Counter)
    common: Counter[tuple[Class, Class]] = field(default_factory=Counter)
    places: dict[Class, FlaggedCell] = field(default_factory=dict)

    def add(self, other: _Classes) -> None:
        """Add another part's."""
        self.sizes.update(other.sizes)
        self.common.update(other.common)
        for name, place in other.places.items():
            if name not in self.places or place.order < self.places[name].order:
                self.places[name] = place


class SamePeople(Flag):
    """Two classes'."""

    code = "SAME_PEOPLE"

    def facts(self, seen: SeenRows) -> _Classes:
        """Count the people of each class, and of each two classes that have people in common."""
        found = _Classes(seen.policy.parameter("same_people_from"), seen.policy.parameter("same_people_percent"))
        coded = {name: pd.factorize(seen.name(name)) for name in _NAMES}
        frame = pd.DataFrame({"person": seen.person, **{name: codes for name, (codes, _) in coded.items()}})
        frame = frame[(frame >= 0).all(axis=1)].drop_duplicates()
        pair = frame["institution"] * len(coded["class_no"][1]) + frame["class_no"]
        number, named = pd.factorize(pair)[0], frame[~pair.duplicated()]
        classes: list[Class] = list(zip(*(coded[name][1][named[name]].tolist() for name in _NAMES), strict=True))
        found.sizes.update(dict(zip(classes, np.bincount(number, minlength=len(classes)).tolist(), strict=True)))
        found.places.update(zip(classes, seen.places(named.index.tolist(), "class_no"), strict=True))
        several = frame["person"].duplicated(keep=False).to_numpy()
        attended: dict[int, list[Class]] = {}
        for each, at in zip(frame["person"][several].tolist(), number[several].tolist(), strict=True):
            attended.setdefault(each, []).append(classes[at])
        for mine in attended.values():
            found.common.update(pair for pair in combinations(sorted(mine), 2) if pair[0][0] != pair[1][0])
        return found

    def raised(self, parts: Sequence[_Classes]) -> Iterator[Raised]:
        """Yield the pairs of classes, both large enough, with enough people of the smaller in both."""
        whole = parts[0] if len(parts) == 1 else _Classes(parts[0].least, parts[0].percent)
        for part in parts if len(parts) > 1 else ():
            whole.add(part)
        for pair, common in whole.common.items():
            sizes = [whole.sizes[name] for name in pair]
            if min(sizes) >= whole.least and common * 100 >= whole.percent * min(sizes):
                places = [whole.places[name] for name in pair]
                names = [f"{place.institution} {place.class_no}" for place in places]
                zh = f"{names[0]}（{sizes[0]} 人）与 {names[1]}（{sizes[1]} 人）有 {common} 人相同"
                en = f"{names[0]} ({sizes[0]} people) and {names[1]} ({sizes[1]} people) have {common} in common"
                yield Raised(Text(zh, en), tuple(places))


FLAG = SamePeople()
