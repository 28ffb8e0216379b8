"""`ledger person` and `ledger held`: worked out again from the list of what the test posted; and the commands."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cli.program import imported, run, write
from support.people import id_number
from trainingcli.cli import app
from trainingcli.ledger import open_ledger
from trainingcli.money import yuan_text
from trainingcli.views.held import held
from trainingcli.views.person import bearers, people

from .books import POLICY, Books, Line, random_books

TODAY = dt.date(2022, 6, 30)


def places(lines: list[Line]) -> list[dict[str, object]]:
    """Each year of a training, and how many of the year's trainings still stand (contract-2, 4: years)."""
    standing = {line.event: line.year for line in lines if line.reversed is None}
    return [
        {"year": year, "used": list(standing.values()).count(year), "limit": 3}
        for year in sorted({line.year for line in lines})
    ]


def training(lines: list[Line]) -> dict[str, object]:
    first = lines[0]
    return {
        "start_date": first.start,
        "certificate_date": next((line.certificate_date for line in lines if line.certificate_date), None),
        "occupation": first.occupation,
        "level": first.level,
        "institution": next(filter(None, (line.institution or line.employer for line in lines)), None),
        "year": first.year,
        "place": "year" if any(line.reversed is None for line in lines) else None,
        "lines": [
            {
                "batch": line.batch, "line": line.number, "programme": line.programme, "yuan": yuan_text(line.yuan),
                "payee": line.paid_to, "posted": line.day, "reversed": line.reversed,
            }
            for line in lines
        ],
    }  # fmt: skip


def still_refused(lines: list[Line]) -> list[Line]:
    """The latest held or rejected line of each training and programme that was not paid since."""
    by_training: dict[object, dict[int, list[Line]]] = {}
    for line in lines:
        key = (line.person, line.date, line.occupation, line.level, line.programme)
        by_training.setdefault(key, {}).setdefault(line.batch, []).append(line)
    found = []
    for batches in by_training.values():
        last = batches[max(batches)]
        if all(line.status != "approved" for line in last):
            found.append(last[-1])
    return sorted(found, key=lambda line: (line.batch, line.number))


def expected(books: Books, person: int) -> dict[str, object]:
    own = [line for line in books.lines if line.person == person]
    paid = sorted((line for line in own if line.status == "approved"), key=lambda line: line.entry)
    events = {line.event: [other for other in paid if other.event == line.event] for line in paid}
    refused = still_refused(own)
    return {
        "id_number": id_number(person),
        "name": f"学员{person}" if own else None,
        "known": bool(own),
        "years": places(paid),
        "trainings": [
            training(lines) for lines in sorted(events.values(), key=lambda lines: (lines[0].date, lines[0].batch))
        ],
        "refused": [
            {
                "batch": line.batch, "line": line.number, "programme": line.programme, "status": line.status,
                "codes": line.codes.split(),
            }
            for line in refused
        ],
    }  # fmt: skip


@pytest.mark.parametrize("seed", range(5))
def test_a_person_is_what_the_list_of_postings_and_voids_says(address, seed):
    asked = [3, 0, *range(4, 25), 999]
    with open_ledger(address) as ledger:
        books = random_books(ledger, seed, steps=12)
        found = people(ledger, [id_number(person) for person in asked], POLICY)
    assert found == [expected(books, person) for person in asked]
    assert any(row["refused"] for row in found)
    assert any(len(row["trainings"]) > 1 for row in found)


@pytest.mark.parametrize("seed", range(5))
def test_what_is_held_is_what_nothing_paid_or_refused_since(address, seed):
    with open_ledger(address) as ledger:
        books = random_books(ledger, seed, steps=12)
        found = held(ledger, TODAY)
    rows = [line for line in still_refused(books.lines) if line.status == "held"]
    assert rows
    wanted = [
        {
            "batch": line.batch, "line": line.number, "institution": line.institution or line.employer,
            "name": line.name, "id_number": line.id_number, "programme": line.programme, "codes": ["NO_STANDARD"],
            "since": books.batches[line.batch][1],
            "days": (TODAY - dt.date.fromisoformat(books.batches[line.batch][1])).days,
        }
        for line in rows
    ]  # fmt: skip
    assert found == sorted(wanted, key=lambda row: (row["institution"] is None, row["institution"] or ""))


