"""Workbooks written by several workers: the same as by one process, and a failure is told and leaves nothing."""

from __future__ import annotations

import sys
from pathlib import Path

import openpyxl
import pytest

from reports.builder import random_assessment
from trainingcli.errors import OutputError
from trainingcli.reports.workbooks import writing
from trainingcli.reports.workbooks.outputs import Output, commit, discard, plan_outputs
from trainingcli.workers import WorkerPool

TESTS = str(Path(__file__).parents[1])


@pytest.fixture
def shared(monkeypatch):
    """However little there is to write, it is shared out."""
    monkeypatch.setattr(writing, "_LITTLE", 0.0)
    monkeypatch.setattr(sys, "path", [*sys.path, TESTS])  # the workers' too: they unpickle the tests' policy


def cells(folder: Path) -> dict[str, list[list[object]]]:
    return {
        f"{path.name} {sheet.title}": [[cell.value for cell in row] for row in sheet.iter_rows()]
        for path in sorted(folder.glob("*.xlsx"))
        for sheet in openpyxl.load_workbook(path)
    }


def write(outputs: list[Output], jobs: int) -> list[tuple[int, int]]:
    steps: list[tuple[int, int]] = []
    with WorkerPool(jobs) as pool:
        writing.write_all(outputs, pool, lambda done, total: steps.append((done, total)))
    return steps


@pytest.mark.usefixtures("shared")
def test_two_workers_write_what_one_process_would(tmp_path):
    found = random_assessment(120)
    for jobs in (1, 2):
        outputs = plan_outputs(found, tmp_path / str(jobs))
        assert len(outputs) > 3
        assert write(outputs, jobs) == [(done, len(outputs)) for done in range(1, len(outputs) + 1)]
        commit(outputs)
    assert cells(tmp_path / "1") == cells(tmp_path / "2")


@pytest.mark.usefixtures("shared")
def test_a_workbook_that_a_worker_cannot_write_is_told(tmp_path):
    outputs = plan_outputs(random_assessment(60), tmp_path)
    outputs[0].temporary.mkdir()
    with pytest.raises(OutputError) as caught:
        write(outputs, 2)
    assert str(outputs[0].path) in caught.value.text.zh
    outputs[0].temporary.rmdir()
    discard(outputs)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.usefixtures("shared")
def test_a_worker_that_stops_is_told(tmp_path, monkeypatch):
    whole = WorkerPool.map
    monkeypatch.setattr(WorkerPool, "map", lambda pool, _, tasks: whole(pool, "os:abort", [() for _ in tasks]))
    outputs = plan_outputs(random_assessment(60), tmp_path)
    with pytest.raises(OutputError) as caught:
        write(outputs, 2)
    assert "--jobs 1" in caught.value.text.zh


def test_little_is_written_here(tmp_path, monkeypatch):
    monkeypatch.setattr(WorkerPool, "map", None)
    outputs = plan_outputs(random_assessment(60), tmp_path)
    assert len(write(outputs, 2)) == len(outputs)
