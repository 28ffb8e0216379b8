"""A run's batch between its settlement and the ledger's lock: what `turns` posts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from trainingcli.claims.post import ReadyBatch, earlier_batch

if TYPE_CHECKING:
    from trainingcli.claims.assess import Settled
    from trainingcli.claims.batch_workbooks import Workbooks
    from trainingcli.facts import Head
    from trainingcli.ledger import Ledger
    from trainingcli.settle.assessment import Assessment


@dataclass
class PreparedBatch:
    """A run's batch before the lock; see `turns.Prepared`. `result`: how its lines stand, in the end as posted."""

    settled: Settled
    head: Head
    batch: ReadyBatch | None
    result: Assessment
    books: Workbooks | None = None

    @property
    def empty(self) -> bool:
        """See `turns.Prepared`."""
        return self.batch is None

    def unchanged(self, ledger: Ledger) -> bool:
        """See `turns.Prepared`; a batch without payments changes nobody's history, so it is looked for itself."""
        payments = self.batch is not None and len(self.batch.payable)
        again = not payments and earlier_batch(self.settled, ledger) is not None
        return not again and self.settled.unchanged(ledger)

    def post(self, ledger: Ledger) -> None:
        """See `turns.Prepared`."""
        if self.batch is None:
            return
        self.result = self.batch.post(ledger)
        if self.books is not None and self.result.batch is not None and self.result.ledger is not None:
            self.books.post(self.result.batch, self.result.ledger)

    def discard(self) -> None:
        """See `turns.Prepared`."""
        if self.books is not None:
            self.books.discard()
