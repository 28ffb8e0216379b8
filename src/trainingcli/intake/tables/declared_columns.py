"""A declared table's sheet → typed columns and the faults of their cells: column by column, each distinct cell once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from trainingcli.compared import PLAIN
from trainingcli.intake.formats.cell_kinds import Kind, Mark
from trainingcli.intake.tables import values
from trainingcli.intake.tables.cell_looks import shows_no_day, unit_factors
from trainingcli.intake.tables.declared import SEVERAL, DeclaredColumn, DeclaredTable
from trainingcli.intake.tables.declared_cells import MONTH_ALONE, BadCellError, RawCell, merged, value_of
from trainingcli.intake.tables.distinct_cells import DistinctValues, distinct_cells
from trainingcli.intake.tables.plain_cells import ID_NUMBER, plain_cells
from trainingcli.intake.tables.sheet_tables import SheetTable
from trainingcli.language import Text
from trainingcli.vocabulary import Vocabulary

ENDS = ("start_date", "end_date")
"""What the two ends of a `span` fill, where they have no cell of their own."""
# Texts that are their own value, told by pattern, so that many distinct ones are not looked at one by one.
_PLAIN = {"id": ID_NUMBER, "serial": r"^[0-9A-Z]*[0-9][0-9A-Z]*$"} | dict.fromkeys(("text", "name"), PLAIN)
_SAID = ("BAD_AMOUNT", "MERGED_AMOUNT")  # what stands in such a cell is an amount beside another's all the same
_AMOUNTS = (*_SAID, "AMOUNTS_DIFFER")
_DIFFER = Text("两列金额不一致", "two columns of the amount differ")
Columns = dict[str, DistinctValues]


class ColumnFault(NamedTuple):
    """What is wrong with a cell: the row's place in the sheet, the column, the finding's code, what to do, the text.

    `fen`: a merged amount's total, where it is one.
    """

    row: int
    key: str
    code: str
    text: Text
    value: str | None
    fen: int | None = None


def sheet_columns(sheet: SheetTable, table: DeclaredTable, words: Vocabulary) -> tuple[Columns, list[ColumnFault]]:
    """Return key → a value a data row, None (several values: ()) where there is none that holds; and the faults.

    A `span` has no column of its own: it fills the ends that have none.
    """
    reader = _Reader(sheet, words)
    columns: Columns = {}
    spans: list[Any] = []
    for key, column in table.columns.items():
        found = reader.values(key, column)
        if column.kind == "span":
            spans = found.each()
            columns |= {end: DistinctValues.of([None] * len(spans)) for end in ENDS if end not in table.columns}
        else:
            columns[key] = found
    for end, key in enumerate(ENDS if spans else ()):
        filled = zip(columns[key].each(), spans, strict=True)
        columns[key] = DistinctValues.of(
            [span[end] if own is None and span is not None else own for own, span in filled]
        )
    return columns, reader.faults


def struck_rows(sheet: SheetTable, keys: Collection[str]) -> list[int]:
    """Return the rows in which a cell of one of these columns is struck through."""
    places = [number for number, found in enumerate(sheet.columns) if found.key in keys]
    marked = [sheet.cells.column(f"k{place}").to_numpy() & Mark.STRUCK for place in places]
    found: list[int] = np.flatnonzero(np.any(marked, axis=0)).tolist() if marked else []
    return found


class _Reader:
    """Converts one sheet's columns, and gathers what is wrong with their cells."""

    def __init__(self, sheet: SheetTable, words: Vocabulary) -> None:
        self.faults: list[ColumnFault] = []
        self._sheet, self._words = sheet, words
        self._size = sheet.cells.num_rows

    def values(self, key: str, column: DeclaredColumn) -> DistinctValues:
        """Return the values of a column, of several of one key together, or of the title line that fills it."""
        places = [number for number, found in enumerate(self._sheet.columns) if found.key == key]
        before = len(self.faults)
        parts = [self._cells(key, column, place) for place in places] or [self._title(key, column)]
        found = self._agreed(key, parts, before) if column.agree and len(parts) > 1 else parts[0]
        if column.several:
            found = DistinctValues.of(
                [_joined(same, column) for same in zip(*(part.each() for part in parts), strict=True)]
            )
        if column.needed:
            bad = {fault.row for fault in self.faults[before:]}
            text = Text(f"“{column.headings[0]}”未填写", f"'{column.headings[0]}' is empty")
            empty = np.flatnonzero(~found.said()).tolist()
            self.faults += [ColumnFault(row, key, "MISSING_FIELD", text, None) for row in empty if row not in bad]
        return found

    def _agreed(self, key: str, parts: Sequence[DistinctValues], first: int) -> DistinctValues:
        """Return the first amount of each row that is filled in; two that differ are a fault, and no value.

        `first`: where this column's faults begin; what cannot be read at all is worse than all others, and comes first.
        """
        said: dict[int, list[int | None]] = {}
        for fault in self.faults[first:]:
            said.setdefault(fault.row, []).extend([fault.fen] if fault.code in _SAID else [])
        found: list[int | None] = []
        differ: list[ColumnFault] = []
        for row, amounts in enumerate(zip(*(part.each() for part in parts), strict=True)):
            filled = [fen for fen in amounts if fen is not None]
            several = {*filled, *said.get(row, ())}
            if len(several) > 1:
                most = max((fen for fen in several if fen is not None), default=None)
                differ.append(ColumnFault(row, key, "AMOUNTS_DIFFER", _DIFFER, None, most))
            found.append(filled[0] if filled and len(several) == 1 else None)
        self.faults[first:] = sorted([*differ, *self.faults[first:]], key=lambda fault: fault.code in _AMOUNTS)
        return DistinctValues.of(found)

    def _title(self, key: str, column: DeclaredColumn) -> DistinctValues:
        """Fill a column that is not there from a title line."""
        text = self._sheet.titles.get(key)
        outcome = None if text is None else self._outcome(RawCell(text, Kind.TEXT), column)
        places = np.zeros(self._size, dtype=np.int64)
        values = self._without_errors([outcome], [(0, text)], places, key, column)
        return DistinctValues(_stored(values, column), places)

    def _cells(self, key: str, column: DeclaredColumn, place: int) -> DistinctValues:
        """Convert one column's cells, each distinct one once; what does not hold is a fault and nothing."""
        cells = distinct_cells(self._sheet, place)
        factors = unit_factors(cells.kinds, self._sheet.columns[place].factor)
        is_odd = np.ones(len(cells.texts), dtype=bool)
        if column.kind in _PLAIN:
            is_plain = plain_cells(cells.texts, _PLAIN[column.kind], self._words.empty_words)
            is_odd = ~is_plain | (cells.kinds & 0x0F != Kind.TEXT)
        odd = list(zip(np.flatnonzero(is_odd).tolist(), cells.texts.filter(pa.array(is_odd)).to_pylist(), strict=True))
        outcomes = [self._of_cell(text, int(cells.kinds[at]), int(factors[at]), column) for at, text in odd]
        values = self._without_errors(outcomes, odd, cells.places, key, column)
        found = _stored(values, column)
        if len(found) < len(cells.texts):
            found = pc.replace_with_mask(cells.texts, pa.array(is_odd), found)
        return DistinctValues(found, cells.places)

    def _of_cell(self, text: str | None, kind: int, factor: int, column: DeclaredColumn) -> Any:
        if column.kind == "yuan" and text is not None and kind & Mark.MERGED:
            return merged(self._outcome(RawCell(text, kind & 0x0F, factor), column))
        if column.kind in ("date", "span") and shows_no_day(kind):
            return MONTH_ALONE
        return self._outcome(RawCell(text, kind & 0x0F, factor), column)

    def _outcome(self, cell: RawCell, column: DeclaredColumn) -> Any:
        """Return a cell's value, or the error that it is; a serial number of days by the sheet's own first day."""
        try:
            value = value_of(cell, column, self._words)
        except BadCellError as bad:
            return bad
        if value is None or column.kind not in ("date", "span"):
            return value
        *days, is_serial = value
        shift = dt.timedelta(values.DAYS_1904 if is_serial and self._sheet.date1904 else 0)
        moved = [day + shift for day in days]
        return moved[0] if column.kind == "date" else moved

    def _without_errors(
        self,
        outcomes: Sequence[Any],
        written: Sequence[tuple[int, str | None]],
        places: npt.NDArray[np.int64],
        key: str,
        column: DeclaredColumn,
    ) -> list[Any]:
        """Return the values among what came of distinct cells; each error is a fault of its rows, and no value.

        `written`: the cells' places among the distinct ones, and what stands in them; `places`: each row's.
        """
        for value, (at, text) in zip(outcomes, written, strict=True):
            if isinstance(value, BadCellError):
                rows = np.flatnonzero(places == at).tolist()
                self.faults += [ColumnFault(row, key, value.code, value.text, text, value.fen) for row in rows]
        nothing: Any = () if column.kind in SEVERAL else None
        return [nothing if value is None or isinstance(value, BadCellError) else value for value in outcomes]


def _stored(values: Sequence[Any], column: DeclaredColumn) -> pa.StringArray | npt.NDArray[np.object_]:
    """Return values as `DistinctValues` has them."""
    return pa.array(values, pa.string()) if column.kind in _PLAIN else DistinctValues.of(values).values


def _joined(parts: Sequence[Any], column: DeclaredColumn) -> tuple[Any, ...]:
    """Join what several columns of one key hold in a row."""
    flat = [
        value for part in parts for value in (part if column.kind in SEVERAL else [part]) if value not in (None, ())
    ]
    return tuple(dict.fromkeys(flat))
