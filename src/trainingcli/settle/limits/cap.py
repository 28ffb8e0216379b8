"""A programme's ceiling for a year or a life instead of for a training (Q2), where the parameter says so; 二(三)."""

from __future__ import annotations

from trainingcli.reasons import Reason, reason
from trainingcli.settle.limits.events import Event, Line, Person

CAP_REACHED = reason("CAP_REACHED")


def refusal(person: Person, line: Line, event: Event) -> Reason | None:
    """Cut what a line may get to what is left under the ceiling; nothing left refuses it."""
    scope = person.parameters.cap_scope
    if scope == "training" or line.ceiling is None:
        return None
    year = person.year(event)
    used = sum(
        fen for (code, at), fen in person.paid.items() if code == line.programme and (scope == "life" or at == year)
    )
    line.entitled = min(line.entitled, max(line.ceiling - used, 0))
    line.amount = min(line.amount, line.entitled)
    return CAP_REACHED if line.entitled == 0 else None
