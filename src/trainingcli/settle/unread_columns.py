"""Columns that were not read and may be what a line lacks: it is held, not refused (contract, `COLUMN_NOT_READ`)."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from trainingcli.findings import Findings
from trainingcli.reasons import reason
from trainingcli.settle.claim_lines import Lines
from trainingcli.settle.line_draft import NONE
from trainingcli.settle.rows import Mask, Rows

COLUMN_NOT_READ = reason("COLUMN_NOT_READ").code


def not_read(field: str, at: npt.NDArray[np.int64], rows: Rows, lines: Lines, findings: Findings) -> Mask:
    """Report which of these lines lack a field that a column of their sheet may be; return which they are.

    A sheet that has a column for the field does not lack it, whatever stands there.
    """
    found = np.zeros(len(at), dtype=bool)
    sheets = rows.frame["sheet"].to_numpy()[lines.row[at]]
    for place, origin in enumerate(rows.roster.origins):
        column = next((column for column in origin.unread if field in column.like), None)
        if column is not None and field not in origin.letters:
            here = sheets == place
            findings.add_rows(at[here], COLUMN_NOT_READ, field, details=[column.named] * int(here.sum()))
            found |= here
    return found


def unread_amounts(rows: Rows, lines: Lines, paid: Mask) -> Findings:
    """Return the lines that would be paid without an amount though their sheet has a column that looks like one."""
    findings = Findings()
    sheets = rows.frame["sheet"].to_numpy()[lines.row]
    for place, origin in enumerate(rows.roster.origins):
        column = next((column for column in origin.unread if column.is_amount), None)
        if column is not None:
            at = np.flatnonzero(paid & ~lines.claims & (sheets == place) & (lines.programme != NONE))
            findings.add_rows(at, COLUMN_NOT_READ, "claimed", details=[column.named] * len(at))
    return findings
