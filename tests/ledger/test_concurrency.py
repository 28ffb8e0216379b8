"""Eight processes at one ledger: the outcome is that of a serial run."""

from __future__ import annotations

import os
import threading
import time

import pytest

from trainingcli.errors import LedgerError
from trainingcli.ledger import open_ledger

from . import workers
from .claims import line, lines, person, record

PROCESSES, SLICE = 8, 250


def key_environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if name.startswith("TRAININGCLI_")}


def totals(address: str) -> tuple[int, int, int]:
    with open_ledger(address) as ledger:
        assert ledger.verify().ok
        entries = ledger.entries()
        people = entries[entries["subject_kind"] == "person"]
        assert people.groupby(["subject", "event_year"])["event"].nunique().le(3).all()
        assert not people.duplicated(["subject", "repeat_key"]).any()
        assert not entries[entries["subject_kind"] != "person"].duplicated(["subject", "once_key"]).any()
        return len(entries), int(entries["approved"].sum()), entries["subject"].nunique()


@pytest.mark.parametrize(("of", "slices", "count"), [("claims", 5, 1500), ("awards", 2, 1375)])
def test_eight_processes_post_overlapping_lines_as_a_serial_run_would(address, tmp_path, of, slices, count):
    # Each starts elsewhere and they overlap: 10,000 claims, 2,500 different ones; 4,000 awards, 1,375 different ones.
    wanted = [
        [((process * SLICE * slices // 4 + n * SLICE) % 2500, SLICE) for n in range(slices)]
        for process in range(PROCESSES)
    ]
    started = [
        workers.FORKS.Process(target=workers.post_all, args=(address, slices, key_environment(), None, of))
        for slices in wanted
    ]
    for process in started:
        process.start()
    for process in started:
        process.join()
    assert [process.exitcode for process in started] == [0] * PROCESSES
    serial = str(tmp_path / "serial.db")
    workers.post_all(serial, [one for own in wanted for one in own], {}, of=of)
    assert totals(address) == totals(serial)
    assert totals(serial)[0] == count, "of a person three trainings; every award that was claimed, once"


def test_a_new_ledger_may_be_opened_by_many_at_once(address):
    ready, outcomes = workers.FORKS.Barrier(6), workers.FORKS.Queue()
    started = [
        workers.FORKS.Process(target=workers.open_new, args=(address, key_environment(), ready, outcomes))
        for _ in range(6)
    ]
    for process in started:
        process.start()
    assert [outcomes.get(timeout=60) for _ in started] == [0] * 6
    for process in started:
        process.join()


def test_waiting_past_the_time_out_is_exit_4_and_posts_nothing(address):
    with open_ledger(address) as one, open_ledger(address, timeout=0.05) as other:
        with one.transaction():
            with pytest.raises(LedgerError) as caught, other.transaction():
                raise AssertionError("the ledger is held by the other")
            assert caught.value.exit_code == 4
            assert "locked" not in str(caught.value)
            assert other.head().entries == 0, "reading goes on meanwhile"
            one.post(record(), lines(line(1)), b"")
        with other.transaction():
            assert other.head().entries == 1, "the one that waited sees what was posted"


def test_the_one_that_waits_reads_what_the_other_posted(address):
    with open_ledger(address) as one:
        seen = []

        def other() -> None:
            with open_ledger(address, timeout=60) as ledger, ledger.transaction():
                seen.extend(ledger.history([person(1)], [])["entry"].tolist())

        waiting = threading.Thread(target=other)
        with one.transaction():
            waiting.start()
            time.sleep(0.2)
            one.post(record(), lines(line(1)), b"")
        waiting.join()
    assert seen == [1]
