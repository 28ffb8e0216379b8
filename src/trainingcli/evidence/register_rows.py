"""The rows of one register as they are shown: those in force on a day, those that say a text."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from trainingcli.compared import folded
from trainingcli.evidence.listed import days_of
from trainingcli.evidence.register_contents import Contents, Entry
from trainingcli.money import yuan_text

_IN_FORCE = (("assessed", "valid_until"), ("start_date", "end_date"))
"""What says when a row is in force, where that is not a list's or a unit's days: an instructor's, a class's columns."""


def register_rows(contents: Contents, on: dt.date | None, find: str | None) -> Iterator[dict[str, Any]]:
    """Yield the rows, as texts and whole numbers, in the register's order."""
    wanted = folded(find or "")
    for entry in contents.entries:
        values = {key: _shown(entry.get(key), column.kind) for key, column in contents.register.columns.items()}
        says = any(wanted in folded(str(value)) for value in values.values() if value is not None)
        if says and (on is None or _holds(contents, entry, on)):
            yield {"row": entry.row, **values}


def _shown(value: Any, kind: str) -> Any:
    if isinstance(value, tuple):
        return "、".join(value)
    if isinstance(value, dt.date):
        return value.isoformat()
    return yuan_text(value) if kind == "yuan" and value is not None else value


def _holds(contents: Contents, entry: Entry, on: dt.date) -> bool:
    """Say whether a row is in force on a day, both ends included; an empty end is open."""
    if "year" in contents.register.columns:
        return bool(entry.get("year") == on.year)
    columns = contents.register.columns
    ends = next(((first, last) for first, last in _IN_FORCE if {first, last} & columns.keys()), None)
    first, last = (entry.get(end) for end in ends) if ends else days_of(entry)
    return (first is None or first <= on) and (last is None or on <= last)
