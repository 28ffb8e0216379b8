"""The lock is held for look-up and insertion alone; what others post meanwhile is seen (contract, 'Ledger')."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import openpyxl
import pytest

from cli.program import run, write
from trainingcli.claims import main_job, turns
from trainingcli.ledger import Budget, open_ledger
from trainingcli.stamp import read_stamp

from .claims import line, lines, record
from .test_commands import HEADINGS, row
from .test_reversed_before import CERTIFICATES, certificate

WHEN = "2021-01-04T09:00:00+08:00"


@pytest.fixture
def at_writing(monkeypatch) -> Callable[[list[Callable[[], Any]]], list[int]]:
    """What others do while a run writes its workbooks, one thing for each time that it does; how often it did."""
    write_workbooks = main_job.write_workbooks

    def arm(others: list[Callable[[], Any]]) -> list[int]:
        times: list[int] = []

        def watched(*arguments: Any, **options: Any) -> Any:
            books = write_workbooks(*arguments, **options)
            times.append(1)
            if others:
                monkeypatch.setattr(main_job, "write_workbooks", write_workbooks)
                others.pop(0)()
                monkeypatch.setattr(main_job, "write_workbooks", watched)
            return books

        monkeypatch.setattr(main_job, "write_workbooks", watched)
        return times

    return arm


def claims(address, folder, name, *rows, headings=HEADINGS):
    source = folder / f"{name}.xlsx"
    if not source.exists():
        write(source, [headings, *rows])
    done = run("claims", source, "--ledger", address, "--out", folder / f"out-{name}", "--today", "2021-03-01",
               "--post", "--format", "json", "--unmask")  # fmt: skip
    assert done.exit_code == 0, done.stderr
    return json.loads(done.stdout)


def outcome(found):
    return [(line["status"], [reason["code"] for reason in line["reasons"]]) for line in found["lines"]]


def check_workbooks(found, address, count=2):
    """The workbooks are the batch's, say its number and head, and are as this program wrote them."""
    with open_ledger(address) as ledger:
        last = ledger.entries(found["batch"]["id"]).iloc[-1]
        assert ledger.verify().ok
    assert found["ledger"] == {"head": last["hash"], "entries": last["entry"]}
    assert len(found["outputs"]) == count
    for path in found["outputs"]:
        assert path.endswith(f"-批次{found['batch']['id']}.xlsx")
        book = openpyxl.load_workbook(path)
        texts = [str(cell.value) for sheet in book for cells in sheet.iter_rows() for cell in cells]
        assert sum(last["hash"] in text for text in texts) == 1
        assert sum(f"{last['entry']} 条，末条 {last['hash'][:12]}…" in text for text in texts) == (
            "汇总-批次" not in path
        ), "page 1 of a claim workbook"
        assert read_stamp(path).as_written


def test_others_who_post_to_other_people_cost_nothing(address, tmp_path, at_writing):
    """Others post while this run writes: the lock is free. It is settled once; number and head are the real ones."""
    times = at_writing(
        [lambda: claims(address, tmp_path, "别人", row(2)), lambda: claims(address, tmp_path, "谁", row(3))]
    )
    found = claims(address, tmp_path, "本人", row(1))
    assert times == [1]
    assert outcome(found) == [("approved", [])]
    assert found["batch"] == {"id": 2, "already_posted": False}
    check_workbooks(found, address)


def test_what_was_posted_meanwhile_is_not_paid_again(address, tmp_path, at_writing):
    times = at_writing([lambda: claims(address, tmp_path, "别人", row(1))])
    found = claims(address, tmp_path, "本人", row(1), row(2))
    assert times == [1, 1]
    assert outcome(found) == [("posted", ["ALREADY_POSTED"]), ("approved", [])]
    check_workbooks(found, address)
    assert not list(tmp_path.glob("out-本人/.*")), "what was written first is gone"


