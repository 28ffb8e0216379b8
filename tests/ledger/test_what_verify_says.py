"""`verify` says which kind of wrong it met first, and how far the chain holds; each on a small ledger."""

from __future__ import annotations

import pytest

from trainingcli.ledger import open_ledger, verification

from .claims import WHEN, line, lines, record
from .test_verification import found


@pytest.fixture
def ledger(address: str):
    """Three batches: entries 1 and 2, 3 (a reversal of 2), 4."""
    with open_ledger(address) as opened:
        with opened.transaction():
            opened.post(record(), lines(line(1), line(2)), b"x")
        opened.void(1, [1], "x", when=WHEN)
        with opened.transaction():
            opened.post(record("b"), lines(line(3)), b"y")
        yield opened


@pytest.mark.parametrize(
    ("statement", "says", "entry", "batch", "holds"),
    [
        ("DELETE FROM entries WHERE entry = 2", "entry 2 is missing", 2, 1, 1),
        ("DELETE FROM entries WHERE entry = 1", "entry 1 is missing", 1, 1, 0),
        ("DELETE FROM entries WHERE entry = 4", "entry 4 is missing", 4, 3, 3),
        ("UPDATE entries SET fund = 'x' WHERE entry = 2", "entry 2 was changed", 2, 1, 1),
        ("DELETE FROM batches WHERE batch = 2", "batch 2 is missing", 3, 2, 2),
        ("UPDATE batches SET posted_at = 'x' WHERE batch = 2", "the header of batch 2 was changed", 3, 2, 2),
        ("UPDATE batches SET seal = hash WHERE batch = 2", "the seal of batch 2 does not hold", 3, 2, 3),
        ("UPDATE archives SET data = (SELECT hash FROM batches WHERE batch = 1)",
         "the archive of batch 1 was changed", 1, 1, 0),
        ("INSERT INTO archives (batch, data) SELECT 2, data FROM archives WHERE batch = 1",
         "the archive of batch 2 was changed", 3, 2, 2),
        ("INSERT INTO archives (batch, data) SELECT 4, data FROM archives WHERE batch = 1",
         "there are records that belong to no batch", None, None, 4),
        ("DELETE FROM batches WHERE batch = 3", "there are records that belong to no batch", 4, None, 3),
        ("DELETE FROM places WHERE event = 1", "places differ from what the entries say (1)", 1, None, 4),
        ("UPDATE balances SET budget = 5", "balances differ from what the entries say (就业补助资金 2021)", None, None,
         4),
    ],
)  # fmt: skip
def test_the_first_thing_that_does_not_hold(ledger, statement, says, entry, batch, holds):
    outcome = found(ledger, statement)
    assert (outcome.problem.en, outcome.entry, outcome.batch, outcome.head.entries) == (says, entry, batch, holds)
    assert not outcome.ok
    assert outcome.balances == ()


def test_a_ledger_that_nobody_touched_holds_to_its_end(ledger):
    outcome = ledger.verify()
    assert outcome.ok
    assert outcome.head == ledger.head()
    assert [(one.posted, one.reversed, one.closing) for one in outcome.balances] == [(300_000, 100_000, 200_000)]


def test_an_active_entry_is_named_by_its_own_number_not_its_trainings(address):
    with open_ledger(address) as opened:
        with opened.transaction():
            opened.post(record(), lines(line(1), line(1, programme="certificate")), b"x")
        outcome = found(opened, "DELETE FROM active WHERE entry = 2")
    assert (outcome.problem.en, outcome.entry) == ("active entries differ from what the entries say (2)", 2)


def test_a_head_that_is_not_there_is_said_with_what_is(ledger):
    outcome = ledger.verify("ab" * 32)
    assert "given head is not in the ledger" in outcome.problem.en
    assert "(4 entries)" in outcome.problem.en
    assert outcome.entry == 5


@pytest.mark.parametrize("size", [1, 2, 3])
def test_entries_read_in_pieces_of_any_size_are_verified_alike(ledger, monkeypatch, size):
    with ledger.transaction():
        ledger.post(record("c"), lines(*(line(n) for n in range(10, 17))), b"")
    monkeypatch.setattr(verification, "_CHUNK", size)
    assert ledger.verify().ok
    assert ledger.verify().head == ledger.head()
    for entry in (5, 6, 7, 11):
        outcome = found(ledger, f"DELETE FROM entries WHERE entry = {entry}")
        assert (outcome.problem.en, outcome.entry) == (f"entry {entry} is missing", entry)
