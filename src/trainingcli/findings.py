"""Findings (发现的问题): what is wrong with which cell of which row, collected as arrays and joined once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa

from trainingcli.language import Text

Rows = npt.NDArray[np.int64]


class Part(NamedTuple):
    """Rows that share one code and one field, each with its value as written (None where there is none).

    `detail`: what the message's {detail} says, for all of them; `details`: one for each. `released`: a person looked
    into it and set it aside, so it is a note.
    """

    rows: Rows
    code: str
    field: str | None
    values: list[str | None]
    detail: Text | None = None
    details: Sequence[Text] = ()
    released: bool = False


@dataclass
class Findings:
    """An accumulator of findings; adding nothing costs nothing."""

    parts: list[Part] = field(default_factory=list)

    def add(self, mask: Any, code: str, name: str | None, values: Any = None) -> None:
        """Add a finding for every row where the mask is true; `values` is a column of as many rows as the mask."""
        rows = np.flatnonzero(np.asarray(mask))
        if len(rows):
            self.add_rows(rows, code, name, None if values is None else _take(values, rows))

    def add_rows(
        self, rows: Rows, code: str, name: str | None, values: Iterable[Any] | None = None, details: Sequence[Text] = ()
    ) -> None:
        """Add a finding for each of these row positions; `values`: what stands there, one for each of them."""
        if len(rows):
            taken = _written([None] * len(rows) if values is None else values)
            self.parts.append(Part(rows, code, name, taken, details=details))

    def of(self, name: str) -> list[Part]:
        """Return the parts that speak of one field."""
        return [part for part in self.parts if part.field == name]

    def frame(self) -> pd.DataFrame:
        """Return all findings: row (position), code, field, value; in the order of row, then as added."""
        frame = pd.DataFrame(
            {
                "row": np.concatenate([part.rows for part in self.parts] or [np.array([], dtype=np.int64)]),
                "code": [part.code for part in self.parts for _ in part.rows],
                "field": [part.field for part in self.parts for _ in part.rows],
                "value": [value for part in self.parts for value in part.values],
            }
        ).astype({"code": "str", "field": "str", "value": "str"})  # none at all would be columns of objects
        return frame.sort_values("row", kind="stable", ignore_index=True)


def written(value: Any) -> str | None:
    """Return a value as a message quotes it: a date without its time, None for what is missing."""
    if pd.isna(value):
        return None
    return value.date().isoformat() if isinstance(value, pd.Timestamp) else str(value)


def _written(values: Iterable[Any]) -> list[str | None]:
    if isinstance(values, pd.Series) and isinstance(values.dtype, pd.StringDtype):
        return pa.array(values, pa.large_string()).to_pylist()  # type: ignore[no-any-return]
    return [written(value) for value in values]


def _take(values: Any, rows: Rows) -> list[Any]:
    if hasattr(values, "to_pylist"):
        return list(values.take(rows).to_pylist())
    if hasattr(values, "iloc"):
        return list(values.iloc[rows])
    return list(values[rows])
