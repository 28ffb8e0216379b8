"""What a cell's look says: struck through, a date's format without a day, a unit in the number format."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import numpy as np
import pytest
from tests.intake.helpers import VOCABULARY

from trainingcli.intake.formats.cell_kinds import Mark
from trainingcli.intake.formats.grid import Grid
from trainingcli.intake.gate.bounds import DEFAULT
from trainingcli.intake.tables.convert import Roster, to_roster
from trainingcli.intake.tables.headings import Headings
from trainingcli.intake.tables.raw_columns import RawCells
from trainingcli.intake.tables.sheet_reader import read_sheet
from trainingcli.intake.tables.sheet_tables import InputFile

HEADER = ["姓名", "身份证号", "开班日期", "补贴金额(万元)"]
DAY = dt.date(2020, 7, 1)


def roster(marks: Mapping[int, Mapping[int, int]], amount: object = 0.08) -> Roster:
    """Return two people's roster, marked: row (from 0) → column (from 0) → marks."""
    rows = [list(HEADER), ["王一", "140105199001011234", DAY, amount], ["李二", "140105199002021234", DAY, amount]]
    found = InputFile("a.xlsx")
    for table in read_sheet(Grid("表1", iter(rows), marks=marks), Headings.of(VOCABULARY), DEFAULT):
        if isinstance(table.cells, RawCells):
            table.cells = table.cells.table()
        found.sheets.append(table)
    return to_roster([found], VOCABULARY)


@pytest.mark.parametrize(("column", "struck"), [(0, True), (1, True), (2, False), (3, False)])
def test_a_struck_name_or_number_strikes_the_row(column, struck):
    assert roster({2: {column: Mark.STRUCK}}).rows["struck"].tolist() == [False, struck]


def test_a_date_whose_format_shows_no_day_is_a_bad_date():
    found = roster({1: {2: Mark.NO_DAY}})
    assert [(part.code, part.field, part.rows.tolist()) for part in found.findings.parts] == [
        ("BAD_DATE", "start_date", [0])
    ]
    assert np.isnat(found.rows["start_date"].to_numpy()).tolist() == [True, False]


@pytest.mark.parametrize(
    ("mark", "amount", "fen"),
    [
        (0, 0.08, 80_000),  # the heading's 万元
        (Mark.UNIT_WAN, 0.08, 80_000),  # once, not twice
        (Mark.UNIT_YUAN, 300.0, 30_000),  # the number format is nearer than the heading
        (Mark.UNIT_YUAN, "0.03万", 30_000),  # a text has no number format; its own unit counts
    ],
)
def test_a_unit_counts_once_the_nearest_of_text_format_and_heading(mark, amount, fen):
    assert roster({1: {3: mark}, 2: {3: mark}}, amount).rows["claimed"].tolist() == [fen, fen]
