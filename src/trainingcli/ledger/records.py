"""What goes into the ledger and comes out of it, apart from frames: batches, balances, the outcome of `verify`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from trainingcli.facts import Head
from trainingcli.language import Text

BatchKind = Literal["claims", "import", "void", "budget"]


@dataclass(frozen=True)
class BatchRecord:
    """One posting as a whole (批次).

    `when`: ISO date and time of posting; `today`: the run's date (ISO); `inputs`: (file, SHA-256 in hex) each;
    `trainings_a_year`: the policy's bound on year places (三(三)); `paid_to_trainee`: programmes whose payee is the
    trainee: the ledger keeps 本人 for them, never the name.
    """

    kind: BatchKind
    when: str
    today: str
    policy_id: str
    policy_sha256: str
    inputs: tuple[tuple[str, str], ...]
    trainings_a_year: int
    paid_to_trainee: frozenset[str]


@dataclass(frozen=True)
class Budget:
    """The opening figures of a fund's year (资金预算), in fen: the budget, and what was used before this ledger."""

    fund: str
    year: int
    amount: int
    opening: int = 0


@dataclass(frozen=True)
class Balance:
    """What a fund's year comes to, in fen: opening + posted − reversed = closing (used so far)."""

    fund: str
    year: int
    budget: int | None
    opening: int
    posted: int
    reversed: int
    closing: int


@dataclass(frozen=True)
class Verification:
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
