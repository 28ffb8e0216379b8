"""`funds`: every figure worked out again from the list of what the test posted; budgets; the workbook; bad input."""

from __future__ import annotations

import datetime as dt
import json
import random
import zipfile
from decimal import Decimal
from pathlib import Path

import openpyxl
import pyarrow as pa
import pytest

from cli.program import run
from registers.builder import write as write_register
from trainingcli.facts import FundBudget
from trainingcli.ledger import Budget, open_ledger
from trainingcli.ledger.entry_frames import KEY
from trainingcli.views.funds import funds
from trainingcli.views.funds_pages import facts
from trainingcli.views.paid_groups import PaidGroups, PaidOfKey
from trainingcli.views.period import Period

from .books import Books, Line, random_books
from .test_paid_lines import register

PERIODS = [
    (None, None),
    ("2019-06-01", "2020-06-30"),
    ("2020-01-01", "2020-12-31"),
    ("2021-01-01", None),
    (None, "2019-12-31"),
]
DISTRICTS = register(("晋阳职业培训学校", "迎泽区", None, None), ("太原某厂", "万柏林区", None, None))


def district(line: Line) -> str | None:
    known = {"晋阳职业培训学校": "迎泽区", "太原某厂": "万柏林区"}
    return known.get(line.institution or "") or known.get(line.employer or "")


KEYS = {
    "by_programme": lambda line, day: line.programme,
    "by_month": lambda line, day: day[:7],
    "by_district": lambda line, day: district(line),
    "by_payee": lambda line, day: line.paid_to,
    "by_training_year": lambda line, day: line.year,
}


def yuan(fen: int) -> str:
    return str(Decimal(fen).scaleb(-2))


def sums(paid: list[Line], taken: list[Line]) -> dict[str, object]:
    """Payments and reversals of a group, each by its own day (contract-2, 4, funds)."""
    more, less = sum(line.yuan for line in paid), sum(line.yuan for line in taken)
    return {
        "lines": len(paid), "people": len({line.person for line in paid if line.person is not None}),
        "paid": yuan(more), "reversed": yuan(less), "net": yuan(more - less),
    }  # fmt: skip


def within(day: str | None, since: str | None, until: str | None) -> bool:
    return day is not None and (since is None or day >= since) and (until is None or day <= until)


def expected_lists(books: Books, since: str | None, until: str | None) -> dict[str, object]:
    paid = [line for line in books.paid if within(line.day, since, until)]
    taken = [line for line in books.paid if within(line.reversed, since, until)]
    found: dict[str, object] = {"totals": sums(paid, taken)}
    for name, key in KEYS.items():
        keys = {key(line, line.day) for line in paid} | {key(line, line.reversed) for line in taken}
        found[name] = [
            {
                "key": one,
                **sums(
                    [line for line in paid if key(line, line.day) == one],
                    [line for line in taken if key(line, line.reversed) == one],
                ),
            }
            for one in sorted(keys, key=lambda one: (one is None, one))
        ]
    return found


def test_people_whose_keys_agree_in_half_are_two():
    keys = [bytes(8) + bytes([number] * 8) for number in (1, 2, 1)]
    payments = pa.table(
        {
            "month": ["2021-01"] * 3,
            "approved": [1, 2, 3],
            "subject_kind": ["person"] * 3,
            "subject": pa.array(keys, KEY),
        }
    )
    groups = PaidGroups(["month"])
    groups.pay(payments)
    assert groups.by("month") == [PaidOfKey("2021-01", 3, 2, 6, 0)]


BUDGETS = {("市财政", 2020): (50_000_000, 1_234), ("就业补助资金", 2023): (7_000_001, 0)}


