"""A ledger of the first version is upgraded after a backup, once, whoever comes first; its head is unchanged."""

from __future__ import annotations

import os
import signal
import sqlite3
import stat
import zlib
from contextlib import closing
from pathlib import Path

import pytest

from support.people import id_number
from trainingcli.claims.batch_index import EarlierArchives
from trainingcli.errors import LedgerError
from trainingcli.ledger import failpoints, migrations, open_ledger
from trainingcli.ledger.keys import LedgerKey
from trainingcli.ledger.sqlite import SqliteStore

from . import earlier, workers
from .claims import line, lines, record


@pytest.fixture
def older(address: str, monkeypatch) -> str:
    monkeypatch.setenv("TRAININGCLI_LEDGER_KEY", "")  # what `put` sets is taken back
    return earlier.put(address)


def upgrade(address: str):
    return open_ledger(address, reader=EarlierArchives())


def backups(address: str) -> list[str]:
    if not address.startswith("postgresql:"):
        return sorted(str(path) for path in Path(address).parent.glob("*backup*"))
    import psycopg

    with psycopg.connect(address) as connection:
        rows = connection.execute(
            "SELECT nspname FROM pg_namespace WHERE nspname LIKE '%backup%' ORDER BY 1"
        ).fetchall()
    return [name for (name,) in rows]


def batches_with(ledger, *people: str) -> list[int]:
    marks = ", ".join("?" for _ in people)
    asked = f"SELECT DISTINCT batch FROM appearances WHERE subject IN ({marks}) ORDER BY 1"
    return [batch for (batch,) in ledger._store.execute(asked, ledger._key.people(people))]


def test_the_head_is_unchanged_and_the_whole_verifies(older):
    with upgrade(older) as ledger:
        assert ledger._store.meta()["version"] == "3"
        assert (ledger.head().hash, ledger.head().entries) == (earlier.HEAD, 11)
        assert ledger.verify(earlier.HEAD).ok
        with ledger.transaction():
            ledger.post(record("b"), lines(line(2)), b"x")
        assert ledger.verify(earlier.HEAD).ok
    (backup,) = backups(older)
    upgrade(older).close()
    assert backups(older) == [backup], "an upgrade is done once"


@pytest.fixture
def second(address: str) -> str:
    """A ledger of the second version: without the payments as columns."""
    with open_ledger(address) as ledger:
        with ledger.transaction():
            ledger.post(record("a"), lines(line(1, line=1), line(2, line=2)), b"x")
        ledger.void(1, [2], "误报", when="2022-01-05T09:00:00+08:00")
        with ledger.transaction():
            store = ledger._store
            store.execute("DROP TABLE paid")
            store.execute("UPDATE ledger_meta SET value = '2' WHERE name = 'version'")
            if address.startswith("postgresql:"):
                store.execute("DELETE FROM ledger_meta WHERE name IN ('schema', 'schema_seal')")
                store._describe(ledger._key)
    return address


def test_a_ledger_of_the_second_version_gets_its_payments_as_columns(second):
    with upgrade(second) as ledger:
        assert ledger._store.meta()["version"] == "3"
        assert ledger.verify().ok
        ((batch, payments),) = ledger.payments(["line", "approved", "day", "reversed_in"])
        assert (batch, payments["line"].to_pylist(), payments["reversed_in"].to_pylist()) == (1, [1, 2], [None, 2])
        with ledger.transaction():
            ledger.post(record("b"), lines(line(3)), b"x")
        assert ledger.verify().ok
    (backup,) = backups(second)
    assert "v2" in backup


def test_a_changed_schema_of_the_second_version_is_not_taken_for_its_own(second, raw):
    raw("CREATE TABLE others (x TEXT)")
    with pytest.raises(LedgerError, match="others"):
        upgrade(second)
    assert raw("SELECT value FROM ledger_meta WHERE name = 'version'") == [("2",)]


def test_days_of_posting_come_from_the_batch_and_budgets_become_cash(older):
    """Contract-2, 4: the batch's `today`, else its clock's day; Q21: a reversal gives back to its payment's year."""
    with upgrade(older) as ledger:
        entries = ledger.entries()
        assert entries["day"].tolist()[:8] == ["2021-01-05"] * 2 + ["2021-03-01"] * 4 + ["2021-04-01"] * 2
        assert entries["day"].tolist()[8] == ledger.batches()["posted_at"].tolist()[3][:10]
        assert entries["year"].tolist() == [2021] * 11
        balances = ledger.budgets().set_index(["fund", "year"])
        # 600 imported, 800 + 900 + 150 and 700 posted, 150 reversed, opening 50 yuan
        assert balances.loc[("就业补助资金", 2021)].tolist() == [9_000_000, 5_000, 315_000, 15_000, 305_000]
        assert ledger.last_day() == "2021-04-01", "imports, reversals and budgets apart"


