"""No repeats (不得重复参加), 三(三): the same occupation at the same level is never subsidised twice, in any year."""

from __future__ import annotations

from trainingcli.reasons import Reason, reason
from trainingcli.settle.limits.events import Event, Line, Person

REPEAT_TRAINING = reason("REPEAT_TRAINING")


def refusal(person: Person, line: Line, event: Event) -> Reason | None:
    """Refuse a line whose repeat key another event holds."""
    line.against = [holder for holder in person.holding(line) if holder is not event]
    return REPEAT_TRAINING if line.against else None
