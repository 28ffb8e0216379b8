"""Which entry is which row's partner: candidates by rank, four passes, each row in its order (contract-2, 1.2)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from trainingcli.evidence.realname.export import Export
from trainingcli.evidence.realname.export_fields import FIELDS, NOTHING, Numbers
from trainingcli.settle.dated import Ints
from trainingcli.settle.rows import Mask

RANKS = ("a", "b", "c", "d")
NAMED_DAYS = 365  # how far apart the starts of one class number or certificate may be
_PAIRS = 500_000  # looked at together
_FAR = np.iinfo(np.int64).max


@dataclass(frozen=True)
class Sides:
    """The roster's rows beside the export. `numbers`: the rows'; `filed`: the institution is a title's;
    `person`: each row's place among the export's people, `NOTHING` where no valid person or none of them; `days`:
    how far apart the starts of one training may be (Q20); `alone`: each row is looked at as if it were the only one."""

    numbers: Numbers
    filed: Mask
    person: Ints
    export: Export
    days: int
    alone: bool = False

    def differs(self, field: str, row: Ints, entry: Ints) -> Mask:
        """Say of pairs where a field is filled in on both sides, and differs."""
        mine, hers = self.numbers[field][row], self.export.numbers[field][entry]
        found: Mask = (mine != NOTHING) & (hers != NOTHING) & (mine != hers)
        if field == "institution":
            found &= ~self.filed[row] & ~self.export.filed[entry] & (self.numbers["employer"][row] != hers)
        return found

    def agrees(self, field: str, row: Ints, entry: Ints) -> Mask:
        """Say of pairs where a field is filled in on both sides, and agrees."""
        mine = self.numbers[field][row]
        found: Mask = (mine != NOTHING) & (mine == self.export.numbers[field][entry])
        return found

    def apart(self, row: Ints, entry: Ints) -> Ints:
        """Return the days between the starts; where one is unknown, farther than any."""
        mine, hers = self.numbers["start_date"][row], self.export.numbers["start_date"][entry]
        return np.where((mine == NOTHING) | (hers == NOTHING), _FAR, np.abs(mine - hers))


def partners(sides: Sides) -> Ints:
    """Return each row's partner among the entries, `NOTHING` where it has none."""
    partner = np.full(len(sides.person), NOTHING, dtype=np.int64)
    closed: dict[int, int] = {}  # entry → the start of the dated row that chose it
    starts = sides.numbers["start_date"]
    for rank in RANKS:
        for rows in _together(np.flatnonzero((sides.person != NOTHING) & (partner == NOTHING)), sides):
            row, entry = _in_order(rank, rows, sides)
            done = -1
            for one, other in zip(row.tolist(), entry.tolist(), strict=True):
                if one == done:
                    continue
                start = int(starts[one])
                if sides.alone or start == NOTHING or closed.get(other, start) == start:
                    partner[one] = other
                    done = one
                    if start != NOTHING:
                        closed[other] = start
    return partner


def _together(rows: Ints, sides: Sides) -> Iterator[Ints]:
    """Yield rows in their order, as many at a time as have not too many entries."""
    bounds = sides.export.bounds
    many = np.cumsum(bounds[sides.person[rows] + 1] - bounds[sides.person[rows]]) // _PAIRS
    yield from np.split(rows, np.flatnonzero(np.diff(many)) + 1)


def _in_order(rank: str, rows: Ints, sides: Sides) -> tuple[Ints, Ints]:
    """Return the candidates of a rank as pairs, by row, then as a row prefers them."""
    bounds, person = sides.export.bounds, sides.person[rows]
    counts = bounds[person + 1] - bounds[person]
    row = np.repeat(rows, counts)
    within = np.arange(len(row)) - np.repeat(np.cumsum(counts) - counts, counts)
    entry = np.repeat(bounds[person], counts) + within
    kept = _RANKS[rank](sides, row, entry)
    row, entry = row[kept], entry[kept]
    few = np.zeros(len(row), dtype=np.int64)
    for field in FIELDS:
        few += sides.differs(field, row, entry)
    order = np.lexsort((entry, sides.apart(row, entry), few, row))
    return row[order], entry[order]


def _same_start(sides: Sides, row: Ints, entry: Ints) -> Mask:
    """(a) The start dates agree."""
    return sides.agrees("start_date", row, entry)


def _same_number(sides: Sides, row: Ints, entry: Ints) -> Mask:
    """(b) Class or certificate number agree, the occupation does not speak against it, nor a year between them."""
    apart = sides.apart(row, entry)
    named = sides.agrees("class_no", row, entry) | sides.agrees("certificate_no", row, entry)
    near: Mask = named & ~sides.differs("occupation", row, entry) & ((apart == _FAR) | (apart <= NAMED_DAYS))
    return near


def _near_start(sides: Sides, row: Ints, entry: Ints) -> Mask:
    """(c) The start dates are a few days apart."""
    near: Mask = sides.apart(row, entry) <= sides.days
    return near


def _undated(sides: Sides, row: Ints, entry: Ints) -> Mask:
    """(d) One has no start: occupation and level, and no certificate from before the other's start."""
    mine, hers = sides.numbers, sides.export.numbers
    unknown = (mine["start_date"][row] == NOTHING) | (hers["start_date"][entry] == NOTHING)
    level = ~sides.differs("level", row, entry)
    fits: Mask = unknown & sides.agrees("occupation", row, entry) & level
    starts = (mine["start_date"][row], hers["start_date"][entry])
    issued = (hers["certificate_date"][entry], mine["certificate_date"][row])
    for start, certificate in zip(starts, issued, strict=True):
        fits &= (start == NOTHING) | (certificate == NOTHING) | (start <= certificate)
    return fits


_RANKS = {"a": _same_start, "b": _same_number, "c": _near_start, "d": _undated}
