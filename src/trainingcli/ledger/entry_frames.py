"""Rows of the ledger as frames: text columns are Arrow strings, whole numbers int64, empty values null."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import pyarrow as pa

if TYPE_CHECKING:
    import pandas as pd

KEY = pa.binary(16)


def table(columns: Sequence[Sequence[Any]], kinds: Mapping[str, str]) -> pa.Table:
    """Build an Arrow table of columns.

    `kinds`: name → str, int, Int (may be null), bool, hex (bytes as text), key (`KEY`).
    """
    return pa.table({name: _ARROW[kind](column) for (name, kind), column in zip(kinds.items(), columns, strict=True)})


def frame(columns: Sequence[Sequence[Any]], kinds: Mapping[str, str]) -> pd.DataFrame:
    """Build a pandas frame of columns, as `table` does."""
    result: pd.DataFrame = table(columns, kinds).to_pandas()
    return result.astype({name: "Int64" for name, kind in kinds.items() if kind == "Int"})


_ARROW = {
    "str": lambda column: pa.array(column, pa.string()),
    "int": lambda column: pa.array(column, pa.int64()),
    "Int": lambda column: pa.array(column, pa.int64()),
    "bool": lambda column: pa.array([bool(value) for value in column], pa.bool_()),
    "key": lambda column: pa.array(column, KEY),
    "hex": lambda column: pa.array([None if value is None else value.hex() for value in column], pa.string()),
}
