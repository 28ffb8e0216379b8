"""Bases and studios (基地和工作室目录), 二(七): who was recognised, at which grade, under which names.

It speaks of awards alone: `trainingcli awards` asks it, and lists it as checked or not; a trainee's line never does.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from trainingcli.evidence.source import Source
from trainingcli.language import Text

if TYPE_CHECKING:
    from trainingcli.evidence.gathered import Sources
    from trainingcli.evidence.register_contents import Contents
    from trainingcli.facts import Check
    from trainingcli.intake.tables.read_declared import Fault


class Units(Source):
    """The list of units; its names, rows and withdrawals are read by the room `awards`."""

    name = "units"
    place = 90
    registers = ("units",)
    reasons = ("NOT_IN_REGISTER", "REGISTER_DIFFERS")

    def checks(self, sources: Sources) -> Iterator[Check]:
        """Say nothing of trainees' claims: they have no unit."""
        yield from ()

    def faults(self, contents: Contents) -> Iterator[Fault]:
        """Yield rows that were withdrawn before they were recognised."""
        for entry in contents.entries:
            recognised, withdrawn = entry.get("recognised"), entry.get("withdrawn")
            if recognised is not None and withdrawn is not None and withdrawn < recognised:
                text = Text("撤销日期早于认定日期", "withdrawn before it was recognised")
                yield contents.fault(entry, "withdrawn", text)


SOURCE = Units()
