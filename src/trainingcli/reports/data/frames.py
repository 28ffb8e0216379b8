"""A frame as a result: table, json, ndjson or csv; what every `ledger` command prints."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from trainingcli.language import Text
from trainingcli.reports.data.json_text import dump

if TYPE_CHECKING:
    import pandas as pd
    from rich.table import Table

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def safe(text: object) -> object:
    """Return a text that no spreadsheet program takes for a formula; anything else as it is."""
    return f"'{text}" if isinstance(text, str) and text.startswith(_FORMULA) else text


def records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the rows as plain values; what is missing is None."""
    plain = frame.astype(object).where(frame.notna(), None)
    return [{str(key): value for key, value in row.items()} for row in plain.to_dict("records")]


def as_json(schema: str, key: str, frame: pd.DataFrame, **more: object) -> str:
    """Return one JSON document: `schema`, the rows under `key`, and what else is given."""
    return dump({"schema": schema, key: records(frame), **more}) + "\n"


def as_ndjson(frame: pd.DataFrame) -> Iterator[str]:
    """Yield the rows as JSON objects, one a line."""
    for row in records(frame):
        yield dump(row) + "\n"


def as_csv(frame: pd.DataFrame) -> str:
    """Return the rows as csv, safe for spreadsheet programs."""
    target = io.StringIO()
    writer = csv.writer(target, lineterminator="\n")
    writer.writerow(frame.columns)
    writer.writerows([safe(value) for value in row.values()] for row in records(frame))
    return target.getvalue()


def as_table(frame: pd.DataFrame, headings: Mapping[str, Text]) -> Table:
    """Return the columns that have a heading as a table for a terminal."""
    from rich import box
    from rich.markup import escape
    from rich.table import Table

    from trainingcli.masking import clean_terminal

    table = Table(box=box.SIMPLE_HEAD)
    shown = [name for name in headings if name in frame.columns]
    for name in shown:
        is_number = frame[name].dtype.kind in "iuf" or name == "yuan"
        wraps = name in ("inputs", "payee", "occupation", "programme")
        table.add_column(
            str(headings[name]), justify="right" if is_number else "left", overflow="fold", no_wrap=not wraps
        )
    for row in records(frame[shown]):
        table.add_row(*("" if value is None else escape(clean_terminal(str(value))) for value in row.values()))
    return table
