"""Training events (培训) of one person: which rows and floating lines are one event, and what the event holds.

Reading 3.3 and 3.4. A person's state begins with what the ledger holds and grows by what is accepted. Dates are days
since 1970-01-01, None where unknown.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache
from itertools import chain
from typing import NamedTuple

from trainingcli.policy import Policy
from trainingcli.reasons import Reason
from trainingcli.settle.limits.keys import counted_year, repeat_key, year_at

Day = int


class Earlier(NamedTuple):
    """What the ledger paid of a programme for an event: fen in all; batch and day of posting of the first of it."""

    fen: int
    batch: int | None
    day: str | None


@dataclass(slots=True, eq=False)
class Event:
    """One person attending one class. `id` >= 0: the ledger's; < 0: new. `own`: dated by its certificate."""

    id: int
    starts: set[Day]
    occupation: str | None
    level: str | None
    end: Day | None = None
    own: bool = False
    certificate_date: Day = 0  # 0: none
    year: int = 0
    place: str = ""  # "year", "waiver"; empty: none yet
    posted: dict[str, Earlier] = field(default_factory=dict)  # by programme
    taken: set[str] = field(default_factory=set)
    payee: str | None = None  # of the ledger's entry
    batch: int | None = None
    row: int | None = None  # the row of the batch that took its place

    def agrees(self, occupation: str | None, level: str | None) -> bool:
        """Say whether nothing that is filled in both differs."""
        return (not occupation or not self.occupation or occupation == self.occupation) and (
            not level or not self.level or level == self.level
        )

    def fill(self, occupation: str | None, level: str | None, end: Day | None = None) -> None:
        """Fill the event's blanks."""
        self.occupation = self.occupation or occupation
        self.level = self.level or level
        self.end = self.end if self.end is not None else end

    def began(self) -> Day:
        """Return the day the event began; one that has no start is dated by its certificate."""
        return min(self.starts, default=self.certificate_date)


@dataclass(slots=True, eq=False)
class Row:
    """A roster row of a valid person, as far as events are concerned."""

    position: int
    start: Day | None
    end: Day | None
    occupation: str | None
    level: str | None
    training_type: str | None
    certificate_date: Day | None
    certificate_no: str | None
    event: Event | None = None


@dataclass(slots=True, eq=False)
class Line:
    """A claim line on its way through the limits, and what became of it."""

    position: int
    row: Row
    programme: str
    payable: bool
    entitled: int  # fen
    amount: int  # fen: what is paid if nothing refuses it
    ceiling: int | None  # fen: the plan's figure alone, without a register's standard; None: it is no ceiling
    certificate_no: str | None  # where the programme uses it
    by_type: bool  # the training type is its repeat key, whatever the level
    pays_training: bool  # for days in a class: two on one day are worth a note
    event: Event | None = None
    key: str | None = None
    keys: set[str] = field(default_factory=set)
    reason: Reason | None = None
    notes: list[str] = field(default_factory=list)
    waiver: str | None = None
    refused_with: bool = False  # the training it came from was refused by the yearly limit
    full_year: int = 0  # the year whose places were taken, where that refused it
    against: list[Event] = field(default_factory=list)  # the trainings that stand against it
    paid_less: int = 0  # fen by which today's figure is higher than what was posted


@dataclass(slots=True)
class Parameters:
    """The policy's parameters of the limits, read once a run."""

    trainings_a_year: Callable[[int], int]
    year_of: str
    repeat_without_level: str
    levelless_days: int
    over_limit: str
    lower_after_higher: str
    cap_scope: str
    waivable: frozenset[str]
    ranks: dict[str | None, int]

    @classmethod
    def of(cls, policy: Policy) -> Parameters:
        """Read them from a policy."""
        levels = ("专项职业能力", "初级工", "中级工", "高级工", "技师", "高级技师")
        return cls(
            cache(lambda year: policy.trainings_a_year(dt.date(year, 12, 31))),
            policy.parameter("year_of"),
            policy.parameter("repeat_without_level"),
            policy.parameter("levelless_certificate_days"),
            policy.parameter("over_limit"),
            policy.parameter("lower_after_higher"),
            policy.parameter("cap_scope"),
            frozenset(policy.parameter("waivable")),
            {level: rank for rank, level in enumerate(levels)},
        )


