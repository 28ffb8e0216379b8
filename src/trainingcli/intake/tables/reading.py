"""Any input → `InputFile`: each file read by a worker behind the fence, in the order given."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from trainingcli.intake.tables.raw_columns import RawCells
from trainingcli.intake.tables.sheet_tables import InputFile
from trainingcli.language import Text
from trainingcli.vocabulary import Vocabulary
from trainingcli.workers import WorkerFailure, WorkerPool

_TASK = "trainingcli.intake.tables.read_input:read_one"


def read_rosters(
    files: Sequence[str],
    vocabulary: Vocabulary,
    pool: WorkerPool,
    *,
    stdin: bytes | None = None,
    password: str | None = None,
    progress: Callable[[int, int], None] | None = None,
    meanwhile: Callable[[], object] = int,
) -> list[InputFile]:
    """Read every file; the result is in the order of `files` and the same for any number of workers.

    `stdin`: the bytes for the path `-`. `progress(done, total)` is called after each file. `meanwhile`: what is to be
    done here while the workers read.
    """
    tasks = [(path, stdin if path == "-" else None, vocabulary, password) for path in files]
    results: dict[int, InputFile] = {}
    found = pool.map(_TASK, tasks)
    meanwhile()
    for index, result in found:
        results[index] = _failed(files[index], result) if isinstance(result, WorkerFailure) else _unpack(result)
        if progress is not None:
            progress(len(results), len(files))
    return [results[index] for index in range(len(files))]


def _unpack(found: InputFile) -> InputFile:
    for sheet in found.sheets:
        if isinstance(sheet.cells, RawCells):
            sheet.cells = sheet.cells.table()
    return found


def _failed(path: str, failure: WorkerFailure) -> InputFile:
    if failure.kind == "time":
        text = Text(
            "读取超时，已放弃该文件；请用 Excel 或 WPS 打开后另存为 .xlsx 再试",
            "reading took too long and was given up; open it in Excel or WPS, save it as a new .xlsx, and try again",
        )
    elif failure.kind == "error":
        text = Text(
            "文件内容不合规范，无法读取（{detail}）；请用 Excel 或 WPS 打开后另存为 .xlsx 再试",
            "the file is malformed and cannot be read ({detail}); open it in Excel or WPS, save it as a new .xlsx, "
            "and try again",
        ).format(detail=failure.detail)
    else:
        text = Text(
            "读取时占用内存过多或解析程序中止，已放弃该文件；请用 Excel 或 WPS 打开后另存为 .xlsx 再试",
            "reading it took too much memory or stopped the parser, so it was given up; open it in Excel or WPS, "
            "save it as a new .xlsx, and try again",
        )
    return InputFile(path, error=text)
