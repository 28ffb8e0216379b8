"""Mutants of honest workbooks: no crash, no traceback, and what is accepted is what openpyxl reads too.

A short run by default; `TRAININGCLI_MUTANTS=5000` runs them all.
"""

from __future__ import annotations

import datetime as dt
import io
import os
import warnings

import openpyxl
import pytest
from openpyxl.utils.datetime import to_excel
from tests.hostile.mutants import BASES, mutant
from tests.intake.helpers import VOCABULARY

from trainingcli.intake.formats.cell_kinds import Kind, Mark
from trainingcli.intake.formats.cell_values import convert
from trainingcli.intake.tables.reading import read_rosters
from trainingcli.intake.tables.sheet_tables import InputFile, SheetTable
from trainingcli.workers import MIB, WorkerPool

COUNT = int(os.environ.get("TRAININGCLI_MUTANTS", "150"))


@pytest.fixture(scope="module")
def made() -> list[bytes]:
    bases = tuple(base() for base in BASES)
    return [mutant(number, bases) for number in range(COUNT)]


@pytest.fixture(scope="module")
def read(made, tmp_path_factory) -> list[InputFile]:
    folder = tmp_path_factory.mktemp("mutants")
    files = []
    for number, data in enumerate(made):
        path = folder / f"{number}.xlsx"
        path.write_bytes(data)
        files.append(str(path))
    with WorkerPool(2, memory=512 * MIB, seconds=20) as pool:
        return read_rosters(files, VOCABULARY, pool)


def test_every_mutant_is_decided_with_one_line(read):
    for found in read:
        assert found.error is not None or found.sheets or found.not_read
        if found.error is not None:
            assert found.sheets == []
            assert "\n" not in found.error.zh + found.error.en
            assert "1401051990" not in found.error.zh + found.error.en


def test_control_totals_hold_for_every_mutant(read):
    for found in read:
        for sheet in found.sheets:
            assert sheet.total == sheet.read + sheet.blank + sheet.header + sheet.footer + sheet.skipped
            assert sheet.read == sheet.cells.num_rows


def test_some_mutants_are_read_and_some_refused(read):
    refused = sum(found.error is not None for found in read)
    assert len(read) // 10 < refused < len(read) * 9 // 10


def test_what_is_accepted_openpyxl_reads_alike(made, read):
    compared = 0
    for number, (data, found) in enumerate(zip(made, read, strict=True)):
        if found.error is not None:
            continue
        other = by_openpyxl(data)
        if other is None:
            continue
        for sheet in found.sheets:
            compared += 1
            assert differences(sheet, other[sheet.sheet]) == [], f"mutant {number}"
    assert compared > COUNT // 5


def by_openpyxl(data: bytes) -> dict[str, openpyxl.worksheet.worksheet.Worksheet] | None:
    """Return the sheets by name; None where openpyxl cannot read the file, as for a style that is out of range."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            book = openpyxl.load_workbook(io.BytesIO(data), data_only=True)
            return {sheet.title: sheet for sheet in book.worksheets}
        except Exception:
            return None


def differences(sheet: SheetTable, other: openpyxl.worksheet.worksheet.Worksheet) -> list[tuple[object, ...]]:
    """Return the cells that differ, and the people that only openpyxl sees."""
    found: list[tuple[object, ...]] = []
    rows = sheet.cells.column("row").to_pylist()
    for number, column in enumerate(sheet.columns):
        texts, kinds = sheet.cells.column(f"t{number}").to_pylist(), sheet.cells.column(f"k{number}").to_pylist()
        for row, text, kind in zip(rows, texts, kinds, strict=True):
            if not kind & Mark.MERGED:
                theirs = other[f"{column.letter}{row}"].value
                if not alike(text, Kind(kind & 0xF), theirs):
                    found.append((column.letter, row, text, theirs))
    numbers = next((column.letter for column in sheet.columns if column.key == "id_number"), None)
    if numbers:
        for row in range(sheet.header_row + 1, other.max_row + 1):
            value = other[f"{numbers}{row}"].value
            if row not in rows and isinstance(value, str) and value[:10].isdigit():
                found.append(("lost", row, value))
    return found


def alike(text: str | None, kind: Kind, theirs: object) -> bool:
    """Tell whether both readers mean one value.

    Broken styles may make a date of a number for one reader and not for the other: the serial counts. A serial that is
    no date (negative, or beyond the year 9999) and a number that is none are an error for openpyxl.
    """
    if isinstance(theirs, dt.datetime | dt.time):
        if kind == Kind.NUMBER and text is not None:
            return float(text) == to_excel(theirs)
        if isinstance(theirs, dt.datetime) and theirs.year < 1900:
            return kind == Kind.TEXT
        if isinstance(theirs, dt.datetime) and theirs.time() == dt.time():
            theirs = theirs.date()
    if theirs == "#VALUE!" and kind in (Kind.NUMBER, Kind.ERROR):
        return True
    number = isinstance(theirs, int) and not isinstance(theirs, bool)
    return convert(float(theirs) if number else theirs)[0] == (None if kind == Kind.NO_VALUE else text)
