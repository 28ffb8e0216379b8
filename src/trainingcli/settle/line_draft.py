"""Claim lines while they are gathered, column by column: put in order, what a row says twice settled."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from trainingcli.reasons import reason
from trainingcli.settle.rows import Mask

AMOUNTS_DIFFER = reason("AMOUNTS_DIFFER").code
NONE = -1
"""The programme of a line that has none."""

Places = npt.NDArray[np.int64]


@dataclass
class Drafted:
    """Lines in the order of row, then programme (`NONE` last), one place a line; amounts in fen."""

    row: Places
    programme: Places
    claimed: Places
    most: Places
    claims: Mask
    faults: npt.NDArray[np.object_]
    letters: npt.NDArray[np.object_]


@dataclass
class Draft:
    """Lines while they are gathered; a code's rows are few, amounts come as columns."""

    rows: list[Places] = field(default_factory=list)
    programmes: list[Places] = field(default_factory=list)
    claimed: list[Places] = field(default_factory=list)
    most: list[Places] = field(default_factory=list)
    claims: list[Mask] = field(default_factory=list)
    faults: list[npt.NDArray[np.object_]] = field(default_factory=list)
    letters: list[npt.NDArray[np.object_]] = field(default_factory=list)

    def add(
        self,
        rows: Places,
        programme: Places | int,
        *,
        fault: npt.NDArray[np.object_] | str = "",
        claimed: Places | None = None,
        most: Places | None = None,
        claims: Mask | None = None,
        letter: str = "",
    ) -> None:
        """Add a line for each of these rows."""
        size = len(rows)
        self.rows.append(rows)
        self.programmes.append(np.broadcast_to(np.asarray(programme, dtype=np.int64), (size,)))
        self.claimed.append(np.zeros(size, np.int64) if claimed is None else claimed)
        self.most.append(np.zeros(size, np.int64) if most is None else most)
        self.claims.append(np.zeros(size, bool) if claims is None else claims)
        self.faults.append(np.full(size, fault, dtype=object))
        self.letters.append(np.full(size, letter, dtype=object))

    def lines(self) -> Drafted:
        """Return the lines in order; a programme that a row names twice is one line."""
        row = np.concatenate([*self.rows, np.array([], np.int64)]).astype(np.int64)
        programme = np.concatenate([*self.programmes, np.array([], np.int64)]).astype(np.int64)
        order = np.lexsort((programme, programme == NONE, row))
        return _settled_twice(
            Drafted(
                row[order],
                programme[order],
                np.concatenate([*self.claimed, np.array([], np.int64)]).astype(np.int64)[order],
                np.concatenate([*self.most, np.array([], np.int64)]).astype(np.int64)[order],
                np.concatenate([*self.claims, np.array([], bool)]).astype(bool)[order],
                np.concatenate([*self.faults, np.array([], object)])[order],
                np.concatenate([*self.letters, np.array([], object)])[order],
            )
        )


def _settled_twice(lines: Drafted) -> Drafted:
    """Settle what one row says twice of a programme: 培训补贴 beside the name of the training that it means there.

    Named twice it is one line. Of two amount cells each is a line (the second is no second payment, reading 3.5);
    where they differ, both are held.
    """
    same = (lines.row[1:] == lines.row[:-1]) & (lines.programme[1:] == lines.programme[:-1])
    again = np.flatnonzero(same & (lines.programme[1:] != NONE)) + 1
    if not len(again):
        return lines
    of_amounts = lines.letters[again] != ""
    differs = (lines.claimed[again] != lines.claimed[again - 1]) | (lines.faults[again] != "")
    unsure = again[of_amounts & differs]
    most = np.maximum(lines.most[unsure], lines.most[unsure - 1])
    for at in (unsure - 1, unsure):
        lines.faults[at], lines.claims[at], lines.claimed[at], lines.most[at] = AMOUNTS_DIFFER, False, 0, most
    kept = np.ones(len(lines.row), dtype=bool)
    kept[again[~of_amounts]] = False
    return Drafted(*(values[kept] for values in vars(lines).values()))