def test_who_bears_a_name_is_found_in_every_batch_whatever_became_of_the_line(sqlite_address):
    with open_ledger(sqlite_address) as ledger:
        books = Books(ledger)
        books.post("2021-01-05", [Line(1, name="王 一"), Line(2, name="李二"), Line(3, name="王一", status="held")])
        books.post(
            "2021-02-05", [Line(4, name="王一", status="rejected"), Line(1, name="王一", programme="certificate")]
        )
        assert bearers(ledger, " 王一") == [id_number(1), id_number(3), id_number(4)]
        assert bearers(ledger, "王") == []


@pytest.fixture
def book(sqlite_address) -> str:
    """A ledger with one person who was paid once and refused once."""
    with open_ledger(sqlite_address) as ledger:
        held_line = Line(1, "certificate", name="王一", status="held", codes="NO_STANDARD CERTIFICATE_KIND")
        Books(ledger).post("2021-01-05", [Line(1, name="王一"), held_line, Line(2, name="李二")])
    return sqlite_address


def test_numbers_come_as_arguments_or_from_standard_input(book):
    number = id_number(1)
    given = f"\ufeff{number}\r\n\r\n {number.lower()} \n{id_number(77)}\n"
    arguments = ["ledger", "person", "-", "--ledger", book, "--format", "json"]
    done = CliRunner().invoke(app, arguments, input=given)
    assert done.exit_code == 0
    found = json.loads(done.stdout)
    assert found["schema"] == "trainingcli.person/1"
    masked = [f"{id_number(person)[:6]}********{id_number(person)[-4:]}" for person in (1, 77)]
    assert [(row["id_number"], row["name"], row["known"]) for row in found["people"]] == [
        (masked[0], "王*", True),
        (masked[1], None, False),
    ]
    assert "台账中没有其中 1 人" in done.stderr
    same = run("ledger", "person", number, "--ledger", book, "--format", "json", "--unmask")
    (row,) = json.loads(same.stdout)["people"]
    assert (row["id_number"], row["name"]) == (number, "王一")
    assert row["refused"][0]["codes"] == ["NO_STANDARD", "CERTIFICATE_KIND"]
    assert "台账中没有" not in same.stderr


def test_the_screen_says_what_is_left_and_why_it_was_not_paid(book):
    shown = run("ledger", "person", "--name", "王一", "--ledger", book, "--format", "table").stdout
    assert "王*" in shown
    assert "2020 年：补贴性培训已用 1 次，上限 3 次，还可 2 次" in shown
    assert "800.25" in shown
    assert "NO_STANDARD" not in shown  # its title, in words
    assert id_number(1) not in shown


def test_a_name_that_nobody_bears_and_no_number_at_all(book):
    none = run("ledger", "person", "--name", "赵九", "--ledger", book, "--format", "json")
    assert (none.exit_code, json.loads(none.stdout)["people"]) == (0, [])
    assert "没有人叫“赵九”" in none.stderr
    assert run("ledger", "person", "--ledger", book).exit_code == 2
    assert run("ledger", "person", id_number(1), "--name", "王一", "--ledger", book).exit_code == 2


def test_held_lines_are_shown_with_their_age_and_masked(book):
    done = run("ledger", "held", "--ledger", book, "--today", "2021-01-15", "--format", "json")
    (row,) = json.loads(done.stdout)["lines"]
    assert (row["days"], row["since"], row["name"]) == (10, "2021-01-05", "王*")
    assert id_number(1) not in done.stdout
    shown = run("ledger", "held", "--ledger", book, "--today", "2021-01-15", "--format", "table").stdout
    assert "晋阳职业培训学校" in shown
    assert id_number(1) not in shown


