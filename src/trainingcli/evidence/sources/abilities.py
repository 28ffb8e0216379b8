"""The special abilities that are examined (专项能力考核目录), 三(七): asked of lines that pay a 专项职业能力证书."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from trainingcli.evidence.listed import details_of, names_of
from trainingcli.evidence.source import Source

if TYPE_CHECKING:
    from trainingcli.evidence.batch import Batch
    from trainingcli.findings import Part


class Abilities(Source):
    """The ability of a 专项职业能力证书 stands in the list on the day it was issued."""

    name = "abilities"
    place = 20
    registers = ("abilities",)
    reasons = ("NOT_IN_REGISTER",)

    def verdicts(self, batch: Batch) -> Iterator[Part]:
        """Ask the list about the ability that is certified."""
        contents = batch.sources.contents.get("abilities")
        if contents is None:
            return
        entries = names_of(contents, "ability", batch.sources.aliases)
        found = batch.look_up(entries, batch.occupations(), None, batch.dates())
        asked = batch.pays_ability() & batch.said("occupation")
        yield from batch.unlisted(asked, "NOT_IN_REGISTER", "occupation", found, details_of("abilities"))


SOURCE = Abilities()
