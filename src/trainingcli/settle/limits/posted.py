"""Already posted (已入账), 三(三): a line whose event and programme are in the ledger is not paid again.

One certificate number pays a programme once, however the occupation is spelled. It comes before any hold.
"""

from __future__ import annotations

from trainingcli.reasons import Reason, reason
from trainingcli.settle.limits.events import Event, Line, Person

ALREADY_POSTED = reason("ALREADY_POSTED")
PAID_LESS = reason("PAID_LESS")


def refusal(person: Person, line: Line, event: Event | None) -> Reason | None:
    """Refuse what the ledger has of this event, or of this certificate; note where today's figure is higher.

    A line without an event (no day is known) is still that of its certificate.
    """
    number = line.certificate_no
    by_certificate = person.posted_certificates.get((number, line.programme)) if number else None
    holder = event if event is not None and line.programme in event.posted else by_certificate
    if holder is None:
        return None
    line.against = [holder]
    line.paid_less = line.amount - holder.posted[line.programme].fen if line.payable else 0
    if line.paid_less > 0:
        line.notes.append(PAID_LESS.code)
    return ALREADY_POSTED
