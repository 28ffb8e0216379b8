"""Return workbooks (退回件): each institution's own file, marked, to be mended and sent back."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from pathlib import Path

import pyarrow.compute as pc

from trainingcli import language
from trainingcli.intake.formats.strange_cells import column_of
from trainingcli.intake.tables.sheet_tables import InputFile
from trainingcli.reports.data.reason_words import remedies
from trainingcli.reports.data.text_columns import arrow_table
from trainingcli.reports.returned.return_task import ReturnTask, RowFinding
from trainingcli.settle.assessment import Assessment

_KEPT = ("xlsx", "xlsm")
# Marking takes some ten times a sheet's size in memory; above this the cells alone are written, as a stream.
_MOST_CELLS = 500_000


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