def test_certificates_and_occupations_have_todays_compared_form(older):
    """Contract-2, 3: from the archives, imports too; used by look-ups and by the database's constraints."""
    who = [id_number(number) for number in (1, 2, 8)]
    with upgrade(older) as ledger:
        found = ledger.history(who, ["S0001405", "A8"])
        certificates = found["certificate_no"].dropna().tolist()
        assert certificates == ["A8", "S0001405", "S0001405"], "two payments of one certificate, which nobody saw"
        drawing = found[found["id_number"] == who[1]].iloc[0]
        assert drawing["occupation"] == "CAD制图员"
        assert (drawing["key"], drawing["key_today"]) == ("cad制图员|中级工", "CAD制图员|中级工")
        assert '"repeat_without_level"' in drawing["rules"]
        again = line(1, id_number=who[1], key="CAD制图员|中级工", occupation="CAD制图员")
        with pytest.raises(LedgerError), ledger.transaction():
            ledger.post(record("b"), lines(again), b"x")
        again = line(1, id_number=who[2], programme="certificate", certificate_no="A8", key="k")
        with pytest.raises(LedgerError), ledger.transaction():
            ledger.post(record("b"), lines(again), b"x")


def test_of_two_payments_of_one_certificate_the_second_holds_it_once_the_first_is_reversed(older):
    again = line(1, id_number=id_number(1), programme="certificate", certificate_no="S0001405", key="k")
    with upgrade(older) as ledger:
        for batch, some in ((2, 2), (3, 1)):
            with pytest.raises(LedgerError), ledger.transaction():
                ledger.post(record("b"), lines(again), b"x")
            ledger.void(batch, [some], "重复", when="2021-05-01T09:00:00+08:00", day="2021-05-01")
            assert ledger.verify().ok
        with ledger.transaction():
            ledger.post(record("b"), lines(again), b"x")
        assert ledger.verify().ok


def test_the_index_of_refused_lines_and_batches_is_filled(older):
    with upgrade(older) as ledger:
        refused = ledger.refused()
        assert [[row[name] for name in ("batch", "line", "status", "codes")] for row in refused] == [
            [2, 5, "held", "NO_STANDARD"], [2, 6, "held", "UNKNOWN_PROGRAMME"],
            [2, 7, "rejected", "CERTIFICATE_MISSING"],
        ]  # fmt: skip
        assert [row["line"] for row in ledger.refused([id_number(4)])] == [5]
        assert batches_with(ledger, id_number(1)) == [2, 3]
        assert batches_with(ledger, id_number(8), id_number(7)) == [1, 3]


def test_what_was_reversed_is_told_with_day_batch_and_why(older):
    with upgrade(older) as ledger:
        found = ledger.reversed([id_number(3)], [])
        assert found[["programme", "batch", "line", "reversed_in", "why"]].to_numpy().tolist() == [
            ["living-allowance", 2, 4, 4, "退训"]
        ]


def test_the_backup_is_a_whole_ledger_of_the_older_version(sqlite_address):
    address = Path(earlier.put(sqlite_address))
    taken = address.with_name("ledger.db.v1-backup")
    taken.write_text("of somebody else")
    upgrade(sqlite_address).close()
    backup = address.with_name("ledger.db.v1-backup.1")
    assert stat.S_IMODE(backup.stat().st_mode) == 0o600
    assert taken.read_text() == "of somebody else"
    backup.with_name(f"{backup.name}.key").write_text(earlier.SECRET)
    with upgrade(str(backup)) as ledger:
        assert ledger.head().hash == earlier.HEAD


def test_no_other_schema_is_written_over_by_a_backup(postgres_address, monkeypatch):
    import psycopg

    monkeypatch.setenv("TRAININGCLI_LEDGER_KEY", "")
    earlier.put(postgres_address)
    with psycopg.connect(postgres_address) as connection:
        connection.execute('CREATE SCHEMA "public_v1-backup_0"')
    upgrade(postgres_address).close()
    assert backups(postgres_address) == ["public_v1-backup_0", "public_v1-backup_1"]


def test_an_older_ledger_is_not_upgraded_by_reading(older):
    with pytest.raises(LedgerError) as caught:
        open_ledger(older, read_only=True)
    assert "older version" in caught.value.text.en
    assert backups(older) == []


def damaged(older: str, raw, how: str) -> None:
    """Change the ledger as a tamperer would: an archive that still opens but says nothing, or a figure."""
    if how == "figure":
        raw("UPDATE entries SET approved = approved + 1 WHERE entry = 3", guards=False)
        return
    locked = LedgerKey(bytes.fromhex(earlier.SECRET)).lock(2, zlib.compress(b"nothing")).hex()
    sign = f"x'{locked}'" if not older.startswith("postgresql:") else f"'\\x{locked}'::bytea"
    raw(f"UPDATE archives SET data = {sign} WHERE batch = 2", guards=False)


