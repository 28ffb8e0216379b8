"""Columns of texts as they are compared: those in that form already are told by pattern, only others one by one."""

from __future__ import annotations

from collections.abc import Callable

import pyarrow as pa
import pyarrow.compute as pc

from trainingcli.compared import AS_COMPARED


def compared_column(words: pa.Array, compare: Callable[[str], str | None], unchanged: str = AS_COMPARED) -> pa.Array:
    """Return the texts as `compare` makes them; null stays null. `unchanged`: a pattern of those that it leaves."""
    odd = pc.invert(pc.match_substring_regex(words, unchanged))
    found = [compare(word) for word in words.filter(odd).to_pylist()]
    return pc.replace_with_mask(words, odd, pa.array(found, words.type))
