"""Approved exceptions (特批), reading Q9: a fourth training in a year, by whom and under which document."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from trainingcli.evidence.source import Source
from trainingcli.language import Text
from trainingcli.settle.occupations import parted

if TYPE_CHECKING:
    from trainingcli.evidence.register_contents import Contents, Entry
    from trainingcli.intake.tables.read_declared import Fault
    from trainingcli.settle.limits.events import Waiver

WAIVABLE = ("ANNUAL_LIMIT",)


class Waivers(Source):
    """A reason that a waiver names for a person and training becomes a note."""

    name = "waivers"
    place = 90
    registers = ("waivers",)
    reasons = ("WAIVED",)

    def faults(self, contents: Contents) -> Iterator[Fault]:
        """Yield waivers that no limit asks for."""
        for entry in contents.entries:
            if entry.get("code") not in (None, *WAIVABLE):
                text = Text("此原因不能特批，该行不起作用", "no waiver lets this reason through; the row has no effect")
                yield contents.fault(entry, "code", text, is_error=False)


def waivers_of(waivers: Contents | None, aliases: Mapping[str, str]) -> dict[str, tuple[Waiver, ...]]:
    """Return ID number → exceptions; the limits ask for them."""
    found: dict[str, list[Waiver]] = {}
    for entry in waivers.entries if waivers else ():
        found.setdefault(entry.values["id_number"], []).append(_waiver(entry, aliases))
    return {number: tuple(entries) for number, entries in found.items()}


def _waiver(entry: Entry, aliases: Mapping[str, str]) -> Waiver:
    from trainingcli.settle.dated import day_number
    from trainingcli.settle.limits.events import Waiver

    start, code = entry.get("start_date"), entry.values["code"]
    occupation, behind = parted(entry.values["occupation"]) if entry.get("occupation") else (None, None)
    record = {"approver": entry.values["approver"], "document": entry.values["document"], "reason": code}
    return Waiver(
        occupation and aliases.get(occupation, occupation),
        entry.get("level") or behind,
        None if start is None else day_number(start),
        code,
        json.dumps(record, ensure_ascii=False, sort_keys=True),
    )


SOURCE = Waivers()
