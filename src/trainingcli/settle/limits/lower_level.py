"""A lower level after a higher one of the same occupation (Q12): allowed here, barred in other provinces."""

from __future__ import annotations

from trainingcli.reasons import Reason, reason
from trainingcli.settle.limits.events import Event, Line, Person

LOWER_AFTER_HIGHER = reason("LOWER_AFTER_HIGHER")


def refusal(person: Person, line: Line, event: Event) -> Reason | None:
    """Refuse a level below one that an earlier event of the occupation has, where the parameter says so."""
    ranks = person.parameters.ranks
    level = event.level or line.row.level
    if person.parameters.lower_after_higher == "allow" or level not in ranks or not event.occupation:
        return None
    for other in person.events:
        is_earlier = other.place and other.began() <= event.began()
        if is_earlier and other.occupation == event.occupation and ranks.get(other.level, -1) > ranks[level]:
            return LOWER_AFTER_HIGHER
    return None
