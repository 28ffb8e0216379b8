"""What is PostgreSQL's own: addresses, the key from the environment, rights, lost connections."""

from __future__ import annotations

import builtins

import psycopg
import pytest

from trainingcli.errors import LedgerError
from trainingcli.ledger import LedgerMissingError, open_ledger
from trainingcli.masking import without_password

from .claims import line, lines, record


def refused(address: str, **options) -> str:
    with pytest.raises(LedgerError) as caught:
        open_ledger(address, **options)
    assert caught.value.exit_code == 4
    assert "\n" not in caught.value.text.zh + caught.value.text.en
    return caught.value.text.en


@pytest.fixture
def address(postgres_address: str) -> str:
    return postgres_address


def name(address: str) -> str:
    return address.rpartition("/")[2]


def run(address: str, *statements: str) -> None:
    with psycopg.connect(address, autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement)


def test_the_key_may_come_from_a_file_made_for_a_new_ledger(address, tmp_path, monkeypatch):
    key = tmp_path / "shared.key"
    monkeypatch.delenv("TRAININGCLI_LEDGER_KEY")
    assert "TRAININGCLI_LEDGER_KEY_FILE" in refused(address)
    monkeypatch.setenv("TRAININGCLI_LEDGER_KEY_FILE", str(key))
    with open_ledger(address):
        assert len(key.read_text().strip()) == 64
    with open_ledger(address):
        pass
    key.unlink()
    assert "put the file back" in refused(address)
    monkeypatch.setenv("TRAININGCLI_LEDGER_KEY", "cd" * 32)
    assert "not that of the ledger" in refused(address)
    monkeypatch.setenv("TRAININGCLI_LEDGER_KEY", "cd")
    assert "no ledger key" in refused(address)


def test_no_ledger_is_made_unasked(address):
    for options in ({"create": False}, {"read_only": True}):
        with pytest.raises(LedgerMissingError):
            open_ledger(address, **options)


def test_a_database_that_serves_something_else_is_refused(address):
    run(address, "CREATE TABLE staff (name TEXT)")
    assert "not a trainingcli ledger" in refused(address)
    run(address, "CREATE SCHEMA own")
    with open_ledger(f"{address}?options=-csearch_path%3Down") as ledger:
        assert ledger.verify().ok


def test_a_newer_version_is_refused(address):
    with open_ledger(address):
        pass
    run(address, "UPDATE ledger_meta SET value = '99' WHERE name = 'version'")
    assert "newer version" in refused(address)


def test_another_encoding_is_refused(address, postgres_server):
    run(address, "CREATE DATABASE latin ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0")
    assert "UTF8" in refused(f"{postgres_server}/latin")


def test_reading_cannot_write(address):
    with open_ledger(address):
        pass
    with open_ledger(address, read_only=True) as ledger:
        assert ledger.head().entries == 0
        with pytest.raises(LedgerError, match="没有写入权限"), ledger.transaction():
            ledger.post(record(), lines(line(1)), b"")


def test_without_rights_nothing_is_posted(address):
    with open_ledger(address):
        pass
    run(
        address,
        "DROP ROLE IF EXISTS clerk",
        "CREATE ROLE clerk LOGIN",
        "GRANT SELECT ON ALL TABLES IN SCHEMA public TO clerk",
    )
    ledger = open_ledger(address.replace("postgres@", "clerk@"))
    with ledger, pytest.raises(LedgerError, match="没有写入权限"), ledger.transaction():
        ledger.post(record(), lines(line(1)), b"")
    run(address, "REVOKE ALL ON ALL TABLES IN SCHEMA public FROM clerk", "DROP ROLE clerk")


def test_a_server_that_is_not_there_or_goes_away_is_told(address):
    assert "no connection" in refused("postgresql://postgres@127.0.0.1:9/none", timeout=2)
    with open_ledger(address) as ledger:
        with pytest.raises(LedgerError) as caught, ledger.transaction():  # noqa: PT012 - what fails is in it
            run(address, f"SELECT pg_terminate_backend({ledger._store._connection.info.backend_pid})")
            ledger.post(record(), lines(line(1)), b"")
        assert "no connection" in caught.value.text.en
    with open_ledger(address) as ledger:
        assert ledger.head().entries == 0


