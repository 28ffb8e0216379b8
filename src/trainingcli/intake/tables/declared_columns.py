"""A declared table's sheet → typed columns and the faults of their cells: column by column, each distinct cell once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from trainingcli.intake.formats.cell_kinds import Kind, Mark
from trainingcli.intake.tables import values
from trainingcli.intake.tables.cell_looks import shows_no_day, unit_factors
from trainingcli.intake.tables.declared import SEVERAL, DeclaredColumn, DeclaredTable
from trainingcli.intake.tables.declared_cells import MONTH_ALONE, BadCellError, RawCell, merged, value_of
from trainingcli.intake.tables.sheet_tables import SheetTable
from trainingcli.language import Text
from trainingcli.vocabulary import Vocabulary

ENDS = ("start_date", "end_date")
"""What the two ends of a `span` fill, where they have no cell of their own."""
# Texts that are their own value, told by pattern, so that many distinct ones are not looked at one by one.
_PLAIN = {"name": r"^\p{Han}{2,5}$", "id": r"^[0-9]{17}[0-9X]$", "serial": r"^[0-9A-Z]*[0-9][0-9A-Z]*$"}
Columns = dict[str, list[Any]]


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
            spans = found
            columns |= {end: [None] * len(found) for end in ENDS if end not in table.columns}
        else:
            columns[key] = found
    for end, key in enumerate(ENDS if spans else ()):
        columns[key] = [
            span[end] if own is None and span is not None else own
            for own, span in zip(columns[key], spans, strict=True)
        ]
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

    def values(self, key: str, column: DeclaredColumn) -> list[Any]:
        """Return the values of a column, of several of one key together, or of the title line that fills it."""
        places = [number for number, found in enumerate(self._sheet.columns) if found.key == key]
        before = len(self.faults)
        parts = [self._cells(key, column, place) for place in places] or [self._title(key, column)]
        found = [_joined(same, column) for same in zip(*parts, strict=True)] if column.several else parts[0]
        if column.needed:
            bad = {fault.row for fault in self.faults[before:]}
            text = Text(f"“{column.headings[0]}”未填写", f"'{column.headings[0]}' is empty")
            empty = [row for row, value in enumerate(found) if value is None or value == ()]
            self.faults += [ColumnFault(row, key, "MISSING_FIELD", text, None) for row in empty if row not in bad]
        return found

    def _title(self, key: str, column: DeclaredColumn) -> list[Any]:
        """Fill a column that is not there from a title line."""
        text = self._sheet.titles.get(key)
        outcome = None if text is None else self._outcome(RawCell(text, Kind.TEXT), column)
        places = np.zeros(self._size, dtype=np.int64)
        return self._spread(places, [outcome], [text], key, column)

    def _cells(self, key: str, column: DeclaredColumn, place: int) -> list[Any]:
        """Convert one column's cells, each distinct one once; what does not hold is a fault and nothing."""
        kinds = self._sheet.cells.column(f"k{place}").to_numpy()
        coded = pc.dictionary_encode(self._sheet.cells.column(f"t{place}").combine_chunks())
        texts = [*coded.dictionary.to_pylist(), None]
        codes = coded.indices.fill_null(len(texts) - 1).to_numpy().astype(np.int64) * 256 + kinds
        distinct, places = np.unique(codes, return_inverse=True)
        factors = unit_factors(distinct.astype(np.uint8), self._sheet.columns[place].factor).tolist()
        plain = [*self._plain(coded.dictionary, column), False]
        written = [texts[code >> 8] for code in distinct.tolist()]
        outcomes = [
            text if plain[code >> 8] and code & 0x0F == Kind.TEXT else self._of_cell(text, code & 0xFF, factor, column)
            for text, code, factor in zip(written, distinct.tolist(), factors, strict=True)
        ]
        return self._spread(places, outcomes, written, key, column)

    def _plain(self, texts: pa.StringArray, column: DeclaredColumn) -> list[bool]:
        pattern = _PLAIN.get(column.kind)
        if pattern is None:
            return [False] * len(texts)
        empty = pa.array(sorted(self._words.empty_words), pa.string())
        mask = pc.and_(pc.match_substring_regex(texts, pattern), pc.invert(pc.is_in(texts, empty)))
        found: list[bool] = mask.to_pylist()
        return found

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

    def _spread(
        self,
        places: npt.NDArray[np.int64],
        outcomes: Sequence[Any],
        texts: Sequence[str | None],
        key: str,
        column: DeclaredColumn,
    ) -> list[Any]:
        """Give each row the outcome of its cell; an error is a fault of the row, and no value."""
        nothing: Any = () if column.kind in SEVERAL else None
        for place, outcome in enumerate(outcomes):
            if isinstance(outcome, BadCellError):
                rows = np.flatnonzero(places == place).tolist()
                self.faults += [
                    ColumnFault(row, key, outcome.code, outcome.text, texts[place], outcome.fen) for row in rows
                ]
        kept = [nothing if outcome is None or isinstance(outcome, BadCellError) else outcome for outcome in outcomes]
        return [kept[place] for place in places.tolist()]


def _joined(parts: Sequence[Any], column: DeclaredColumn) -> tuple[Any, ...]:
    """Join what several columns of one key hold in a row."""
    flat = [
        value for part in parts for value in (part if column.kind in SEVERAL else [part]) if value not in (None, ())
    ]
    return tuple(dict.fromkeys(flat))
