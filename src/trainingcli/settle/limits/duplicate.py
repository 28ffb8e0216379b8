"""Duplicates in one batch (重复申报), 三(三): an event, and a certificate, pays a programme once."""

from __future__ import annotations

from trainingcli.reasons import Reason, reason
from trainingcli.settle.limits.events import Event, Line, Person

DUPLICATE_CLAIM = reason("DUPLICATE_CLAIM")


def refusal(person: Person, line: Line, event: Event) -> Reason | None:
    """Refuse what this batch has taken already."""
    by_certificate = (line.certificate_no, line.programme) in person.taken_certificates
    return DUPLICATE_CLAIM if line.programme in event.taken or by_certificate else None