def expected_accounts(books: Books, since: str | None, until: str | None) -> list[dict[str, object]]:
    """Whole years that the period touches; a reversal counts in the year of its payment."""
    keys = {(line.fund, int(str(line.day)[:4])) for line in books.paid} | BUDGETS.keys()
    found = []
    for fund, year in sorted(keys, key=lambda key: (key[1], key[0])):
        if (since is not None and year < int(since[:4])) or (until is not None and year > int(until[:4])):
            continue
        own = [line for line in books.paid if line.fund == fund and str(line.day)[:4] == str(year)]
        budget, opening = BUDGETS.get((fund, year), (None, 0))
        more, less = sum(line.yuan for line in own), sum(line.yuan for line in own if line.reversed)
        closing = opening + more - less
        percent = None if budget is None else Decimal(closing * 100) / budget
        found.append(
            {
                "fund": fund, "year": year, "budget": None if budget is None else yuan(budget),
                "opening": yuan(opening), "paid": yuan(more), "reversed": yuan(less), "closing": yuan(closing),
                "left": None if budget is None else yuan(budget - closing),
                "used_percent": None if percent is None else str(percent.quantize(Decimal("0.01"), "ROUND_HALF_UP")),
            }
        )  # fmt: skip
    return found


@pytest.mark.parametrize("seed", range(4))
def test_every_figure_is_what_the_list_of_postings_and_voids_says(address, seed):
    with open_ledger(address) as ledger:
        books = random_books(ledger, seed, steps=14)
        ledger.set_budget([Budget(*key, *figures) for key, figures in BUDGETS.items()], when="2021-01-01T00:00:00Z")
        for since, until in PERIODS:
            found = funds(ledger, Period(since, until), districts=DISTRICTS)
            document = facts(found)
            assert document["period"] == {"from": since, "to": until}
            assert document["ledger"]["entries"] == ledger.head().entries
            assert {name: document[name] for name in ("totals", *KEYS)} == expected_lists(books, since, until)
            assert [one.shown() for one in found.accounts] == expected_accounts(books, since, until)


@pytest.mark.parametrize("seed", range(6))
def test_every_list_adds_up_to_the_totals_in_lines_and_fen(sqlite_address, seed):
    pick = random.Random(seed)
    with open_ledger(sqlite_address) as ledger:
        random_books(ledger, seed + 100, steps=14)
        first = dt.date(2019, 1, 1) + dt.timedelta(pick.randrange(700))
        found = funds(ledger, Period(first.isoformat(), (first + dt.timedelta(400)).isoformat()), districts=DISTRICTS)
    for groups in found.lists.values():
        for name in ("lines", "paid", "reversed", "net"):
            assert sum(getattr(group, name) for group in groups) == getattr(found.totals, name)


def test_a_payee_is_one_however_it_is_spelled(sqlite_address):
    """Contract, 'Compared': by blanks and brackets nobody is another; the spelling that came first is shown."""
    spelled = ["晋阳学校（北）", "晋阳 学校(北)", "晋阳学校【北】", "晋阳学校(南)"]
    with open_ledger(sqlite_address) as ledger:
        books = Books(ledger)
        books.post("2021-02-01", [Line(1, institution=spelled[0]), Line(2, institution=spelled[3])])
        books.post("2021-03-01", [Line(1, occupation="焊工", institution=spelled[1]), Line(3, institution=spelled[2])])
        books.void([books.lines[3]], "2021-04-01")
        whole, april = funds(ledger, Period()), funds(ledger, Period("2021-04-01"))
    found = [(one.key, one.lines, one.people, one.paid, one.reversed) for one in whole.lists["by_payee"]]
    assert found == [(spelled[3], 1, 1, 80_025, 0), (spelled[0], 3, 2, 240_075, 80_025)]
    assert [(one.key, one.lines, one.net) for one in april.lists["by_payee"]] == [(spelled[2], 0, -80_025)]


