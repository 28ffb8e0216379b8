"""The ledger itself (台账): what was paid, posted once, never changed; what it says is in `book_reading`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

from trainingcli.errors import LedgerError, UsageError
from trainingcli.language import Text
from trainingcli.ledger.appending import Appending
from trainingcli.ledger.digests import inputs_key
from trainingcli.ledger.queries import BALANCES_SQL, LAST_SQL
from trainingcli.ledger.records import ArchiveReader, BatchRecord, Budget, Verification, Writing
from trainingcli.masking import starred

if TYPE_CHECKING:
    import pandas as pd

    from trainingcli.ledger.store import Row

WHOLE = 10_000  # entries that are verified as a whole before a posting: well below a second


class Ledger(Appending):
    """One open ledger; a context manager. Every method may raise `LedgerError` (exit 4)."""

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

    def verify(self, head: str | None = None) -> Verification:
        """Re-read the whole ledger: chain, seals, archives, holdings, balances; and look for a given head in it.

        `head`: the hash (64 hex digits) on an old claim workbook; a `UsageError` (exit 2) where it is none.
        """
        from trainingcli.ledger.verification import verify

        with self._reading() as store:
            return verify(store, self._key, head)

    def verify_indexes(self, reader: ArchiveReader, found: Verification) -> Verification:
        """Work out from entries and archives what stands beside the chain, and compare; `found`: what `verify` said."""
        from trainingcli.ledger.index_verification import verify_indexes

        with self._reading() as store:
            return verify_indexes(store, self._key, reader, found)

    def verify_against(self, path: Path, found: Verification) -> Verification:
        """Say whether the ledger in a file (a backup) is a beginning of this one; `found`: what `verify` said.

        A `UsageError` (exit 2) where there is no such file, `LedgerError` where it is no ledger.
        """
        from trainingcli.ledger.sqlite import SqliteStore
        from trainingcli.ledger.verification import compare

        if not path.is_file():
            raise UsageError(Text(f"没有文件 {path}；请检查 --against", f"there is no file {path}; check --against"))
        other = SqliteStore(path, timeout=0, create=False, read_only=True)
        try:
            with other.telling(), self._reading() as store:
                return compare(store, other, self._key, found)
        finally:
            other.close()

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

    def post(self, batch: BatchRecord, lines: pd.DataFrame, archive: bytes, index: pd.DataFrame | None = None) -> int:
        """Post lines to be paid as one batch, inside `transaction()`; return the batch's number.

        `lines`, a row each, in posting order: `id_number` str · `event` int64 (>= 0 one of `history`, < 0 a new one,
        the same number for the same event) · `event_year` int · `own` bool · `place` year|waiver|null · `programme`
        str · `occupation`, `level`, `training_type` str|null (the event's) · `start_date`, `end_date`,
        `certificate_date` ISO str|null · `certificate_no` str|null (as compared) · `key` str|null · `approved` int64
        (fen) · `fund`, `payee` str · `line` int · `waiver` JSON str|null; where they are there: `decision` JSON
        str|null (an answer to a hold) · `day` ISO str|null (of posting; else the batch's `today`).
        **Bases and studios** (contract-2, 3): instead of `id_number`, `unit_kind` str (base|studio) and `unit_names`
        (every name of the unit as compared, its own first); a new `event` each, `place` and `key` null; `once_key` str
        is what the unit gets once (such as `studio-promotion|国家级`), held by the database for each of the names until
        the payment is reversed; `facts` JSON str|null (grade, round, document …) comes back from `units`.
        Names, ID numbers and accounts go into `archive` alone, which is kept encrypted.
        `index`: every line of the batch, whatever its status: `subject` str (ID number; of a unit, beside `unit_kind`,
        its name) · `training` str (what makes it that training) · `programme` str|null · `line` int · `status` ·
        `codes` (joined by blanks). Without a line to be paid, a batch of held lines is one record.
        A `LedgerError` where a constraint of 三(三), or 'once for each', would break: nothing is posted.
        """
        from trainingcli.ledger import index as lines_of
        from trainingcli.ledger import paid_columns
        from trainingcli.ledger.bookkeeping import record_rows
        from trainingcli.ledger.posting import entry_rows, header_inputs

        header = {
            "kind": batch.kind,
            "posted_at": batch.when,
            "today": batch.today,
            "operator": _starred(batch.operator),
            "policy": batch.policy_id,
            "policy_sha256": batch.policy_sha256,
            "rules": batch.rules,
            "inputs": header_inputs(batch),
            "inputs_key": inputs_key(sha256 for _, sha256 in batch.inputs),
            "backdate": _starred(batch.backdate),
        }

        rows: list[Row] = []

        def rows_of(number: int, first: int) -> list[Row]:
            if not len(lines) and index is not None:  # of nobody that is known, it may be
                return record_rows("assessed", ["{}"], batch.today, number, first)
            rows.extend(entry_rows(self._store, self._key, number, first, batch, lines))
            return rows

        number = self._append(header, rows_of, archive)
        with self._store.telling():
            paid_columns.keep(self._store, self._key, number, paid_columns.of_rows(rows))
            if index is not None:
                lines_of.keep(self._store, self._key, number, index)
        return number

    def void(
        self, batch: int, lines: Sequence[int] | None, why: str | None = None, *, when: str, day: str | None = None,
        operator: str | None = None, reopen: bool = False,
    ) -> list[int]:  # fmt: skip
        """Reverse a batch's payments (冲销), or those of some of its lines; return the numbers of the new entries.

        Frees the places and keys that no active entry of the event holds any more. `day`: the day the reversals count
        for; None: the clock's, or the payment's where that is later. `reopen`: the lines may be claimed again at once.
        In a transaction of its own unless one is open. A `UsageError` (exit 2) where it is not there, or is reversed
        already, or `day` is before a payment's.
        """
        from trainingcli.ledger.reversing import refuse_before, reversal_rows

        with self._ensured(), self._store.telling():
            payments = self._reversible(batch, lines)
            refuse_before(payments, day)
            header = _header("void", when, operator, why)
            self._append(header, lambda number, first: reversal_rows(payments, day, when[:10], reopen, number, first))
            return [int(row[0]) for row in self._store.execute(LAST_SQL)]

    def reversible(self, batch: int, lines: Sequence[int] | None) -> list[int]:
        """Return the entries that `void` would reverse; raises as it does."""
        with self._reading():
            return [int(row[0]) for row in self._reversible(batch, lines)]

    def _reversible(self, batch: int, lines: Sequence[int] | None) -> list[Row]:
        from trainingcli.ledger.reversing import payments_to_reverse

        return payments_to_reverse(self._store, batch, lines)

    def reopen(
        self, batch: int, lines: Sequence[int], why: str, *, when: str, day: str | None = None,
        operator: str | None = None,
    ) -> list[int]:  # fmt: skip
        """Let reversed lines be claimed again (重新申领): a record each, whose numbers are returned.

        In a transaction of its own unless one is open. A `UsageError` (exit 2) where a line is not there, is not
        reversed, or is reopened already.
        """
        from trainingcli.ledger.reversing import payments_to_reopen, reopening_rows

        with self._ensured(), self._store.telling():
            payments = payments_to_reopen(self._store, batch, lines)
            header = _header("reopened", when, operator, why)
            self._append(header, lambda number, first: reopening_rows(payments, day or when[:10], number, first))
            return [int(row[0]) for row in self._store.execute(LAST_SQL)]

    def record(self, kind: str, facts: Sequence[str], writing: Writing) -> int:
        """Write down what happened without a payment (published, exported …) as one batch; return its number.

        `facts`: a JSON text an entry; `records(kind)` gives them back. In a transaction of its own unless one is open.
        """
        from trainingcli.ledger.bookkeeping import record_rows

        day = writing.day or writing.when[:10]
        header = _header(kind, writing.when, writing.operator, writing.why)
        with self._ensured(), self._store.telling():
            return self._append(header, lambda number, first: record_rows(kind, facts, day, number, first))

    def set_budget(self, budgets: Iterable[Budget], *, when: str, operator: str | None = None) -> int | None:
        """Write down budgets and openings that are new or differ, as one batch; return its number, or None.

        In a transaction of its own unless one is open. Of two for one fund and year the last counts.
        """
        from trainingcli.ledger.bookkeeping import budget_rows

        with self._ensured(), self._store.telling():
            wanted = {(one.fund, one.year): (one.amount, one.opening) for one in budgets}
            known = {row[:2]: row[2:4] for row in self._store.execute(BALANCES_SQL)}
            new = [(*key, *figures) for key, figures in wanted.items() if known.get(key) != figures]
            if not new:
                return None
            header = _header("budget", when, operator, None)
            return self._append(header, lambda number, first: budget_rows(new, when[:10], number, first))

    def back_up(self, target: Path) -> None:
        """Copy the ledger as it is committed into a new SQLite ledger (0600), while others write.

        It opens with the same key. A `UsageError` (exit 2) where the file is there, `OutputError` (exit 5) where it
        cannot be made.
        """
        with self._store.telling():
            self._store.copy_to(target)


def _header(kind: str, when: str, operator: str | None, why: str | None) -> dict[str, Any]:
    """Return the header of a batch that was made from no input."""
    return {
        "kind": kind, "posted_at": when, "inputs": "[]", "operator": _starred(operator), "why": _starred(why)
    }  # fmt: skip


def _starred(text: str | None) -> str | None:
    return None if text is None else starred(text)
