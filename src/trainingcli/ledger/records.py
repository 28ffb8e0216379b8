"""What goes into the ledger and comes out of it, apart from frames: batches, balances, the outcome of `verify`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple, Protocol

from trainingcli.facts import Head
from trainingcli.language import Text

if TYPE_CHECKING:
    import pandas as pd


class Writing(NamedTuple):
    """Who writes a batch, when and why. `when`: ISO date and time of the clock; `day`: the day it counts for (ISO),
    None: the clock's; `backdate`: why a day before the last payment's was taken."""

    when: str
    operator: str | None = None
    why: str | None = None
    day: str | None = None
    backdate: str | None = None


class BatchRecord(NamedTuple):
    """One posting as a whole (批次).

    `kind`: claims, import, awards …; `when`: ISO date and time of posting; `today`: the run's date (ISO), the day of
    posting of every line that names no other; `inputs`: (file, SHA-256 in hex) each; `trainings_a_year`: the policy's
    bound on year places (三(三)), that of each event's year; `paid_to_trainee`: programmes whose payee is the trainee:
    the ledger keeps 本人 for them, never the name; `rules`: the policy's parameters that make repeat keys, as JSON.
    """

    kind: str
    when: str
    today: str
    policy_id: str
    policy_sha256: str
    inputs: tuple[tuple[str, str], ...]
    trainings_a_year: int | Callable[[int], int]
    paid_to_trainee: frozenset[str]
    operator: str | None = None
    backdate: str | None = None
    rules: str | None = None

    def bound(self, year: int) -> int:
        """Return the bound on a person's places of a year."""
        return self.trainings_a_year if isinstance(self.trainings_a_year, int) else self.trainings_a_year(year)


@dataclass(frozen=True)
class EarlierBatch:
    """What an archive of an older ledger says today: its lines as `Ledger.post` takes `index`; each line's certificate
    number as compared today (by line); the policy's `rules` (see `BatchRecord`)."""

    index: pd.DataFrame
    certificates: Mapping[int, str | None]
    rules: str | None


class ArchiveReader(Protocol):
    """How an upgrade reads what older programs kept; whatever it raises leaves the ledger as it was."""

    def read(self, archive: bytes) -> EarlierBatch:
        """Read one batch's archive."""

    def occupation(self, text: str) -> tuple[str, str | None]:
        """Return an occupation as compared today, and the level that its brackets name."""


class Budget(NamedTuple):
    """The opening figures of a fund's year (资金预算), in fen: the budget, and what was used before this ledger."""

    fund: str
    year: int
    amount: int
    opening: int = 0


class Balance(NamedTuple):
    """What a fund's year comes to, in fen: opening + posted − reversed = closing (used so far).

    Cash (Q21): a payment counts in the year of its day of posting, a reversal in its payment's year.
    """

    fund: str
    year: int
    budget: int | None
    opening: int
    posted: int
    reversed: int
    closing: int


class Verification(NamedTuple):
    """The outcome of `verify`: the head, and the first entry (or batch) that does not hold with what is wrong."""

    head: Head
    balances: tuple[Balance, ...]
    problem: Text | None = None
    entry: int | None = None
    batch: int | None = None

    @property
    def ok(self) -> bool:
        """Whether every link, holding and balance holds."""
        return self.problem is None
