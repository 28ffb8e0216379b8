"""The form of an ID number (17 digits, and a digit or X), told by the bytes of a whole column at once."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

Mask = npt.NDArray[np.bool_]
_LENGTH = 18


def signs(texts: Any) -> tuple[Mask, npt.NDArray[np.uint8]]:
    """Return which texts have the form, and their bytes: 18 rows, a column for each of these texts."""
    column = large(texts)
    form: Mask = pc.equal(pc.binary_length(column), _LENGTH).fill_null(False).to_numpy(zero_copy_only=False).copy()
    good = column if form.all() else column.filter(pa.array(form))
    if not len(good):
        return form, np.zeros((_LENGTH, 0), dtype=np.uint8)
    data = np.frombuffer(good.buffers()[2], dtype=np.uint8)
    first = good.offset and np.frombuffer(good.buffers()[1], dtype=np.int64)[good.offset]
    found = np.ascontiguousarray(data[first : first + _LENGTH * len(good)].reshape(-1, _LENGTH).T)
    holds = ((found[:-1] - ord("0")).max(axis=0) < 10) & ((found[-1] - ord("0") < 10) | (found[-1] == ord("X")))
    if not holds.all():
        form[form] = holds
        found = found[:, holds]
    return form, found


def has_form(texts: Any) -> Mask:
    """Say which texts have the form; none that is null."""
    return signs(texts)[0]


def large(texts: Any) -> pa.LargeStringArray:
    """Return texts of any kind as one Arrow array."""
    if isinstance(texts, pa.Array):
        return texts.cast(pa.large_string())
    column = pa.array(texts, type=pa.large_string())
    return column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
