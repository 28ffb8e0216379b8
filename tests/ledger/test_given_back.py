"""What a ledger gives back of what was handed to it: records, archives by kind, payments by batch and by person."""

from __future__ import annotations

import pytest

from trainingcli.errors import LedgerError
from trainingcli.ledger import open_ledger
from trainingcli.ledger.records import Writing

from .claims import awards, line, lines, person, record

PAID = ["line", "approved", "reversed_on", "reversed_in"]
DAY = "2021-05-06"


@pytest.fixture
def ledger(address: str):
    """1: claims of two people; 2: an import of one of them, from another fund; 3: awards; 4: a reversal in batch 1."""
    with open_ledger(address) as opened:
        with opened.transaction():
            opened.post(record("a"), lines(line(1, line=1, approved=30_000), line(2, line=2)), b"claims")
        with opened.transaction():
            drawing = line(1, event_year=2019, key="焊工|", fund="失业保险基金", approved=500)
            opened.post(record("b", kind="import"), lines(drawing), b"import")
        with opened.transaction():
            opened.post(record("c", kind="awards"), awards((7, "2020")), b"awards")
        opened.void(1, [1], "退训", when=f"{DAY}T09:00:00+08:00")
        yield opened


def test_what_happened_without_a_payment_is_an_entry_of_its_own(ledger):
    """Contract-2: nothing is paid by it, and it stands in the chain like everything else."""
    before = ledger.budgets().to_dict("records"), ledger.last_day()
    writing = Writing(f"{DAY}T10:00:00+08:00", "王经办", "公示期满", "2021-05-07")
    assert ledger.record("published", ['{"round": 1}', '{"round": 2}'], writing) == 5
    assert ledger.record("exported", ["{}"], Writing(f"{DAY}T11:00:00+08:00")) == 6
    found = ledger.records("published")
    assert found["facts"].tolist() == ['{"round": 1}', '{"round": 2}']
    assert found["day"].tolist() == ["2021-05-07"] * 2
    assert (found["operator"][0], found["why"][0]) == ("王经办", "公示期满")
    assert ledger.records("exported")["day"].tolist() == [DAY], "the clock's, where no other is given"
    assert ledger.records("budget").empty
    assert (ledger.budgets().to_dict("records"), ledger.last_day()) == before
    assert ledger.verify().ok


def test_batches_with_an_archive_are_told_by_kind_and_day_of_posting(ledger):
    """A reversal has no archive; the day of posting is the run's (`record`: 2021-03-01)."""
    assert ledger.archived() == [1, 2, 3]
    assert ledger.posted("claims") == {1: "2021-03-01"}
    assert ledger.posted("awards") == {3: "2021-03-01"}
    assert ledger.posted("import") == {2: "2021-03-01"}
    assert ledger.posted("void") == {}


def test_the_funds_of_imports_are_told_by_the_year_of_their_days(ledger):
    """Cash (Q21): a payment of an event of 2019 that was posted in 2021 draws on the money of 2021."""
    assert ledger.imported() == {("失业保险基金", 2021)}


def test_payments_are_given_of_the_batches_that_are_asked_for(ledger):
    every = {batch: table.to_pylist() for batch, table in ledger.payments(PAID)}
    assert list(every) == [1, 2, 3], "a reversal is no payment"
    assert every[1][0] == {"line": 1, "approved": 30_000, "reversed_on": DAY, "reversed_in": 4}
    assert [(batch, table.to_pylist()) for batch, table in ledger.payments(PAID, {2})] == [(2, every[2])]
    assert [batch for batch, _ in ledger.payments(PAID, since=DAY)] == [1], "reversed since then"


def test_payments_whose_columns_are_gone_are_not_passed_over(ledger, raw):
    raw("DELETE FROM paid WHERE batch = 2", guards=False)
    with pytest.raises(LedgerError, match="批次 2 的支付列"):
        list(ledger.payments(PAID))


def test_payments_to_people_are_given_with_their_reversals(ledger):
    found = ledger.payments_of([person(1), person(9)], PAID)
    assert found == [
        {"id_number": person(1), "line": 1, "approved": 30_000, "reversed_on": DAY, "reversed_in": 4},
        {"id_number": person(1), "line": 0, "approved": 500, "reversed_on": None, "reversed_in": None},
    ]
    assert ledger.payments_of([], PAID) == []
