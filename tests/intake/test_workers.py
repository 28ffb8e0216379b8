"""The fence: a task that dies, overruns or eats memory is one failure; the others go on."""

from __future__ import annotations

import os
import pickle
import time

import pytest

from trainingcli.workers import MIB, WorkerFailure, WorkerPool


def misbehave(how: str) -> object:
    if how == "abort":
        os.abort()
    if how == "leave":
        os._exit(0)
    if how == "memory":
        return len(bytearray(1 << 30))
    if how == "spin":
        while True:
            pass
    if how == "sleep":
        time.sleep(60)
    if how == "raise":
        raise ValueError("140105199001011234")
    if how == "print":
        print("noise")
        os.write(1, b"noise")
    if how == "large":
        return pickle.PickleBuffer(b"x" * (5 * MIB))
    return os.getpid()


@pytest.mark.parametrize(
    ("how", "kind"), [("abort", "died"), ("leave", "died"), ("memory", "memory"), ("spin", "time"), ("raise", "error")]
)
def test_a_bad_task_is_one_failure_and_the_others_go_on(how, kind):
    with WorkerPool(2, memory=300 * MIB, seconds=1) as pool:
        results = dict(pool.map(misbehave, [("well",), (how,), ("well",), ("well",)]))
    assert isinstance(results[1], WorkerFailure)
    assert results[1].kind == kind
    assert "140105199001011234" not in results[1].detail
    assert all(isinstance(results[index], int) for index in (0, 2, 3))


def test_a_task_that_only_waits_is_ended_by_the_clock(monkeypatch):
    monkeypatch.setattr("trainingcli.workers._GRACE", 0.0)
    with WorkerPool(1, seconds=0.2) as pool:
        assert dict(pool.map(misbehave, [("sleep",)])) == {0: WorkerFailure("time", "clock")}
        monkeypatch.undo()
        assert isinstance(dict(pool.map(misbehave, [("well",)]))[0], int)


def test_a_worker_is_used_for_many_tasks():
    with WorkerPool(1) as pool:
        assert len({result for _, result in pool.map(misbehave, [("well",)] * 5)}) == 1


def test_one_task_starts_one_worker():
    with WorkerPool(4) as pool:
        list(pool.map(misbehave, [("well",)]))
        assert len(pool._idle) == 1


def test_output_of_a_task_does_not_disturb_the_protocol(capfd):
    with WorkerPool(1) as pool:
        assert isinstance(dict(pool.map(misbehave, [("print",)]))[0], int)
    assert capfd.readouterr() == ("", "")


def test_large_results_come_in_one_piece():
    with WorkerPool(1) as pool:
        result = dict(pool.map(misbehave, [("large",)]))[0]
    assert len(result) == 5 * MIB


def test_functions_by_name():
    with WorkerPool(1) as pool:
        assert dict(pool.map("math:hypot", [(3, 4)])) == {0: 5.0}


def test_no_worker_outlives_its_pool():
    with WorkerPool(2) as pool:
        pids = {result for _, result in pool.map(misbehave, [("well",)] * 4)}
    for pid in pids:
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)


def test_a_worker_killed_while_idle_is_replaced():
    with WorkerPool(1) as pool:
        pid = dict(pool.map(misbehave, [("well",)]))[0]
        os.kill(pid, 9)
        time.sleep(0.1)
        assert dict(pool.map(misbehave, [("well",)]))[0] != pid
