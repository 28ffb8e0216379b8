"""The distinct rows of a table: what few rows say is worked out for these, and not a million times."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa


def distinct_rows(table: pa.Table, columns: Sequence[str]) -> tuple[pa.Table, Any]:
    """Return the distinct rows of these columns, as they come first, and for every row which of them it is (int64).

    Null is a value as others are.
    """
    which, count = np.zeros(table.num_rows, dtype=np.int64), 1
    for name in columns:
        coded = table[name].combine_chunks().dictionary_encode(null_encoding="encode")
        both = pa.array(which * len(coded.dictionary) + coded.indices.to_numpy()).dictionary_encode()
        which, count = both.indices.to_numpy().astype(np.int64), len(both.dictionary)
    first = np.zeros(count if len(which) else 0, dtype=np.int64)
    first[which[::-1]] = np.arange(len(which))[::-1]  # of several the last that is written stays: the first row
    return table.select(list(columns)).take(pa.array(first)), which
