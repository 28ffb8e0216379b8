"""Whatever is changed in a ledger behind the program's back, `verify` finds it and names the first entry."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from trainingcli.errors import UsageError
from trainingcli.ledger import Budget, Ledger, open_ledger, verification
from trainingcli.ledger.chain import BATCH_FIELDS, ENTRY_FIELDS, GENESIS, link, links, row_text
from trainingcli.ledger.schema import GROWING
from trainingcli.ledger.verification import verify

from .claims import WHEN, line, lines, record

ENTRIES = 100


def fill(ledger: Ledger) -> None:
    """Post 100 entries in 5 batches: budgets, payments of many kinds, a reversal, a payment in its place."""
    ledger.set_budget([Budget("市财政", 2021, 5_000_000, 700), Budget("人才经费", 2020, 90)], when=WHEN)
    with ledger.transaction():
        rows = [line(n, certificate_no=f"S{n}", certificate_date="2020-08-01", own=n % 2 == 0) for n in range(1, 51)]
        ledger.post(record("a"), lines(*rows, line(51, place="waiver", waiver='{"approver":"张"}')), b"first")
        rows = [line(n, occupation="焊工", fund="市财政", training_type="岗前培训") for n in range(1, 42)]
        ledger.post(record("b"), lines(*rows), b"second")
    ledger.void(2, [0, 50], "重复", when=WHEN)
    with ledger.transaction():
        ledger.post(record("c", kind="import"), lines(line(1, key=None), line(77)), b"third")


@pytest.fixture
def ledger(address: str) -> Iterator[Ledger]:
    with open_ledger(address) as opened:
        fill(opened)
        assert opened.head().entries == ENTRIES
        yield opened


@contextmanager
def tampering(ledger: Ledger) -> Iterator[None]:
    """A transaction without any guard, undone at the end."""
    store = ledger._store
    sqlite = store.name.startswith("/")
    if sqlite:
        store.execute("PRAGMA ignore_check_constraints = ON")
        store.execute("PRAGMA foreign_keys = OFF")
    store.execute("BEGIN")
    if sqlite:
        for (name,) in store.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'"):
            store.execute(f"DROP TRIGGER {name}")
    else:
        store.execute("SET LOCAL session_replication_role = replica")
        for table in ("entries", "batches", "places"):
            checks = store.execute(
                f"SELECT conname FROM pg_constraint WHERE contype = 'c' AND conrelid = '{table}'::regclass"
            )
            for (name,) in checks:
                store.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
    try:
        yield
    finally:
        store.execute("ROLLBACK")


def attempt(ledger: Ledger, *statements: str, head: str | None = None):
    """Verify after the statements, which are undone; None where the database itself refused them."""
    store = ledger._store
    store.execute("SAVEPOINT attempt")
    try:
        for statement in statements:
            store.execute(statement)
        return verify(store, ledger._key, head)
    except store.driver_errors:
        return None
    finally:
        store.execute("ROLLBACK TO attempt")


def found(ledger: Ledger, *statements: str, head: str | None = None):
    with tampering(ledger):
        return attempt(ledger, *statements, head=head)


def other(value: object, kind: type) -> str:
    """Another value of the same kind, as SQL."""
    if kind is int:
        return str(1 if value is None else int(value) + 1)
    if kind is bytes:
        return "'\\x01'" if value is None else "hash"  # one that no other row has in this place
    return "'x'" if value is None else f"'{value}x'".replace("''", "'")


def kind_of(rows: list[tuple], at: int) -> type:
    return next((type(row[at]) for row in rows if row[at] is not None), str)


def test_a_ledger_that_nobody_touched_holds(ledger):
    outcome = ledger.verify()
    assert outcome.ok
    assert outcome.head == ledger.head()
    balances = {(one.fund, one.year): one for one in outcome.balances}
    jobs = balances["就业补助资金", 2021]
    assert (jobs.opening, jobs.posted, jobs.reversed, jobs.closing) == (0, 5_300_000, 200_000, 5_100_000)
    city = balances["市财政", 2021]
    assert (city.budget, city.opening, city.posted, city.reversed, city.closing) == (
        5_000_000,
        700,
        4_100_000,
        0,
        4_100_700,
    )
    assert ledger.budgets().set_index("fund").loc["市财政", "closing"] == 4_100_700


def test_every_change_of_one_field_is_found(ledger):
    store = ledger._store
    columns = [*ENTRY_FIELDS, "hash"]
    rows = store.execute(f"SELECT {', '.join(columns)} FROM entries ORDER BY entry")
    kinds = [kind_of(rows, at) for at in range(len(columns))]
    every = store.name.startswith("/")  # on PostgreSQL, whose law is the same, one entry of each batch will do
    refused = []
    with tampering(ledger):
        for row in rows if every else [rows[n] for n in (0, 9, 54, 80, 97, 99)]:
            for name, value, kind in zip(columns, row, kinds, strict=True):
                for change in changes_of(store.name, name, value, kind)[: 1 if every and row[0] % 10 else 2]:
                    outcome = attempt(ledger, f"UPDATE entries SET {name} = {change} WHERE entry = {row[0]}")
                    if outcome is None:
                        refused.append((name, change))
                    else:
                        assert outcome.entry == row[0], (row[0], name, change, outcome.problem)
    # A `refers` that is no entry breaks a reference; a payment's own fields are its checks'.
    never_empty = {"entry", "batch", "line", "kind", "approved", "hash", "refers"}
    assert {name for name, change in refused} <= never_empty
    assert {change for _, change in refused} <= {"NULL", "'x'"}
    assert ledger.verify().ok


def changes_of(address: str, name: str, value: object, kind: type) -> list[str]:
    """Another value, and none at all."""
    empty = ["NULL"] if value is not None and name != "entry" else []
    if name in ("entry", "batch", "line"):
        return ["1000", *empty]
    if kind is bytes:
        return [_bytes(address, b"\x01" * 32), *empty]
    return [other(value, kind), *empty]


def _bytes(address: str, value: bytes) -> str:
    return f"x'{value.hex()}'" if address.startswith("/") else f"'\\x{value.hex()}'::bytea"


def test_every_removed_entry_is_found(ledger):
    with tampering(ledger):
        for entry in range(1, ENTRIES + 1) if ledger.name.startswith("/") else (1, 50, 100):
            outcome = attempt(ledger, f"DELETE FROM entries WHERE entry = {entry}")
            assert outcome.entry == entry
            outcome = attempt(
                ledger,
                f"DELETE FROM entries WHERE entry = {entry}",
                f"UPDATE entries SET entry = -entry WHERE entry > {entry}",
                f"UPDATE entries SET entry = -entry - 1 WHERE entry < -{entry}",
            )
            assert outcome.entry == entry


def test_every_swap_of_neighbours_is_found(ledger):
    with tampering(ledger):
        for entry in range(1, ENTRIES) if ledger.name.startswith("/") else (1, 54, 99):
            outcome = attempt(
                ledger,
                f"UPDATE entries SET entry = 1000 WHERE entry = {entry}",
                f"UPDATE entries SET entry = {entry} WHERE entry = {entry + 1}",
                f"UPDATE entries SET entry = {entry + 1} WHERE entry = 1000",
            )
            assert outcome.entry == entry


def test_every_change_of_a_batch_header_is_found(ledger):
    store = ledger._store
    columns = [*BATCH_FIELDS, "hash", "seal"]
    rows = store.execute(f"SELECT {', '.join(columns)} FROM batches ORDER BY batch")
    kinds = [kind_of(rows, at) for at in range(len(columns))]
    for row in rows:
        for name, value, kind in zip(columns, row, kinds, strict=True):
            change = _bytes(store.name, b"\x02" * 32) if kind is bytes else other(value, kind)
            if name == "kind":
                change = "'import'" if value != "import" else "'claims'"
            change = "99" if name == "batch" else change
            outcome = found(ledger, f"UPDATE batches SET {name} = {change} WHERE batch = {row[1]}")
            assert outcome.batch == row[1], (name, outcome.problem)


def test_a_removed_batch_and_a_changed_or_removed_archive_are_found(ledger):
    assert found(ledger, "DELETE FROM batches WHERE batch = 3").batch == 3
    assert found(ledger, "DELETE FROM batches WHERE batch = 5", "DELETE FROM archives WHERE batch = 5").entry == 99
    assert found(ledger, "DELETE FROM archives WHERE batch = 2").batch == 2
    changed = _bytes(ledger.name, b"other")
    assert found(ledger, f"UPDATE archives SET data = {changed} WHERE batch = 3").batch == 3
    assert found(ledger, f"INSERT INTO archives (batch, data) VALUES (1, {changed})").batch == 1
    assert not found(ledger, f"INSERT INTO archives (batch, data) VALUES (9, {changed})").ok


def test_a_tail_cut_within_a_batch_is_found_without_a_head(ledger):
    outcome = found(ledger, "DELETE FROM entries WHERE entry = 100")
    assert (outcome.entry, outcome.batch) == (100, 5)


def test_a_whole_batch_cut_off_is_found_by_a_head(ledger):
    head = ledger.head().hash
    cut = (
        "DELETE FROM active WHERE entry > 98",
        "DELETE FROM places WHERE event > 98",
        "DELETE FROM repeat_keys WHERE event > 98",
        "DELETE FROM certificates WHERE entry > 98",
        "UPDATE balances SET posted = posted - 200000 WHERE fund = '就业补助资金'",
        "DELETE FROM entries WHERE batch = 5",
        "DELETE FROM archives WHERE batch = 5",
        "DELETE FROM batches WHERE batch = 5",
    )
    outcome = found(ledger, *cut, head=head)
    assert outcome.entry == 99
    assert outcome.head.entries == 98
    assert ledger.verify(head).ok


def test_every_head_that_ever_was_is_known(ledger):
    for text in ledger.entries()["hash"]:
        assert ledger.verify(f" {text.upper()}\n").ok
    assert ledger.verify(GENESIS.hex()).ok
    assert not ledger.verify("ab" * 32).ok
    for wrong in ("", "xyz", "ab" * 31):
        with pytest.raises(UsageError):
            ledger.verify(wrong)


def test_a_chain_that_is_forged_without_the_key_breaks_a_seal(ledger):
    store = ledger._store
    with tampering(ledger):
        store.execute("UPDATE entries SET approved = approved + 1 WHERE entry = 60")
        store.execute("UPDATE balances SET posted = posted + 1 WHERE fund = '市财政'")
        previous = GENESIS
        for *header, _, _ in store.execute(f"SELECT {', '.join(BATCH_FIELDS)}, hash, seal FROM batches ORDER BY batch"):
            previous = link(previous, row_text(header))
            mark = _bytes(store.name, previous)
            store.execute(f"UPDATE batches SET hash = {mark} WHERE batch = {header[1]}")
            rows = store.execute(
                f"SELECT {', '.join(ENTRY_FIELDS)} FROM entries WHERE batch = {header[1]} ORDER BY entry"
            )
            for row, own in zip(rows, links(previous, rows), strict=True):
                store.execute(f"UPDATE entries SET hash = {_bytes(store.name, own)} WHERE entry = {row[0]}")
                previous = own
        outcome = verify(store, ledger._key, None)
    assert (outcome.batch, outcome.entry) == (3, 56)


@pytest.mark.parametrize(
    ("statement", "entry"),
    [
        ("DELETE FROM places WHERE event = 7", 7),
        ("UPDATE places SET place = 3 WHERE event = 7", 7),
        ("DELETE FROM repeat_keys WHERE event = 7", 7),
        ("UPDATE repeat_keys SET event = 8 WHERE event = 7", 7),
        ("DELETE FROM active WHERE entry = 7", 7),
        ("UPDATE active SET programme = 'technician' WHERE entry = 7", 7),
        ("UPDATE balances SET opening = 1 WHERE fund = '市财政'", None),
        ("UPDATE balances SET budget = 1 WHERE fund = '市财政'", None),
        ("UPDATE balances SET posted = 1 WHERE fund = '市财政'", None),
        ("DELETE FROM balances", None),
        ("INSERT INTO balances (fund, year) VALUES ('x', 2020)", None),
        ("INSERT INTO places SELECT subject, 1999, kind, place, 5000 FROM places WHERE event = 7", 5000),
    ],
)
def test_holdings_and_balances_that_do_not_follow_from_the_entries_are_found(ledger, statement, entry):
    outcome = found(ledger, statement)
    assert not outcome.ok
    assert outcome.entry == entry


def test_an_entry_that_belongs_to_no_batch_is_found(ledger):
    columns = ", ".join([*ENTRY_FIELDS, "hash"])
    values = columns.replace("entry,", "101,").replace("batch,", "9,").replace("event,", "101,")
    outcome = found(ledger, f"INSERT INTO entries ({columns}) SELECT {values} FROM entries WHERE entry = 100")
    assert outcome.entry == 101


def test_missing_guards_are_found(ledger, raw):
    table = next(iter(GROWING))
    name = f"{table}_no_{'update' if ledger.name.startswith('/') else 'change'}"
    raw(f"DROP TRIGGER {name}" + ("" if ledger.name.startswith("/") else f" ON {table}"))
    outcome = ledger.verify()
    assert not outcome.ok
    assert name in outcome.problem.en


def test_a_balance_whose_closing_does_not_add_up_is_found():
    class Store:
        def execute(self, _):
            return [("市财政", 2020, None, 1, 2, 0, 3), ("市财政", 2021, None, 1, 2, 0, 4)]

    with pytest.raises(verification._Fault, match="市财政 2021"):
        verification._balances(Store())
