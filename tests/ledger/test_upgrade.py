"""An older ledger is upgraded after a backup, once, whoever comes first."""

from __future__ import annotations

import signal
import stat
from pathlib import Path

import pytest

from trainingcli.errors import LedgerError
from trainingcli.ledger import failpoints, migrations, open_ledger, schema

from . import workers
from .claims import line, lines, person, record
from .test_concurrency import key_environment


@pytest.fixture
def older(address: str) -> str:
    with open_ledger(address) as ledger, ledger.transaction():
        ledger.post(record(), lines(line(1)), b"x")
    return address


@pytest.fixture
def newer_program(monkeypatch):
    monkeypatch.setattr(schema, "VERSION", 2)
    monkeypatch.setitem(migrations.MIGRATIONS, 1, workers.add_note)


def backups(address: str) -> list[str]:
    if not address.startswith("postgresql:"):
        return sorted(str(path) for path in Path(address).parent.glob("*backup*"))
    import psycopg

    with psycopg.connect(address) as connection:
        rows = connection.execute(
            "SELECT nspname FROM pg_namespace WHERE nspname LIKE '%backup%' ORDER BY 1"
        ).fetchall()
    return [name for (name,) in rows]


def upgraded(address: str) -> None:
    with open_ledger(address) as ledger:
        assert ledger._store.meta()["version"] == "2"
        assert ledger._store.execute("SELECT note FROM batches") == [(None,)]
        assert ledger.history([person(1)], [])["entry"].tolist() == [1]
        assert ledger.verify().ok
        with ledger.transaction():
            ledger.post(record("b"), lines(line(2)), b"x")
        assert ledger.verify().ok


def test_an_older_ledger_is_upgraded_after_a_backup(older, newer_program, raw):
    with open_ledger(older):
        pass
    (backup,) = backups(older)
    upgraded(older)
    assert backups(older) == [backup], "an upgrade is done once"
    if not older.startswith("postgresql:"):
        assert Path(backup).name == "ledger.db.v1-backup"
        assert Path(backup).read_bytes()[18:20] == b"\1\1", "a file alone, which needs no write-ahead log beside it"
    else:
        assert backup == "public_v1-backup_0"
        assert raw(f"SELECT count(*) FROM {backup}.entries".replace(backup, f'"{backup}"')) == [(1,)]


def test_the_backup_is_a_whole_ledger_of_the_older_version(tmp_path, monkeypatch):
    address = tmp_path / "ledger.db"
    with open_ledger(address) as ledger, ledger.transaction():
        ledger.post(record(), lines(line(1)), b"x")
    with monkeypatch.context() as patch:
        patch.setattr(schema, "VERSION", 2)
        patch.setitem(migrations.MIGRATIONS, 1, workers.add_note)
        (tmp_path / "ledger.db.v1-backup").write_text("of somebody else")
        with open_ledger(address):
            pass
    backup = tmp_path / "ledger.db.v1-backup.1"
    assert stat.S_IMODE(backup.stat().st_mode) == 0o600
    assert (tmp_path / "ledger.db.v1-backup").read_text() == "of somebody else"
    (tmp_path / "ledger.db.v1-backup.1.key").write_bytes((tmp_path / "ledger.db.key").read_bytes())
    with open_ledger(backup) as ledger:
        assert ledger.history([person(1)], [])["entry"].tolist() == [1]
        assert ledger.verify().ok


def test_no_other_schema_is_written_over_by_a_backup(postgres_address, monkeypatch):
    import psycopg

    with open_ledger(postgres_address), psycopg.connect(postgres_address) as connection:
        connection.execute('CREATE SCHEMA "public_v1-backup_0"')
    monkeypatch.setattr(schema, "VERSION", 2)
    monkeypatch.setitem(migrations.MIGRATIONS, 1, workers.add_note)
    open_ledger(postgres_address).close()
    assert backups(postgres_address) == ["public_v1-backup_0", "public_v1-backup_1"]


def test_an_older_ledger_is_not_upgraded_by_reading(older, newer_program):
    with pytest.raises(LedgerError) as caught:
        open_ledger(older, read_only=True)
    assert "older version" in caught.value.text.en
    assert backups(older) == []


def test_an_upgrade_that_fails_leaves_the_older_ledger(older, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(schema, "VERSION", 2)
        patch.setitem(migrations.MIGRATIONS, 1, lambda store: store.execute("ALTER TABLE nowhere ADD COLUMN x TEXT"))
        with pytest.raises(LedgerError):
            open_ledger(older)
    with open_ledger(older) as ledger:
        assert ledger.verify().ok


@pytest.mark.parametrize("place", failpoints.NAMES[7:])
def test_killed_during_an_upgrade_the_next_run_upgrades(older, newer_program, place):
    code = workers.run(workers.upgrade, older, {**key_environment(), failpoints.VARIABLE: place})
    assert code == -signal.SIGKILL
    upgraded(older)


def test_two_programs_upgrade_once(older, newer_program):
    started = [workers.FORKS.Process(target=workers.upgrade, args=(older, key_environment())) for _ in range(3)]
    for process in started:
        process.start()
    for process in started:
        process.join()
    assert [process.exitcode for process in started] == [0, 0, 0]
    assert len(backups(older)) == 1
    upgraded(older)
