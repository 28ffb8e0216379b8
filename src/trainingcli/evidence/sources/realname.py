"""The real-name system (实名制), 三(五): what it knows of a person and training beside the roster."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from trainingcli.evidence.source import Source
from trainingcli.facts import Check
from trainingcli.language import Text

if TYPE_CHECKING:
    from trainingcli.evidence.gathered import Sources


class RealNames(Source):
    """Not compared: exports of the real-name system are not read."""

    name = "realname"
    place = 100

    @property
    def title(self) -> Text:
        """What it is called."""
        return Text("实名制系统", "Real-name system")

    def checks(self, sources: Sources) -> Iterator[Check]:
        """Say that nothing was compared."""
        yield Check(
            "realname",
            False,
            Text(
                "本程序尚不读取实名制系统导出表，请人工比对",
                "this program does not read exports of the real-name system; compare by hand",
            ),
        )


SOURCE = RealNames()
