"""Cells that need no cleaning, told for a whole column, so that its many distinct ones are not looked at one by one."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from trainingcli import id_form

Mask = npt.NDArray[np.bool_]
ID_NUMBER = "an ID number's form"
"""In place of a pattern."""


def plain_cells(texts: pa.StringArray, pattern: str, empty_words: Collection[str]) -> Mask:
    """Say which texts match a pattern, and are none of the words for an empty cell."""
    words = pa.array(sorted(empty_words), pa.string())
    empty = words.filter(pa.array(_matches(words, pattern)))
    found = _matches(texts, pattern)
    return found & ~pc.is_in(texts, empty).to_numpy(zero_copy_only=False) if len(empty) else found


def _matches(texts: pa.StringArray, pattern: str) -> Mask:
    if pattern == ID_NUMBER:
        return id_form.has_form(texts)
    found: Mask = pc.match_substring_regex(texts, pattern).fill_null(False).to_numpy(zero_copy_only=False)
    return found
