"""Some rows of a roster, with what was found about them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import numpy.typing as npt

from trainingcli.findings import Findings
from trainingcli.intake.tables.roster import Roster

Ints = npt.NDArray[np.int64]


def taken_roster(roster: Roster, at: Ints) -> Roster:
    """Return the rows at these positions (ascending) as a roster; sheets keep their numbers."""
    place, wide = _places(at, len(roster.rows)), []
    for column in roster.wide:
        here = place[column.rows] >= 0
        kept = {name: getattr(column, name)[here] for name in ("fen", "fault", "most", "written")}
        wide.append(column._replace(rows=place[column.rows[here]], **kept))
    rows = roster.rows.take(at).reset_index(drop=True)
    return replace(roster, rows=rows, wide=wide, findings=taken_findings(roster.findings, at, len(roster.rows)))


def taken_findings(findings: Findings, at: Ints, size: int) -> Findings:
    """Keep the findings of the rows at these positions, out of `size`."""
    place, kept = _places(at, size), []
    for part in findings.parts:
        here = np.flatnonzero(place[part.rows] >= 0)
        if len(here):
            details = [part.details[each] for each in here.tolist()] if part.details else ()
            values = [part.values[each] for each in here]
            kept.append(part._replace(rows=place[part.rows[here]], values=values, details=details))
    return Findings(kept)


def _places(at: Ints, size: int) -> Ints:
    place = np.full(size, -1, dtype=np.int64)
    place[at] = np.arange(len(at))
    return place
