"""Write planned workbooks, several at once where there are several and workers to do it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from trainingcli.errors import OutputError, TrainingError
from trainingcli.language import Text
from trainingcli.reports.claim_workbook import ClaimTask
from trainingcli.reports.workbooks import Output, write_output
from trainingcli.workers import WorkerFailure, WorkerPool

_FEW_LINES = 4000  # below this the workers' start and the trip of the data cost more than they save


def write_all(outputs: Sequence[Output], pool: WorkerPool, progress: Callable[[int, int], None] | None = None) -> None:
    """Write every workbook under its temporary name. Raises `OutputError` at the first that cannot be."""
    if pool.jobs == 1 or _lines(outputs) < _FEW_LINES:
        for done, output in enumerate(outputs, start=1):
            write_output(output)
            if progress is not None:
                progress(done, len(outputs))
        return
    tasks = [(output,) for output in outputs]
    for done, (_, failure) in enumerate(pool.map("trainingcli.reports.writing:try_output", tasks), start=1):
        if isinstance(failure, WorkerFailure):
            what = Text("写工作簿的进程中止", "a process that writes workbooks stopped")
            raise OutputError(Text(f"无法写出：{what.zh}", f"cannot write: {what.en}"))
        if isinstance(failure, TrainingError):
            raise failure
        if progress is not None:
            progress(done, len(outputs))


def _lines(outputs: Sequence[Output]) -> int:
    return sum(output.task.lines.num_rows for output in outputs if isinstance(output.task, ClaimTask))


def try_output(output: Output) -> TrainingError | None:
    """Write one workbook in a worker; the failure is returned, since it is the run's and not the worker's."""
    try:
        write_output(output)
    except TrainingError as error:
        return error
    return None
