"""Write planned workbooks, several at once where there are several and workers to do it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from trainingcli.errors import OutputError, TrainingError
from trainingcli.language import Text
from trainingcli.reports.workbooks.claim_workbook import ClaimTask
from trainingcli.reports.workbooks.outputs import Output, write_output
from trainingcli.workers import WorkerFailure, WorkerPool

# What writing takes here, in seconds; a worker first spends most of one on imports, so little work is done faster here.
_A_WORKBOOK, _A_LINE, _LITTLE = 0.04, 20e-6, 4.0
_MANY_LINES = 200_000  # above this a worker's memory limit would be in the way


def write_all(outputs: Sequence[Output], pool: WorkerPool, progress: Callable[[int, int], None] | None = None) -> None:
    """Write every workbook under its temporary name. Raises `OutputError` at the first that cannot be.

    Workers write the claim workbooks; what holds all lines, or most, is written here, where there is room for it.
    """
    shared = [item for item in outputs if _is_for_worker(item)]
    here = [item for item in outputs if not _is_for_worker(item)]
    if pool.jobs == 1 or sum(_A_WORKBOOK + _A_LINE * output.rows for output in shared) < _LITTLE:
        shared, here = [], list(outputs)
    done = 0
    tasks = [(output,) for output in shared]
    for _, failure in pool.map("trainingcli.reports.workbooks.writing:try_output", tasks) if tasks else ():
        _raise(failure)
        done += 1
        if progress is not None:
            progress(done, len(outputs))
    for output in here:
        write_output(output)
        done += 1
        if progress is not None:
            progress(done, len(outputs))


def _is_for_worker(output: Output) -> bool:
    return isinstance(output.task, ClaimTask) and output.task.lines.num_rows <= _MANY_LINES


def _raise(failure: object) -> None:
    """Raise what a worker returned, or that it stopped; nothing where it wrote its workbook."""
    if isinstance(failure, WorkerFailure):
        raise OutputError(
            Text(
                f"写工作簿的进程中止（{failure.kind}），请用 --jobs 1 再试",
                f"a process that writes workbooks stopped ({failure.kind}); try again with --jobs 1",
            )
        )
    if isinstance(failure, TrainingError):
        raise failure


def try_output(output: Output) -> TrainingError | None:
    """Write one workbook in a worker; the failure is returned, since it is the run's and not the worker's."""
    try:
        write_output(output)
    except TrainingError as error:
        return error
    return None
