"""The ledger's lock (contract, 'Ledger'): settled and written before it, looked up again inside it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol, TypeVar

if TYPE_CHECKING:
    from trainingcli.facts import Head
    from trainingcli.ledger import Ledger

TURNS = 3
"""So often is a batch prepared before the lock, where meanwhile others post to the people and funds it is about."""


class Prepared(Protocol):
    """A batch that is settled, and its workbooks written, but for its number and the head; nothing is posted yet."""

    @property
    def head(self) -> Head:
        """The ledger's head when it was settled."""

    @property
    def empty(self) -> bool:
        """Whether there is nothing to post."""

    def unchanged(self, ledger: Ledger) -> bool:
        """Whether the ledger still says what the batch was settled by; asked where its head is another."""

    def post(self, ledger: Ledger) -> None:
        """Insert the batch, inside the ledger's transaction; put its number and the head into the workbooks."""

    def discard(self) -> None:
        """Remove what was written."""


P = TypeVar("P", bound=Prepared)


def post_prepared(ledger: Ledger, prepare: Callable[[], P]) -> P:
    """Post what `prepare` makes, as one batch; what it was settled by stands in the ledger until it is posted.

    `prepare` is called again where that has changed meanwhile, and after the third time inside the lock. It reads the
    ledger in `ledger.one_state()`. What is returned is committed; the workbooks get their names then.
    """
    for _ in range(TURNS):
        prepared = prepare()
        if prepared.empty or _posted(prepared, ledger):
            return prepared
    last: P | None = None
    try:
        with ledger.transaction():
            last = prepare()
            if not last.empty:
                last.post(ledger)
    except BaseException:
        if last is not None:
            last.discard()
        raise
    return last


def _posted(prepared: Prepared, ledger: Ledger) -> bool:
    """Post it if nothing that it rests on has changed; else, and where it fails, nothing of it is left."""
    posted = False
    try:
        with ledger.transaction():
            if ledger.head() == prepared.head or prepared.unchanged(ledger):
                prepared.post(ledger)
                posted = True
    except BaseException:
        prepared.discard()
        raise
    if not posted:
        prepared.discard()
    return posted