@pytest.mark.parametrize("how", ["archive", "figure"])
def test_an_upgrade_that_cannot_be_done_leaves_the_older_ledger(older, raw, how):
    """Contract-2, 3: an archive that cannot be read: exit 4, nothing changed; so is what fails verification."""
    damaged(older, raw, how)
    before = raw("SELECT count(*) FROM entries"), raw("SELECT value FROM ledger_meta WHERE name = 'version'")
    with pytest.raises(LedgerError) as caught:
        upgrade(older)
    assert caught.value.exit_code == 4
    assert "台账未改动" in caught.value.text.zh
    assert (raw("SELECT count(*) FROM entries"), raw("SELECT value FROM ledger_meta WHERE name = 'version'")) == before
    assert before[1] == [("1",)]


def test_without_a_reader_of_archives_the_older_ledger_stays(older, raw):
    with pytest.raises(LedgerError, match="批次 1 的存档无法读取"):
        open_ledger(older)
    assert raw("SELECT value FROM ledger_meta WHERE name = 'version'") == [("1",)]
    assert backups(older) == [] or not older.startswith("postgresql:"), "a copied file stays, a schema is undone"


@pytest.mark.parametrize("added", ["day = '2020-12-31'", "facts = '{}'", "once_key = 'x'"])
def test_what_an_upgrade_added_is_verified_though_no_hash_covers_it(older, raw, added):
    """Contract-2, 3: the head is unchanged, so the day of posting of the first payment lies beside the chain."""
    with upgrade(older) as ledger:
        ((first,),) = raw("SELECT min(entry) FROM entries WHERE kind = 'payment' AND batch = 2")
        raw(f"UPDATE entries SET {added} WHERE entry = {first}", guards=False)
        assert ledger.verify().entry == first


@pytest.mark.parametrize(
    ("kept", "today"),
    [
        ("cad制图员|中级工", "CAD制图员|中级工"),
        ("cad制图员|", "CAD制图员|初级工"),  # the level stood in the occupation's brackets
        ("岗前培训|2020", "岗前培训|2020"),  # a key of a training's kind is no occupation's
        (None, None),
    ],
)
def test_a_repeat_key_gets_todays_occupation_where_it_has_one(kept, today):
    level = "中级工" if kept == "cad制图员|中级工" else None
    assert migrations._key_today(kept, "cad制图员", level, "CAD制图员", "初级工") == today


@pytest.mark.parametrize("place", failpoints.NAMES[7:])
def test_killed_during_an_upgrade_the_next_run_upgrades(older, place):
    environment = {"TRAININGCLI_LEDGER_KEY": os.environ["TRAININGCLI_LEDGER_KEY"]}
    code = workers.run(workers.upgrade, older, {**environment, failpoints.VARIABLE: place})
    assert code == -signal.SIGKILL
    with upgrade(older) as ledger:
        assert ledger.verify(earlier.HEAD).ok


def test_two_programs_upgrade_once(older):
    environment = {"TRAININGCLI_LEDGER_KEY": os.environ["TRAININGCLI_LEDGER_KEY"]}
    started = [workers.FORKS.Process(target=workers.upgrade, args=(older, environment)) for _ in range(3)]
    for process in started:
        process.start()
    for process in started:
        process.join()
    assert [process.exitcode for process in started] == [0, 0, 0]
    assert len(backups(older)) == 1
    with upgrade(older) as ledger:
        assert ledger.verify(earlier.HEAD).ok


def test_an_upgraded_ledger_has_the_schema_of_a_new_one(tmp_path):
    """So that `verify` holds both to one pattern."""
    paths = [str(tmp_path / name) for name in ("old.db", "new.db")]
    upgrade(earlier.put(paths[0])).close()
    open_ledger(paths[1]).close()
    schemas = []
    for path in paths:
        with closing(sqlite3.connect(path)) as connection:
            schemas.append(set(connection.execute("SELECT type, name, tbl_name, sql FROM sqlite_master")))
    assert schemas[0] == schemas[1]


def test_rows_that_go_are_not_each_looked_for_among_all_others(tmp_path, monkeypatch):
    """A hundred thousand entries took over ten minutes: who refers to a dropped row was found by reading all rows."""
    monkeypatch.setenv("TRAININGCLI_LEDGER_KEY", "")
    said: list[str] = []
    plain = SqliteStore.execute
    monkeypatch.setattr(SqliteStore, "execute", lambda self, sql, *more: said.append(sql) or plain(self, sql, *more))
    upgrade(earlier.put(str(tmp_path / "ledger.db"))).close()
    indexed = {sql.split(" ON ")[1] for sql in said if sql.startswith("CREATE INDEX old_")}
    assert "old_entries (reverses)" in indexed
    assert said.index("CREATE INDEX old_entries_reverses ON old_entries (reverses)") < said.index(
        "DROP TABLE old_entries"
    )
