"""What a run no longer needs is not held: by references, since a figure in bytes is the machine's."""

from __future__ import annotations

import datetime as dt
import pickle
from pathlib import Path
from types import SimpleNamespace

import pyarrow as pa

from support.inline import INLINE
from trainingcli.claims import assess
from trainingcli.claims.request import Request
from trainingcli.claims.rosters import read_rows
from trainingcli.intake.tables.reading import read_rosters
from trainingcli.intake.tables.sheet_tables import InputFile
from trainingcli.policy import load_policy
from trainingcli.reports.workbooks.claim_parts import ClaimTask
from trainingcli.reports.workbooks.outputs import _rows
from trainingcli.vocabulary import load_vocabulary


def table(rows: int) -> pa.Table:
    return pa.table({"number": pa.array(range(rows), pa.int64()), "text": ["某" * 20] * rows})


def test_an_institutions_rows_that_stand_together_are_not_copied():
    lines = table(10_000)
    mine = _rows(lines, pa.array(range(2000, 3000)).to_numpy())
    assert mine["number"].chunk(0).buffers()[1].address == lines["number"].chunk(0).buffers()[1].address
    assert mine["number"].to_pylist() == list(range(2000, 3000))
    assert _rows(lines, pa.array([7, 3, 9]).to_numpy())["number"].to_pylist() == [7, 3, 9]
    assert _rows(lines, pa.array([3, 9]).to_numpy())["number"].to_pylist() == [3, 9]


def test_a_task_takes_its_own_lines_to_a_worker_and_no_others():
    lines = table(10_000)
    task = ClaimTask("某校", lines.slice(2000, 10), lines.slice(0, 1), None)  # type: ignore[arg-type]
    sent = pickle.dumps(task, protocol=5)
    assert len(sent) < 10_000
    assert pickle.loads(sent).lines.equals(lines.slice(2000, 10))


def read_csv(folder: Path, rows: int) -> InputFile:
    path = folder / "r.csv"
    path.write_text("姓名,身份证号,职业(工种)\n" + "某人,140105199001010014,电工\n" * rows, encoding="utf-8")
    (found,) = read_rosters([str(path)], load_vocabulary(load_policy().programme_names()), INLINE)
    return found


def test_cells_are_forgotten_as_soon_as_the_rows_are_made_of_them(tmp_path, monkeypatch):
    found, held = read_csv(tmp_path, 3000), []
    schema = found.sheets[0].cells.schema

    def settled(rows, *_):
        held.append(found.sheets[0].cells)
        return len(rows)

    monkeypatch.setattr(assess, "assess_rows", settled)
    request, sources = Request([], dt.date(2021, 12, 31)), SimpleNamespace(aliases={})
    for once in (False, True):
        assert assess.assess(request._replace(settled_once=once), load_policy(), [found], None, sources) == 3000
    kept, forgotten = held
    assert kept.num_rows == found.sheets[0].read == 3000
    assert forgotten.schema == schema
    assert forgotten.get_total_buffer_size() < 1000


def test_numbers_that_are_nearly_all_distinct_are_not_held_as_texts_of_python(tmp_path):
    policy, today = load_policy(), dt.date(2021, 12, 31)
    rows = read_rows([read_csv(tmp_path, 30)], policy, today)
    rows.numbers("certificate_no")
    assert "certificate_no" not in rows._words
