"""The frame of paid lines says what the test itself posted and reversed, on both databases, whatever is asked of it."""

from __future__ import annotations

import datetime as dt
import random

import pytest

from trainingcli.errors import LedgerError
from trainingcli.evidence.register_contents import Contents, all_registers
from trainingcli.intake.tables.distinct_cells import DistinctValues
from trainingcli.intake.tables.read_declared import TableRead
from trainingcli.ledger import open_ledger
from trainingcli.views.districts import Districts
from trainingcli.views.paid_lines import paid_lines, paid_table

from .books import Books, Line, random_books

COLUMNS = [
    "batch", "line", "day", "reversed_on", "approved", "fund", "payee", "programme", "event_year", "name", "id_number",
    "institution", "employer", "category", "date", "is_employee",
]  # fmt: skip


def expected(line: Line) -> dict[str, object]:
    """What the frame says of a payment, from the test's own list (contract-2, section 4)."""
    by_programme = line.programme in ("enterprise-training", "technician")
    return {
        "batch": line.batch, "line": line.number, "day": line.day, "reversed_on": line.reversed,
        "approved": line.yuan, "fund": line.fund, "payee": line.paid_to, "programme": line.programme,
        "event_year": line.year, "name": line.name, "id_number": line.id_number, "institution": line.institution,
        "employer": line.employer, "category": line.category, "date": line.date,
        "is_employee": by_programme if line.category is None else line.category == "企业职工",
    }  # fmt: skip


def register(*rows: tuple[str, str | None, str | None, str | None]) -> Districts:
    """Institutions with district, since, until."""

    def day(text: str | None) -> dt.date | None:
        return None if text is None else dt.date.fromisoformat(text)

    values = [(name, district, day(since), day(until)) for name, district, since, until in rows]
    columns = zip(("institution", "district", "since", "until"), map(list, zip(*values, strict=True)), strict=True)
    register = all_registers()["institutions"]
    parts = {key: [DistinctValues.of(cells)] for key, cells in columns}
    read = TableRead(register, [], places=[0] * len(rows), rows=list(range(len(rows))), coded=parts)
    return Districts(Contents.of(read))


@pytest.mark.parametrize("seed", range(4))
def test_every_payment_is_there_once_with_its_reversal_and_its_archives_facts(address, seed):
    with open_ledger(address) as ledger:
        books = random_books(ledger, seed)
        found = paid_table(ledger, COLUMNS).to_pylist()
    assert books.paid
    assert found == [expected(line) for line in sorted(books.paid, key=lambda line: line.entry)]


def test_a_period_and_batches_leave_out_what_neither_was_paid_nor_reversed_in_them(sqlite_address):
    pick = random.Random(7)
    with open_ledger(sqlite_address) as ledger:
        books = random_books(ledger, 11, steps=14)
        days = sorted({day for line in books.paid for day in (line.day, line.reversed) if day})
        for _ in range(6):
            since, until = sorted(pick.choices(days, k=2))
            batches = set(pick.sample(sorted(books.batches), 2))
            found = paid_table(ledger, ["batch", "line"], since=since, until=until, batches=batches)
            wanted = [
                (line.batch, line.number)
                for line in sorted(books.paid, key=lambda line: line.entry)
                if line.batch in batches
                and (since <= str(line.day) <= until or since <= (line.reversed or "") <= until)
            ]
            assert [(row["batch"], row["line"]) for row in found.to_pylist()] == wanted


def test_a_table_at_a_time_is_a_batch(sqlite_address):
    with open_ledger(sqlite_address) as ledger:
        books = random_books(ledger, 3)
        parts = [part["batch"].to_pylist() for part in paid_lines(ledger, ["batch"])]
    paid = [line.batch for line in books.paid]
    assert parts == [[batch] * paid.count(batch) for batch in sorted(set(paid))]


@pytest.mark.parametrize(
    "changed",
    [
        "DELETE FROM paid",
        "DELETE FROM paid WHERE name = 'line'",
        "UPDATE paid SET data = (SELECT x.data FROM paid x WHERE x.batch = 2 AND x.name = paid.name)",
    ],
)
def test_payments_whose_columns_are_gone_or_anothers_are_no_payments_of_none(address, changed):
    with open_ledger(address) as ledger:
        for day in ("2021-01-05", "2021-02-05"):
            Books(ledger).post(day, [Line(int(day[6]))])
        assert paid_table(ledger, ["line"]).num_rows == 2
        ledger._store.execute(changed)
        with pytest.raises(LedgerError, match="批次 1 的支付列"):
            paid_table(ledger, ["line"])


