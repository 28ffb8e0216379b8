"""Every step of writing that a test can die at is passed, in order: before it nothing is written, after it all is."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path

import pytest

from trainingcli.claims.batch_index import EarlierArchives
from trainingcli.errors import LedgerError
from trainingcli.ledger import failpoints, open_ledger

from . import earlier
from .claims import line, lines, record


class Died(BaseException):
    """Stands for SIGKILL, within the test's own process."""


@pytest.fixture
def die_at(monkeypatch):
    def arm(name: str) -> None:
        monkeypatch.setenv(failpoints.VARIABLE, name)
        monkeypatch.setattr(failpoints, "_passed", {})

    def kill(process: int, signal: int) -> None:
        assert (process, signal) == (os.getpid(), 9)
        raise Died

    monkeypatch.setattr(os, "kill", kill)
    return arm


def post(address: str) -> None:
    with open_ledger(address) as ledger, ledger.transaction():
        ledger.post(record(), lines(line(1)), b"x")


@pytest.mark.parametrize("name", failpoints.NAMES[:7])
def test_each_step_of_a_first_posting_is_passed(address, die_at, name, monkeypatch):
    if name == "create.key" and address.startswith("postgresql:"):
        pytest.skip("the key of a PostgreSQL ledger comes from the environment")
    die_at(name)
    with pytest.raises(Died):
        post(address)
    monkeypatch.delenv(failpoints.VARIABLE)
    with open_ledger(address) as ledger:
        assert ledger.head().entries == (1 if name == "commit.after" else 0)


def test_the_archive_and_the_header_are_written_after_the_entries(address, die_at):
    with open_ledger(address) as ledger:
        for name, written in (("entries", (1, 0, 0)), ("archive", (1, 1, 0)), ("batch", (1, 1, 1))):
            die_at(f"post.{name}")
            with pytest.raises(Died), ledger.transaction():  # noqa: PT012 - what is there when it dies
                try:
                    ledger.post(record(), lines(line(1)), b"x")
                finally:
                    tables = ("entries", "archives", "batches")
                    assert tuple(len(ledger._store.execute(f"SELECT 1 FROM {one}")) for one in tables) == written


@pytest.mark.parametrize("name", failpoints.NAMES[7:])
def test_each_step_of_an_upgrade_is_passed(address, die_at, name, monkeypatch):
    monkeypatch.setenv("TRAININGCLI_LEDGER_KEY", "")
    earlier.put(address)
    die_at(name)
    with pytest.raises(Died):
        open_ledger(address, reader=EarlierArchives())


def test_the_lowest_free_place_is_given_out(address):
    """Places are 1..3, unique for person and year (issue 6); what a reversal freed is given out again."""
    with open_ledger(address) as ledger:
        with ledger.transaction():
            first = ledger.post(record(), lines(line(1), line(1, event=-2, occupation="焊工")), b"")
        ledger.void(first, [0], "x", when="2021-03-02T09:00:00+08:00")
        for occupation in ("钳工", "车工"):
            with ledger.transaction():
                ledger.post(record("b"), lines(line(1, occupation=occupation)), b"")
        assert ledger.entries()["place_no"].tolist() == [1, 2, 1, 1, 3]


def test_waivers_are_not_counted_among_the_years_places(address):
    """A waiver has a place of its own kind, so the bound of the year does not bind it."""
    waived = [
        line(1, event=-n, occupation=f"工种{n}", place="waiver", waiver='{"approver":"周科长"}') for n in range(1, 6)
    ]
    with open_ledger(address) as ledger, ledger.transaction():
        ledger.post(record(bound=3), lines(*waived), b"")
        assert ledger.entries()["place_no"].tolist() == [1, 2, 3, 4, 5]


@pytest.mark.parametrize("event", [0, 1, 99])
def test_an_event_of_the_ledger_must_hold_the_lines_place(address, event):
    """`event` >= 0 is one of the ledger's; where it holds no such place, the reason says so."""
    with open_ledger(address) as ledger:
        with ledger.transaction():
            ledger.post(record(), lines(line(1)), b"")
        again = line(1, event=event, programme="certificate", place="waiver", waiver="{}")
        with pytest.raises(LedgerError, match="不占该名额"), ledger.transaction():
            ledger.post(record("b"), lines(again), b"")


def test_a_batch_keeps_the_files_and_hashes_that_it_was_posted_from(address):
    with open_ledger(address) as ledger:
        with ledger.transaction():
            ledger.post(record("a", "b"), lines(line(1)), b"")
        (inputs,) = ledger.batches()["inputs"]
    assert json.loads(inputs) == [{"file": f"{one}.xlsx", "sha256": one * 64} for one in "ab"]


def test_every_step_in_the_program_has_its_name():
    """docs/ledger.md names the variable; the crash tests go through `NAMES`, so none may be missing there."""
    source = Path(failpoints.__file__).parent
    passed = {name for path in source.glob("*.py") for name in re.findall(r'failpoint\("([\w.]+)"\)', path.read_text())}
    assert set(failpoints.NAMES) == passed
    assert len(passed) == len(failpoints.NAMES) == 9
    assert failpoints.VARIABLE == "TRAININGCLI_FAILPOINT"
