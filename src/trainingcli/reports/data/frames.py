"""A frame as plain rows, and as the text of a csv file."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def safe(text: object) -> object:
    """Return a text that no spreadsheet program takes for a formula; anything else as it is."""
    return f"'{text}" if isinstance(text, str) and text.startswith(_FORMULA) else text


def records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the rows as plain values; what is missing is None."""
    plain = frame.astype(object).where(frame.notna(), None)
    return [{str(key): value for key, value in row.items()} for row in plain.to_dict("records")]


def as_csv(frame: pd.DataFrame) -> str:
    """Return the rows as csv, safe for spreadsheet programs; a fraction is an amount in yuan, with its two places."""
    target = io.StringIO()
    writer = csv.writer(target, lineterminator="\n")
    writer.writerow(frame.columns)
    writer.writerows([_written(value) for value in row.values()] for row in records(frame))
    return target.getvalue()


def _written(value: Any) -> Any:
    return f"{value:.2f}" if isinstance(value, float) else safe(value)