def test_an_archive_is_opened_only_where_a_column_of_it_is_asked_for(sqlite_address, monkeypatch):
    with open_ledger(sqlite_address) as ledger:
        books = random_books(ledger, 3)
        opened = []
        own = type(ledger).archive
        monkeypatch.setattr(type(ledger), "archive", lambda self, batch: opened.append(batch) or own(self, batch))
        paid_table(ledger, ["approved", "payee", "date", "district"])
        assert opened == []
        paid_table(ledger, ["archived.payee"])
    assert opened == sorted({line.batch for line in books.paid})  # each once


def test_what_the_roster_wrote_is_asked_for_beside_what_the_ledger_says(sqlite_address):
    """The trainee's own subsidy: 本人 in the ledger, the person's name in the archive; a column that no archive has."""
    with open_ledger(sqlite_address) as ledger:
        Books(ledger).post("2021-01-05", [Line(1, "living-allowance", name="王一")])
        asked = ["payee", "archived.payee", "archived.start_date", "host"]
        (row,) = paid_table(ledger, asked).to_pylist()
    assert row == {"payee": "本人", "archived.payee": "王一", "archived.start_date": "2020-07-01", "host": None}


def test_a_ledger_without_payments_gives_an_empty_frame_with_its_columns(sqlite_address):
    asked = [*COLUMNS, "district", "days"]
    with open_ledger(sqlite_address) as ledger:
        found = paid_table(ledger, asked)
    assert (found.num_rows, found.column_names) == (0, asked)


def test_one_state_is_seen_whatever_is_posted_meanwhile(address):
    with open_ledger(address) as ledger, open_ledger(address) as other:
        Books(other).post("2021-01-05", [Line(1), Line(2)])
        with ledger.one_state():
            head = ledger.head()
            tables = paid_lines(ledger, ["line"])
            first = next(tables)
            Books(other).post("2021-02-05", [Line(3)])
            assert sum(table.num_rows for table in (first, *tables)) == 2
            assert ledger.head() == head
        assert paid_table(ledger, ["line"]).num_rows == 3


LISTED = (
    ("晋阳 职业培训学校", "迎泽区", None, "2020-06-30"),
    ("晋阳职业培训学校", "小店区", "2020-07-01", None),
    ("太原某厂", "万柏林区", None, None),
    ("无区学校", None, None, None),
)
DISTRICTS = [
    ({"start": "2020-06-30"}, "迎泽区"),
    ({"start": "2020-07-01"}, "小店区"),
    ({"institution": "晋阳职业培训学校（东校区）", "employer": "太原某厂"}, "万柏林区"),  # not listed
    ({"institution": "无区学校", "employer": "太原某厂"}, "万柏林区"),  # listed without a district
    ({"institution": None, "employer": "太原某厂"}, "万柏林区"),
    ({"institution": "别处学校"}, None),
    ({"start": None, "certificate_date": "2020-06-01", "programme": "certificate"}, "迎泽区"),
]  # fmt: skip


@pytest.mark.parametrize(("differs", "district"), DISTRICTS)
def test_the_district_is_that_of_the_first_listed_on_the_events_date(sqlite_address, differs, district):
    with open_ledger(sqlite_address) as ledger:
        Books(ledger).post("2021-01-05", [Line(1, **differs)])
        (row,) = paid_table(ledger, ["district"], districts=register(*LISTED)).to_pylist()
    assert row == {"district": district}


EMPLOYEES = [
    ("vocational-training", "企业职工", True),
    ("vocational-training", "退役军人、企业职工", True),
    ("vocational-training", None, False),
    ("enterprise-training", None, True),
    ("technician", None, True),
    ("enterprise-training", "下岗失业人员", False),  # the category outranks the programme
    ("certificate", "企业职工家属", False),
]


@pytest.mark.parametrize(("programme", "category", "is_employee"), EMPLOYEES)
def test_an_employee_is_one_by_category_and_by_programme_where_there_is_none(
    sqlite_address, programme, category, is_employee
):
    with open_ledger(sqlite_address) as ledger:
        Books(ledger).post("2021-01-05", [Line(1, programme, category=category)])
        (row,) = paid_table(ledger, ["is_employee"]).to_pylist()
    assert row == {"is_employee": is_employee}
