"""What a run no longer needs is not held: by references, since a figure in bytes is the machine's."""

from __future__ import annotations

import pickle

import pyarrow as pa

from support.inline import INLINE
from trainingcli.intake.tables.reading import read_rosters
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


def test_an_input_without_cells_holds_none(tmp_path):
    path = tmp_path / "r.csv"
    path.write_text("姓名,身份证号,职业(工种)\n" + "某人,140105199001010014,电工\n" * 3000, encoding="utf-8")
    vocabulary = load_vocabulary(load_policy().programme_names())
    (found,) = read_rosters([str(path)], vocabulary, INLINE)
    without = found.without_cells()
    assert found.sheets[0].cells.num_rows == 3000
    assert without.sheets[0].cells.schema == found.sheets[0].cells.schema
    assert without.sheets[0].cells.get_total_buffer_size() < 1000
    assert without.sheets[0].read == found.sheets[0].read
