"""Write one return workbook: the institution's own, marked, or a fresh copy where that cannot be kept."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Mapping
from pathlib import Path
from typing import IO

from trainingcli import language
from trainingcli.drafts import cannot_write, private_file
from trainingcli.errors import InputError, TrainingError
from trainingcli.fence import fenced
from trainingcli.intake.formats.fingerprint import fingerprint
from trainingcli.language import Text
from trainingcli.memory import MIB
from trainingcli.reports.returned.marked_copy import MarkedCopy, marked_copy
from trainingcli.reports.returned.return_task import ReturnTask
from trainingcli.stamp import stamped, write_stamped

# Bytes that marking may take, and all of it; a file that needs more is given a fresh copy, else none.
_MARKING_MEMORY, _MEMORY = 1024 * MIB, 1536 * MIB


def try_return(task: ReturnTask, temporary: Path, path: Path) -> TrainingError | None:
    """Write a return workbook under its temporary name; the failure is returned, nothing is left then."""
    try:
        with fenced(_MEMORY), private_file(temporary) as target:
            write_return(task, target)
    except OSError as error:
        return cannot_write(path, error)
    except TrainingError as error:
        return error
    return None


def write_return(task: ReturnTask, target: IO[bytes]) -> None:
    """Write a return workbook to an open binary file. Raises `InputError` where the source is not what was read.

    What is marked is what an institution sent: this is for workers behind the fence.
    """
    language.use(task.language)
    data = task.data if task.data is not None else _read(task)
    copy = _marked(task, data) if task.keep else None
    if copy is None:
        fresh = _fresh(task, data)
        stamped(io.BytesIO(fresh), target, "return", cells=fingerprint(fresh))
    else:
        target.write(_packed(copy.parts, copy.cells or fingerprint(_packed(copy.parts, ""))))


def _marked(task: ReturnTask, data: bytes) -> MarkedCopy | None:
    with fenced(_MARKING_MEMORY):
        return marked_copy(data, task.headers, task.findings, task.today, task.names)


def _packed(parts: Mapping[str, bytes], cells: str) -> bytes:
    package = io.BytesIO()
    write_stamped(parts, package, "return", cells=cells)
    return package.getvalue()


def _fresh(task: ReturnTask, data: bytes) -> bytes:
    from trainingcli.intake.formats.open_book import open_book
    from trainingcli.intake.gate.bounds import DEFAULT
    from trainingcli.intake.gate.refusal import Refused
    from trainingcli.reports.returned.fresh_copy import write_fresh_copy

    target = io.BytesIO()
    try:
        write_fresh_copy(open_book(data, task.password, DEFAULT), task.headers, task.findings, task.today, target)
    except Refused as refusal:
        raise InputError(refusal.text) from None
    return target.getvalue()


def _read(task: ReturnTask) -> bytes:
    """The source's bytes, if they are still those that were vetted and read."""
    try:
        data = Path(task.source).read_bytes()
    except OSError:
        data = b""
    if hashlib.sha256(data).hexdigest() != task.sha256:
        text = Text("{file}：读取之后文件有变动，请重新运行", "{file}: the file changed after it was read; run again")
        raise InputError(text.format(file=task.source))
    return data
