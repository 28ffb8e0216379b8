"""Frames on their way between programs: a text column whose values repeat travels as its words and their places."""

from __future__ import annotations

from typing import Any, NamedTuple

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from trainingcli.reports.data.text_columns import one_chunk, repeats


class WordColumn(NamedTuple):
    """A text column: each word once, and for each row the place of its word (null where it has none)."""

    words: pa.Array
    places: pa.Array


Parcel = dict[str, Any]
"""A frame's columns by name, as `WordColumn` or as they are."""


def packed(frame: pd.DataFrame) -> Parcel:
    """Return a frame for the way; its index is counted anew."""
    return {name: _packed(frame[name]) for name in frame.columns}


def unpacked(parcel: Parcel) -> pd.DataFrame:
    """Return the frame as it was."""
    return pd.DataFrame({name: _unpacked(column) for name, column in parcel.items()}, copy=False)


def _packed(column: pd.Series[Any]) -> Any:
    if column.dtype != "str":
        return column.array
    texts = one_chunk(pa.array(column.array))
    if not repeats(texts):
        return column.array
    coded = pc.dictionary_encode(texts)
    small = len(coded.dictionary) < 1 << 15
    return WordColumn(coded.dictionary, coded.indices.cast(pa.int16()) if small else coded.indices)


def _unpacked(column: Any) -> Any:
    if isinstance(column, WordColumn):
        return pd.array(pc.take(column.words, column.places), dtype="str")
    return column
