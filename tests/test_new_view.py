"""A view of the ledger from outside the package tree: one file, and no existing file changes."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import trainingcli.cli
from cli.program import run
from support.people import id_number
from trainingcli.ledger import open_ledger
from views.books import Books, Line, random_books

VIEW = '''"""`trainingcli trainees`: what was paid for each person and stands."""

from __future__ import annotations

import datetime as dt

from trainingcli.cli import options, session
from trainingcli.cli.failure import told
from trainingcli.language import Text, tr
from trainingcli.money import yuan_text
from trainingcli.result import Listing, Message, Result, columns

HELP = tr("每个人得到的补贴。", "What was paid for each person.")
TRAINEES = Listing("trainees", columns("""
    name       姓名      text   Name
    id_number  身份证号  code   ID number
    lines      笔数      count  Lines
    yuan       金额      yuan   Yuan
    """))


@told
def run(ledger: options.LedgerPath = None) -> Result:
    """Count in one state of the books."""
    from trainingcli.views.paid_lines import paid_table

    with session.existing_ledger(ledger) as opened, opened.one_state():
        head = opened.head().shown()
        paid = paid_table(opened, ["id_number", "name", "approved", "reversed_on"])
    found: dict[str, dict] = {}
    for row in paid.to_pylist():
        if row["id_number"] is not None and row["reversed_on"] is None:
            one = found.setdefault(row["id_number"], {"name": row["name"], "lines": 0, "fen": 0})
            one["lines"] += 1
            one["fen"] += row["approved"]
    rows = [
        {"name": one["name"], "id_number": number, "lines": one["lines"], "yuan": yuan_text(one["fen"])}
        for number, one in sorted(found.items())
    ]
    said = [] if rows else [Message(Text("没有支付", "nothing was paid"))]
    return Result("trainingcli.trainees/1", TRAINEES, rows, {"ledger": head}, messages=said)
'''
COMMON = ("--format", "--unmask", "--quiet", "--lang", "--config", "--log")


@pytest.fixture(autouse=True)
def trainees(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Put the file into a folder outside the package, and that folder among those of the commands."""
    folder = tmp_path / "more"
    folder.mkdir()
    (folder / "trainees.py").write_text(VIEW, "utf-8")
    monkeypatch.setattr(trainingcli.cli, "__path__", [*trainingcli.cli.__path__, str(folder)])
    yield
    sys.modules.pop("trainingcli.cli.trainees", None)


@pytest.fixture
def books(tmp_path: Path) -> Books:
    with open_ledger(tmp_path / "books.db") as ledger:
        return random_books(ledger, 11, steps=12)


def asked(folder: Path, *more: str) -> Any:
    return run("trainees", "--ledger", folder / "books.db", *more)


def yuan(lines: list[Line]) -> str:
    fen = sum(line.yuan or 0 for line in lines)
    return f"{fen // 100}.{fen % 100:02d}"


def test_it_says_what_the_list_of_postings_says(books: Books, tmp_path: Path) -> None:
    done = asked(tmp_path, "-f", "json", "--unmask")
    assert done.exit_code == 0, done.stderr
    people: dict[str, list[Line]] = {}
    for line in books.standing():
        if line.id_number is not None:
            people.setdefault(line.id_number, []).append(line)
    expected = [
        {"name": lines[0].name, "id_number": number, "lines": len(lines), "yuan": yuan(lines)}
        for number, lines in sorted(people.items())
    ]
    assert len(expected) > 5
    assert json.loads(done.stdout)["trainees"] == expected
    assert any(line.reversed for line in books.paid), "what was reversed is not counted"


@pytest.mark.parametrize("form", ["table", "json", "ndjson", "csv"])
def test_every_form_has_it_and_masks_its_people(form: str, books: Books, tmp_path: Path) -> None:
    done = asked(tmp_path, "-f", form)
    assert done.exit_code == 0, done.stderr
    person = next(line.person for line in books.standing() if line.person is not None)
    assert id_number(person) not in done.stdout
    assert f"{id_number(person)[:6]}********" in done.stdout


def test_it_stands_in_the_help_and_has_the_options_of_every_command() -> None:
    assert "trainees" in run("--help").stdout
    page = run("trainees", "--help").stdout
    assert "每个人得到的补贴。" in page
    assert [option for option in ("--ledger", *COMMON) if option not in page] == []


def test_where_there_are_no_books_it_says_so(tmp_path: Path) -> None:
    done = asked(tmp_path)
    assert done.exit_code == 4
    assert "没有台账" in done.stderr
