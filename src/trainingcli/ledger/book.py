"""The ledger itself (台账): what was paid, posted once, never changed, looked up in bulk."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from hashlib import sha256
from types import TracebackType
from typing import TYPE_CHECKING, Any

from trainingcli import __version__
from trainingcli.errors import LedgerError, UsageError
from trainingcli.facts import Head
from trainingcli.language import Text
from trainingcli.ledger.chain import BATCH_FIELDS, ENTRY_FIELDS, GENESIS, link, links, row_text
from trainingcli.ledger.failpoints import failpoint
from trainingcli.ledger.keys import LedgerKey, starred
from trainingcli.ledger.queries import (
    BALANCES,
    BALANCES_SQL,
    BATCHES,
    BATCHES_SQL,
    ENTRIES,
    ENTRIES_SQL,
    HISTORY,
    HISTORY_SQL,
    LAST_SQL,
)
from trainingcli.ledger.records import BatchRecord, Budget, Verification

if TYPE_CHECKING:
    import pandas as pd

    from trainingcli.ledger.store import Row, Store

WHOLE = 10_000  # entries that are verified as a whole before a posting: well below a second


class Ledger:
    """One open ledger; a context manager. Every method may raise `LedgerError` (exit 4)."""

    def __init__(self, store: Store, key: LedgerKey) -> None:
        self._store = store
        self._key = key
        self._writing = False

    def __enter__(self) -> Ledger:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the ledger; what was not committed is undone."""
        with self._store.telling():
            self._store.close()

    @property
    def name(self) -> str:
        """The ledger's path or address (without a password), for messages."""
        return self._store.name

    # Reading

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Hold the ledger as its only writer from before the first read to the commit at the exit.

        An error inside undoes everything. A `LedgerError` where the ledger stays busy past the time-out.
        """
        if self._writing:
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
    def _reading(self) -> Iterator[Store]:
        """One state of the ledger for several reads: the open transaction, or one of its own."""
        with self._store.telling():
            if self._writing:
                yield self._store
                return
            self._store.begin_reading()
            try:
                yield self._store
            finally:
                self._store.roll_back()

    def head(self) -> Head:
        """Return the head: the last entry's hash and the count of entries; 64 zeros for an empty ledger."""
        with self._reading() as store:
            rows = store.execute("SELECT hash, entry FROM entries ORDER BY entry DESC LIMIT 1")
        return Head(rows[0][0].hex(), rows[0][1]) if rows else Head(GENESIS.hex(), 0)

    def person_keys(self, id_numbers: Iterable[str]) -> list[str]:
        """Return each person's key in this ledger (hex), in order."""
        return [key.hex() for key in self._key.people(id_numbers)]

    def history(self, id_numbers: Iterable[str], certificate_numbers: Iterable[str]) -> pd.DataFrame:
        """Return every active (not reversed) entry of these people, in posting order.

        Columns as `post` takes them, and `entry`, `batch`; text is Arrow strings, `own` bool, the rest int64.
        The ledger knows certificate numbers by their keys alone: `certificate_no` comes back plain where the number
        is one of `certificate_numbers` (normalised, all of the run's), and else as `#` and the key in hex.
        """
        from trainingcli.ledger.frames import frame

        people = _known(id_numbers, self._key.people)
        certificates = _known(certificate_numbers, self._key.certificates)
        with self._reading() as store:
            rows = store.look_up(HISTORY_SQL, {"person": list(people)})
        columns: list[Sequence[Any]] = list(zip(*rows, strict=True)) or [()] * len(HISTORY)
        names = list(HISTORY)
        columns[0] = [people[person] for person in columns[0]]
        at = names.index("certificate_no")
        columns[at] = [None if key is None else certificates.get(key) or f"#{key.hex()}" for key in columns[at]]
        return frame(columns, HISTORY)

    def certificate_holders(self, numbers: Iterable[str]) -> pd.DataFrame:
        """Return who holds these certificate numbers in active entries: `certificate_no`, `person` (key, hex)."""
        from trainingcli.ledger.frames import frame

        certificates = _known(numbers, self._key.certificates)
        with self._reading() as store:
            rows = store.look_up(
                "SELECT DISTINCT a.certificate, a.person FROM {wanted} JOIN active a"
                " ON a.certificate = wanted.certificate ORDER BY 1, 2",
                {"certificate": list(certificates)},
            )
        columns = [[certificates[row[0]] for row in rows], [row[1] for row in rows]]
        return frame(columns, {"certificate_no": "str", "person": "hex"})

    def find_batch(self, input_hashes: Iterable[str]) -> int | None:
        """Return the latest batch of claims that was posted from exactly these inputs (SHA-256 each), or None."""
        with self._reading() as store:
            rows = store.execute(
                "SELECT max(batch) FROM batches WHERE inputs_key = ? AND kind = 'claims'", (_inputs_key(input_hashes),)
            )
        found: int | None = rows[0][0]
        return found

    def archive(self, batch: int) -> bytes:
        """Return what was handed to `post` for `rebuild`; a `UsageError` (exit 2) where the batch has none."""
        with self._reading() as store:
            rows = store.execute("SELECT data FROM archives WHERE batch = ?", (batch,))
        if not rows:
            raise UsageError(
                Text(
                    f"台账没有可还原的批次 {batch}；请用 trainingcli ledger list 查看批次",
                    f"the ledger has no batch {batch} to rebuild; see trainingcli ledger list",
                )
            )
        return self._key.unlock(batch, rows[0][0])

    def batches(self) -> pd.DataFrame:
        """Return every batch: header columns, `lines` and `approved` (fen), and what of it was reversed since.

        `kind` is claims, import, void or budget; of a void, lines and amount are what it took back.
        """
        from trainingcli.ledger.frames import frame

        with self._reading() as store:
            rows = store.execute(BATCHES_SQL)
        return frame(_columns(rows, BATCHES), BATCHES)

    def entries(self, batch: int | None = None) -> pd.DataFrame:
        """Return entries in posting order, of one batch or of all; people and certificates as their keys (hex)."""
        from trainingcli.ledger.frames import frame

        where, parameters = ("", ()) if batch is None else (" WHERE e.batch = ?", (batch,))
        with self._reading() as store:
            rows = store.execute(ENTRIES_SQL.format(where=where), parameters)
        return frame(_columns(rows, ENTRIES), ENTRIES)

    def budgets(self) -> pd.DataFrame:
        """Return the funds by year, in fen: `budget` or null; opening + posted − reversed = closing."""
        from trainingcli.ledger.frames import frame

        with self._reading() as store:
            rows = store.execute(BALANCES_SQL)
        return frame(_columns(rows, BALANCES), BALANCES)

    def verify(self, head: str | None = None) -> Verification:
        """Re-read the whole ledger: chain, seals, archives, holdings, balances; and look for a given head in it.

        `head`: the hash (64 hex digits) on an old claim workbook; a `UsageError` (exit 2) where it is none.
        """
        from trainingcli.ledger.verification import verify

        with self._reading() as store:
            return verify(store, self._key, head)

    # Writing

    def refuse_unsound(self) -> None:
        """Verify the ledger before it is built upon; a `LedgerError` (exit 4) where it fails.

        A ledger of more than `WHOLE` entries is not: that may take minutes, and others wait. Its last seal is checked
        by the posting itself.
        """
        if self.head().entries > WHOLE:
            return
        problem = self.verify().problem
        if problem is not None:
            raise LedgerError(
                Text(
                    f"台账 {self.name} 未通过校验（{problem.zh}）；没有入账，请运行 trainingcli ledger verify，"
                    "并从备份恢复",
                    f"the ledger {self.name} fails verification ({problem.en}); nothing was posted, "
                    "run trainingcli ledger verify and restore a backup",
                )
            )

    def post(self, batch: BatchRecord, lines: pd.DataFrame, archive: bytes) -> int:
        """Post lines to be paid as one batch, inside `transaction()`; return the batch's number.

        `lines`, a row each, in posting order: `id_number` str · `event` int64 (>= 0 one of `history`, < 0 a new one,
        the same number for the same event) · `event_year` int · `own` bool · `place` year|waiver · `programme` str ·
        `occupation`, `level`, `training_type` str|null (the event's) · `start_date`, `end_date`, `certificate_date`
        ISO str|null · `certificate_no`, `key` str|null · `approved` int64 (fen) · `fund`, `payee` str · `line` int ·
        `waiver` JSON str|null. Names, ID numbers and accounts go into `archive` alone, which is kept encrypted.
        A `LedgerError` where a constraint of 三(三) would break: nothing is posted.
        """
        from trainingcli.ledger.posting import entry_rows, header_inputs

        header = {
            "kind": batch.kind,
            "posted_at": batch.when,
            "today": batch.today,
            "policy": batch.policy_id,
            "policy_sha256": batch.policy_sha256,
            "trainings_a_year": batch.trainings_a_year,
            "inputs": header_inputs(batch),
            "inputs_key": _inputs_key(sha256 for _, sha256 in batch.inputs),
        }
        return self._append(
            header,
            len(lines),
            lambda number, first: entry_rows(self._store, self._key, number, first, batch, lines),
            archive,
        )

    def void(self, batch: int, lines: Sequence[int] | None, why: str, *, when: str) -> list[int]:
        """Reverse a batch's payments (冲销), or those of some of its lines; return the numbers of the new entries.

        Frees the places and repeat keys that no active entry of the event holds any more. In a transaction of its own
        unless one is open. A `UsageError` (exit 2) where it is not there, or is reversed already.
        """
        from trainingcli.ledger.reversing import payments_to_reverse, reversal_rows

        with self._ensured(), self._store.telling():
            payments = payments_to_reverse(self._store, batch, lines)
            header = {"kind": "void", "posted_at": when, "inputs": "[]", "why": starred(why)}
            self._append(header, len(payments), lambda number, first: reversal_rows(payments, number, first))
            return [int(row[0]) for row in self._store.execute(LAST_SQL)]

    def set_budget(self, budgets: Iterable[Budget], *, when: str) -> int | None:
        """Write down budgets and openings that are new or differ, as one batch; return its number, or None.

        In a transaction of its own unless one is open. Of two for one fund and year the last counts.
        """
        from trainingcli.ledger.budgeting import budget_rows

        with self._ensured(), self._store.telling():
            wanted = {(one.fund, one.year): (one.amount, one.opening) for one in budgets}
            known = {row[:2]: row[2:4] for row in self._store.execute(BALANCES_SQL)}
            new = [(*key, *figures) for key, figures in wanted.items() if known.get(key) != figures]
            if not new:
                return None
            header = {"kind": "budget", "posted_at": when, "inputs": "[]"}
            return self._append(header, 2 * len(new), lambda number, first: budget_rows(new, number, first))

    @contextmanager
    def _ensured(self) -> Iterator[None]:
        """The open transaction, or one of its own."""
        if self._writing:
            yield
            return
        with self.transaction():
            yield

    def _append(
        self, header: dict[str, Any], count: int, rows_of: Callable[[int, int], list[Row]], archive: bytes | None = None
    ) -> int:
        """Write one batch: its header, archive and entries, linked and sealed."""
        if not self._writing:
            raise RuntimeError("the ledger is written inside transaction() only")
        if not count:
            raise UsageError(Text("没有可入账的明细", "there is nothing to post"))
        with self._store.telling():
            number, first, previous = self._tail()
            data = None if archive is None else self._key.lock(number, archive)
            header |= {
                "batch": number,
                "program": f"trainingcli {__version__}",
                "entries": count,
                "archive_sha256": None if data is None else sha256(data).digest(),
            }
            opening = link(previous, row_text([header.get(name) for name in BATCH_FIELDS]))
            rows = rows_of(number, first)
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


def _known(texts: Iterable[str], key_of: Callable[[Iterable[str]], list[bytes]]) -> dict[bytes, str]:
    """Return key → text of distinct texts."""
    distinct = list(dict.fromkeys(texts))
    return dict(zip(key_of(distinct), distinct, strict=True))


def _columns(rows: Sequence[Row], kinds: dict[str, str]) -> Sequence[Sequence[Any]]:
    return list(zip(*rows, strict=True)) or [()] * len(kinds)


def _inputs_key(hashes: Iterable[str]) -> bytes:
    """Return one key of a set of input hashes: order and repetition do not matter."""
    return sha256("\n".join(sorted({text.lower() for text in hashes})).encode()).digest()
