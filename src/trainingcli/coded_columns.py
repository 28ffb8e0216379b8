"""Columns of few distinct values: what is asked of a row is worked out once a value, and not a million times.

A coded column is Arrow's dictionary: its distinct values, and for each row which of them it has.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pyarrow as pa


def coded(column: Any) -> Any:
    """Return a column as one coded array; one that is coded already stays as it is."""
    whole = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    return whole if pa.types.is_dictionary(whole.type) else whole.dictionary_encode()


def plain(table: pa.Table) -> pa.Table:
    """Return a table with its coded columns written out."""
    for at, field in enumerate(table.schema):
        if pa.types.is_dictionary(field.type):
            table = table.set_column(at, field.name, written_out(table.column(at)))
    return table


def written_out(column: Any) -> Any:
    """Return a column, a coded one written out."""
    return column.cast(column.type.value_type) if pa.types.is_dictionary(column.type) else column


def by_value(column: Any, work: Callable[[Any], Any]) -> Any:
    """Return for each row what `work` makes of its value; `work` is given the distinct values. Null stays null."""
    found = coded(column)
    return work(found.dictionary).take(found.indices)


def distinct_rows(table: pa.Table, columns: Sequence[str]) -> tuple[pa.Table, Any]:
    """Return the distinct rows of these columns, as they come first, and for every row which of them it is (int64).

    Null is a value as others are.
    """
    which, count = np.zeros(table.num_rows, dtype=np.int64), 1
    for name in columns:
        found = coded(table[name])
        nothing = len(found.dictionary)
        both = pa.array(which * (nothing + 1) + found.indices.fill_null(nothing).to_numpy()).dictionary_encode()
        which, count = both.indices.to_numpy().astype(np.int64), len(both.dictionary)
    first = np.zeros(count if len(which) else 0, dtype=np.int64)
    first[which[::-1]] = np.arange(len(which))[::-1]  # of several the last that is written stays: the first row
    return table.select(list(columns)).take(pa.array(first)), which


def sums_of(which: Any, values: Any, count: int) -> Any:
    """Return the sum of whole numbers for each of `count` groups; `which`: of which group each value is."""
    sums = np.zeros(count, dtype=np.int64)
    np.add.at(sums, which, values)
    return sums
