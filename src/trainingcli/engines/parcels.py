"""Values on their way between programs, in one piece; a frame's column that repeats as its words and their places."""

from __future__ import annotations

import io
import pickle
from typing import Any, NamedTuple

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from trainingcli.reports.data.text_columns import one_chunk, repeats


class WordColumn(NamedTuple):
    """A column: each value once, and for each row the place of its own (null where it has none); pandas' type."""

    words: pa.Array
    places: pa.Array
    type: Any


Parcel = dict[str, Any]
"""A frame's columns by name, as `WordColumn` or as they are."""


def packed(frame: pd.DataFrame) -> Parcel:
    """Return a frame for the way; its index is counted anew."""
    return {name: _packed(frame[name]) for name in frame.columns}


def unpacked(parcel: Parcel) -> pd.DataFrame:
    """Return the frame as it was."""
    return pd.DataFrame({name: _unpacked(column) for name, column in parcel.items()}, copy=False)


def sealed(value: Any) -> bytes:
    """Return a value in one piece, every frame in it packed.

    Dask would send each column by itself, which takes half as long again.
    """
    piece = io.BytesIO()
    _Sealing(piece, protocol=5).dump(value)
    return piece.getvalue()


def opened(piece: bytes) -> Any:
    """Return the value that a process of this run has sealed."""
    return pickle.loads(piece)  # noqa: S301 - from a process of this run, over its own cluster


class _Sealing(pickle.Pickler):
    def reducer_override(self, value: Any) -> Any:
        if type(value) is pd.DataFrame and value.index.equals(pd.RangeIndex(len(value))) and value.columns.is_unique:
            return unpacked, (packed(value),)
        return NotImplemented


def _packed(column: pd.Series[Any]) -> Any:
    if column.dtype == object or isinstance(column.dtype, pd.CategoricalDtype):  # words and places by itself
        return column.array
    values = one_chunk(pa.array(column.array, from_pandas=True))
    if not repeats(values):
        return column.array
    coded = pc.dictionary_encode(values)
    small = len(coded.dictionary) < 1 << 15
    return WordColumn(coded.dictionary, coded.indices.cast(pa.int16()) if small else coded.indices, column.dtype)


def _unpacked(column: Any) -> Any:
    if not isinstance(column, WordColumn):
        return column
    values = pc.take(column.words, column.places)
    if hasattr(column.type, "__from_arrow__"):  # pandas' own types; whole numbers with gaps are no fractions on the way
        return column.type.__from_arrow__(values)
    return values.to_numpy(zero_copy_only=False).astype(column.type, copy=False)
