"""Each constraint of the tables refuses alone, with every trigger and reference out of its way."""

from __future__ import annotations

import pytest

from trainingcli.ledger import Budget, open_ledger
from trainingcli.ledger.chain import BATCH_FIELDS, ENTRY_FIELDS

from .claims import WHEN, line, lines, record
from .conftest import _raw_sqlite
from .test_append_only import REFUSED

ENTRY, BATCH = [*ENTRY_FIELDS, "hash"], [*BATCH_FIELDS, "hash", "seal"]
# A payment that no other entry stands against, and the header of its batch.
PAYMENT = {"entry": "4", "batch": "3", "line": "0", "event": "4", "repeat_key": "'k'", "place_no": "2"}
HEADER = {"batch": "3", "entries": "1"}
REVERSAL = {"entry": "4", "batch": "3", "kind": "'reversal'", "reverses": "1"}


@pytest.fixture
def alone(address: str, raw):
    """Statements against a ledger with a payment of line 0 and a budget."""
    with open_ledger(address) as ledger:
        with ledger.transaction():
            ledger.post(record(), lines(line(1, certificate_no="S1")), b"x")
        ledger.set_budget([Budget("市财政", 2020, 1)], when=WHEN)
    return lambda *statements: raw(*statements, guards=False)


def copied(table: str, columns: list[str], changes: dict[str, str]) -> str:
    values = ", ".join(changes.get(name, name) for name in columns)
    key = {"entries": "entry", "batches": "batch"}[table]
    return f"INSERT INTO {table} ({', '.join(columns)}) SELECT {values} FROM {table} WHERE {key} = 1"


def entry(**changes: str) -> str:
    return copied("entries", ENTRY, PAYMENT | changes)


def header(**changes: str) -> str:
    return copied("batches", BATCH, HEADER | changes)


def test_what_holds_is_taken(alone):
    alone(entry(), header())
    alone(entry(entry="5", line="1", kind="'reversal'", reverses="4"))
    assert alone("SELECT count(*) FROM entries") == [(5,)]


def test_what_an_entry_must_say_is_never_left_out(alone):
    for name in ("batch", "line", "kind", "event_year", "approved", "fund", "hash", "day", "year", "subject_kind"):
        with pytest.raises(REFUSED):
            alone(entry(**{name: "NULL"}))
    for name in ("subject", "own", "place", "place_no", "programme"):  # of a payment, and of a reversal
        for kind in ({}, {"kind": "'reversal'", "reverses": "1"}):
            with pytest.raises(REFUSED):
                alone(entry(**kind, **{name: "NULL"}))


def test_an_event_is_never_left_out(alone, raw):
    """The check alone would let it pass (NULL is no refusal); `places` and the closing of the batch do not."""
    for kind in ({}, {"kind": "'reversal'", "reverses": "1"}):
        with pytest.raises(REFUSED):
            raw(entry(event="NULL", **kind), header())


def test_a_budget_is_of_nobody(alone):
    rows = alone("SELECT kind, subject, event, own, place, place_no, programme FROM entries WHERE entry > 1")
    assert rows == [("budget", *[None] * 6), ("opening", *[None] * 6)]


def test_what_a_header_must_say_is_never_left_out(alone):
    for name in ("kind", "posted_at", "inputs", "program", "entries", "hash", "seal"):
        with pytest.raises(REFUSED):
            alone(header(**{name: "NULL"}))


@pytest.mark.parametrize(
    "changes",
    [
        {"kind": "'gift'"},
        {"own": "2"},
        {"own": "-1"},
        {"place": "'grace'"},
        {"place_no": "0"},
        {"approved": "-1"},
        {"reverses": "1"},  # a payment that reverses
        {"kind": "'reversal'"},  # a reversal of nothing
        {"event": "5"},  # an event from the future
        {"event": "0"},
        {"place": "'waiver'"},  # without approver and reason
        {"batch": "1"},  # a line of a batch twice
        {"entry": "1"},
    ],
    ids=str,
)
def test_what_an_entry_cannot_be(alone, changes):
    with pytest.raises(REFUSED):
        alone(entry(**changes))


def test_a_waiver_is_given_once_and_later_lines_of_its_event_need_none(alone):
    alone(entry(place="'waiver'", waiver="'{}'"))
    alone(entry(entry="5", line="1", place="'waiver'"))


