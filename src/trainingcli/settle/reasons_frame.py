"""Findings of lines → the frame of reasons: clause, cell, and the message in both languages, values masked."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
import pandas as pd

from trainingcli.fields import label
from trainingcli.findings import Part
from trainingcli.language import Text
from trainingcli.masking import mask_field
from trainingcli.money import yuan_text
from trainingcli.policy import Policy
from trainingcli.reasons import Reason, reason
from trainingcli.settle.claim_lines import Lines
from trainingcli.settle.line_draft import NONE
from trainingcli.settle.rows import Rows
from trainingcli.settle.settlement import Settlement, severities, severity_of
from trainingcli.validation.identity import lookalikes

_BLANK = Text("空白", "blank")
_WITH_AMOUNTS = ("OVER_CLAIMED", "UNDER_CLAIMED")


def reasons_frame(settlement: Settlement, lines: Lines, rows: Rows, policy: Policy) -> pd.DataFrame:
    """Return one row a reason, as `Assessment.reasons` describes it; each distinct message is built once."""
    columns: dict[str, list[Any]] = {
        name: [] for name in ("line", "code", "severity", "clause", "field", "cell", "value", "zh", "en")
    }
    severity = severities(policy)
    clauses = [policy.programmes[code].clause for code in lines.codes]
    for part in settlement.findings.parts:
        entry = reason(part.code)
        places = lines.programme[part.rows].tolist()
        messages = _messages(part, entry, settlement, lines, policy)
        columns["line"] += part.rows.tolist()
        columns["code"] += [part.code] * len(part.rows)
        columns["severity"] += [severity_of(part, severity)] * len(part.rows)
        columns["clause"] += [entry.cited(None if place == NONE else clauses[place]) for place in places]
        columns["field"] += [part.field] * len(part.rows)
        columns["cell"] += _cells(part, lines, rows)
        columns["value"] += part.values
        columns["zh"] += [message.zh for message in messages]
        columns["en"] += [message.en for message in messages]
    frame = pd.DataFrame({name: _column(name, values) for name, values in columns.items()})
    return frame.sort_values("line", kind="stable", ignore_index=True)


def _column(name: str, values: list[Any]) -> Any:
    return np.array(values, dtype=np.int64) if name == "line" else pd.array(values, dtype="str")


def _cells(part: Part, lines: Lines, rows: Rows) -> list[str | None]:
    """Name the cell of each finding: the column's letter on that sheet, the row as the program shows it."""
    if part.field is None:
        return [None] * len(part.rows)
    row = lines.row[part.rows]
    sheets = rows.frame["sheet"].to_numpy()[row].tolist()
    numbers = rows.frame["row"].to_numpy()[row].tolist()
    by_sheet = [origin.letters.get(part.field) for origin in rows.roster.origins]
    if part.field == "claimed":
        letters = [lines.letter[place] or by_sheet[sheet] for place, sheet in zip(part.rows, sheets, strict=True)]
    else:
        letters = [by_sheet[sheet] for sheet in sheets]
    return [f"{letter}{number}" if letter else None for letter, number in zip(letters, numbers, strict=True)]


def _messages(part: Part, entry: Reason, settlement: Settlement, lines: Lines, policy: Policy) -> list[Text]:
    """Return each finding's message; findings that say the same share one."""
    name = label(part.field or "claimed")
    said: list[Any] = part.values
    if part.code in _WITH_AMOUNTS:
        said = list(zip(lines.claimed[part.rows].tolist(), settlement.entitled[part.rows].tolist(), strict=True))
    elif part.code == "ANNUAL_LIMIT":
        said = settlement.accepted.event_year[part.rows].tolist()
    details = part.details or [part.detail or Text("", "")] * len(said)
    keys = list(zip(said, details, strict=True))
    built = {key: _message(part, entry, name, key, policy) for key in dict.fromkeys(keys)}
    return [built[key] for key in keys]


def _message(part: Part, entry: Reason, name: Text, key: Any, policy: Policy) -> Text:
    said, detail = key
    if part.code in _WITH_AMOUNTS:
        return _fill(entry, name, claimed=yuan_text(said[0]), entitled=yuan_text(said[1]))
    if part.code == "ANNUAL_LIMIT":
        return _fill(entry, name, limit=policy.trainings_a_year(dt.date(said, 12, 31)), year=said, detail=detail)
    if part.code == "ID_FORMAT" and said:
        detail = lookalikes(said)
    return _fill(entry, name, value=mask_field(part.field, said) if said else _BLANK, detail=detail)


def _fill(entry: Reason, name: Text, **values: object) -> Text:
    blank = dict.fromkeys(("value", "detail", "entitled", "claimed", "limit", "year"), "")
    return entry.message.format(**{**blank, "field": name, **values})