@pytest.mark.parametrize("command", [("person", id_number(1)), ("held",)])
def test_without_a_ledger_one_line_names_the_path(tmp_path, command):
    done = run("ledger", *command, "--ledger", tmp_path / "none.db")
    assert done.exit_code == 4
    assert str(tmp_path / "none.db") in done.stderr
    assert done.stderr.count("\n") == 1
    assert not (tmp_path / "none.db").exists()


def test_neither_command_loads_pandas(book):
    for command in (("person", id_number(1)), ("held",)):
        loaded = imported("ledger", *command, "--ledger", book, "--format", "json")
        assert "trainingcli.ledger.sqlite" in loaded
        assert "pandas" not in loaded


def test_held_lines_of_an_institution_stand_together_however_it_is_spelled(sqlite_address):
    names = ["晋阳(北)", "晋阳(南)", "晋阳（北）", None]
    with open_ledger(sqlite_address) as ledger:
        Books(ledger).post("2021-01-05", [Line(n, institution=name, status="held") for n, name in enumerate(names)])
    asked = ["ledger", "held", "--ledger", sqlite_address, "--today", "2021-01-15", "--format"]
    assert [one["line"] for one in json.loads(run(*asked, "json").stdout)["lines"]] == [1, 3, 2, 4]
    shown = run(*asked, "table").stdout
    assert ["晋阳(北)（2 笔待核）" in shown, "晋阳（北）" in shown, "晋阳(南)（1 笔待核）" in shown] == [
        True,
        False,
        True,
    ]


def test_a_training_that_a_roster_has_twice_waits_twice(sqlite_address):
    """contract-2, 4, `ledger held`: what a batch held is listed, whatever the same batch says of the same training."""
    no, reject = {"severity": "hold", "code": "NO_STANDARD"}, {"severity": "reject", "code": "DATE_ORDER"}
    held_twice = [Line(1, status="held", codes="NO_STANDARD"), Line(1, status="held", codes="NO_STANDARD")]
    beside = [Line(2, status="held", codes="NO_STANDARD"), Line(2, status="rejected", codes="DATE_ORDER")]
    paid_too = [Line(3, status="held", codes="NO_STANDARD"), Line(3)]
    said = [{"line": line, **reason} for line, reason in ((0, no), (1, no), (2, no), (3, reject), (4, no))]
    with open_ledger(sqlite_address) as ledger:
        books = Books(ledger)
        books.post("2021-01-05", [*held_twice, *beside, *paid_too], reasons=said)
        before = [(row["line"], row["codes"]) for row in held(ledger, TODAY)]
        books.post("2021-02-05", [Line(1, status="held", codes="NO_BASIS"), Line(2)])
        after = [(row["batch"], row["line"], row["codes"]) for row in held(ledger, TODAY)]
    assert before == [(1, ["NO_STANDARD"]), (2, ["NO_STANDARD"]), (3, ["NO_STANDARD"])]
    assert after == [(2, 1, ["NO_BASIS"])]


def test_a_held_award_is_told_by_its_unit_and_host(sqlite_address):
    """The archive of an awards batch has columns of its own: unit, host; no person."""
    tmp = sqlite_address.removesuffix("ledger.db")
    header = ["名称", "类型", "级别", "依托单位", "认定日期", "认定文号"]
    row = ["迎泽高技能人才实训基地", "实训基地", "市级", "迎泽电力有限公司", "2020-05-01", None]
    sheet = write(Path(tmp) / "实训基地建设补贴.xlsx", [header, row])
    posted = run("awards", sheet, "--today", "2021-06-30", "--post", "--ledger", sqlite_address, "--out", f"{tmp}out")
    assert posted.exit_code == 0, posted.stderr
    done = run("ledger", "held", "--ledger", sqlite_address, "--format", "json", "--unmask", "--today", "2021-07-01")
    (found,) = json.loads(done.stdout)["lines"]
    assert (found["institution"], found["name"]) == ("迎泽电力有限公司", "迎泽高技能人才实训基地")
    assert (found["id_number"], found["codes"], found["days"]) == (None, ["DOCUMENT_MISSING"], 1)
    masked = run("ledger", "held", "--ledger", sqlite_address, "--format", "json", "--today", "2021-07-01")
    assert json.loads(masked.stdout)["lines"] == [found], "a unit is nobody"