@pytest.mark.parametrize("changes", [{"kind": "''"}, {"entries": "0"}, {"batch": "1"}], ids=str)
def test_what_a_header_cannot_be(alone, changes):
    with pytest.raises(REFUSED):
        alone(header(**changes))


def test_a_payment_is_reversed_once(alone):
    alone(entry(**REVERSAL))
    with pytest.raises(REFUSED):
        alone(entry(**REVERSAL | {"entry": "5", "line": "1"}))


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO ledger_meta (name, value) VALUES ('note', NULL)",
        "INSERT INTO ledger_meta (name, value) VALUES ('mark', 'x')",
        "INSERT INTO archives (batch, data) VALUES (2, NULL)",
        "INSERT INTO archives (batch, data) SELECT batch, data FROM archives",
        "INSERT INTO places (subject, year, kind, place, event) SELECT subject, year, kind, 2, NULL FROM places",
        "INSERT INTO places (subject, year, kind, place, event) SELECT subject, year, kind, 2, event FROM places",
        "INSERT INTO places (subject, year, kind, place, event) SELECT subject, year, kind, place, 9 FROM places",
        "INSERT INTO repeat_keys (subject, repeat_key, event) SELECT subject, 'k', NULL FROM repeat_keys",
        "INSERT INTO repeat_keys (subject, repeat_key, event) SELECT subject, repeat_key, 9 FROM repeat_keys",
        "INSERT INTO active (subject, event, programme, entry) SELECT subject, event, 'x', NULL FROM active",
        "INSERT INTO active (subject, event, programme, entry) SELECT subject, event, programme, 9 FROM active",
        "INSERT INTO certificates (certificate, programme, subject, entry)"
        " SELECT certificate, programme, subject, 9 FROM certificates",  # a certificate pays a programme once
        "INSERT INTO once_keys (subject, once_key, entry) SELECT subject, 'k', NULL FROM places",
        "INSERT INTO balances (fund, year, opening) VALUES ('x', 2020, NULL)",
        "INSERT INTO balances (fund, year, posted) VALUES ('x', 2020, NULL)",
        "INSERT INTO balances (fund, year, reversed) VALUES ('x', 2020, NULL)",
        "INSERT INTO balances (fund, year) VALUES ('市财政', 2020)",
    ],
)
def test_what_is_kept_beside_the_entries_is_whole_and_once(alone, statement):
    with pytest.raises(REFUSED):
        alone(statement)


def test_other_places_keys_payments_and_certificates_stand_beside(alone):
    alone(
        "INSERT INTO places (subject, year, kind, place, event) SELECT subject, year, kind, 2, 9 FROM places",
        "INSERT INTO repeat_keys (subject, repeat_key, event) SELECT subject, 'k', event FROM repeat_keys",
        "INSERT INTO active (subject, event, programme, entry) SELECT subject, event, 'certificate', 9 FROM active",
        "INSERT INTO active (subject, event, programme, entry) SELECT subject, 9, programme, 9 FROM active",
        "INSERT INTO active (subject, event, programme, entry)"
        " SELECT subject, 8, programme, 8 FROM active WHERE event = 9",  # and neither has a certificate
    )
    alone("INSERT INTO balances (fund, year) VALUES ('市财政', 2021)")
    assert alone(
        "SELECT opening, posted, reversed, closing FROM balances WHERE budget IS NULL AND fund = '市财政'"
    ) == [(0, 0, 0, 0)]


def test_an_archive_belongs_to_a_batch(alone, raw):
    with pytest.raises(REFUSED):
        raw("INSERT INTO archives (batch, data) SELECT 9, data FROM archives")


def test_a_ledger_says_which_version_it_is_of(alone):
    assert alone("SELECT value FROM ledger_meta WHERE name = 'version'") == [("3",)]


SAME = {"event": "1", "place_no": "1", "repeat_key": "repeat_key"} | REVERSAL
OTHERWISE = {
    "subject": "(SELECT subject FROM entries WHERE entry = 3)",
    "event": "2",
    "programme": "'certificate'",
    "reverses": "2",
    "event_year": "2021",
    "place": "'waiver'",
    "place_no": "2",
    "repeat_key": "NULL",
    "approved": "approved + 1",
    "fund": "'市财政'",
}
"""What a reversal could say otherwise than the payment that it names."""


@pytest.fixture
def two_paid(address: str):
    with open_ledger(address) as ledger:
        with ledger.transaction():
            ledger.post(record(), lines(line(1), line(1, programme="technician", key=None)), b"x")
            ledger.post(record("b"), lines(line(2)), b"x")
        yield ledger


