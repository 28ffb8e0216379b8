"""Validate a roster: every finding of every row in one run (lazy), each with its row, field and value."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from functools import cache
from typing import Any

import numpy as np
import pandera.pandas as pandera
from pandera.io import pandas_io

from trainingcli.findings import Findings
from trainingcli.intake.tables.roster import Roster
from trainingcli.published import document
from trainingcli.validation import roster_checks

# A check of several columns is reported for each of them; this is the one that its finding speaks of.
SPEAKS_OF = {"SEX_MISMATCH": "sex", "DATE_ORDER": "end_date", "CERTIFICATE_BEFORE_TRAINING": "certificate_date"}


@cache
def roster_schema() -> Any:
    """Load the published schema; the checks it names must be registered, or loading fails."""
    return pandas_io.deserialize_schema(document("roster.yaml"))  # type: ignore[no-untyped-call]


def validate(roster: Roster, *, today: dt.date, known: Mapping[str, frozenset[str]]) -> Findings:
    """Return the findings of the roster's values. `known`: field → the terms that count as known."""
    roster_checks.TODAY.set(today)
    roster_checks.KNOWN.set(dict(known))
    frame = roster.rows[list(roster_schema().columns)].copy(deep=False)
    for part in roster.findings.of("id_number"):  # a number that lost its digits has nothing more to say
        frame["id_number"] = frame["id_number"].mask(np.isin(np.arange(len(frame)), part.rows))
    findings = Findings()
    try:
        roster_schema().validate(frame, lazy=True)
    except pandera.errors.SchemaErrors as errors:
        _collect(errors.failure_cases, roster, findings)
    return findings


def _collect(cases: Any, roster: Roster, findings: Findings) -> None:
    codes = cases["check"].astype(str)
    index = cases["index"].to_numpy()
    columns = cases["column"].to_numpy()
    for code in dict.fromkeys(codes):
        here = (codes == code).to_numpy()
        if code in SPEAKS_OF:
            rows, field = np.unique(index[here].astype(np.int64)), SPEAKS_OF[code]
            findings.add_rows(rows, code, field, roster.rows[field].iloc[rows])
            continue
        for field in dict.fromkeys(columns[here]):
            rows = np.sort(index[here & (columns == field)].astype(np.int64))
            findings.add_rows(rows, code, str(field), roster.rows[field].iloc[rows])
