"""How a ledger grows: batches are appended inside one transaction, linked to the last entry and sealed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from trainingcli import __version__
from trainingcli.errors import LedgerError, UsageError
from trainingcli.language import Text
from trainingcli.ledger.book_reading import Readings
from trainingcli.ledger.chain import BATCH_FIELDS, ENTRY_FIELDS, FORMAT, GENESIS, link, links, row_text
from trainingcli.ledger.failpoints import failpoint

if TYPE_CHECKING:
    from trainingcli.ledger.store import Row


class Appending(Readings):
    """A ledger that is written: by one writer at a time, and at its end alone."""

    @property
    def name(self) -> str:
        """The ledger's path or address (without a password), for messages."""
        return self._store.name

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Hold the ledger as its only writer, from before the first read to the commit at the exit.

        An error inside undoes everything. A `LedgerError` where the ledger stays busy past the time-out.
        """
        if self._writing or self._held:
            raise RuntimeError("a ledger transaction is open already")
        with self._store.telling():
            self._store.begin()
        self._writing = True
        try:
            yield
            failpoint("commit.before")
            with self._store.telling():
                self._store.commit()
            failpoint("commit.after")
        except BaseException:
            self._store.roll_back()
            raise
        finally:
            self._writing = False

    @contextmanager
    def _ensured(self) -> Iterator[None]:
        """The open transaction, or one of its own."""
        if self._writing:
            yield
            return
        with self.transaction():
            yield

    def _append(
        self, header: dict[str, Any], rows_of: Callable[[int, int], list[Row]], archive: bytes | None = None
    ) -> int:
        """Write one batch: its header, archive and entries, linked and sealed."""
        if not self._writing:
            raise RuntimeError("the ledger is written inside transaction() only")
        with self._store.telling():
            number, first, previous = self._tail()
            rows = rows_of(number, first)
            if not rows:
                raise UsageError(Text("没有可入账的明细", "there is nothing to post"))
            data = None if archive is None else self._key.lock(number, archive)
            header |= {
                "format": FORMAT,
                "batch": number,
                "program": f"trainingcli {__version__}",
                "entries": len(rows),
                "archive_sha256": None if data is None else sha256(data).digest(),
            }
            opening = link(previous, row_text([header.get(name) for name in BATCH_FIELDS]))
            hashes = list(links(opening, rows))
            values = [header.get(name) for name in BATCH_FIELDS] + [opening, self._key.seal(hashes[-1])]
            entries = [(*row, own_hash) for row, own_hash in zip(rows, hashes, strict=True)]
            self._store.insert("entries", (*ENTRY_FIELDS, "hash"), entries)
            failpoint("post.entries")
            if data is not None:
                self._store.insert("archives", ("batch", "data"), [(number, data)])
                failpoint("post.archive")
            self._store.insert("batches", (*BATCH_FIELDS, "hash", "seal"), [values])
            failpoint("post.batch")
        return number

    def _tail(self) -> tuple[int, int, bytes]:
        """Return the next batch's and entry's numbers and the last hash; refuse to build on a tail that was cut."""
        batches = self._store.execute("SELECT batch, seal FROM batches ORDER BY batch DESC LIMIT 1")
        entries = self._store.execute("SELECT entry, batch, hash FROM entries ORDER BY entry DESC LIMIT 1")
        if not batches and not entries:
            return 1, 1, GENESIS
        if batches and entries and entries[0][1] == batches[0][0] and self._key.seal(entries[0][2]) == batches[0][1]:
            return batches[0][0] + 1, entries[0][0] + 1, entries[0][2]
        raise LedgerError(
            Text(
                f"台账 {self.name} 的末尾与批次封印不符；没有入账，请运行 trainingcli ledger verify",
                f"the end of the ledger {self.name} does not match its batch's seal; nothing was posted, "
                "run trainingcli ledger verify",
            )
        )