def test_a_register_outranks_the_ledger_where_it_names_fund_and_year(sqlite_address):
    with open_ledger(sqlite_address) as ledger:
        Books(ledger).post("2021-02-01", [Line(1)])
        ledger.set_budget(
            [Budget("就业补助资金", 2021, 900_000, 5_000), Budget("市财政", 2021, 100, 1)], when="2021-01-01T00:00:00Z"
        )
        found = funds(ledger, Period(), supplied={("就业补助资金", 2021): FundBudget(160_050, 0)})
    by_fund = {one.fund: one for one in found.accounts}
    assert (by_fund["就业补助资金"].budget, by_fund["就业补助资金"].opening) == (160_050, 0)
    assert by_fund["就业补助资金"].used_percent == "50.00"  # 800.25 of 1600.50
    assert (by_fund["市财政"].budget, by_fund["市财政"].opening) == (100, 1)


def test_no_budget_and_an_opening_beside_imports_are_said(sqlite_address):
    with open_ledger(sqlite_address) as ledger:
        Books(ledger).post("2021-02-01", [Line(1), Line(2, "certificate")], "import")
        ledger.set_budget([Budget("就业补助资金", 2021, 900_000, 5_000)], when="2021-01-01T00:00:00Z")
        said = [text.zh for text in funds(ledger, Period()).said]
    assert any("市财政 2021 年没有预算" in text for text in said)
    assert any("就业补助资金 2021 年既有期初已用又有导入" in text for text in said)
    assert len(said) == 2


@pytest.fixture
def book(sqlite_address) -> str:
    with open_ledger(sqlite_address) as ledger:
        books = Books(ledger)
        books.post("2020-12-31", [Line(1), Line(2, "living-allowance", name="王一")])
        books.post("2021-02-01", [Line(3, institution="=机构13800000001")])
        books.void([books.lines[0]], "2021-03-01")
    return sqlite_address


def test_the_workbook_has_the_lists_the_charts_and_the_finance_offices_form(book, tmp_path):
    write_register(tmp_path / "lists", "budgets", {"fund": "就业补助资金", "year": 2020, "budget": 1000})
    out = tmp_path / "out"
    asked = [
        "--ledger",
        book,
        "--registers",
        tmp_path / "lists",
        "--out",
        out,
        "--today",
        "2021-12-31",
        "--format",
        "json",
    ]
    done = run("funds", "--from", "2020-01-01", *asked)
    assert done.exit_code == 0, done.stderr
    document = json.loads(done.stdout)
    path = Path(document["outputs"][0])
    assert path.name == "资金使用情况.xlsx"
    assert path.stat().st_mode & 0o777 == 0o600
    sheets = openpyxl.load_workbook(path)
    assert sheets.sheetnames == ["资金", "按补贴项目", "按月份", "按区县", "按补贴对象", "按培训年度", "绩效自评表"]
    rows = [[cell.value for cell in row] for row in sheets["绩效自评表"].iter_rows()]
    form = next(row for row in rows if row[0] == "就业补助资金" and row[1] == 2020)
    assert form[:6] == ["就业补助资金", 2020, "人工填写", 1000, 150.01, 15.0]  # 800.25 came back, 150.01 stands
    totals = [row for row in sheets["按月份"].iter_rows(values_only=True) if row[0] == "合计"]
    assert [round(float(value), 2) for value in totals[0][1:]] == [3, 3, 1750.51, 800.25, 950.26]
    text = "".join(str(cell.value) for sheet in sheets for row in sheet.iter_rows() for cell in row)
    assert "13800000001" not in text
    with zipfile.ZipFile(path) as package:
        charts = [name for name in package.namelist() if name.startswith("xl/charts/chart")]
    assert len(charts) == 6


def test_it_replaces_its_own_workbook_and_no_other(book, tmp_path):
    asked = ["funds", "--ledger", book, "--out", tmp_path / "out", "--format", "json"]
    assert [run(*asked).exit_code, run(*asked).exit_code] == [0, 0]
    (tmp_path / "out" / "资金使用情况.xlsx").write_bytes(b"mine")
    assert run(*asked).exit_code == 5