def test_the_same_file_posted_meanwhile_is_one_batch(address, tmp_path, at_writing):
    """With payments and without: a batch of held lines alone changes nobody's history and is found all the same."""
    for name, number, people in (("一", "A1", [1]), ("二", "A2", [2, 3])):  # two people of one certificate wait
        rows = [certificate(one, number) for one in people]
        at_writing([lambda name=name, rows=rows: claims(address, tmp_path, name, *rows, headings=CERTIFICATES)])
        found = claims(address, tmp_path, name, *rows, headings=CERTIFICATES)
        assert found["batch"]["already_posted"], name
    with open_ledger(address) as ledger:
        assert ledger.batches()["kind"].tolist() == ["claims"] * 2


def test_after_the_third_time_it_is_settled_inside_the_lock(address, tmp_path, at_writing):
    """Each time somebody pays one more of its people, until the others must wait."""
    others = [lambda n=n: claims(address, tmp_path, f"别人{n}", row(n)) for n in range(1, 4)]
    times = at_writing([*others, lambda: waiting.append(busy(address))])
    waiting: list[str] = []
    found = claims(address, tmp_path, "本人", *(row(n) for n in range(1, 6)))
    assert len(times) == turns.TURNS + 1 == 4
    assert outcome(found) == [("posted", ["ALREADY_POSTED"])] * 3 + [("approved", [])] * 2
    assert waiting == ["the lock is held"]
    check_workbooks(found, address)


def busy(address):
    try:
        with open_ledger(address, timeout=0.05) as other, other.transaction():
            return "the lock is free"
    except Exception:
        return "the lock is held"


def test_a_reversal_meanwhile_is_seen(address, tmp_path, at_writing):
    """Posted, then reversed while the mended roster is written: held, not paid (reading 8.3)."""
    claims(address, tmp_path, "先", row(1))
    at_writing([lambda: run("ledger", "void", 1, "--why", "退训", "--today", "2021-03-01", "--ledger", address)])
    found = claims(address, tmp_path, "后", row(1), row(2))
    assert outcome(found) == [("held", ["REVERSED_BEFORE"]), ("approved", [])]


def test_a_certificate_of_somebody_else_meanwhile_is_seen(address, tmp_path, at_writing):
    def posted() -> None:
        with open_ledger(address) as ledger, ledger.transaction():
            ledger.post(record("b"), lines(line(9, certificate_no="A1")), b"")

    times = at_writing([posted])
    found = claims(address, tmp_path, "证", certificate(1, "A1"), headings=CERTIFICATES)
    assert outcome(found) == [("held", ["UNDER_CLAIMED", "DUPLICATE_CERTIFICATE"])]
    assert times == [1, 1]


@pytest.mark.parametrize(("budget", "expected", "times"), [(3000, "approved", 1), (1000, "held", 2)])
def test_a_fund_that_others_draw_on_is_looked_at_again(address, tmp_path, at_writing, budget, expected, times):
    """Where the line still fits nothing has to be done again; where it does not, it is held: never overdrawn."""
    with open_ledger(address) as ledger:
        ledger.set_budget([Budget("就业补助资金", 2021, budget * 100, 0)], when=WHEN)
    counted = at_writing([lambda: claims(address, tmp_path, "别人", row(2))])
    found = claims(address, tmp_path, "本人", row(1))
    assert [status for status, _ in outcome(found)] == [expected]
    assert len(counted) == times


def paid(folder, name, *rows):
    return write(folder / f"{name}.xlsx", [[*HEADINGS, "发放日期"], *([*each, "2020-08-01"] for each in rows)])


def test_an_import_is_settled_before_the_lock_and_looked_up_again_inside(address, tmp_path, monkeypatch):
    """As `claims --post`: others post while it settles; what they paid is not imported as well."""
    from trainingcli.claims import importing

    settle, states = importing._settled, []

    def watched(*arguments):
        found = settle(*arguments)
        states.append(busy(address))
        if len(states) == 1:
            claims(address, tmp_path, "别人", row(1))
        return found

    monkeypatch.setattr(importing, "_settled", watched)
    source = paid(tmp_path, "发放", row(1), row(2))
    done = run("ledger", "import", source, "--ledger", address, "--today", "2021-03-01")
    assert done.exit_code == 1
    assert "ALREADY_POSTED" in done.stderr
    assert states == ["the lock is free"] * 2
    with open_ledger(address) as ledger:
        assert ledger.batches()["kind"].tolist() == ["claims", "import"]
        assert ledger.batches()["lines"].tolist() == [1, 1]
