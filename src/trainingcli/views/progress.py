"""How far the plan's targets (一) are reached: trainings, trainees in work, skilled and highly skilled workers.

Counted are events with a payment that was not reversed, by the event's year; awards are none. What an event is (its
district, category) the first of its standing lines that says so tells; it is an employee's where any of them is.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc

from trainingcli.facts import Head
from trainingcli.language import Text, tr
from trainingcli.money import percent_text
from trainingcli.views.districts import Districts
from trainingcli.views.paid_lines import NOWHERE
from trainingcli.views.progress_files import Population
from trainingcli.views.progress_lines import StandingLines, standing_lines

if TYPE_CHECKING:
    from trainingcli.ledger import Ledger
    from trainingcli.policy import Policy

TRAINING_YEARS = range(2019, 2022)
TRAININGS, IN_WORK = "target_trainings", "target_employed_percent"
SHARES = {
    "target_skilled_percent": ("skilled", "employed"),
    "target_high_skill_percent": ("high_skill", "skilled"),
}
"""Target → the figure, and the figure that it is a share of."""
LISTS = {"by_year": "event_year", "by_district": "district", "by_category": "category"}
_NOBODY = Text("这一年没有不是企业在岗职工的学员", "nobody of that year is no employee")
_NOBODY_KNOWN = Text("这一年的学员是否就业都不明", "of nobody of that year it is known")
_NAMES = {"employed": Text("就业人员", "the employed"), "skilled": Text("技能劳动者", "skilled workers"),
          "high_skill": Text("高技能人才", "the highly skilled")}  # fmt: skip


@dataclass(frozen=True)
class Target:
    """One target in one year. `base` None: it is no share; a figure that is None is missing, `why` says which."""

    target: str
    year: int
    value: int | None
    base: int | None
    goal: int | None
    is_share: bool
    source: str
    unknown: int | None = None
    why: Text | None = None

    @property
    def share(self) -> str | None:
        """The value's share of the base, percent half up."""
        known = self.is_share and self.value is not None and self.base
        return percent_text(self.value or 0, self.base or 0) if known else None

    @property
    def distance(self) -> int | None:
        """The fewest people or events that, added to the value with the base fixed, make the goal; 0 where met."""
        if self.value is None or self.goal is None or (self.is_share and not self.base):
            return None
        needed = -(-self.goal * (self.base or 0) // 100) if self.is_share else self.goal
        return max(needed - self.value, 0)

    def shown(self) -> dict[str, Any]:
        """Return the row as the document has it."""
        distance = self.distance
        return {
            "target": self.target, "year": self.year, "value": self.value, "base": self.base, "share": self.share,
            "goal": self.goal, "met": None if distance is None else distance == 0, "distance": distance,
            "unknown": self.unknown, "source": self.source, "why": None if self.why is None else str(self.why),
        }  # fmt: skip


@dataclass(frozen=True)
class Progress:
    """The whole view. `lists`: name of `LISTS` → rows by key; `certificates`: those paid for, by year and level."""

    ledger: Head
    targets: Sequence[Target]
    lists: Mapping[str, Sequence[Mapping[str, Any]]]
    certificates: Sequence[Mapping[str, Any]]
    said: Sequence[Text] = field(default=())


def progress(
    ledger: Ledger,
    policy: Policy,
    figures: Mapping[int, Population],
    employment: Mapping[str, bool],
    *,
    districts: Districts = NOWHERE,
) -> Progress:
    """Measure every target by one state of the ledger; `employment`: ID number → works, which outranks the rosters."""
    with ledger.one_state():
        head, lines = ledger.head(), standing_lines(ledger, employment, districts)
    events = _events(lines.table)
    source = tr("台账、就业信息", "ledger, employment") if employment else tr("台账", "ledger")
    targets = [*_trainings(events, policy), *_in_work(events, policy, source), *_population(figures, policy)]
    lists = {name: _list(events, column, lines.texts.get(column)) for name, column in LISTS.items()}
    none = Text("台账中没有仍然有效的培训支付", "the ledger holds no payment of a training that stands")
    return Progress(head, targets, lists, _certificates(lines), [] if events.num_rows else [none])


_OF_EVENT = {
    "event_year": "first", "subject": "first", "district": "first", "category": "first", "told": "first",
    "is_employee": "any", "works": "any", "idle": "any",
}  # fmt: skip


def _events(lines: pa.Table) -> pa.Table:
    """Return a row an event, in order; "first" is the first that is there."""
    found = lines.group_by("event", use_threads=False).aggregate(list(_OF_EVENT.items()))
    return found.rename_columns([name.rsplit("_", 1)[0] if name != "event" else name for name in found.column_names])


def _list(events: pa.Table, column: str, texts: list[str] | None) -> list[dict[str, Any]]:
    """Count events and people by a column; `texts`: what its numbers stand for, None: themselves."""
    counted = events.group_by(column).aggregate([("event", "count"), ("subject", "count_distinct")]).to_pylist()
    rows = [
        {
            "key": row[column] if texts is None or row[column] is None else texts[row[column]],
            "events": row["event_count"], "people": row["subject_count_distinct"],
        }
        for row in counted
    ]  # fmt: skip
    return sorted(rows, key=lambda row: (row["key"] is None, row["key"]))


def _certificates(lines: StandingLines) -> list[dict[str, Any]]:
    """Count the certificates that were paid for, each once: they stand beside the targets and are never added."""
    paid, levels = lines.table.filter(pc.is_valid(lines.table["certificate"])), lines.texts["level"]
    counted = paid.group_by(["event_year", "level"]).aggregate([("certificate", "count_distinct")]).to_pylist()
    rows = [
        {
            "year": row["event_year"], "level": None if row["level"] is None else levels[row["level"]],
            "certificates": row["certificate_count_distinct"],
        }
        for row in counted
    ]  # fmt: skip
    return sorted(rows, key=lambda row: (row["year"], row["level"] is None, row["level"] or ""))


def _goal(policy: Policy, target: str, year: int) -> int | None:
    """Return the number that the policy file gives for the year, on its last day."""
    return policy.quantity(target, dt.date(year, 12, 31))


def _trainings(events: pa.Table, policy: Policy) -> Iterator[Target]:
    of_years = events["event_year"]
    for year in TRAINING_YEARS:
        within = pc.and_(pc.greater_equal(of_years, TRAINING_YEARS.start), pc.less_equal(of_years, year))
        value = pc.sum(within).as_py() or 0
        yield Target(TRAININGS, year, value, None, _goal(policy, TRAININGS, year), False, tr("台账", "ledger"))


def _in_work(events: pa.Table, policy: Policy, source: str) -> Iterator[Target]:
    """Measure, year by year, who of the trainees that are no employees works.

    Who is not known counts as no, or is left out, as the policy reads it (Q17). The employment workbooks outrank the
    rosters, and of these one that calls somebody employed.
    """
    aggregates = [("is_employee", "any"), ("works", "any"), ("idle", "any"), ("told", "first")]
    people = events.group_by(["event_year", "subject"], use_threads=False).aggregate(aggregates)
    by_rosters = pc.if_else(
        people["works_any"], True, pc.if_else(people["idle_any"], False, pa.scalar(None, pa.bool_()))
    )
    works = pc.coalesce(people["told_first"], by_rosters)
    asked = pc.invert(people["is_employee_any"])
    for year in sorted(pc.unique(people["event_year"]).to_pylist()):
        says = works.filter(pc.and_(asked, pc.equal(people["event_year"], year)))
        base = len(says) - (says.null_count if policy.parameter("employment_unknown") == "left_out" else 0)
        yield Target(
            IN_WORK, year, pc.sum(says).as_py() or 0, base, _goal(policy, IN_WORK, year), True, source,
            says.null_count, None if base else _NOBODY_KNOWN if len(says) else _NOBODY,
        )  # fmt: skip


def _population(figures: Mapping[int, Population], policy: Policy) -> Iterator[Target]:
    for target, (part, of) in SHARES.items():
        for year, given in sorted(figures.items()):
            value, base = getattr(given, part), getattr(given, of)
            missing = [_NAMES[name] for name, count in ((part, value), (of, base)) if count is None]
            why = _missing(missing) if missing or base else Text(f"{_NAMES[of].zh}为 0", f"{_NAMES[of].en}: 0")
            yield Target(target, year, value, base, _goal(policy, target, year), True, given.source, None, why)


def _missing(names: Sequence[Text]) -> Text | None:
    if not names:
        return None
    zh, en = "、".join(name.zh for name in names), ", ".join(name.en for name in names)
    return Text(f"缺少{zh}", f"not given: {en}")