def test_a_reversal_says_just_what_the_payment_said(two_paid, raw):
    for name, value in OTHERWISE.items():
        with pytest.raises(REFUSED, match="a reversal names an active payment"):
            raw(entry(**SAME | {name: value}), header())
    with pytest.raises(REFUSED, match="a reversal names an active payment"):  # of a payment that holds no key
        raw(entry(**SAME | {"reverses": "2", "programme": "'technician'"}), header())
    raw(entry(**SAME), header())
    assert raw("SELECT entry FROM active ORDER BY entry") == [(2,), (3,)]
    with pytest.raises(REFUSED):
        raw(entry(**SAME | {"entry": "5", "batch": "4"}), header(batch="4"))
    other = {"entry": "5", "batch": "4", "reverses": "2", "programme": "'technician'", "repeat_key": "NULL"}
    raw(entry(**SAME | other), header(batch="4"))
    assert raw("SELECT entry FROM active") == [(3,)]


NUMBERED = "batches and entries are numbered in turn"


@pytest.mark.parametrize(
    "statements",
    [
        (entry(), header(entries="2")),
        (entry(), entry(entry="5", line="1", programme="'x'"), header()),
        (entry(entry="5", event="5"), header()),
        (entry(batch="4"), header(batch="4")),
        (entry(), entry(entry="6", line="1", programme="'x'"), header(entries="2")),
        (entry(entry="0", event="0", kind="'budget'"), header()),
    ],
)
def test_batches_and_entries_are_numbered_in_turn(two_paid, raw, statements):
    with pytest.raises(REFUSED, match=NUMBERED):
        raw(*statements)
    assert two_paid.head().entries == 3


def test_what_is_numbered_in_turn_is_taken(two_paid, raw):
    raw(entry(), entry(entry="5", line="1", programme="'x'"), header(entries="2"))
    raw(entry(entry="6", batch="4", event="4", programme="'y'"), header(batch="4"))
    assert two_paid.head().entries == 6


LATER = {"event": "1", "programme": "'certificate'", "place_no": "1", "repeat_key": "repeat_key"}


def test_a_later_line_of_an_event_names_its_person_year_and_place(two_paid, raw):
    for name in ("subject", "event_year", "place", "place_no"):
        with pytest.raises(REFUSED):
            raw(entry(**LATER | {name: OTHERWISE[name], "waiver": "'{}'"}), header())
    raw(entry(**LATER), header())
    assert raw("SELECT place, event FROM places ORDER BY event") == [(1, 1), (1, 3)]
    assert raw("SELECT event FROM repeat_keys ORDER BY event") == [(1,), (3,)]


def test_a_person_has_a_key_once_and_several_keys(two_paid, raw):
    with pytest.raises(REFUSED):  # held by another event of the person
        raw(entry(repeat_key="repeat_key"), header())
    raw(entry(repeat_key="(SELECT repeat_key FROM entries WHERE entry = 1)", subject=OTHERWISE["subject"], event="3",
              programme="'certificate'", place_no="1"), header())  # fmt: skip
    raw(entry(entry="5", batch="4", event="1", programme="'x'", place_no="1"), header(batch="4"))
    assert raw("SELECT event, repeat_key FROM repeat_keys ORDER BY event, repeat_key DESC")[0] == (1, "电工|中级工")
    assert raw("SELECT count(*) FROM repeat_keys") == [(3,)]


@pytest.mark.parametrize(
    "changes",
    [
        {"entry": "1", "batch": "4"},  # an entry in another's place
        SAME | {"entry": "5", "batch": "4"},  # a reversal in another's place, by its unique index
        {"entry": "5", "batch": "2", "line": "9"},  # into a closed batch
    ],
    ids=str,
)
def test_sqlite_replaces_nothing(sqlite_address, changes):
    with open_ledger(sqlite_address) as ledger:
        with ledger.transaction():
            ledger.post(record(), lines(line(1), line(2)), b"x")
        ledger.void(1, [0], "x", when=WHEN)
        before = ledger.entries()
        with pytest.raises(REFUSED, match="append-only: entries"):
            _raw_sqlite(sqlite_address, (entry(**changes).replace("INSERT", "INSERT OR REPLACE", 1),), True)
        assert ledger.entries().equals(before)
