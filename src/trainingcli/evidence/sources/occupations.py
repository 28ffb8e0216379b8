"""The occupations that are subsidised (职业(工种)目录), 三(四): with their levels, standards and other names.

Asked is every line whose programme uses the occupation, with the level where the programme uses one: an entry without
level covers all, a line without level is covered by any. A line that pays a 专项职业能力证书 is asked about the ability
list instead; a training at that level may stand in either. The date is the training's start, for certificate
programmes the certificate's issue; the first and the last day of an entry are both in force.

Example: 尤某, 宠物美容, start 2020-07-01, the entry is in force until 2020-06-30 → rejected, NOT_IN_REGISTER.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from trainingcli.evidence.listed import days_of, details_of, listed, names_of
from trainingcli.evidence.source import Source
from trainingcli.language import Text
from trainingcli.settle.occupations import bare, parted

if TYPE_CHECKING:
    from trainingcli.evidence.batch import Batch
    from trainingcli.evidence.register_contents import Contents, Entry
    from trainingcli.findings import Part
    from trainingcli.intake.tables.read_declared import Fault
    from trainingcli.settle.standards import Standards


class Occupations(Source):
    """Occupation and level of every line that uses them stand in the list on its date."""

    name = "occupations"
    place = 10
    registers = ("occupations",)
    reasons = ("NOT_IN_REGISTER",)

    def verdicts(self, batch: Batch) -> Iterator[Part]:
        """Ask the list about occupation and level."""
        from trainingcli.settle.programmes.certificate import ABILITY

        contents, aliases = batch.sources.contents, batch.sources.aliases
        if "occupations" not in contents:
            return
        own, names = contents["occupations"], batch.occupations()
        entries = [
            listed(entry, bare(entry.values["occupation"]), _levels(entry))
            for entry in own.named("occupation", bare, set(names[1]))
        ]
        abilities = names_of(contents.get("abilities"), "ability", aliases, ABILITY)
        asked = batch.uses("occupation") & batch.said("occupation") & ~batch.pays_ability()
        found = batch.look_up(
            [*entries, *abilities],
            names,
            batch.levels(),
            batch.dates(),
            lambda: [*own.names("occupation", bare), *(entry.name for entry in abilities)],
        )
        details = details_of("occupations", Text("等级", "level"))
        yield from batch.unlisted(asked, "NOT_IN_REGISTER", "occupation", found, details)

    def faults(self, contents: Contents) -> Iterator[Fault]:
        """Yield aliases that say nothing: names of the list, and those that two occupations claim."""
        names, claimed = set(contents.names("occupation", bare)), _claimed_aliases(contents)
        for entry in contents.having("aliases"):
            for written in entry.several("aliases"):
                alias = bare(written)
                if alias in names and alias != bare(entry.get("occupation") or ""):
                    text = Text(
                        f"别名“{written}”本身是目录内的职业", f"the alias '{written}' is an occupation of its own"
                    )
                    yield contents.fault(entry, "aliases", text)
                elif len(claimed[alias]) > 1:
                    zh, en = (
                        f"别名“{written}”属于两个以上职业，不采用",
                        f"the alias '{written}' is claimed twice, and not used",
                    )
                    yield contents.fault(entry, "aliases", Text(zh, en))


def _levels(entry: Entry) -> tuple[str, ...]:
    """Return the levels that an entry is for: its column's, else the one in brackets behind the occupation."""
    behind = parted(entry.values["occupation"])[1]
    return entry.several("level") or ((behind,) if behind else ())


def _claimed_aliases(occupations: Contents | None) -> dict[str, set[str]]:
    """Return alias (别名), as compared → the listed occupations that claim it."""
    claimed: dict[str, set[str]] = {}
    for entry in occupations.having("aliases") if occupations else ():
        for alias in entry.several("aliases"):
            claimed.setdefault(bare(alias), set()).add(bare(entry.get("occupation") or ""))
    return claimed


def aliases_of(occupations: Contents | None) -> Mapping[str, str]:
    """Return alias → occupation, both as compared; a listed name is no alias, nor is what two occupations claim."""
    claimed = _claimed_aliases(occupations)
    listed_names = set(occupations.names("occupation", bare)) if occupations and claimed else ()
    return {alias: names.pop() for alias, names in claimed.items() if len(names) == 1 and alias not in listed_names}


def standards_of(occupations: Contents | None) -> Standards:
    """Return 补贴标准 by occupation and level."""
    from trainingcli.settle.standards import Standard, Standards

    return Standards.from_entries(
        Standard(bare(entry.values["occupation"]), level, entry.values["standard"], *days_of(entry))
        for entry in (occupations.having("standard") if occupations else ())
        for level in _levels(entry) or (None,)
    )


SOURCE = Occupations()
