"""What people decided about held awards (`--decisions`): that unit and award, the same grade, round and date."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from trainingcli.awards.lines import AwardLine, round_of
from trainingcli.awards.unit_names import unit_name
from trainingcli.awards.unit_register import UnitRegister
from trainingcli.compared import squeeze
from trainingcli.evidence.ruling import Asked, Outcome, joined, summary, unmet
from trainingcli.language import Text
from trainingcli.reasons import SEVERITIES

if TYPE_CHECKING:
    from trainingcli.evidence.deciding import Decided, Decision
    from trainingcli.settle.decided import Ruling

NAME = "decisions"
"""The piece of evidence, and its key in the document."""


def rulings(
    decided: Decided, lines: Sequence[AwardLine], register: UnitRegister
) -> tuple[dict[int, Ruling], dict[str, int], list[Text]]:
    """Return what was decided about lines as they stand without decisions (by place), the document's counts, and what
    is to be said. A `UsageError` (exit 2) where decisions disagree, or allow more than can be paid."""
    outcome, found = Outcome(), dict[int, Any]()
    for place, line in enumerate(lines):
        met = [each for each in decided.entries if _is_meant(each, line, register)]
        holds = [each.code for each in line.found if each.weight == SEVERITIES.index("hold")]
        ruling = outcome.rule(_asked(place, line, holds), met) if met else None
        if ruling is not None:
            found[place] = ruling
        _count_paid(outcome, line, ruling)
    whole = joined([outcome], decided.entries)
    counts = summary(whole, decided.entries)
    return found, counts, [*unmet(whole, decided.entries), *decided.notes]


def _asked(place: int, line: AwardLine, holds: Sequence[str]) -> Asked:
    share, total = line.share or (None, line.row.most if line.claimed is None else line.claimed)
    return Asked(place, holds, line.entitled, total, share)


def _count_paid(outcome: Outcome, line: AwardLine, ruling: Ruling | None) -> None:
    """Count what was paid of a shared amount before, where that is more than is allowed of it now."""
    share, total = line.share or (None, None)
    more = line.paid - ((ruling.amount if ruling else 0) or 0)
    if share is not None and total is not None and more > 0:
        outcome.paid(share, total, more)


def _is_meant(decision: Decision, line: AwardLine, register: UnitRegister) -> bool:
    row, said = line.row, decision.said
    graded, dated = said.get("grade") or said.get("level") or "", said.get("date") or said.get("start_date")
    if row.unit is None or "unit" not in said or line.code not in decision.programmes:
        return False
    unit = (row.unit[0], unit_name(said["unit"], row.unit[0]))
    grade = row.grade or row.shown("grade") or ""
    return (
        register.unit(unit) == register.unit(row.unit)
        and squeeze(graded) == squeeze(grade)
        and round_of(said.get("round")) == row.round
        and dated == line.date
    )
