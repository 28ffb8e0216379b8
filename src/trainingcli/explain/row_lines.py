"""What a row's claim lines came to, and the person's other lines, which the limits counted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import pandas as pd

from trainingcli.explain.entries import limit_of
from trainingcli.explain.settled_row import SettledRow, given
from trainingcli.language import Text
from trainingcli.reasons import reason
from trainingcli.reports.data.shown_values import as_text, shown, yuan


def line_at(row: SettledRow, at: int) -> dict[str, Any]:
    """Return one claim line by its position in the batch."""
    line = row.assessment.lines.iloc[at]
    found = row.assessment.reasons[row.assessment.reasons["line"] == at]
    payee = given(line["payee"])
    field = "name" if payee is not None and payee == line["name"] else None
    return {
        "programme": given(line["programme"]),
        "claimed": yuan(given(line["claimed"])),
        "entitled": yuan(given(line["entitled"])),
        "approved": yuan(int(line["approved"])),
        "status": line["status"],
        "payee": shown(field, payee, unmask=row.unmask),
        "fund": given(line["fund"]),
        "reasons": [_reason(row, entry) for entry in found.to_dict("records")],
        "readings": _readings(row, at),
    }


def _reason(row: SettledRow, entry: Mapping[Any, Any]) -> dict[str, Any]:
    message = Text(entry["zh"], entry["en"])
    return {
        "code": entry["code"],
        "severity": entry["severity"],
        "clause": entry["clause"],
        "cell": given(entry["cell"]),
        "message": shown(None, str(message), unmask=row.unmask),
        "remedy": str(reason(entry["code"]).remedy),
        "limit": limit_of(entry["code"]),
    }


def _readings(row: SettledRow, at: int) -> list[dict[str, str]]:
    """Return the policy's default readings that decided something of a line."""
    from trainingcli.reports.data.text_columns import arrow_table
    from trainingcli.reports.workbooks.about_page import deciding_readings
    from trainingcli.reports.workbooks.context import context_of

    reasons = row.assessment.reasons
    lines = arrow_table(row.assessment.lines.iloc[[at]])
    found = deciding_readings(context_of(row.assessment), lines, arrow_table(reasons[reasons["line"] == at]))
    return [
        {"question": item.number, "parameter": item.parameter, "value": item.value, "reading": str(item.text)}
        for item in found
    ]


def others_of(row: SettledRow) -> Iterator[dict[str, Any]]:
    """Yield the person's other lines of the roster: what the limits counted."""
    frame = row.assessment.lines
    person = row.rows.frame["id_number"].iloc[row.at]
    if pd.isna(person):
        return
    own = set(row.own_lines().tolist())
    for at in np.flatnonzero((frame["id_number"] == person).to_numpy(dtype=bool)):
        if int(at) not in own:
            line = frame.iloc[at]
            names = ("sheet", "programme", "occupation", "level", "start_date", "certificate_date", "status")
            said = {name: None if pd.isna(line[name]) else as_text(line[name]) for name in names}
            texts = {name: shown(name, text, unmask=row.unmask) for name, text in said.items()}
            yield {"row": int(line["row"]), **texts, "approved": yuan(int(line["approved"]))}
