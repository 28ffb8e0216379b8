"""Three trainings a year (每人每年不超过3次), 三(三): events are counted, not lines; what is refused takes no place."""

from __future__ import annotations

from trainingcli.reasons import Reason, reason
from trainingcli.settle.limits.events import Event, Line, Person

ANNUAL_LIMIT = reason("ANNUAL_LIMIT")
WAIVED = reason("WAIVED")


def refusal(person: Person, line: Line, event: Event) -> Reason | None:
    """Refuse an event without a place where its year is full, unless a waiver lets it through (Q9)."""
    if not _is_over(person, line, event):
        return None
    may_be_waived = ANNUAL_LIMIT.code in person.parameters.waivable
    for waiver in person.waivers if may_be_waived else ():
        if waiver.covers(line.row, event, ANNUAL_LIMIT.code):
            line.waiver = waiver.record
            line.notes.append(WAIVED.code)
            return None
    if line.key and line.row.start is not None:
        person.refused.add(line.key)
    line.full_year = person.year(line.row.event or event)
    line.against = [other for other in person.events if other.place == "year" and other.year == line.full_year]
    return ANNUAL_LIMIT


def _is_over(person: Person, line: Line, event: Event) -> bool:
    if line.row.event is not None and event is not line.row.event:  # the ledger's own event, joined by its training
        year = person.year(line.row.event)
        return year != event.year and person.is_full(year)
    return line.refused_with or (not event.place and person.is_full(person.year(event)))
