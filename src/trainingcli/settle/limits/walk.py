"""Walk the claim lines of people with several rows or a history through the limits, in the order of reading 3.1."""

from __future__ import annotations

from collections.abc import Iterable

from trainingcli.reasons import reason
from trainingcli.settle.limits import IN_ORDER, overlap, posted
from trainingcli.settle.limits.events import Line, Person, Row

DATED_BY_CERTIFICATE = reason("DATED_BY_CERTIFICATE").code
_LAST = 10**9


def walk(person: Person, rows: Iterable[Row], lines: Iterable[Line]) -> None:
    """Decide every line of one person; outcomes stay on the lines.

    Rows come in the order of file, sheet, row; lines likewise, then by programme. Held lines are only looked up in the
    ledger; rejected ones do not come here, but their rows form events.
    """
    rows = list(rows)
    for row in rows:
        person.join(row)
    for row in overlap.overlapping(rows):
        row_lines = (line for line in lines if line.row is row and line.pays_training)
        for line in row_lines:
            line.notes.append(overlap.OVERLAPPING_TRAINING.code)
    for line in sorted(lines, key=_order):
        _decide(person, line)


def _order(line: Line) -> tuple[int, bool, int]:
    row = line.row
    day = row.start if row.start is not None else row.certificate_date
    return (_LAST if day is None else day, row.start is None, line.position)


def _decide(person: Person, line: Line) -> None:
    person.resolve(line)
    event = line.event
    line.reason = posted.refusal(person, line, event)
    if line.reason is not None or not line.payable or event is None:
        return
    if event.own and not event.place and not line.refused_with:
        line.notes.append(DATED_BY_CERTIFICATE)
    for refusal in IN_ORDER:
        line.reason = refusal(person, line, event)
        if line.reason is not None:
            return
    person.take(line, event)
