"""Red flags (疑点), 三(四)(九): what the bureau should look into; no reasons of lines, in no institution's workbook.

Ages out of range, certificates of one assessor and day without number, employees who were jobless months before, two
classes of the same people, two levels within days, numbers that say another year, posts that want a qualification. The
thresholds are parameters of the policy. They stand on the sheet 疑点 of the summary workbook and in the JSON.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from trainingcli.evidence.source import Source
from trainingcli.language import Text

if TYPE_CHECKING:
    from trainingcli.evidence.batch import Batch
    from trainingcli.evidence.gathered import Sources


class Flags(Source):
    """All flags, asked of every row."""

    name = "flags"
    place = 140

    @property
    def title(self) -> Text:
        """What it is called."""
        return Text("疑点", "Red flags")

    def account(self, batch: Batch) -> Any:
        """Return what these rows contribute to each flag."""
        from trainingcli.evidence.flags import all_flags
        from trainingcli.evidence.seen_rows import SeenRows

        seen = SeenRows(batch)
        return {flag.code: flag.facts(seen) for flag in all_flags()}

    def document(self, accounts: Sequence[Any], sources: Sources) -> Any:
        """Return the flags by institution and class; messages in both languages."""
        from trainingcli.evidence.flagging import document_of
        from trainingcli.evidence.flags import all_flags

        found = [
            (raised, document_of(flag, raised))
            for flag in all_flags()
            for raised in flag.raised([account[flag.code] for account in accounts])
        ]
        first = [sorted(place.order for place in raised.places)[:2] for raised, _ in found]
        order = sorted(
            range(len(found)), key=lambda at: (*_named(found[at][1]), first[at][0], found[at][1]["code"], first[at])
        )
        return [found[at][1] for at in order]


def _named(flag: dict[str, Any]) -> tuple[str, str]:
    return flag["institution"] or "", flag["class_no"] or ""


SOURCE = Flags()
