"""The roster (花名册) as intake hands it on: a frame of typed columns, a row a data row; where rows come from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from trainingcli.findings import Findings
from trainingcli.intake.tables.sheet_tables import Unread

STRIKABLE = ("name", "id_number")
"""Fields of which a cell struck through withdraws the row, in the order in which they are looked at."""


class Origin(NamedTuple):
    """Where rows come from: a sheet of an input, which column holds which field, and the texts around the table.

    `totals`: letter of an amount column → first and last row of each vertical merge in it.
    `reporting`: the institution is one that a title line 填报单位 or 申报单位 names, who need not have trained.
    `unclear`: the institution stands under, or behind, a heading that may mean the assessor (机构名称).
    """

    input: int
    file: str
    sheet: str
    letters: Mapping[str, str]
    keys: frozenset[str]
    above: str
    wide: tuple[str, ...]
    unread: tuple[Unread, ...] = ()
    totals: Mapping[str, Sequence[tuple[int, int]]] = {}
    reporting: bool = False
    unclear: bool = False


class Wide(NamedTuple):
    """One wide amount column's cells: row positions, fen (0 where there is none or a fault), and what it is headed.

    `fault`: a code, "" where there is none; as references, since most rows have the same. `most`: the fen that stand
    there whatever the fault, 0 where none can be read. `written`: what is at fault, else None.
    """

    programme: str
    letter: str
    rows: npt.NDArray[np.int64]
    fen: npt.NDArray[np.int64]
    fault: npt.NDArray[np.object_]
    most: npt.NDArray[np.int64]
    written: npt.NDArray[np.object_]


@dataclass
class Roster:
    """All data rows of all inputs, in the order of input, sheet, row; position = identity.

    `rows`: `sheet` int32 (position in `origins`), `row` int32, every text field as Arrow string (null when empty),
    the dates (`start_date` …) datetime64[s], `attended_days` Int32, `claimed` Int64 (fen), `most` int64 (the largest
    amount that stands there in fen, whatever its fault; 0: none), `struck` int8 (0, or the place in
    `STRIKABLE`, from 1, of what is struck through: the name, else the ID number).
    """

    rows: pd.DataFrame
    origins: list[Origin]
    wide: list[Wide]
    findings: Findings