def test_another_fault_of_the_server_is_one_line_without_values(address):
    with open_ledger(address) as ledger:
        with pytest.raises(LedgerError) as caught, ledger._reading() as store:
            store.execute("SELECT 1 / 0")
        text = caught.value.text
        assert text.en.endswith(f"/{name(address)}: run trainingcli ledger verify (division by zero)")
        assert text.zh.endswith(f"/{name(address)}：数据库错误；请运行 trainingcli ledger verify（division by zero）")
        with pytest.raises(LedgerError) as caught, ledger._reading() as store:
            store.execute("SELECT * FROM nowhere")
        assert caught.value.text.en.endswith(': run trainingcli ledger verify (relation "nowhere" does not exist)')


def test_an_address_that_does_not_hold_is_told(address):
    with pytest.raises(LedgerError) as caught:
        open_ledger("postgresql://host/db?nonsense=1")
    assert caught.value.text.en.endswith("?nonsense=1: the address does not hold; check --ledger")
    assert caught.value.text.zh.endswith("?nonsense=1：地址无法识别；请检查 --ledger")


@pytest.mark.parametrize(("timeout", "shown"), [(2.5, "2500ms"), (0, "1ms"), (30, "30s")])
def test_a_connection_has_the_ledgers_settings_whatever_the_servers_are(address, timeout, shown):
    """A commit waits for the disk; a posting waits for another as long as was said."""
    own = f"{address}?options=-csynchronous_commit%3Doff%20-cjit%3Don%20-cdefault_transaction_read_only%3Don"
    with open_ledger(own, timeout=timeout) as ledger:
        settings = [
            ledger._store.execute(f"SHOW {one}")[0][0]
            for one in ("lock_timeout", "synchronous_commit", "jit", "default_transaction_read_only")
        ]
    assert settings == [shown, "on", "off", "off"]


def test_the_triggers_of_another_ledger_in_the_same_database_do_not_count(address):
    run(address, "CREATE SCHEMA other")
    open_ledger(f"{address}?options=-csearch_path%3Dother").close()
    with open_ledger(address) as ledger:
        assert ledger.verify().ok
        gone = [f"{table}_no_{word}" for table in ("archives", "batches", "entries") for word in ("change", "truncate")]
        run(address, *(f"DROP TRIGGER {one} ON {one.split('_')[0]}" for one in gone))
        said = ledger.verify().problem.en
        assert said.startswith("the database's schema was changed: ")
        assert all(f"{one.split('_')[0]}.{one}" in said for one in gone)


def test_a_trigger_that_is_switched_off_is_missing(address):
    with open_ledger(address) as ledger:
        run(address, "ALTER TABLE entries DISABLE TRIGGER entries_no_change")
        assert ledger.verify().problem.en == "the database's schema was changed: trigger entries.entries_no_change"


def test_a_closed_ledger_has_left_the_server(address):
    with open_ledger(address) as ledger:
        connection = ledger._store._connection
    assert connection.closed


def test_a_password_is_never_shown(address):
    assert "secret" not in refused("postgresql://clerk:secret@127.0.0.1:9/x?password=secret", timeout=2)
    assert "secret" not in refused("postgresql://clerk:secret@127.0.0.1/x?nonsense=1")
    assert without_password("postgresql://a:s/e@c@host/db") == "postgresql://a:***@host/db"
    assert (
        without_password("postgresql://host/db?user=a&password=b&x=1") == "postgresql://host/db?user=a&password=***&x=1"
    )


def test_without_the_driver_the_next_step_is_told(monkeypatch):
    real = builtins.__import__

    def without(name, *arguments, **options):
        if name == "psycopg":
            raise ImportError
        return real(name, *arguments, **options)

    monkeypatch.setattr(builtins, "__import__", without)
    assert "pip install" in refused("postgresql://host/db")


def test_an_interrupted_wait_for_the_lock_leaves_no_transaction(address, monkeypatch):
    with open_ledger(address) as ledger:
        store = ledger._store
        monkeypatch.setattr("trainingcli.ledger.postgres._LOCK", "SELECT nothing_of_that_name()")
        with pytest.raises(LedgerError), ledger.transaction():
            pass
        monkeypatch.undo()
        assert store.execute("SELECT 1") == [(1,)]
        assert store._connection.info.transaction_status.name == "IDLE"