AWARD = ["名称", "类型", "级别", "补贴项目", "依托单位", "认定日期", "认定文号"]
WAITS = {
    "a document": ("迎泽实训基地", "实训基地", "市级", "基地建设补贴", "某厂", "2020-05-01", None),
    "its grade": ("乙大师工作室", None, "市局级", "工作室补助", "某厂", "2020-05-01", "文2"),
    "its award": ("丁大师工作室", None, "国家级", "奖金", "某厂", "2020-05-01", "文4"),
    "its kind": ("戊中心", "协会", "市级", "工作室补助", "某厂", "2020-05-01", "文5"),
    "its day": ("己大师工作室", None, "市级", "工作室补助", "某厂", "2020-05", "文6"),
}


@pytest.mark.parametrize("what", WAITS)
def test_an_award_that_was_held_for_a_word_waits_until_the_corrected_one_is_answered(sqlite_address, what):
    """contract-2, 4, `ledger held`, of awards as of people; a unit of an unknown kind waits as any other."""
    corrected = {
        "a document": {6: "文1"}, "its grade": {2: "市级"}, "its award": {3: "工作室晋级补助"},
        "its kind": {1: "大师工作室"}, "its day": {5: "2020-05-01"},
    }[what]  # fmt: skip
    tmp = Path(sqlite_address.removesuffix("ledger.db"))
    better = [corrected.get(place, cell) for place, cell in enumerate(WAITS[what])]
    found = []
    for day, row in (("2021-03-01", WAITS[what]), ("2021-03-02", better)):
        other = ["另一大师工作室", None, "市级", "工作室补助", "某厂", "2020-05-01", "另文"]  # paid, and no answer
        sheet = write(tmp / f"{day}.xlsx", [AWARD, row, other])
        asked = ["--ledger", sqlite_address, "--today", day]
        assert run("awards", sheet, "--post", "--out", tmp / "out", *asked).exit_code == 0
        found.append([(one["line"], one["days"]) for one in json.loads(run("ledger", "held", *asked).stdout)["lines"]])
    assert found == [[(1, 0)], []]


@pytest.mark.parametrize(("level", "code"), [("特级", "UNKNOWN_LEVEL"), ("初级工", "LEVEL_DIFFERS")])
def test_a_level_in_doubt_is_no_other_training(sqlite_address, level, code):
    """It stands in the ledger's index as it was written; the corrected line answers it all the same."""
    with open_ledger(sqlite_address) as ledger:
        books = Books(ledger)
        books.post("2021-01-05", [Line(1, level=level, status="held", codes=code)])
        books.post("2021-01-06", [Line(1, level=level, status="held", codes=code, start="2020-08-01")])
        books.post("2021-02-05", [Line(1, level="高级工")])
        assert [row["batch"] for row in held(ledger, TODAY)] == [2]
        (person,) = people(ledger, [id_number(1)], POLICY)
    assert [row["batch"] for row in person["refused"]] == [2]


@pytest.mark.parametrize(
    ("then", "left"),
    [
        (Line(1, level="初级工"), []),
        (Line(1, level="初级工", status="rejected", codes="NOT_ELIGIBLE"), ["rejected"]),
        (Line(1, level="初级工", start="2020-07-02"), ["held"]),
        (Line(1, level="初级工", occupation="焊工"), ["held"]),
        (Line(2, level="初级工"), ["held"]),
    ],
)
def test_what_was_held_for_a_missing_word_waits_no_more_once_the_corrected_line_is_answered(sqlite_address, then, left):
    """The ledger keeps answers by the words of a training; the corrected line has one more."""
    with open_ledger(sqlite_address) as ledger:
        books = Books(ledger)
        books.post("2021-01-05", [Line(1, level=None, status="held", codes="UNKNOWN_LEVEL")])
        books.post("2021-02-05", [then])
        waiting = [row["line"] for row in held(ledger, TODAY)]
        (person,) = people(ledger, [id_number(1)], POLICY)
    assert [row["status"] for row in person["refused"]] == left
    assert bool(waiting) == (left == ["held"])
