"""A reversal is a new entry; it frees what no active entry holds any more, and cannot be done twice."""

from __future__ import annotations

import pytest

from trainingcli.errors import UsageError
from trainingcli.ledger import Budget, open_ledger

from .claims import WHEN, line, lines, person, record


@pytest.fixture
def ledger(address: str):
    with open_ledger(address) as opened:
        yield opened


def post(ledger, *rows, kind="claims"):
    with ledger.transaction():
        return ledger.post(record(kind=kind), lines(*rows), b"archive")


def holdings(ledger):
    return [
        ledger._store.execute(f"SELECT count(*) FROM {table}")[0][0] for table in ("places", "repeat_keys", "active")
    ]


def test_a_reversed_training_may_be_paid_again(ledger):
    batch = post(ledger, line(1, certificate_no="S1"))
    assert ledger.void(batch, None, "误报", when=WHEN) == [2]
    assert holdings(ledger) == [0, 0, 0]
    assert ledger.history([person(1)], []).empty
    assert ledger.certificate_holders(["S1"]).empty
    again = post(ledger, line(1, certificate_no="S1"))
    assert ledger.history([person(1)], [])["batch"].tolist() == [again]
    assert ledger.history([person(1)], [])["event"].tolist() == [3]
    assert ledger.verify().ok


def test_the_place_and_key_stay_while_another_entry_of_the_event_holds_them(ledger):
    batch = post(ledger, line(1), line(1, programme="certificate"), line(1, programme="living-allowance", key=None))
    ledger.void(batch, [0], "x", when=WHEN)
    assert holdings(ledger) == [1, 1, 2]
    ledger.void(batch, [1], "x", when=WHEN)
    assert holdings(ledger) == [1, 0, 1], "the key goes with the last entry that carries it"
    ledger.void(batch, [2], "x", when=WHEN)
    assert holdings(ledger) == [0, 0, 0]
    assert ledger.verify().ok


def test_a_freed_place_is_given_out_again(ledger):
    rows = [line(1, event=-n, occupation=f"工种{n}") for n in (1, 2, 3)]
    batch = post(ledger, *rows)
    ledger.void(batch, [1], "x", when=WHEN)
    post(ledger, line(1, occupation="工种4"))
    assert ledger.entries()["place_no"].tolist() == [1, 2, 3, 2, 2]


def test_a_whole_batch_takes_back_what_is_left_of_it(ledger):
    batch = post(ledger, line(1), line(2), line(3))
    assert ledger.void(batch, [1, 1], "x", when=WHEN) == [4]
    assert ledger.void(batch, None, "x", when=WHEN) == [5, 6]
    assert ledger.entries()["reverses"].fillna(0).tolist() == [0, 0, 0, 2, 1, 3]


def test_what_is_not_there_or_is_reversed_already_cannot_be_reversed(ledger):
    batch = post(ledger, line(1), line(2))
    ledger.set_budget([Budget("市财政", 2021, 1)], when=WHEN)
    ledger.void(batch, [1], "x", when=WHEN)
    head = ledger.head()
    for number, some in ((9, None), (batch, [7]), (batch, [1]), (batch, [0, 1]), (2, None), (3, None)):
        with pytest.raises(UsageError) as caught:
            ledger.void(number, some, "x", when=WHEN)
        assert caught.value.exit_code == 2
        assert "\n" not in str(caught.value)
    assert ledger.head() == head
    ledger.void(batch, None, "x", when=WHEN)
    with pytest.raises(UsageError):
        ledger.void(batch, None, "x", when=WHEN)


def test_an_imported_batch_is_reversed_alike_within_a_transaction(ledger):
    batch = post(ledger, line(1), kind="import")
    with ledger.transaction():
        assert ledger.void(batch, None, "x", when=WHEN) == [2]
        ledger.post(record(), lines(line(1)), b"")
    assert ledger.history([person(1)], [])["entry"].tolist() == [3]


def test_budgets_are_written_down_when_they_change(ledger):
    assert ledger.set_budget([Budget("市财政", 2021, 1), Budget("市财政", 2021, 500, 20)], when=WHEN) == 1
    assert ledger.set_budget([Budget("市财政", 2021, 500, 20)], when=WHEN) is None
    post(ledger, line(1, fund="市财政", approved=30))
    with ledger.transaction():
        assert ledger.set_budget([Budget("市财政", 2021, 600, 10), Budget("人才经费", 2021, 7)], when=WHEN) == 3
    budgets = ledger.budgets().set_index(["fund", "year"])
    assert budgets.loc[("市财政", 2021)].tolist() == [600, 10, 30, 0, 40]
    assert budgets.loc[("人才经费", 2021)].tolist() == [7, 0, 0, 0, 0]
    assert ledger.head().entries == 7
    assert ledger.verify().ok


def test_a_fund_without_a_budget_has_none(ledger):
    post(ledger, line(1))
    assert ledger.budgets()["budget"].isna().tolist() == [True]
