"""Six stories (故事): each module draws one roster and says, row by row, what the texts make of it and why.

The outcomes are argued from the plan, the policy reading and the contract; they are never copied from a run.
"""

from __future__ import annotations

from dataclasses import dataclass

ENTERPRISE, VOCATIONAL, LIVING = "enterprise-training", "vocational-training", "living-allowance"
CERTIFICATE, TECHNICIAN = "certificate", "technician"

SCHOOL = "太原市拾光职业培训学校"
CENTRE = "太原市榆禾职业技能培训中心"
COLLEGE = "太原市砺行高级技工学校"
FACTORY = "太原市汾岸重工有限公司"


@dataclass(frozen=True)
class Line:
    """The intended outcome of one claim line: yuan approved, reason codes, and the argument."""

    programme: str | None
    status: str
    yuan: int
    reasons: tuple[str, ...]
    why: str


@dataclass(frozen=True)
class Outcome:
    """The intended lines of one data row."""

    file: str
    sheet: str
    row: int
    lines: tuple[Line, ...]


def approved(programme: str, yuan: int, why: str, *notes: str) -> Line:
    """Return a line that is paid as claimed or as the plan gives; reasons are notes only."""
    return Line(programme, "approved", yuan, notes, why)


def reduced(programme: str, yuan: int, why: str, *notes: str) -> Line:
    """Return a line that claims more than the plan gives."""
    return Line(programme, "reduced", yuan, ("OVER_CLAIMED", *notes), why)


def held(programme: str | None, code: str, why: str) -> Line:
    """Return a line that a person must decide."""
    return Line(programme, "held", 0, (code,), why)


def rejected(programme: str | None, code: str, why: str) -> Line:
    """Return a line that is not paid."""
    return Line(programme, "rejected", 0, (code,), why)
