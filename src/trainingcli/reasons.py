"""The reasons a claim line can carry (原因): declared once in `schemas/reasons.yaml`, read by every output.

A rule module asks for its reasons when it is imported, so a code without a declaration fails there and not in a run.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import NamedTuple

from trainingcli import published
from trainingcli.language import Text

SEVERITIES = ("note", "reduce", "hold", "reject")
"""From harmless to worst: a line's status follows from its worst reason."""

FUNDS_CLAUSE = "三(九)"
"""The clause for a reason that rests on its programme's clause, where the line has no programme."""


class Reason(NamedTuple):
    """One reason code. `message` has placeholders ({field}, {value}, {detail} …); the other texts have none.

    `in_validate`: what `validate` calls it, where that does not follow from its severity ("": it does).
    """

    code: str
    severity: str
    clause: str
    title: Text
    message: Text
    remedy: Text
    explanation: Text
    in_validate: str = ""

    def cited(self, programme_clause: str | None) -> str:
        """Return the clause to cite on a line whose programme rests on `programme_clause` (None: no programme)."""
        return (programme_clause or FUNDS_CLAUSE) if self.clause == "programme" else self.clause


@cache
def all_reasons() -> Mapping[str, Reason]:
    """Return code → reason in the order of the published file; read-only, loaded once."""
    return MappingProxyType({code: reason(code) for code in published.entries("reasons.yaml", "reasons")})


@cache
def reason(code: str) -> Reason:
    """Return the reason of a code; KeyError where none is declared."""
    try:
        entry = published.read("reasons.yaml", "reasons", code)
    except KeyError:
        raise KeyError(f"reason {code} is not declared in schemas/reasons.yaml") from None
    texts = {name: Text(**entry[name]) for name in ("title", "message", "remedy", "explanation")}
    return Reason(code, entry["severity"], entry["clause"], **texts, in_validate=entry.get("in_validate", ""))
