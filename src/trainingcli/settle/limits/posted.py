"""Already posted (已入账), 三(三): a line whose event and programme are in the ledger is not paid again.

One certificate number pays a programme once, however the occupation is spelled. It comes before any hold.
"""

from __future__ import annotations

from trainingcli.reasons import Reason, reason
from trainingcli.settle.limits.events import Event, Line, Person

ALREADY_POSTED = reason("ALREADY_POSTED")


def refusal(person: Person, line: Line, event: Event) -> Reason | None:
    """Refuse what the ledger has of this event, or of this certificate."""
    by_certificate = (line.certificate_no, line.programme) in person.posted_certificates
    return ALREADY_POSTED if line.programme in event.posted or by_certificate else None