def test_an_empty_period_is_an_empty_document_and_said(book, tmp_path):
    done = run("funds", "--year", 2030, "--ledger", book, "--out", tmp_path / "out", "--format", "json")
    document = json.loads(done.stdout)
    assert done.exit_code == 0
    assert (document["funds"], document["by_month"], document["totals"]["lines"]) == ([], [], 0)
    assert "没有入账" in done.stderr


@pytest.mark.parametrize(
    "options",
    [("--year", 2020, "--from", "2020-01-01"), ("--from", "2021-01-01", "--to", "2020-01-01"), ("--to", "2020-13-01")],
)
def test_options_that_contradict_each_other_are_wrong_usage(book, tmp_path, options):
    done = run("funds", *options, "--ledger", book, "--out", tmp_path / "out")
    assert (done.exit_code, done.stderr.count("\n")) == (2, 1)
    assert not (tmp_path / "out").exists()


def test_without_a_ledger_the_path_is_named_and_nothing_is_written(tmp_path):
    done = run("funds", "--ledger", tmp_path / "none.db", "--out", tmp_path / "out")
    assert done.exit_code == 4
    assert str(tmp_path / "none.db") in done.stderr
    assert not (tmp_path / "out").exists()


def test_budgets_are_written_once_as_one_batch(book, tmp_path):
    """Two rows of one fund and year add up; the same again writes nothing; a changed figure is a new batch."""
    rows = [
        {"fund": "市财政", "year": 2021, "budget": 100, "opening": 5, "source": "年初预算"},
        {"fund": "市财政", "year": 2021, "budget": 50, "source": "追加"},
        {"fund": "就业补助资金", "year": 2021, "budget": 2000},
    ]
    write_register(tmp_path, "budgets", *rows)
    asked = ["funds", "set", tmp_path / "budgets.xlsx", "--ledger", book, "--format", "json"]
    first, again = json.loads(run(*asked).stdout), run(*asked)
    assert first["budgets"] == [
        {"fund": "市财政", "year": 2021, "budget": "150.00", "opening": "5.00"},
        {"fund": "就业补助资金", "year": 2021, "budget": "2000.00", "opening": "0.00"},
    ]
    assert json.loads(again.stdout)["batch"] is None
    assert json.loads(again.stdout)["ledger"] == first["ledger"]
    assert "没有写入" in again.stderr
    with open_ledger(book) as ledger:
        assert ledger.batches()["kind"].tolist()[-1] == "budget"
        assert int(ledger.batches()["batch"].iloc[-1]) == first["batch"]
        assert ledger.verify().ok
        (one,) = [
            each for each in funds(ledger, Period("2021-01-01", "2021-12-31")).accounts if each.fund == "就业补助资金"
        ]
    assert one.budget == 200_000


def test_a_budget_that_does_not_hold_names_its_cell_and_writes_nothing(book, tmp_path):
    write_register(
        tmp_path,
        "budgets",
        {"fund": "市财政", "year": 2021, "budget": 100},
        {"fund": "市财政", "year": 2022, "budget": "约百万"},
    )
    done = run("funds", "set", tmp_path / "budgets.xlsx", "--ledger", book)
    assert done.exit_code == 2
    assert "C" in done.stderr
    assert "budgets.xlsx" in done.stderr
    with open_ledger(book) as ledger:
        assert "budget" not in ledger.batches()["kind"].tolist()


def test_a_file_without_the_header_or_that_is_not_there_is_a_bad_input(book, tmp_path):
    write_register(tmp_path, "institutions", {"institution": "晋阳技工学校"})
    for name in ("institutions.xlsx", "none.xlsx"):
        done = run("funds", "set", tmp_path / name, "--ledger", book)
        assert (done.exit_code, done.stderr.count("\n")) == (3, 1), done.stderr
