"""A copy of the ledger: whole, on SQLite from either database, known as its beginning; and when the last was made."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from trainingcli.errors import OutputError, UsageError
from trainingcli.ledger import Budget, Ledger, open_ledger
from trainingcli.ledger.backup_note import last_backup, note_backup
from trainingcli.places import ledger_file

from .claims import WHEN, line, lines, record
from .conftest import SECRET

PAID = ["entry", "line", "approved", "fund", "occupation", "certificate", "reversed_on"]
NOT_WHOLE = "UPDATE entries SET approved = approved + 1 WHERE entry = 1"


@pytest.fixture
def ledger(address: str):
    with open_ledger(address) as opened:
        with opened.transaction():
            opened.post(record("a"), lines(line(1, certificate_no="S1"), line(2, line=5)), b"x")
        opened.void(1, [5], "退训", when=WHEN)
        opened.set_budget([Budget("市财政", 2021, 900, 7)], when=WHEN)
        yield opened


def copied(ledger: Ledger, target: Path) -> Path:
    ledger.back_up(target)
    own = Path(f"{ledger.name}.key")
    key = target.with_name(f"{target.name}.key")  # a copy has none beside it: its keeper puts it there
    key.touch(0o600)
    key.write_text(own.read_text() if own.is_file() else SECRET)
    return target


def held(ledger: Ledger) -> list[object]:
    """Everything that a ledger gives out."""
    payments = [(batch, table.to_pylist()) for batch, table in ledger.payments(PAID)]
    frames = [ledger.entries(), ledger.batches(), ledger.budgets()]
    return [ledger.head(), payments, ledger.archive(1), *(frame.to_json() for frame in frames)]


def test_a_copy_is_a_whole_ledger_of_its_own(ledger, tmp_path):
    copy = copied(ledger, tmp_path / "copy.db")
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    with open_ledger(copy) as other:
        assert other.verify().ok
        assert held(other) == held(ledger)
        with other.transaction():
            other.post(record("b"), lines(line(3)), b"y")
        assert other.verify(ledger.head().hash).ok, "it goes on from where it was copied"


def test_what_is_posted_after_the_copy_leaves_it_a_beginning(ledger, tmp_path):
    copy = copied(ledger, tmp_path / "copy.db")
    ledger.void(1, [0], "退训", when=WHEN)
    assert ledger.verify_against(copy, ledger.verify()).ok


def test_a_copy_that_went_on_by_itself_is_no_beginning(ledger, tmp_path):
    copy = copied(ledger, tmp_path / "copy.db")
    with open_ledger(copy) as other:
        other.void(1, [0], "另一处", when=WHEN)
    assert "no beginning" in ledger.verify_against(copy, ledger.verify()).problem.en


def test_another_ledgers_copy_is_no_backup_of_this_one(ledger, tmp_path):
    with open_ledger(tmp_path / "other.db") as other:
        other.back_up(tmp_path / "copy.db")
    assert "no backup of this ledger" in ledger.verify_against(tmp_path / "copy.db", ledger.verify()).problem.en


def test_a_copy_that_was_changed_fails_where_it_was_changed(ledger, tmp_path):
    """The hash of the changed entry is the true one still: only working it out again shows the change."""
    import sqlite3

    copy = copied(ledger, tmp_path / "copy.db")
    with sqlite3.connect(copy) as connection:
        (made,) = connection.execute("SELECT sql FROM sqlite_master WHERE name = 'entries_no_update'").fetchone()
        for statement in ("DROP TRIGGER entries_no_update", NOT_WHOLE, made):
            connection.execute(statement)
    connection.close()
    assert "the backup fails" in ledger.verify_against(copy, ledger.verify()).problem.en


def test_a_copy_is_never_written_over_anything(ledger, tmp_path):
    there = tmp_path / "there.db"
    there.write_text("of somebody else")
    with pytest.raises(UsageError, match="已存在"):
        ledger.back_up(there)
    assert there.read_text() == "of somebody else"


def test_a_place_that_cannot_be_written_is_told(ledger, tmp_path):
    with pytest.raises(OutputError) as caught:
        ledger.back_up(tmp_path / "无此文件夹" / "copy.db")
    assert caught.value.exit_code == 5
    assert "choose a folder that can be written" in caught.value.text.en


@pytest.mark.parametrize("server", [False, True])
def test_the_last_copy_is_known_by_its_ledger(tmp_path, monkeypatch, server):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    ledger_file().parent.mkdir(parents=True)
    ledgers = [f"postgresql://王:密@host/{name}" if server else str(tmp_path / name) for name in ("甲", "乙")]
    assert last_backup(ledgers[0]) is None
    note_backup(ledgers[0], {"when": WHEN, "file": os.fsdecode(b"/\xff.db")})  # a name that is no UTF-8
    note_backup(ledgers[0], {"when": WHEN, "file": "/二.db"})
    assert last_backup(ledgers[0]) == {"when": WHEN, "file": "/二.db"}, "the last one"
    assert last_backup(ledgers[1]) is None, "another ledger was not copied"
    (note,) = tmp_path.rglob("*.last-backup")
    assert stat.S_IMODE(note.stat().st_mode) == 0o600
    assert "密" not in note.name


@pytest.mark.parametrize("spoiled", ["", "{", "[1]", "7"])
def test_a_note_that_says_nothing_is_none(tmp_path, spoiled):
    note_backup(str(tmp_path / "甲"), {"when": WHEN})
    (note,) = tmp_path.glob("*.last-backup")
    note.write_text(spoiled)
    assert last_backup(str(tmp_path / "甲")) is None
