"""What is SQLite's own: its age, its settings, its files beside the ledger, and connections that fail."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path

import pytest

from trainingcli.errors import LedgerError
from trainingcli.ledger import open_ledger, sqlite

from .claims import WHEN, line, lines, person, record


@pytest.fixture
def path(tmp_path: Path) -> Path:
    with open_ledger(tmp_path / "ledger.db") as ledger, ledger.transaction():
        ledger.post(record(), lines(line(1)), b"x")
    return tmp_path / "ledger.db"


@pytest.mark.parametrize(("version", "serves"), [((3, 36, 0), False), ((3, 37, 0), True), ((3, 46, 1), True)])
def test_sqlite_serves_from_3_37_on(path, monkeypatch, version, serves):
    """STRICT tables came with 3.37."""
    monkeypatch.setattr(sqlite.sqlite3, "sqlite_version_info", version)
    if serves:
        open_ledger(path).close()
    else:
        with pytest.raises(LedgerError, match="过旧"):
            open_ledger(path)


@pytest.mark.parametrize("read_only", [False, True])
def test_temporary_tables_stay_in_memory_whoever_reads(path, read_only):
    """Keys of people belong in no temporary file."""
    with open_ledger(path, read_only=read_only) as ledger:
        assert ledger._store.execute("PRAGMA temp_store") == [(2,)]
        assert ledger._store.execute("PRAGMA cache_size") == [(-131072,)]


def test_what_lies_beside_the_ledger_is_closed_to_others_as_well(path):
    with open_ledger(path) as first:
        with first.transaction():
            first.post(record("b"), lines(line(2)), b"x")
        beside = [path.with_name(f"ledger.db{ending}") for ending in ("-wal", "-shm")]
        for one in beside:
            one.chmod(0o644)
        with open_ledger(path):
            assert [one.stat().st_mode & 0o777 for one in beside] == [0o600, 0o600]


def test_a_place_where_no_file_can_be_made_is_told_with_the_reason(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(LedgerError, match=r"无法建立或打开（路径中有一段不是文件夹）"):
        open_ledger(tmp_path / "file" / "ledger.db")


def test_its_tables_are_these(address):
    """Names of tables alone, not of indexes or triggers; on both databases the same."""
    with open_ledger(address) as ledger:
        assert ledger._store.tables() == {
            "ledger_meta", "batches", "archives", "entries", "places", "repeat_keys", "once_keys", "certificates",
            "active", "balances", "forms", "appearances", "refused", "paid",
        }  # fmt: skip


def _error(code: int) -> sqlite3.OperationalError:
    error = sqlite3.OperationalError("made by the test")
    error.sqlite_errorcode = code
    return error


def test_an_error_that_is_no_waiting_is_told_at_once(path):
    tries = []

    def action():
        tries.append(1)
        raise _error(sqlite3.SQLITE_IOERR)

    with open_ledger(path) as ledger, pytest.raises(sqlite3.OperationalError):
        ledger._store._patiently(action)
    assert tries == [1]


@pytest.mark.parametrize(
    ("code", "left_over", "connects"),
    [
        (sqlite3.SQLITE_CANTOPEN, None, 2),
        (sqlite3.SQLITE_READONLY, None, 2),
        (sqlite3.SQLITE_READONLY, b"", 2),
        (sqlite3.SQLITE_READONLY, b"x", 1),
        (sqlite3.SQLITE_IOERR, None, 1),
    ],
)
def test_a_ledger_that_cannot_be_read_is_told_however_often_it_was_tried(path, monkeypatch, code, left_over, connects):
    """Where there is no place for the WAL's index, and no WAL, it is tried again as what nobody changes; then told."""
    tried, closed = [], []
    if left_over is not None:
        path.with_name("ledger.db-wal").write_bytes(left_over)

    class Broken:
        def execute(self, sql: str):
            if sql.startswith("SELECT"):  # settings alone do not look at the file
                raise _error(code)

        def close(self):
            closed.append(1)

    monkeypatch.setattr(sqlite.sqlite3, "connect", lambda address, **_: tried.append(address) or Broken())
    with pytest.raises(LedgerError):
        open_ledger(path, read_only=True)
    assert len(tried) == len(closed) == connects
    assert ["immutable=1" in address for address in tried] == [False, True][:connects]


def test_a_connection_that_fails_is_closed_before_the_error_is_told(path, monkeypatch):
    """While somebody holds the error: an open handle keeps SQLite's locks."""

    def handles() -> list[str]:
        shown = []
        for one in Path("/proc/self/fd").iterdir():
            try:
                shown.append(os.readlink(one))  # noqa: PTH115 - it may be gone
            except OSError:
                continue
        return [name for name in shown if name.startswith(str(path.parent))]

    other = path.with_name("other.db")
    other.write_bytes(b"SQLite format 3\0" + b"\xff" * 5000)
    with pytest.raises(LedgerError) as damaged:
        open_ledger(other)
    assert handles() == [], damaged
    with pytest.raises(LedgerError) as read:
        open_ledger(other, read_only=True)
    assert handles() == [], read
    key = path.with_name("ledger.db.key")
    right = key.read_text()
    key.write_text("ab" * 32)
    with pytest.raises(LedgerError) as wrong_key:
        open_ledger(path)
    assert handles() == [], wrong_key
    key.write_text(right)
    monkeypatch.setattr(
        sqlite.SqliteStore, "_patiently", lambda *_: (_ for _ in ()).throw(_error(sqlite3.SQLITE_IOERR))
    )
    with pytest.raises(LedgerError) as told:
        open_ledger(path)
    assert handles() == [], told


@pytest.mark.parametrize("order", ["ON", "OFF"])
def test_a_batch_is_reversed_in_the_order_of_its_entries(tmp_path, order):
    """Whatever order SQLite gives rows in that nobody ordered."""
    with open_ledger(tmp_path / "other.db") as ledger:
        ledger._store.execute(f"PRAGMA reverse_unordered_selects = {order}")
        with ledger.transaction():
            ledger.post(record(), lines(line(1), line(2), line(3)), b"x")
        ledger.void(1, None, "x", when=WHEN)
        assert ledger.entries(2)["reverses"].tolist() == [1, 2, 3]


def test_who_is_asked_for_is_looked_up_and_the_ledger_not_read_through(path, monkeypatch):
    """Without statistics SQLite once read all of a large ledger for a few people, a second for each million entries."""
    scanned: dict[str, str] = {}
    own = sqlite.SqliteStore.look_up

    def look_up(self, sql, wanted):
        rows = own(self, sql, wanted)
        for *_, what in self.execute(f"EXPLAIN QUERY PLAN {sql.format(wanted='temp.wanted AS wanted')}"):
            if what.startswith("SCAN"):
                scanned[what.split()[1]] = sql
        return rows

    monkeypatch.setattr(sqlite.SqliteStore, "look_up", look_up)
    who = [person(1)]
    with open_ledger(path) as ledger:
        assert len(ledger.history(who, ["S1"])) == 1
        ledger.reversed(who, ["S1"])
        ledger.certificate_holders(["S1"])
        ledger.units("base", ["龙城"])
        assert len(ledger.payments_of(who, ["line", "occupation", "reversed_on"])) == 1
        ledger.refused(who)
        with ledger.transaction():
            ledger.post(record("b"), lines(line(3)), b"x")
    assert scanned.keys() <= {"wanted", "asked"}, scanned
    assert scanned
