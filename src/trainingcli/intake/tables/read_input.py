"""In the worker: one path → `InputFile`: opened behind the gate, its sheets read as tables."""

from __future__ import annotations

import gc
import hashlib
import io
from collections.abc import Collection

from trainingcli.bounded_input import LARGEST_STREAM, TOO_LARGE
from trainingcli.facts import RETURN_SHEET
from trainingcli.intake.formats.fingerprint import is_unchanged_package
from trainingcli.intake.formats.grid import OpenedBook
from trainingcli.intake.formats.open_book import open_book, read_bytes
from trainingcli.intake.gate.bounds import DEFAULT, Bounds
from trainingcli.intake.gate.refusal import Refused
from trainingcli.intake.tables.headings import Headings
from trainingcli.intake.tables.sheet_reader import read_sheet
from trainingcli.intake.tables.sheet_remarks import sheet_remarks
from trainingcli.intake.tables.sheet_tables import InputFile
from trainingcli.language import Text
from trainingcli.stamp import RETURNABLE, read_stamp
from trainingcli.vocabulary import Vocabulary

NO_HEADER = Text(
    "未找到表头：至少要有三个认识的列名，其中之一是姓名或身份证号",
    "no header found: it takes three known headings, one of them name or ID number",
)
NO_TABLE = Text("未找到这张表的表头", "no header of this table was found")


def read_one(
    path: str, data: bytes | None, vocabulary: Vocabulary, password: str | None, bounds: Bounds = DEFAULT
) -> InputFile:
    """Read one input. `data`: standard input's bytes where the path is `-`. Whatever is wrong ends in `error`."""
    gc.disable()  # millions of cells and no cycles among them
    found = InputFile(path)
    try:
        data = read_bytes(path, bounds) if data is None else data
        if path == "-" and len(data) > LARGEST_STREAM:
            raise Refused(TOO_LARGE)
        found.sha256 = hashlib.sha256(data).hexdigest()
        headings = Headings.of(vocabulary)
        ours = _sheets_of_ours(data, is_roster=headings.is_roster)
        book = open_book(data, password, bounds)
        found.format = book.format
        _read_grids(book, found, headings, bounds, ours)
    except Refused as refusal:
        found.error = refusal.text
        found.sheets.clear()
    finally:
        gc.enable()
    return found


_OWN = {
    "claim": Text("申领核定表", "a claim workbook"),
    "summary": Text("汇总表", "a summary"),
    "return": Text("退回件，没有单元格被改动", "a return of which no cell was changed"),
    "template": Text("空白花名册，没有填写", "a blank roster that nobody filled in"),
}


def _sheets_of_ours(data: bytes, *, is_roster: bool) -> Collection[str]:
    """Return the sheets that this program added to a file: of a return the one that says what to do.

    What it wrote and is no roster is refused: its reports, and forms to fill in or to mend that nobody did. A claim
    workbook comes back with decisions in it, as another table than a roster.
    """
    stamp = read_stamp(io.BytesIO(data)) if data.startswith(b"PK") else None
    if stamp is None or stamp.kind not in _OWN or (stamp.kind in RETURNABLE and not is_unchanged_package(data)):
        return RETURN_SHEET if stamp is not None and stamp.kind == "return" else ()
    if stamp.kind == "claim" and not is_roster:
        return ()
    text = Text("是本程序写出的{what}，不是花名册", "was written by this program: {what}; it is no roster")
    raise Refused(text.format(what=_OWN[stamp.kind]))


def _read_grids(book: OpenedBook, found: InputFile, headings: Headings, bounds: Bounds, ours: Collection[str]) -> None:
    for grid in book.grids:
        tables = read_sheet(grid, headings, bounds)
        if not isinstance(tables, list):
            if tables is None and grid.name in ours:
                continue
            found.not_read.append((grid.name, NO_HEADER if headings.is_roster else NO_TABLE))
            if tables is not None and (found.nearest is None or len(tables.keys) > len(found.nearest[2])):
                found.nearest = (grid.name, *tables)
            continue
        for table in tables:
            found.sheets.append(table)
            found.warnings += sheet_remarks(table, headings)
    found.not_read = book.not_read + found.not_read
    found.warnings = book.warnings + found.warnings
