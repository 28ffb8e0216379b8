"""What every subsidy programme answers, as whole columns: whom it fits, which fields it needs, what the plan gives."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Collection, Iterator, Mapping, Sequence
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


class RepeatKey(Enum):
    """What, beside person and occupation, is never subsidised twice (reading 3.2)."""

    LEVEL = "level"
    TRAINING_TYPE = "training_type"


class Institution(Enum):
    """Which institution must stand in the register of a line's date, 三(四)(七)."""

    PAYEE = "whoever is paid for the training, be it named as the employer"
    NAMED = "the institution that the line names, unless it is the employer itself"
    HIRED = "one named beside another employer; named alone it is the employer, which may train its own staff"
    UNASKED = "none: no training is paid"


class Trainees(Enum):
    """Whose training 培训补贴 alone means (contract, 'Programme names')."""

    EMPLOYEES = "employees"
    OTHERS = "others"


class Verdict(NamedTuple):
    """One reason and the rows it holds for; `field` names the cell it speaks of.

    `of_amount`: it speaks of how the amount was worked out, and so of no line that is not eligible.
    """

    reason: Reason
    field: str
    rows: Mask
    of_amount: bool = False


class Entitlement(NamedTuple):
    """What the plan gives (应补), in fen a row.

    `known`: there is an amount. `asked`: all that a figure is looked up by is there, so that one not found is
    `NO_STANDARD`. `days`: the days paid, of an allowance. `basis`: where an amount may be paid though nothing was
    claimed; a bare ceiling is none (`NO_BASIS`).
    """

    fen: Fen
    known: Mask
    asked: Mask
    days: npt.NDArray[np.int64] | None = None
    basis: Mask | None = None


class Programme(ABC):
    """A subsidy programme (补贴项目) for one person and training, and its traits: what others ask of it.

    A class that lacks one fails where it is defined. Whom it pays is the policy's to say (`payee`).
    `pays_training`: it is for days spent in a class, so that two on one day are worth a note and a class must be filed.
    `rests_on_certificate`: a certificate is what it pays. `is_ceiling`: its figure is the most that is paid.
    `means_training_of`: the lines that 培训补贴 alone asks for. `people_are`: who they are where no category says so
    (contract-2, 4). `readings`: parameters of the policy that decide its lines and give no reason of their own.
    `figure_field`: what a missing figure speaks of. `asks_also`: fields that are only used, and without which some rows
    are not paid; a blank roster marks them.
    """

    code: str
    uses: Mapping[str, Use]
    pays_training: bool
    repeat_key: RepeatKey
    institution: Institution
    rests_on_certificate: bool
    is_ceiling: bool
    means_training_of: Trainees | None
    people_are: Trainees | None
    readings: Collection[str]
    figure_field: str
    asks_also: Collection[str]

    def __init_subclass__(cls) -> None:
        missing = [trait for trait in Programme.__annotations__ if not hasattr(cls, trait)]
        if missing:
            raise TypeError(f"programme {cls.__name__} declares no {', '.join(missing)}")

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

    def payees(self, policy: Policy) -> Sequence[str]:
        """Return the fields that name who is paid, the first that is filled in: the policy says which."""
        return policy.programmes[self.code].payee

    def dates(self, rows: Rows, policy: Policy) -> Dates:
        """Return the dates whose figures apply (Q10): the policy says which field they are."""
        return rows.dates(policy.programmes[self.code].dated_by)

    def figure_keys(self, rows: Rows, policy: Policy) -> tuple[npt.NDArray[np.int64], list[str | None]]:
        """Return which of the policy's figures (`amounts`) is each row's, as places into the distinct keys."""
        return np.zeros(len(rows), dtype=np.int64), ["each"]

    def verdicts(self, rows: Rows, policy: Policy) -> Iterator[Verdict]:
        """Yield further reasons of this programme alone."""
        yield from ()

    def open_questions(self, rows: Rows) -> Iterator[Verdict]:
        """Yield what may hide that the programme fits: a row that fits none is then held, not rejected."""
        yield from ()

    def ceiling(self, rows: Rows, policy: Policy) -> Fen:
        """Return the most that the plan gives a person under Q2, a row, without a register's standard."""
        return figures(policy, self.code, "each", self.dates(rows, policy))[0]


def figures(policy: Policy, code: str, key: str, dates: Dates) -> tuple[Fen, Mask]:
    """Return the figure in force on each date, in fen, and where there is one: stated, in force, the date known."""
    import pandas as pd

    places, days = pd.factorize(dates)  # a date that is not known is at -1, the last place
    found = [policy.figure(code, key, day) for day in days.astype("datetime64[D]").tolist()]
    given = [None if figure is None else figure.fen for figure in (*found, None)]
    fen, stated = [each or 0 for each in given], [each is not None for each in given]
    return np.array(fen, dtype=np.int64)[places], np.array(stated)[places]


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
