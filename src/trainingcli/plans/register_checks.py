"""Course plans beside the published lists (`--registers`), 三(六)(七): warnings, none of which fails a plan.

A plan's institution, and its occupation with the level, stand in the lists on the day of its review (else today); every
class that was filed under a plan's approval number has that plan in the set.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from trainingcli.cell_findings import CellFinding, TableRow
from trainingcli.compared import folded_name
from trainingcli.evidence.gathering import gather
from trainingcli.evidence.listed import OTHER_KIND, OUT_OF_DATE, UNLISTED, days_of, details_of
from trainingcli.evidence.source import Given, Means
from trainingcli.evidence.sources.institutions import trainings_of
from trainingcli.facts import Check
from trainingcli.language import Text
from trainingcli.plans import kinds
from trainingcli.plans.kinds import found
from trainingcli.plans.plan_checks import CheckedPlan, CheckedSet
from trainingcli.plans.plan_rows import PlanRow

if TYPE_CHECKING:
    from trainingcli.evidence.register_contents import Contents, Entry

_ASKED = ("occupations", "institutions", "classes")


def with_registers(checked: CheckedSet, folder: Path | None, means: Means) -> tuple[CheckedSet, list[Check]]:
    """Return the set with what the registers say added, and which registers were asked.

    UsageError (exit 2) where the folder is not there, or a register does not hold.
    """
    if folder is None:
        return checked, []
    sources = gather(Given(folder), means)
    aliases, contents = sources.aliases, sources.contents
    plans = [_with_lists(plan, contents, aliases, means.today) for plan in checked.plans]
    unknown = list(_unknown_plans(checked, folder, contents["classes"])) if "classes" in contents else []
    return CheckedSet(plans, checked.findings + unknown), [sources.check_of(name) for name in _ASKED]


def _with_lists(
    plan: CheckedPlan, contents: Mapping[str, Contents], aliases: Mapping[str, str], today: dt.date
) -> CheckedPlan:
    row = plan.plan.row
    day: dt.date = row.get("reviewed") or today
    asked = (
        ("occupation", "occupations", Text("等级", "level"), _of_occupation(row, aliases)),
        ("institution", "institutions", Text("培训职业", "occupation"), _of_institution(row, aliases)),
    )
    said = [
        each
        for key, register, limited_to, fits in asked
        if row.get(key) is not None and register in contents
        for each in _unlisted(row, key, details_of(register, limited_to), contents[register], day, fits)
    ]
    return replace(plan, findings=plan.findings + said)


def _unlisted(
    row: PlanRow,
    key: str,
    details: tuple[Text, Text, Text],
    register: Contents,
    day: dt.date,
    fits: Callable[[Entry], tuple[bool, bool]],
) -> Iterator[CellFinding]:
    """Yield a warning where no entry of the register fits: `fits` says of one whether it has the name, and the kind."""
    nearest = UNLISTED
    for entry in register.entries:
        has_name, has_kind = fits(entry)
        if has_name and has_kind and _in_force(entry, day):
            return
        if has_name:
            nearest = max(nearest, OUT_OF_DATE if has_kind else OTHER_KIND)
    yield found(kinds.NOT_IN_REGISTER, row, key, details[nearest])


def _in_force(entry: Entry, day: dt.date) -> bool:
    since, until = days_of(entry)
    return (since is None or since <= day) and (until is None or day <= until)


def _of_occupation(row: PlanRow, aliases: Mapping[str, str]) -> Callable[[Entry], tuple[bool, bool]]:
    occupation, level = _occupation(row, aliases), row.get("level")

    def fits(entry: Entry) -> tuple[bool, bool]:
        levels = entry.several("level")
        return folded_name(entry.values["occupation"]) == occupation, level is None or not levels or level in levels

    return fits


def _of_institution(row: PlanRow, aliases: Mapping[str, str]) -> Callable[[Entry], tuple[bool, bool]]:
    name, level = folded_name(row.get("institution") or ""), row.get("level")
    occupation = _occupation(row, aliases)

    def fits(entry: Entry) -> tuple[bool, bool]:
        trainings = trainings_of(entry)
        covered = any(
            aliases.get(trained, trained) == occupation and (level is None or not levels or level in levels)
            for trained, levels in trainings
        )
        return folded_name(entry.values["institution"]) == name, occupation is None or not trainings or covered

    return fits


def _occupation(row: PlanRow, aliases: Mapping[str, str]) -> str | None:
    name: Any = row.get("occupation")
    return None if name is None else aliases.get(folded_name(name), folded_name(name))


def _unknown_plans(checked: CheckedSet, folder: Path, classes: Contents) -> Iterator[CellFinding]:
    """Yield a warning for each filed class whose 计划批准文号 is no plan's."""
    known = {folded_name(plan.plan.row.get("approval") or "") for plan in checked.plans}
    for entry in classes.entries:
        number = entry.get("plan")
        if number and folded_name(number) not in known:
            place = classes.fault(entry, "plan", Text("", ""))
            row = TableRow(
                str(folder / place.file), place.sheet or "", entry.row, {"approval": place.cell or ""}, {}, {},
                {"approval": number},
            )  # fmt: skip
            yield found(kinds.PLAN_UNKNOWN, row, "approval")
