"""What every subsidy programme answers, as whole columns: whom it fits, which fields it needs, what the plan gives."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from enum import Enum
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from trainingcli.policy import Policy
    from trainingcli.reasons import Reason
    from trainingcli.settle.rows import Dates, Mask, Rows
    from trainingcli.settle.standards import Standards

Fen = npt.NDArray[np.int64]


class Use(Enum):
    """How a programme uses a field: missing is `MISSING_FIELD`, `CERTIFICATE_MISSING`, or nothing."""

    NEEDED = "n"
    CERTIFICATE = "c"
    USED = "u"


class Verdict(NamedTuple):
    """One reason and the rows it holds for; `field` names the cell it speaks of."""

    reason: Reason
    field: str
    rows: Mask


class Entitlement(NamedTuple):
    """What the plan gives (应补), in fen a row.

    `known`: there is an amount. `asked`: all that a figure is looked up by is there, so that one not found is
    `NO_STANDARD`. `days`: the days paid, of an allowance. `basis`: where an amount may be paid though nothing was
    claimed; a bare ceiling is none (`NO_BASIS`). `fixed`: less than it is worth a note.
    """

    fen: Fen
    known: Mask
    asked: Mask
    days: npt.NDArray[np.int64] | None = None
    basis: Mask | None = None
    fixed: bool = True


class Programme(ABC):
    """A subsidy programme (补贴项目) for one person and training."""

    code: str
    uses: Mapping[str, Use]
    figure_field: str = "start_date"  # what a missing figure speaks of

    @abstractmethod
    def fits(self, rows: Rows, policy: Policy) -> Mask:
        """Say which rows the programme fits, where nothing says what is claimed (reading 5.8)."""

    @abstractmethod
    def ineligible(self, rows: Rows, policy: Policy) -> list[tuple[str, Mask]]:
        """Say which rows are `NOT_ELIGIBLE`, by the field that decides; missing and unknown values are not."""

    @abstractmethod
    def entitlement(self, rows: Rows, policy: Policy, standards: Standards) -> Entitlement:
        """Return what the plan gives each row, eligible or not."""

    def used(self, field: str, rows: Rows, policy: Policy) -> Mask:
        """Say for which rows a field of `uses` speaks for the programme."""
        return np.ones(len(rows), dtype=bool)

    def use(self, field: str) -> Use:
        """Return how a field is used."""
        return self.uses[field]

    def dates(self, rows: Rows, policy: Policy) -> Dates:
        """Return the dates whose figures apply (Q10): the policy says which field they are."""
        return rows.dates(policy.programmes[self.code].dated_by)

    def verdicts(self, rows: Rows, policy: Policy) -> Iterator[Verdict]:
        """Yield further reasons of this programme alone."""
        yield from ()


def figures(policy: Policy, code: str, key: str, dates: Dates) -> tuple[Fen, Mask]:
    """Return the figure in force on each date, in fen, and where there is one: stated, in force, the date known."""
    dated = policy.programmes[code].amounts.get(key, ())
    fen = np.array([0, *(figure.fen or 0 for figure in dated)], dtype=np.int64)
    stated = np.array([False, *(figure.fen is not None for figure in dated)])
    since = np.array([figure.since for figure in dated], dtype="datetime64[s]")
    place = np.where(np.isnat(dates), 0, np.searchsorted(since, dates, side="right"))
    return fen[place], stated[place]


def figures_by_level(
    policy: Policy, code: str, levels: tuple[npt.NDArray[np.int64], list[str | None]], dates: Dates
) -> tuple[Fen, Mask]:
    """Return the figure of each row's level in force on its date; a level without a figure has none."""
    places, words = levels
    fen, known = np.zeros(len(dates), dtype=np.int64), np.zeros(len(dates), dtype=bool)
    for place, word in enumerate(words):
        here = places == place
        if word is not None and here.any():
            fen[here], known[here] = figures(policy, code, word, dates[here])
    return fen, known
