"""Readable rows → the rows of a declared table, by the real reader on a real workbook, in the test's own process."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

import xlsxwriter

from trainingcli.cell_findings import TableRow
from trainingcli.intake.tables.declared import declared_tables
from trainingcli.intake.tables.raw_columns import RawCells
from trainingcli.intake.tables.read_declared import TableRead, to_table
from trainingcli.intake.tables.read_input import read_one
from trainingcli.intake.tables.sheet_tables import InputFile
from trainingcli.intake.tables.table_rows import rows_of
from trainingcli.vocabulary import Vocabulary

Row = TypeVar("Row", bound=TableRow)
Grid = Sequence[Sequence[Any]]


def workbook(sheets: Mapping[str, Grid]) -> bytes:
    """Return an xlsx of these sheets; a text is written as text, a number as a number, None leaves the cell empty."""
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True, "strings_to_numbers": False}) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for number, cells in enumerate(rows):
                for place, cell in enumerate(cells):
                    if cell is not None:
                        (sheet.write_string if isinstance(cell, str) else sheet.write)(number, place, cell)
    return stream.getvalue()


def read_table(system: str, table: str, *files: Mapping[str, Grid]) -> TableRead:
    """Return workbooks read as one declared table; each has to have a header."""
    declared = declared_tables(system)[table]
    vocabulary = declared.vocabulary()
    return to_table(_inputs(vocabulary, files), declared, vocabulary)


def read_rows(system: str, table: str, make: type[Row], *files: Mapping[str, Grid]) -> list[Row]:
    """Return the data rows of workbooks read as one declared table; each has to have a header."""
    return rows_of(read_table(system, table, *files), make)


def _inputs(vocabulary: Vocabulary, files: Sequence[Mapping[str, Grid]]) -> list[InputFile]:
    inputs = []
    for number, sheets in enumerate(files):
        found = read_one("-", workbook(sheets), vocabulary, None)
        assert found.error is None, found.error
        assert found.sheets, found.not_read
        found.file = f"{number}.xlsx"
        for sheet in found.sheets:
            if isinstance(sheet.cells, RawCells):
                sheet.cells = sheet.cells.table()
        inputs.append(found)
    return inputs
