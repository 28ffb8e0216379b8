"""Text columns of reports, made by Arrow and not by a loop: money as text, names of codes, texts of a group joined."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

if TYPE_CHECKING:
    import pandas as pd

Column = pa.ChunkedArray
_SAMPLE = 1024


def arrow_table(frame: pd.DataFrame) -> pa.Table:
    """Return the frame as Arrow, without its index, dictionaries and large strings as plain strings."""
    table = pa.Table.from_pandas(frame, preserve_index=False).replace_schema_metadata(None)
    for position, column in enumerate(table.schema):
        kind = column.type
        if pa.types.is_dictionary(kind) or pa.types.is_large_string(kind) or pa.types.is_null(kind):
            table = table.set_column(position, column.name, table[column.name].cast(pa.string()))
    return table


def join(*parts: Any) -> Any:
    """Return the parts (texts or columns) put together row by row; a row with a null part is null."""
    return pc.binary_join_element_wise(*parts, "")


def one_chunk(values: Any) -> Any:
    """Return a column as one array."""
    if isinstance(values, pa.ChunkedArray):
        return values.chunk(0) if values.num_chunks == 1 else values.combine_chunks()
    return values


def repeats(values: Any) -> bool:
    """Tell from the first thousand whether a column's values repeat enough to do something for each of them once."""
    sample = values.slice(0, _SAMPLE)
    return len(pc.unique(sample)) * 4 <= len(sample)


def by_value(change: Callable[[Any], Any], values: Any) -> Any:
    """Return what `change` makes of a column, made once of each value where they repeat; null stays null."""
    if not repeats(values):
        return change(values)
    encoded = pc.dictionary_encode(one_chunk(values))
    return pc.take(one_chunk(change(encoded.dictionary)), encoded.indices)


def yuan(fen: Any) -> Any:
    """Return whole fen as yuan with two decimals: 30000 → `300.00`, exactly, by integers alone."""
    return by_value(_yuan, fen)


def _yuan(fen: Any) -> Any:
    size = pc.abs(fen)
    units = pc.divide(size, 100)
    cents = pc.utf8_lpad(pc.subtract(size, pc.multiply(units, 100)).cast(pa.string()), 2, "0")
    sign = pc.if_else(pc.less(fen, 0), "-", "")
    return join(sign, units.cast(pa.string()), ".", cents)


def replaced(codes: Any, words: Mapping[str, str]) -> Any:
    """Return the column with each code replaced by its word; a code without a word stays."""
    keys = pa.array(list(words), pa.string())
    found = pc.index_in(codes, keys)
    return pc.coalesce(pc.take(pa.array(list(words.values()), pa.string()), found), codes)


def offsets_of(line: Any, lines: int) -> np.ndarray[Any, np.dtype[np.int64]]:
    """Return where each line's rows begin in a column of line numbers in order: `lines + 1` positions."""
    return np.searchsorted(np.asarray(line), np.arange(lines + 1), side="left").astype(np.int64)


def joined(texts: Any, offsets: np.ndarray[Any, Any], separator: str) -> pa.Array:
    """Return for each line the texts of its rows put together; an empty text where it has none."""
    values = texts.combine_chunks() if isinstance(texts, pa.ChunkedArray) else texts
    groups = pa.ListArray.from_arrays(pa.array(offsets, pa.int32()), values)
    return pc.binary_join(groups, separator)
