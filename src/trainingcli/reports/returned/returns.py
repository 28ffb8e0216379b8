"""Return workbooks (退回件): each institution's own file, marked, to be mended and sent back."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import pyarrow.compute as pc

from trainingcli import language
from trainingcli.errors import InputError
from trainingcli.fence import fenced
from trainingcli.intake.formats.strange_cells import column_of
from trainingcli.intake.tables.sheet_tables import InputFile
from trainingcli.language import Text
from trainingcli.reports.data.reason_words import remedies
from trainingcli.reports.data.text_columns import arrow_table
from trainingcli.settle.assessment import Assessment
from trainingcli.stamp import stamped

_KEPT = ("xlsx", "xlsm")
# Reopening takes openpyxl some 50 times the file's size in memory; above this the cells alone are written, as a stream.
_MOST_CELLS = 500_000
_MARKING_MEMORY = 1024 * 1024 * 1024  # bytes; a file that needs more is given a fresh copy


@dataclass(frozen=True)
class RowFinding:
    """One reason of one row of an input. `cell`: "F5", None where the column is not there."""

    sheet: str
    row: int
    cell: str | None
    severity: str
    message: str
    remedy: str


@dataclass(frozen=True)
class ReturnTask:
    """One return workbook to write. `data`: the file's bytes where it came by standard input.

    `headers`, `names`: of each sheet the header rows, and the column of the names, from 1.
    """

    source: str
    data: bytes | None
    sha256: str | None
    keep: bool
    headers: dict[str, tuple[int, ...]]
    names: dict[str, int]
    findings: tuple[RowFinding, ...]
    password: str | None
    today: str
    language: str


def return_task(
    source: str,
    assessment: Assessment,
    input_index: int,
    findings: Sequence[RowFinding],
    *,
    data: bytes | None = None,
    password: str | None = None,
    reduced: bool = False,
) -> ReturnTask | None:
    """Return what is to be written for one input; None where there is nothing to mend, or it could not be read.

    `findings`: the input's, of `findings_by_input`. A reduction is nothing to mend, unless those are asked for too
    (`reduced`).
    """
    wanted = {"reject", "hold", "reduce"} if reduced else {"reject", "hold"}
    item = assessment.inputs[input_index]
    if item.error is not None or not {item.severity for item in findings} & wanted:
        return None
    headers: dict[str, tuple[int, ...]] = {}
    names: dict[str, int] = {}
    for table in item.sheets:
        headers[table.sheet] = (*headers.get(table.sheet, ()), table.header_row)
        names.update((table.sheet, column_of(one.letter) + 1) for one in table.columns if one.key == "name")
    return ReturnTask(
        source, data, item.sha256, item.format in _KEPT and _cells(item) <= _MOST_CELLS and password is None, headers,
        names, tuple(findings), password, assessment.today, language.current(),
    )  # fmt: skip


def findings_by_input(assessment: Assessment) -> dict[int, list[RowFinding]]:
    """Return of each input the reasons of its rows in order, each once: a fault of a cell speaks for several lines."""
    reasons = arrow_table(assessment.reasons)
    rows = arrow_table(assessment.lines[["input", "sheet", "row"]]).take(reasons["line"])
    what_to_do = remedies(pc.unique(reasons["code"]).to_pylist())
    folders = {f"{Path(item.file).parent}/" for item in assessment.inputs if len(Path(item.file).parts) > 1}
    places = zip(*(rows[name].to_pylist() for name in ("input", "sheet", "row")), strict=True)
    said = (reasons[name].to_pylist() for name in ("cell", "severity", "code", language.current()))
    found: dict[int, dict[RowFinding, None]] = {}
    for (index, sheet, row), (cell, severity, code, text) in zip(places, zip(*said, strict=True), strict=True):
        finding = RowFinding(sheet, row, cell, severity, _without(folders, text), what_to_do[code])
        found.setdefault(index, {})[finding] = None
    return {index: list(mine) for index, mine in found.items()}


def _without(folders: Collection[str], text: str | None) -> str:
    """Name files as the institution knows them: where they lie at the bureau is nobody else's."""
    said = text or ""
    for folder in folders if "/" in said else ():
        said = said.replace(folder, "")
    return said


def _cells(item: InputFile) -> int:
    return sum(table.total * (len(table.columns) + len(table.unused)) for table in item.sheets)


def write_return(task: ReturnTask, target: IO[bytes]) -> None:
    """Write a return workbook to an open binary file. Raises `InputError` where the source is not what was read.

    What is marked is what an institution sent: this is for workers behind the fence.
    """
    from trainingcli.intake.formats.fingerprint import fingerprint

    language.use(task.language)
    data = task.data if task.data is not None else _read(task)
    package = _marked(task, data) if task.keep else None
    package = _fresh(task, data) if package is None else package
    stamped(io.BytesIO(package), target, "return", cells=fingerprint(package))


def _marked(task: ReturnTask, data: bytes) -> bytes | None:
    from trainingcli.reports.returned.marked_copy import marked_copy

    with fenced(_MARKING_MEMORY):
        return marked_copy(data, task.headers, task.findings, task.today, task.names)


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
