"""What the second version holds: units beside people, old archives, the whole schema verified."""

from __future__ import annotations

import dataclasses

import pandas as pd
import pytest

from cli.program import run
from trainingcli import policy
from trainingcli.claims import batch_archive
from trainingcli.claims.batch_index import EarlierArchives
from trainingcli.errors import LedgerError
from trainingcli.ledger import open_ledger

from . import earlier
from .claims import WHEN, line, lines, record


def award(number: int, *names: str, once: str = "base-construction", kind: str = "base") -> pd.DataFrame:
    frame = lines(line(number, event=-1, programme=once.partition("|")[0], place=None, key=None)).drop(
        columns="id_number"
    )
    return frame.assign(unit_kind=kind, unit_names=[list(names)], once_key=once, facts='{"grade": "市级"}')


def post(ledger, frame: pd.DataFrame) -> int:
    with ledger.transaction():
        return ledger.post(record(kind="awards"), frame, b"x")


def test_what_a_unit_gets_once_is_the_databases_own_law_for_each_of_its_names(address):
    with open_ledger(address) as ledger:
        batch = post(ledger, award(1, "龙城", "旧龙城"))
        for names in (("龙城",), ("旧龙城",), ("别名", "旧龙城")):
            with pytest.raises(LedgerError):
                post(ledger, award(2, *names))
        post(ledger, award(2, "龙城", kind="studio", once="studio-grant"))  # another kind is another unit
        found = ledger.units("base", ["旧龙城", "龙城", "无"])
        assert sorted(found["unit"]) == ["旧龙城", "龙城"]
        assert set(found["facts"]) == {'{"grade": "市级"}'}
        ledger.void(batch, None, "误报", when=WHEN)
        assert set(ledger.units("base", ["旧龙城"])["why"]) == {"误报"}
        post(ledger, award(3, "旧龙城"))
        assert ledger.verify().ok


def test_an_old_archive_is_read_by_known_fields(tmp_path, monkeypatch):
    """A new required field of `Policy` once made `rebuild` of every old batch exit 70 (issue 11, item 4)."""

    @dataclasses.dataclass(frozen=True)
    class Policy(policy.Policy):
        levels: tuple[str, ...] = dataclasses.field(kw_only=True)

    monkeypatch.setitem(batch_archive._CLASSES, "Policy", Policy)
    address = earlier.put(str(tmp_path / "ledger.db"))
    with open_ledger(address, reader=EarlierArchives()) as ledger:
        found = batch_archive.unpack(ledger.archive(2))
        assert found.policy.levels == ()
        assert found.policy.id == "taiyuan-2019"
        assert len(found.lines) == 7


def test_an_old_batch_is_rebuilt(tmp_path):
    address = earlier.put(str(tmp_path / "ledger.db"))
    done = run("ledger", "verify", "--head", earlier.HEAD, "--ledger", address)
    assert done.exit_code == 0, "whoever opens it first upgrades it"
    done = run("ledger", "rebuild", 2, "--out", tmp_path / "out", "--ledger", address)
    assert done.exit_code == 0, done.stderr


@pytest.mark.parametrize(
    "statement",
    [
        "DROP INDEX entries_reverses",
        "CREATE INDEX more ON entries (fund)",
        "CREATE TABLE more (x INTEGER)",
        "CREATE VIEW more AS SELECT 1 AS x",
        "ALTER TABLE entries ADD COLUMN more TEXT",
        "DROP INDEX entries_reopened",
    ],
)
def test_verify_compares_the_whole_schema(address, raw, statement):
    """Issue 12, C7."""
    with open_ledger(address) as ledger:
        assert ledger.verify().ok
        raw(statement)
        assert "schema was changed" in ledger.verify().problem.en


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE OR REPLACE FUNCTION ledger_closing() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$",
        "ALTER TABLE entries DISABLE TRIGGER entries_no_change",
        "ALTER TABLE batches DROP CONSTRAINT batches_entries_check",
        "UPDATE ledger_meta SET value = '[]' WHERE name = 'schema'",
    ],
)
def test_verify_sees_gutted_functions_and_dropped_checks(postgres_address, statement):
    import psycopg

    with open_ledger(postgres_address) as ledger:
        assert ledger.verify().ok
        with psycopg.connect(postgres_address, autocommit=True) as connection:
            connection.execute(statement)
        assert "schema was changed" in ledger.verify().problem.en


def test_verify_sees_an_edited_check_and_an_added_trigger(sqlite_address):
    import sqlite3

    for statement in (
        "CREATE TRIGGER more AFTER INSERT ON places BEGIN DELETE FROM places; END",
        "UPDATE sqlite_master SET sql = replace(sql, 'approved >= 0', 'approved >= -9') WHERE name = 'entries'",
    ):
        with open_ledger(sqlite_address) as ledger:
            assert ledger.verify().ok
        connection = sqlite3.connect(sqlite_address, isolation_level=None)
        connection.execute("PRAGMA writable_schema = ON")
        connection.execute(statement)
        connection.close()
        with open_ledger(sqlite_address) as ledger:
            assert "schema was changed" in ledger.verify().problem.en
        with sqlite3.connect(sqlite_address) as connection:
            connection.execute("DROP TRIGGER IF EXISTS more")
        connection.close()
