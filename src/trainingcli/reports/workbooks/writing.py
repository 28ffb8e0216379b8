"""Write planned workbooks, several at once where there are several and workers to do it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from trainingcli.errors import OutputError, TrainingError
from trainingcli.language import Text
from trainingcli.reports.returned.return_task import ReturnTask
from trainingcli.reports.workbooks.claim_parts import ClaimTask
from trainingcli.reports.workbooks.outputs import Output, discard, write_output
from trainingcli.workers import WorkerFailure, WorkerPool

# What writing takes here, in seconds; a worker first spends most of one on imports, so little work is done faster here.
_A_WORKBOOK, _A_LINE, _LITTLE = 0.04, 20e-6, 4.0
_RETURNS = "trainingcli.reports.returned.write_return"  # without pandas and the like: a worker begins at once
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


def write_returns(outputs: Sequence[Output], pool: WorkerPool) -> list[tuple[Output, Text]]:
    """Write the return workbooks, each behind the fence; return those that could not be, with the reason.

    What is marked is an institution's own file: whatever it does to its worker, it gets a fresh copy then, and if that
    fails too it is named. No single one ends a run. Raises `OutputError` where nothing can be written.
    """
    failed: list[tuple[Output, Text]] = []
    left = list(outputs)
    while left:
        again = []
        tasks = [(one.task, one.temporary, one.path) for one in left]
        for index, result in pool.map(f"{_RETURNS}:try_return", tasks):
            output = left[index]
            if isinstance(result, OutputError):
                raise result
            if isinstance(result, WorkerFailure) and isinstance(output.task, ReturnTask) and output.task.keep:
                output.temporary.unlink(missing_ok=True)
                again.append(replace(output, task=output.task._replace(keep=False)))
            elif result is not None:
                discard([output])
                failed.append((output, _why(result)))
        left = again
    return failed


def _why(result: WorkerFailure | TrainingError) -> Text:
    if isinstance(result, TrainingError):
        return result.text
    return Text("内容过大或不合规范（{kind}）", "it is too large or malformed ({kind})").format(
        kind=" ".join((result.kind, result.detail)).strip()
    )


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
