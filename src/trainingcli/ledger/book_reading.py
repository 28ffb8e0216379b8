"""What the ledger says, looked up in bulk: people, units, batches, entries, records, balances; nothing is written."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from trainingcli.errors import UsageError
from trainingcli.facts import Head
from trainingcli.language import Text
from trainingcli.ledger import queries
from trainingcli.ledger.chain import GENESIS
from trainingcli.ledger.digests import inputs_key

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

    from trainingcli.ledger.keys import LedgerKey
    from trainingcli.ledger.store import Row, Store


class Readings:
    """The reading half of a ledger. Every method may raise `LedgerError` (exit 4).

    Frames: text is Arrow strings, whole numbers int64 (Int64 where they may be missing), money in fen, days ISO;
    people, units and certificates are their keys (hex) unless they were asked for.
    """

    def __init__(self, store: Store, key: LedgerKey) -> None:
        self._store = store
        self._key = key
        self._writing = False
        self._held = False

    @contextmanager
    def one_state(self) -> Iterator[None]:
        """See one state of the ledger in every read inside, whatever is posted meanwhile; nothing can be written."""
        with self._reading():
            before, self._held = self._held, True
            try:
                yield
            finally:
                self._held = before

    @contextmanager
    def _reading(self) -> Iterator[Store]:
        """One state of the ledger for several reads: the open transaction, or one of its own."""
        with self._store.telling():
            if self._writing or self._held:
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

        Columns as `post` takes them, and `entry`, `batch`, `day` (of posting) · `key`: the repeat key it was posted
        under · `key_today`: the same in today's compared form · `occupation`: in today's form · `rules`: JSON of the
        policy's parameters that made the key (null where an older ledger did not say). `own` is bool.
        The ledger knows certificate numbers by their keys alone: `certificate_no` comes back plain where the number
        is one of `certificate_numbers` (as compared, all of the run's), and else as `#` and the key in hex.
        """
        return self._people(queries.HISTORY_SQL, queries.HISTORY, id_numbers, certificate_numbers)

    def reversed(self, id_numbers: Iterable[str], certificate_numbers: Iterable[str]) -> pd.DataFrame:
        """Return these people's reversed payments that were not reopened since (reading 8.3).

        Columns as `history` has them, and of the reversal `reversed_on` (its day), `reversed_in` (its batch),
        `reversed_by` (its entry), `why`.
        """
        return self._people(queries.REVERSED_SQL, queries.REVERSED, id_numbers, certificate_numbers)

    def _people(
        self, sql: str, kinds: dict[str, str], id_numbers: Iterable[str], certificate_numbers: Iterable[str]
    ) -> pd.DataFrame:
        from trainingcli.ledger.entry_frames import frame

        people = _known(id_numbers, self._key.people)
        certificates = _known(certificate_numbers, self._key.certificates)
        with self._reading() as store:
            rows = store.look_up(sql, {"subject": list(people)})
        columns = list(_columns(rows, kinds))
        columns[0] = [people[person] for person in columns[0]]
        at = list(kinds).index("certificate_no")
        columns[at] = [None if key is None else certificates.get(key) or f"#{key.hex()}" for key in columns[at]]
        return frame(columns, kinds)

    def units(self, kind: str, names: Iterable[str]) -> pd.DataFrame:
        """Return every award that units of a kind (base, studio) were paid under one of these names, as compared.

        `unit`: the name asked for · `entry`, `batch`, `line` · `programme` (the award) · `once_key` · `facts` (JSON as
        posted) · `approved`, `fund`, `payee`, `day`, `start_date` (the award's date), `decision` · reversed ones too:
        `reversed_on`, `reversed_in`, `why`, `reopened` (entry). By entry; a unit has a row for each name asked for.
        """
        from trainingcli.ledger.entry_frames import frame

        known = _known(names, lambda texts: self._key.bodies(kind, texts))
        with self._reading() as store:
            rows = store.look_up(queries.UNITS_SQL, {"subject": list(known)})
        columns = list(_columns(rows, queries.UNITS))
        columns[0] = [known[unit] for unit in columns[0]]
        return frame(columns, queries.UNITS | {"unit": "str"})

    def certificate_holders(self, numbers: Iterable[str]) -> pd.DataFrame:
        """Return who holds these certificate numbers in active entries: `certificate_no`, `person` (key, hex)."""
        from trainingcli.ledger.entry_frames import frame

        certificates = _known(numbers, self._key.certificates)
        with self._reading() as store:
            rows = store.look_up(
                "SELECT DISTINCT c.certificate, c.subject FROM {wanted} CROSS JOIN certificates c"
                " WHERE c.certificate = wanted.certificate ORDER BY 1, 2",
                {"certificate": list(certificates)},
            )
        columns = [[certificates[row[0]] for row in rows], [row[1] for row in rows]]
        return frame(columns, {"certificate_no": "str", "person": "hex"})

    def find_batch(self, input_hashes: Iterable[str], kind: str = "claims") -> int | None:
        """Return the latest batch of a kind that was posted from exactly these inputs (SHA-256 each), or None."""
        with self._reading() as store:
            rows = store.execute(
                "SELECT max(batch) FROM batches WHERE inputs_key = ? AND kind = ?", (inputs_key(input_hashes), kind)
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

    def reversals(self, batch: int) -> dict[int, tuple[str, int, str | None]]:
        """Return what of a batch was reversed since: line → day of the reversal, its batch, why."""
        with self._reading() as store:
            rows = store.execute(
                "SELECT e.line, r.day, r.batch, v.why FROM entries e JOIN entries r ON r.reverses = e.entry"
                " JOIN batches v ON v.batch = r.batch WHERE e.batch = ? ORDER BY e.line",
                (batch,),
            )
        return {int(line): (str(day), int(number), why) for line, day, number, why in rows}

    def archived(self) -> list[int]:
        """Return the batches that have an archive, in order."""
        with self._reading() as store:
            return [int(row[0]) for row in store.execute("SELECT batch FROM archives ORDER BY batch")]

    def posted(self, kind: str) -> dict[int, str]:
        """Return the batches of a kind that have an archive, in order, each with its day of posting (ISO)."""
        with self._reading() as store:
            return {int(batch): str(day) for batch, day in store.execute(queries.POSTED_SQL, (kind,))}

    def batches(self) -> pd.DataFrame:
        """Return every batch: header columns, `lines` and `approved` (fen), and what of it was reversed since.

        `kind` is claims, awards, import, void, budget, reopened …; of a void, lines and amount are what it took back.
        `operator`, `why`, `backdate`: who wrote it and why; `day`: the latest day of posting of its entries.
        """
        from trainingcli.ledger.entry_frames import frame

        rows = [tuple(row.values()) for row in self.batch_rows()]
        return frame(_columns(rows, queries.BATCHES), queries.BATCHES)

    def batch_rows(self) -> list[dict[str, Any]]:
        """Return the same as plain rows; what is missing is None."""
        with self._reading() as store:
            rows = store.execute(queries.BATCHES_SQL)
        return [dict(zip(queries.BATCHES, row, strict=True)) for row in rows]

    def entries(self, batch: int | None = None) -> pd.DataFrame:
        """Return entries in posting order, of one batch or of all; subjects and certificates as their keys (hex)."""
        from trainingcli.ledger.entry_frames import frame

        where, parameters = ("", ()) if batch is None else (" WHERE e.batch = ?", (batch,))
        with self._reading() as store:
            rows = store.execute(queries.ENTRIES_SQL.format(where=where), parameters)
        return frame(_columns(rows, queries.ENTRIES), queries.ENTRIES)

    def referred(self, batch: int) -> pd.DataFrame:
        """Return the entries that a batch's entries reverse or refer to, as `entries` does."""
        from trainingcli.ledger.entry_frames import frame

        where = " WHERE e.entry IN (SELECT coalesce(n.reverses, n.refers) FROM entries n WHERE n.batch = ?)"
        with self._reading() as store:
            rows = store.execute(queries.ENTRIES_SQL.format(where=where), (batch,))
        return frame(_columns(rows, queries.ENTRIES), queries.ENTRIES)

    def payments(
        self, columns: Sequence[str], batches: Container[int] | None = None, since: str = "", until: str = "~"
    ) -> Iterator[tuple[int, pa.Table]]:
        """Yield payments with their reversals beside them: a batch, and a table of all of it that is asked for.

        `columns`: of `queries.PAID`: of the entry, and `reversed_on` (the reversal's day), `reversed_in` (its batch);
        `subject`, `certificate` are keys (bytes), `occupation` and `certificate` in today's compared form. Texts are
        coded (`coded_columns`).
        `batches`: only theirs. `since`, `until` (ISO): only what was paid or reversed then, both included.
        """
        from trainingcli.ledger.paid_columns import paid_in

        with self.one_state():
            last = 0
            for batch, entries in self._store.execute("SELECT batch, entries FROM batches ORDER BY batch"):
                first, last = last + 1, last + entries
                if batches is None or batch in batches:
                    found = paid_in(self._store, self._key, batch, (first, last), columns, (since, until))
                    if found.num_rows:
                        yield batch, found

    def payments_of(self, id_numbers: Iterable[str], columns: Sequence[str]) -> list[dict[str, Any]]:
        """Return these people's payments, reversed ones too, by entry: `id_number`, and columns as in `payments`."""
        people = _known(id_numbers, self._key.people)
        sql = queries.paid_to_sql(["subject", *columns])
        with self._reading() as store:
            rows = store.look_up(sql, {"subject": list(people)})
        names = ["id_number", *columns]
        return [dict(zip(names, (people[row[0]], *row[1:]), strict=True)) for row in rows]

    def budgets(self) -> pd.DataFrame:
        """Return the funds by year, in fen: `budget` or null; opening + posted − reversed = closing."""
        from trainingcli.ledger.entry_frames import frame

        with self._reading() as store:
            rows = store.execute(queries.BALANCES_SQL)
        return frame(_columns(rows, queries.BALANCES), queries.BALANCES)

    def imported(self) -> frozenset[tuple[str, int]]:
        """Return the funds and years of budgets that imported payments draw on."""
        sql = (  # CROSS: SQLite looks for the few imports first, and not through every entry
            "SELECT DISTINCT e.fund, e.year FROM batches b CROSS JOIN entries e"
            " WHERE b.kind = 'import' AND e.batch = b.batch AND e.kind = 'payment'"
        )
        with self._reading() as store:
            return frozenset((row[0], int(row[1])) for row in store.execute(sql))

    def records(self, kind: str) -> pd.DataFrame:
        """Return the records of a kind (`Ledger.record`), in order: `facts` JSON, `refers` Int64 (an entry)."""
        from trainingcli.ledger.entry_frames import frame

        with self._reading() as store:
            rows = store.execute(queries.RECORDS_SQL, (kind,))
        return frame(_columns(rows, queries.RECORDS), queries.RECORDS)

    def refused(self, id_numbers: Iterable[str] | None = None) -> list[dict[str, Any]]:
        """Return the latest held or rejected line of each training and programme that was not paid since.

        Of all, or of these people: `subject` (key, bytes), `training`, `programme` ("" for none), `batch`, `line`,
        `status`, `codes` (joined by blanks), `since` (the batch's day of posting, ISO), by batch and line.
        """
        with self._reading() as store:
            if id_numbers is None:
                rows = store.execute(queries.REFUSED_SQL.format(source="refused r"))
            else:
                source = "{wanted} JOIN refused r ON r.subject = wanted.subject"
                people = list(_known(id_numbers, self._key.people))
                rows = store.look_up(queries.REFUSED_SQL.format(source=source), {"subject": people})
        return [dict(zip(queries.REFUSED, row, strict=True)) for row in rows]

    def last_day(self) -> str | None:
        """Return the last payment's day of posting (ISO; reversals, imports, records apart), or None."""
        with self._reading() as store:
            rows = store.execute(queries.LAST_DAY_SQL)
        found: str | None = rows[0][0]
        return found


def _known(texts: Iterable[str], key_of: Callable[[Iterable[str]], list[bytes]]) -> dict[bytes, str]:
    """Return key → text of distinct texts."""
    distinct = list(dict.fromkeys(texts))
    return dict(zip(key_of(distinct), distinct, strict=True))


def _columns(rows: Sequence[Row], kinds: dict[str, str]) -> Sequence[Sequence[Any]]:
    return list(zip(*rows, strict=True)) or [()] * len(kinds)
