"""What a batch keeps of its posting, what a reader sees meanwhile, and what is not built upon."""

from __future__ import annotations

from hashlib import sha256

import pytest

from trainingcli import __version__
from trainingcli.errors import LedgerError, UsageError
from trainingcli.ledger import Budget, open_ledger

from .claims import WHEN, line, lines, record


@pytest.fixture
def ledger(address: str):
    with open_ledger(address) as opened:
        with opened.transaction():
            opened.post(record(bound=5), lines(line(1), line(2)), b"x")
        yield opened


def test_a_batch_keeps_when_and_by_which_policy_and_program_it_was_posted(ledger, raw):
    ledger.void(1, [0], "重复", when="2021-04-01T09:00:00+08:00")
    shown = ledger.batches()
    assert shown["posted_at"].tolist() == [WHEN, "2021-04-01T09:00:00+08:00"]
    assert shown["today"].fillna("").tolist() == ["2021-03-01", ""]
    assert shown["policy"].fillna("").tolist() == ["taiyuan-2019", ""]
    assert shown["policy_sha256"].fillna("").tolist() == ["ab" * 32, ""]
    assert shown["program"].tolist() == [f"trainingcli {__version__}"] * 2
    assert shown["why"].fillna("").tolist() == ["", "重复"]
    assert raw("SELECT format, entries FROM batches ORDER BY batch") == [(2, 2), (2, 1)]


def test_a_reversal_keeps_every_field_of_what_it_reverses(ledger):
    ledger.void(1, [1], "重复", when=WHEN)
    entries = ledger.entries().astype(object).where(lambda frame: frame.notna(), None)
    paid, reversal = entries.iloc[1].to_dict(), entries.iloc[2].to_dict()
    own = {
        "entry": 3,
        "batch": 2,
        "kind": "reversal",
        "reverses": 2,
        "day": WHEN[:10],
        "hash": reversal["hash"],
        "reversed_by": None,
    }
    assert reversal == paid | own


def test_budgets_and_openings_are_entries_of_their_own(ledger):
    ledger.set_budget([Budget("市财政", 2020, 900, 20), Budget("人才经费", 2021, 7)], when=WHEN)
    shown = ledger.entries(2)
    assert shown["line"].tolist() == [0, 1, 2, 3]
    assert shown["kind"].tolist() == ["budget", "opening"] * 2
    assert shown["approved"].tolist() == [900, 20, 7, 0]
    assert shown["fund"].tolist() == ["市财政", "市财政", "人才经费", "人才经费"]
    assert shown["year"].tolist() == [2020, 2020, 2021, 2021]
    assert ledger.batches()["lines"].tolist() == [2, 0], "a budget is no claim line"


def test_one_reading_sees_one_state_whatever_is_posted_meanwhile(ledger, address):
    with open_ledger(address) as other, ledger._reading() as store:
        before = store.execute("SELECT count(*) FROM entries")
        with other.transaction():
            other.post(record("b"), lines(line(3)), b"")
        assert store.execute("SELECT count(*) FROM entries") == before == [(2,)]
    assert ledger.head().entries == 3


def test_the_same_inputs_have_one_key_in_every_process(ledger, raw):
    """What was posted is recognised for good: the key of a set of hashes follows from the hashes alone, in order."""
    names = "fedcba98"
    with ledger.transaction():
        ledger.post(record(*names), lines(line(3)), b"")
    ((key,),) = raw("SELECT inputs_key FROM batches WHERE batch = 2")
    assert bytes(key) == sha256("\n".join(name * 64 for name in sorted(names)).encode()).digest()


@pytest.mark.parametrize(
    "cut",
    [
        "DELETE FROM entries",
        "DELETE FROM entries WHERE entry = 2",
        "DELETE FROM batches",
        "UPDATE batches SET batch = 2",
        "UPDATE batches SET seal = hash",
        "UPDATE entries SET batch = 2, hash = hash",
    ],
)
def test_a_tail_that_does_not_match_its_seal_is_not_built_upon(ledger, raw, cut):
    raw(cut, guards=False)
    with pytest.raises(LedgerError, match="末尾与批次封印不符"), ledger.transaction():
        ledger.post(record("b"), lines(line(3)), b"")


def test_lines_are_reversed_and_named_in_their_order(ledger):
    with ledger.transaction():
        batch = ledger.post(record("b"), lines(*(line(n) for n in range(3, 20))), b"")
    assert ledger.void(batch, [8, 1], "重复", when=WHEN) == [20, 21]
    assert ledger.entries(3)["reverses"].tolist() == [4, 11]
    for some, shown in (([32, 1, 24], "24, 32"), ([8, 1], "1, 8")):
        with pytest.raises(UsageError, match=shown):
            ledger.void(batch, some, "重复", when=WHEN)


def test_what_a_batch_lost_is_the_sum_of_its_reversals(ledger):
    with ledger.transaction():
        batch = ledger.post(record("b"), lines(*(line(n, approved=n * 100) for n in (3, 4, 5))), b"")
    ledger.void(batch, [0], "x", when=WHEN)
    ledger.void(batch, [2], "x", when=WHEN)
    shown = ledger.batches().set_index("batch")[["lines", "approved", "reversed_lines", "reversed"]]
    assert shown.to_numpy().tolist() == [
        [2, 200_000, 0, 0], [3, 1200, 2, 800], [1, 300, 0, 0], [1, 500, 0, 0]
    ]  # fmt: skip
    assert ledger.entries()["reversed_by"].fillna(0).tolist() == [0, 0, 6, 0, 7, 0, 0]
