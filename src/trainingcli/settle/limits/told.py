"""What a limit's reason says beside its sentence: which payments stand against the line, who waived, how much less."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable
from functools import cache

from trainingcli.language import Text
from trainingcli.masking import mask_numbers, mask_place
from trainingcli.money import yuan_text
from trainingcli.settle.limits.events import Event, Line
from trainingcli.settle.limits.posted import ALREADY_POSTED, PAID_LESS
from trainingcli.settle.limits.yearly import WAIVED
from trainingcli.settle.rows import Rows

NOTHING = Text("", "")
_EPOCH = dt.date(1970, 1, 1)


class Told:
    """Says it of the lines of one batch; numbers of persons are masked."""

    def __init__(self, rows: Rows) -> None:
        self._origins = rows.roster.origins
        self._sheets, self._numbers = (rows.frame[name].to_numpy() for name in ("sheet", "row"))
        self._place = cache(self._masked)

    def _masked(self, sheet: int) -> str:
        origin = self._origins[sheet]
        return f"{mask_place(origin.file)} {mask_place(origin.sheet)}"

    def note(self, code: str, line: Line) -> Text:
        """Return the detail of a note."""
        if code == PAID_LESS.code:
            return Text(yuan_text(line.paid_less), yuan_text(line.paid_less))
        if code == WAIVED.code and line.waiver:
            record = json.loads(line.waiver)
            said = mask_numbers(" ".join(str(record[name]) for name in ("approver", "document") if name in record))
            return Text(said, said)
        return NOTHING

    def against(self, line: Line) -> Text:
        """Name the trainings that stand against a line: day and payee and batch, or the batch's own file and row."""
        events = sorted(line.against, key=lambda event: (event.began(), event.id))
        if not events:
            return NOTHING
        zh, en = (
            _joined((self._one(event, line) for event in events), "；"),
            _joined((self._one(event, line) for event in events), "; "),
        )
        return Text(f"：{zh.zh}", f": {en.en}")

    def _one(self, event: Event, line: Line) -> Text:
        day = (_EPOCH + dt.timedelta(days=event.began())).isoformat()
        if event.batch is not None:
            payee = mask_numbers(event.payee or "")
            own = event.posted.get(line.programme)
            batch = own.batch if own is not None and line.reason is ALREADY_POSTED else event.batch
            return Text(f"{day} {payee} 第{batch}批", f"{day} {payee}, batch {batch}")
        at = event.row if event.row is not None else -event.id - 1
        place, number = self._place(int(self._sheets[at])), int(self._numbers[at])
        return Text(f"{day} 本批 {place} 第{number}行", f"{day}, this batch, {place}, row {number}")


def _joined(texts: Iterable[Text], mark: str) -> Text:
    listed = list(texts)
    return Text(mark.join(text.zh for text in listed), mark.join(text.en for text in listed))
