"""The database's own law: what is written stays, and nothing gets in that the closing of a batch does not allow."""

from __future__ import annotations

import sqlite3

import psycopg
import pytest

from trainingcli.errors import LedgerError
from trainingcli.ledger import open_ledger
from trainingcli.ledger.chain import BATCH_FIELDS, ENTRY_FIELDS

from .claims import line, lines, record

REFUSED = (sqlite3.IntegrityError, psycopg.errors.IntegrityError)
ALL = ", ".join([*ENTRY_FIELDS, "hash"])
HEADER = ", ".join([*BATCH_FIELDS, "hash", "seal"])


@pytest.fixture
def ledger(address: str):
    with open_ledger(address) as opened:
        with opened.transaction():
            opened.post(record(), lines(line(1), line(2), line(3)), b"x")
        yield opened


def copied(**changes: str) -> str:
    """An entry that is a copy of the first, with other values in some columns."""
    values = ", ".join(changes.get(name, name) for name in [*ENTRY_FIELDS, "hash"])
    return f"INSERT INTO entries ({ALL}) SELECT {values} FROM entries WHERE entry = 1"


def header(**changes: str) -> str:
    values = ", ".join(changes.get(name, name) for name in [*BATCH_FIELDS, "hash", "seal"])
    return f"INSERT INTO batches ({HEADER}) SELECT {values} FROM batches WHERE batch = 1"


NEXT = {"entry": "4", "batch": "2", "line": "0", "event": "4", "repeat_key": "'k'", "place_no": "2"}
CLOSE = header(batch="2", entries="1")


@pytest.mark.parametrize("table", ["entries", "batches", "archives"])
def test_nothing_is_changed_or_deleted(ledger, raw, table):
    for statement in (f"UPDATE {table} SET batch = batch", f"DELETE FROM {table}"):
        with pytest.raises(REFUSED, match="append-only"):
            raw(statement)


@pytest.mark.parametrize("table", ["entries", "batches", "archives"])
def test_nothing_is_replaced(raw, ledger, table):
    with pytest.raises((*REFUSED, psycopg.errors.SyntaxError)):
        raw(f"INSERT OR REPLACE INTO {table} SELECT * FROM {table}")


def test_no_table_is_emptied(postgres_address, request):
    with open_ledger(postgres_address):
        pass
    with psycopg.connect(postgres_address) as connection:
        for table in ("entries", "batches", "archives"):
            with pytest.raises(REFUSED, match="append-only"), connection.transaction():
                connection.execute(f"TRUNCATE {table} CASCADE")


def test_a_further_payment_written_by_hand_is_allowed_only_whole(ledger, raw):
    raw(copied(**NEXT), CLOSE)
    assert ledger.head().entries == 4


@pytest.mark.parametrize(
    "statements",
    [
        (copied(**NEXT),),  # without its header
        (CLOSE,),  # without its entries
        (copied(**{**NEXT, "batch": "1", "line": "9"}),),  # into a closed batch
        (copied(**{**NEXT, "entry": "5"}), CLOSE),  # a number left out
        (copied(**NEXT), header(batch="3", entries="1")),  # a batch left out
        (copied(**NEXT), header(batch="2", entries="2")),  # another count than the header's
        (copied(**{**NEXT, "place_no": "1"}), CLOSE),  # a place taken twice
        (copied(**{**NEXT, "repeat_key": "repeat_key"}), CLOSE),  # a repeat key held by another event
        (copied(**{**NEXT, "event": "1"}), CLOSE),  # an event with two places
        (copied(**{**NEXT, "event": "1", "place_no": "1", "repeat_key": "NULL"}), CLOSE),  # event and programme twice
        (copied(**{**NEXT, "event": "2", "programme": "'x'"}), CLOSE),  # another person's event
        (copied(**{**NEXT, "event": "7"}), CLOSE),  # an event from the future
        (copied(**{**NEXT, "place": "'waiver'"}), CLOSE),  # a waiver without approver and reason
        (copied(**{**NEXT, "approved": "-1"}), CLOSE),
        (copied(**{**NEXT, "kind": "'gift'"}), CLOSE),
        (copied(**{**NEXT, "kind": "'reversal'"}), CLOSE),  # of nothing
        (copied(**{**NEXT, "kind": "'reversal'", "reverses": "1"}), CLOSE),  # of something else
        (copied(**{**NEXT, "reverses": "1"}), CLOSE),  # a payment that reverses
    ],
)
def test_what_the_closing_of_a_batch_refuses(ledger, raw, statements):
    before = ledger.head()
    with pytest.raises(REFUSED):
        raw(*statements)
    assert ledger.head() == before
    assert ledger.verify().ok


def test_a_payment_is_reversed_once(ledger, raw):
    same = {"event": "1", "repeat_key": "repeat_key", "place_no": "1", "kind": "'reversal'", "reverses": "1"}
    raw(copied(**{**NEXT, **same}), CLOSE)
    assert ledger.history(["x"], []).empty
    with pytest.raises(REFUSED):
        raw(copied(**{**NEXT, **same, "entry": "5", "batch": "3"}), header(batch="3", entries="1"))


def test_a_program_that_believes_every_place_is_free_breaks_the_constraint(ledger, monkeypatch):
    monkeypatch.setattr(type(ledger._store), "look_up", lambda *_: [])
    with pytest.raises(LedgerError), ledger.transaction():
        ledger.post(record("b"), lines(line(1, occupation="焊工")), b"")
    assert ledger.head().entries == 3
