"""One row of a roster that was settled with all others: what it says, what was found about it, its claim lines."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from trainingcli.intake.tables.sheet_tables import InputFile
from trainingcli.reports.data.shown_values import as_text, shown, shown_place, yuan
from trainingcli.settle.rows import Rows

if TYPE_CHECKING:
    from trainingcli.settle.assessment import Assessment
    from trainingcli.settle.standards import Standards

MONEY = "claimed"
_PARTS = {"date_range": ("start_date", "end_date"), "standard": ("claimed",)}


class SettledRow:
    """A row at a position of the roster, its file, the assessment of all rows, and what they were settled by."""

    def __init__(
        self, rows: Rows, at: int, file: InputFile, assessment: Assessment, standards: Standards, unmask: bool
    ) -> None:
        self.rows, self.at, self.file, self.assessment = rows, at, file, assessment
        self.policy, self.standards, self.unmask = assessment.policy, standards, unmask
        table = int(rows.frame["sheet"].iloc[at])  # a sheet may have several blocks, each is one of the roster's
        blocks = [block for sheet in file.sheets for block in sheet.blocks()]
        self.origin, self.table = rows.roster.origins[table], blocks[table]
        self.number = int(rows.frame["row"].iloc[at])

    def read_as(self, key: str) -> str | None:
        """Return what a column was read as; a range is two dates."""
        values = [value for field in _PARTS.get(key, (key,)) if (value := self.value(field)) is not None]
        return "–".join(values) or None

    def value(self, field: str) -> str | None:
        """Return a field\'s value as it is shown."""
        if field not in self.rows.frame:
            return None
        value = self.rows.frame[field].iloc[self.at]
        if pd.isna(value):
            return None
        return yuan(int(value)) if field == MONEY else shown(field, as_text(value), unmask=self.unmask)

    def codes(self, key: str) -> list[str]:
        """Return what was found about a column's fields in this row."""
        fields = _PARTS.get(key, (key,))
        return [part.code for field in fields for part in self.rows.parts(field) if self.at in part.rows]

    def own_lines(self) -> Any:
        """Return the positions of the row's claim lines."""
        frame = self.assessment.lines
        here = (frame["sheet"] == self.origin.sheet) & (frame["row"] == self.number)
        return np.flatnonzero(here.to_numpy(dtype=bool))

    def place(self, text: str) -> str:
        """Return a name of a file, a sheet or a heading as it is shown."""
        return shown_place(text, unmask=self.unmask)


def given(value: Any) -> Any:
    """Return a value of a frame, None where there is none."""
    return None if pd.isna(value) else value