class Person:
    """One person's events, held keys and places: the ledger's first, then what the batch adds."""

    def __init__(self, parameters: Parameters) -> None:
        self.parameters = parameters
        self.waivers: list[Waiver] = []
        self.events: list[Event] = []
        self.holders: dict[str, list[Event]] = {}
        self.posted_under: set[str] = set()  # the readings of Q8 that the ledger's keys were made by
        self.places: Counter[int] = Counter()
        self.posted_certificates: dict[tuple[str, str], Event] = {}
        self.taken_certificates: set[tuple[str, str]] = set()
        self.refused: set[str | None] = set()  # keys of trainings; lines come in the order of their days
        self.paid: Counter[tuple[str, int]] = Counter()

    def join(self, row: Row) -> None:
        """Put a dated row into the first event that it does not contradict, or into a new one."""
        if row.start is None:
            return
        for event in self.events:
            if row.start in event.starts and event.agrees(row.occupation, row.level):
                break
        else:
            event = Event(-row.position - 1, {row.start}, None, None)
            self.events.append(event)
        event.fill(row.occupation, row.level, row.end)
        row.event = event

    def year(self, event: Event) -> int:
        """Return the year whose places an event may take (Q7)."""
        if event.place:
            return event.year
        return counted_year(event.began(), event.end, self.parameters.year_of)

    def is_full(self, year: int) -> bool:
        """Say whether the year's places are all taken."""
        return self.places[year] >= self.parameters.trainings_a_year(year)

    def set_keys(self, line: Line, event: Event) -> None:
        """Give a line its repeat key, and the keys by each reading that its person's entries were posted under."""

        def key(without_level: str) -> str | None:
            facts = (event.occupation, event.level, line.row.training_type, self.year(event))
            return repeat_key(*facts, by_type=line.by_type, without_level=without_level)

        line.key = key(self.parameters.repeat_without_level)
        keys = (line.key, *map(key, self.posted_under))
        line.keys = {each for each in keys if each is not None}

    def holding(self, line: Line) -> Iterator[Event]:
        """Yield the events that hold one of a line's keys."""
        for key in sorted(line.keys):
            yield from self.holders.get(key, ())

    def hold(self, key: str | None, event: Event) -> None:
        """Let an event hold a repeat key."""
        if key is not None and event not in self.holders.setdefault(key, []):
            self.holders[key].append(event)

    def resolve(self, line: Line) -> None:
        """Give a line its event and key."""
        if line.row.event is not None:
            self._resolve_dated(line, line.row.event)
        else:
            self._resolve_floating(line)

    def _resolve_dated(self, line: Line, event: Event) -> None:
        """Belong to the row's event, or to the ledger's own event that holds the key (the training came later).

        What the row's event has as paid stays so: its key may be another's only since a blank was filled.
        """
        line.event, start = event, line.row.start
        self.set_keys(line, event)
        if line.programme in event.posted or start is None:
            return
        came_first = [held for held in self.holding(line) if held.own and start <= held.certificate_date]
        line.event = next(chain(_having(line.programme, came_first), came_first), event)

    def _resolve_floating(self, line: Line) -> None:
        """Join the event that the certificate came from; else be an event of its own, dated by its certificate."""
        row, day = line.row, line.row.certificate_date
        if day is None:
            return
        own = Event(-row.position - 1, set(), row.occupation, row.level, None, True, day, year_at(day))
        self.set_keys(line, own)
        led_to_it = [event for event in self.holding(line) if event.began() <= day]
        holder = next(chain(_having(line.programme, led_to_it), led_to_it), None)
        if holder is not None:
            line.event = holder
            return
        longest = self.parameters.levelless_days
        led_here = [
            event
            for event in self.events
            if event.place and event.occupation == row.occupation and not event.level
            if event.starts and 0 <= day - event.began() <= longest
        ]
        if led_here and row.occupation:
            line.event = max(led_here, key=Event.began)
            return
        line.event = own
        line.refused_with = line.key in self.refused

    def take(self, line: Line, event: Event) -> None:
        """Accept a line: its event takes a place, holds its key, and takes the line's level where it has none."""
        if not event.place:
            event.year, event.row = self.year(event), line.row.position
            event.place = "waiver" if line.waiver else "year"
            if event.place == "year":
                self.places[event.year] += 1
            if event not in self.events:
                self.events.append(event)
        if line.row.start is not None:
            event.starts.add(line.row.start)
        event.fill(line.row.occupation, line.row.level)
        self.hold(line.key, event)
        event.taken.add(line.programme)
        if line.certificate_no:
            self.taken_certificates.add((line.certificate_no, line.programme))
        self.paid[line.programme, event.year] += line.amount


@dataclass(frozen=True, slots=True)
class Waiver:
    """An approved exception (特批): a refusal that is let through for one event, with approver and document."""

    occupation: str | None
    level: str | None
    start: Day | None
    code: str
    record: str  # JSON: approver, document, reason

    def covers(self, row: Row, event: Event, code: str) -> bool:
        """Say whether the waiver is for a row's event and refusal; what the waiver leaves blank it does not limit."""
        day = row.start if row.start is not None else row.certificate_date
        return (
            self.code == code
            and self.occupation in (None, event.occupation)
            and self.level in (None, event.level)
            and self.start in (None, day)
        )


def _having(programme: str, events: list[Event]) -> Iterator[Event]:
    """Yield those for which a programme is paid: of several that hold one key, they come first (3.5)."""
    return (event for event in events if programme in event.posted)


Limit = Callable[[Person, Line, Event], Reason | None]
