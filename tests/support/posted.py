"""Lines that an earlier batch posted, as the ledger's history gives them (the columns of `Ledger.history`)."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from trainingcli.ledger.queries import HISTORY, REVERSED

_DTYPES = {"str": "str", "int": "int64", "bool": "bool"}


@dataclass(frozen=True)
class Posted:
    """One posted line. `event`: the ledger's number of the training, one number for lines of one training.

    A line without a start date was posted as an event of its own, dated by its certificate (reading 3.4), and `year`
    is the year whose place the event took: that of the start, else of the certificate.
    """

    id_number: str
    programme: str
    event: int
    occupation: str | None = None
    level: str | None = None
    training_type: str | None = None
    start: dt.date | None = None
    end: dt.date | None = None
    certificate_date: dt.date | None = None
    certificate_no: str | None = None
    approved: int = (
        300_000  # fen: no figure of the plan is higher, so that nothing is `PAID_LESS` unless a test says so
    )
    certificate_type: str | None = None  # None: the entry does not tell
    reversed_on: dt.date | None = None  # taken back before the lines behind it were posted

    @property
    def key(self) -> str | None:
        """The repeat key (reading 3.2): occupation and level; an employer's, or without a level: and training type."""
        if self.occupation is None:
            return None
        by_type = self.programme == "enterprise-training" or self.level is None
        return f"{self.occupation}|{(self.training_type or '') if by_type else self.level}"

    def entry(self, number: int) -> dict[str, object]:
        """The line as the ledger gives it back."""
        dated = self.start or self.certificate_date
        assert dated is not None, "a posted line has a date"
        return {
            "id_number": self.id_number,
            "event": self.event,
            "event_year": dated.year,
            "own": self.start is None,
            "place": "year",
            "programme": self.programme,
            "occupation": self.occupation,
            "level": self.level,
            "training_type": self.training_type,
            "start_date": self.start and self.start.isoformat(),
            "end_date": self.end and self.end.isoformat(),
            "certificate_date": self.certificate_date and self.certificate_date.isoformat(),
            "certificate_no": self.certificate_no,
            "key": self.key,
            "approved": self.approved,
            "fund": "市财政",
            "payee": "晋阳职业培训学校",
            "line": number,
            "waiver": None,
            "facts": self.certificate_type and json.dumps({"certificate_type": self.certificate_type}),
            "entry": number + 1,
            "batch": 1,
        }


def history_frame(lines: Sequence[Posted]) -> pd.DataFrame:
    """The lines that stand, as a frame with the columns and types of the ledger's history."""
    return _frame([line.entry(number) for number, line in enumerate(lines) if line.reversed_on is None], HISTORY)


def reversed_frame(lines: Sequence[Posted]) -> pd.DataFrame:
    """The lines that were taken back, as `Ledger.reversed` gives them."""
    rows = [
        line.entry(number)
        | {"reversed_on": line.reversed_on.isoformat(), "reversed_in": 2, "reversed_by": number + 1, "why": "退训"}
        for number, line in enumerate(lines) if line.reversed_on is not None
    ]  # fmt: skip
    return _frame(rows, REVERSED)


def _frame(rows: Sequence[dict[str, object]], kinds: dict[str, str]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=list(kinds)).astype({name: _DTYPES[kind] for name, kind in kinds.items()})
