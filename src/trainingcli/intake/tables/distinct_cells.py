"""A column as its distinct values and each row's place among them: what is asked of a value is asked once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

if TYPE_CHECKING:
    from trainingcli.intake.tables.sheet_tables import SheetTable


class DistinctValues(NamedTuple):
    """A column: its distinct values, and each row's place among them.

    `values`: texts as an Arrow array, null where there is none; values of other kinds are Python's own.
    """

    values: pa.StringArray | npt.NDArray[np.object_]
    places: npt.NDArray[np.int64]

    @classmethod
    def of(cls, found: Sequence[Any]) -> DistinctValues:
        """Return a column as it stands, a value a row."""
        return cls(np.fromiter(found, dtype=object, count=len(found)), np.arange(len(found)))

    @classmethod
    def joined(cls, parts: Sequence[DistinctValues]) -> DistinctValues:
        """Return one column of several, one below the other."""
        if len(parts) == 1:
            return parts[0]
        starts = np.cumsum([0, *(len(part.values) for part in parts)])
        places = [starts[:0], *(part.places + start for part, start in zip(parts, starts.tolist(), strict=False))]
        if parts and all(isinstance(part.values, pa.Array) for part in parts):
            coded = pc.dictionary_encode(pa.concat_arrays([part.values for part in parts]), null_encoding="encode")
            return cls(coded.dictionary, coded.indices.to_numpy().astype(np.int64)[np.concatenate(places)])
        values = [value for part in parts for value in part.values.tolist()]
        return cls(cls.of(values).values, np.concatenate(places))

    def texts(self) -> pa.StringArray:
        """Return the distinct values of a column of texts, null where there is none."""
        return self.values if isinstance(self.values, pa.Array) else pa.array(self.values.tolist(), pa.string())

    def at(self, rows: npt.NDArray[np.int64]) -> list[Any]:
        """Return the values of these rows."""
        places = self.places[rows]
        taken = self.values.take(pa.array(places)) if isinstance(self.values, pa.Array) else self.values[places]
        found: list[Any] = taken.tolist()
        return found

    def each(self) -> list[Any]:
        """Return a value a row."""
        return self.at(np.arange(len(self.places)))

    def said(self) -> npt.NDArray[np.bool_]:
        """Say which rows have a value."""
        if isinstance(self.values, pa.Array):
            is_said = self.values.is_valid().to_numpy(zero_copy_only=False)
        else:
            is_said = np.array([value is not None and value != () for value in self.values.tolist()], dtype=bool)
        found: npt.NDArray[np.bool_] = is_said[self.places]
        return found


class DistinctCells(NamedTuple):
    """A column's distinct cells: text (None: empty), `Kind` and `Mark` of each, and each row's place among them."""

    texts: pa.StringArray
    kinds: npt.NDArray[np.uint8]
    places: npt.NDArray[np.int64]


def distinct_cells(sheet: SheetTable, column: int) -> DistinctCells:
    """Return the distinct cells of a sheet's column, in the order of their texts' first rows."""
    coded = pc.dictionary_encode(sheet.cells.column(f"t{column}").combine_chunks())
    kinds = sheet.cells.column(f"k{column}").to_numpy()
    nothing = len(coded.dictionary)
    codes = coded.indices.fill_null(nothing).to_numpy().astype(np.int64)
    kind = np.zeros(nothing + 1, dtype=np.uint8)
    kind[codes] = kinds
    if not coded.null_count and np.array_equal(kind[codes], kinds):  # as nearly always: each text is of one kind
        return DistinctCells(coded.dictionary, kind[:nothing], codes)
    distinct, places = np.unique(codes * 256 + kinds, return_inverse=True)
    text = distinct >> 8
    texts = coded.dictionary.take(pa.array(text, mask=text == nothing))
    return DistinctCells(texts, distinct.astype(np.uint8), places)
