"""What a cluster cannot be used for is said in one line, with exit code 2, and never with a person's number."""

from __future__ import annotations

import logging
import sys
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from trainingcli import language
from trainingcli.cli import app
from trainingcli.engines import open_engine
from trainingcli.errors import UsageError
from trainingcli.workers import WorkerPool

from .conftest import WHY

ROSTER = next((Path(__file__).parents[2] / "sample_data" / "rosters").glob("1-*.xlsx"))
NUMBER = "140105199001010016"


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(language, "_current", "en")


def refused(*options: str) -> str:
    result = CliRunner().invoke(app, ["claims", str(ROSTER), "--lang", "en", *options])
    assert result.exit_code == 2
    assert result.stdout == ""
    lines = result.stderr.splitlines()
    assert len(lines) == 1
    return lines[0]


def test_without_the_extra_the_command_that_installs_it_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    monkeypatch.delitem(sys.modules, "trainingcli.engines.dask", raising=False)
    assert "pip install 'trainingcli[dask]'" in refused("--engine", "dask")


def test_a_scheduler_without_the_engine_is_wrong_usage() -> None:
    assert "--engine dask" in refused("--scheduler", "tcp://127.0.0.1:8786")


@pytest.mark.parametrize("address", ["tcp://127.0.0.1:9", "nowhere", "foo://127.0.0.1:9"])
def test_a_scheduler_that_does_not_answer_is_said(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("distributed", reason=WHY)
    from trainingcli.engines import cluster as clusters

    monkeypatch.setattr(clusters, "_PATIENCE", 1)
    said = refused("--engine", "dask", "--scheduler", address)
    assert address in said
    assert "does not answer" in said


def test_workers_that_would_write_rows_to_disk_are_refused() -> None:
    distributed = pytest.importorskip("distributed", reason=WHY)
    import dask

    as_shipped = {"distributed.worker.memory.target": 0.6, "distributed.worker.memory.spill": 0.7}
    here: dict[str, Any] = {"processes": False, "protocol": "tcp", "dashboard_address": "127.0.0.1:0"}
    with (
        dask.config.set(as_shipped),
        distributed.LocalCluster(n_workers=1, silence_logs=logging.CRITICAL, **here) as cluster,
        pytest.raises(UsageError, match="WORKER__MEMORY__SPILL=False"),
        open_engine("dask", cluster.scheduler_address, WorkerPool(1)),
    ):
        pass


def test_workers_of_another_version_are_refused(cluster: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from trainingcli.engines import cluster as clusters

    monkeypatch.setattr(clusters, "__version__", "99.9")
    with pytest.raises(UsageError, match=r"not 99\.9"), open_engine("dask", cluster.scheduler_address, WorkerPool(1)):
        pass


def test_a_lost_cluster_is_said_in_one_line() -> None:
    pytest.importorskip("distributed", reason=WHY)
    from distributed.scheduler import KilledWorker

    from trainingcli.engines.dask import _alive

    def lost() -> None:
        raise KilledWorker(f"task {NUMBER}", None, 3)

    with pytest.raises(UsageError, match="nothing was posted") as caught:
        _alive(lost)
    assert NUMBER not in str(caught.value)


def test_work_that_was_cancelled_is_a_lost_cluster(cluster: Any) -> None:
    from distributed import Event

    with open_engine("dask", cluster.scheduler_address, WorkerPool(1)) as engine:
        never = Event("never", client=engine.client)
        future = engine.client.submit(never.wait)
        future.cancel()
        with pytest.raises(UsageError, match="nothing was posted"):
            engine._gather([future])
        never.set()


def test_a_task_that_fails_says_where_and_quotes_nothing() -> None:
    pytest.importorskip("distributed", reason=WHY)
    from trainingcli.bureau_words import NO_WORDS
    from trainingcli.engines.tasks import Failure, guarded

    def fails(number: str) -> None:
        raise ValueError(number)

    failure = guarded(NO_WORDS, fails, NUMBER)
    assert isinstance(failure, Failure)
    assert failure.detail.startswith("ValueError ")
    assert NUMBER not in repr(failure)
    assert guarded(NO_WORDS, lambda parts: len(parts), [1, failure]) is failure
