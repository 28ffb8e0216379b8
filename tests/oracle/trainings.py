"""Section 3 of the policy reading: events, floating rows, the order, the limits, and what the ledger remembers."""

from __future__ import annotations

import copy
from dataclasses import dataclass, field
from datetime import date, timedelta

from . import words
from .lines import Facts, Line, compare_amounts, figure, lesser, uses

PAYABLE = ("approved", "reduced")
Key = tuple[str, str, str]


@dataclass
class Waiver:
    """A person's event that may go over the yearly limit (Q9)."""

    person: str
    start_date: date
    occupation: str | None = None
    level: str | None = None


@dataclass
class Event:
    """One training event of one person, in the ledger or in this batch.

    `starts`: the start dates of its lines. `own`: the certificate's date where the event is dated by it. `place`:
    "year" or "waived" once accepted. `year`: the year whose place it has. `posted` / `taken`: programmes in the
    ledger / in this batch. `original`: the ledger's event of which this is the working copy.
    """

    person: str
    occupation: str | None
    level: str | None
    starts: set[date] = field(default_factory=set)
    own: date | None = None
    end: date | None = None
    place: str | None = None
    year: int | None = None
    keys: set[Key] = field(default_factory=set)
    posted: set[str] = field(default_factory=set)
    taken: set[str] = field(default_factory=set)
    trained_fen: dict[int, int] = field(default_factory=dict)
    original: Event | None = None

    @property
    def began(self) -> date:
        """The day it began: its earliest start date, or the certificate's date that stands for one."""
        # CHOICE: an own event that a dated line has joined began on that line's day.
        return min(self.starts) if self.starts else self.own

    def contradicts(self, occupation: str | None, level: str | None) -> bool:
        """Whether occupation or level is filled in both and differs."""
        return bool(
            (self.occupation and occupation and self.occupation != occupation)
            or (self.level and level and self.level != level)
        )

    def fill(self, facts: Facts) -> None:
        """Fill the event's blanks from a row that joins it."""
        self.occupation = self.occupation or facts.event_occupation
        self.level = self.level or facts.event_level
        end = facts.row.end_date
        self.end = self.end or (end if isinstance(end, date) else None)

    def is_own_in_ledger(self) -> bool:
        """Whether it was posted as an event of its own, dated by its certificate."""
        # CHOICE: it stays one after a dated line has joined it (else: a second start date would be a repeat).
        return self.original is not None and self.own is not None


@dataclass(eq=False)
class Payment:
    """One paid line as posted: its event, and what that knew then. `batch`, `number`: what `ledger void` takes."""

    line: Line
    event: Event
    known: Event
    key: Key | None
    trained: dict[int, int]
    batch: int
    number: int
    reversed_at: int | None = None
    reopened: bool = False

    def meets(self, line: Line, key: Key | None, occupation: str | None, level: str | None) -> bool:
        """8.3: whether a line is the one that this payment was for."""
        if line.programme != self.line.programme or line.facts.person != self.line.facts.person:
            return False
        if line.certificate is not None and line.certificate == self.line.certificate:
            return True
        start, its = line.facts.start, self.line.facts.start
        if start is not None and start == its and not self.known.contradicts(occupation, level):
            return True
        near = start is None or its is None or abs((start - its).days) <= 30
        return key is not None and key == self.key and near


class History:
    """The ledger (台账) as far as section 3 speaks of it: what was posted, roster after roster."""

    def __init__(self) -> None:
        self.events: dict[str, list[Event]] = {}
        self.certificate_people: dict[str, set[str]] = {}
        self.paid_certificates: set[tuple[str, str, str]] = set()
        self.payments: list[Payment] = []

    def taken_back(self, line: Line, key: Key | None, occupation: str | None, level: str | None) -> bool:
        """8.3: whether a line was paid and reversed, and neither paid again nor reopened since."""
        for paid in self.payments:
            if paid.reversed_at is None or paid.reopened or not paid.meets(line, key, occupation, level):
                continue
            later = [one for one in self.payments[paid.reversed_at :] if one.reversed_at is None]
            if not any(paid.meets(one.line, one.key, one.known.occupation, one.known.level) for one in later):
                return True
        return False

    def void(self, paid: Payment) -> None:
        """Reverse a payment: its event is what the others of it made, as if this one had never been."""
        paid.reversed_at = len(self.payments)
        person = paid.event.person
        left = [one for one in self.payments if one.event is paid.event and one.reversed_at is None]
        if not left:
            self.events[person] = [event for event in self.events[person] if event is not paid.event]
        else:
            kept = paid.event
            kept.occupation = next((one.known.occupation for one in left if one.known.occupation), None)
            kept.level = next((one.known.level for one in left if one.known.level), None)
            kept.posted = {one.line.programme for one in left}
            kept.starts = {one.line.facts.start for one in left if one.line.facts.start}
            # CHOICE: an event of which only undated lines are left is one of its own, dated by the first certificate.
            if not kept.starts:
                kept.own = min(one.line.facts.certificate_date for one in left)
            kept.keys = {one.key for one in left if one.key}
            kept.trained_fen = {}
            for one in left:
                for year, fen in one.trained.items():
                    kept.trained_fen[year] = kept.trained_fen.get(year, 0) + fen
        active = [one for one in self.payments if one.reversed_at is None and one.line.certificate]
        self.paid_certificates = {(one.event.person, one.line.programme, one.line.certificate) for one in active}
        self.certificate_people = {}
        for one in active:
            self.certificate_people.setdefault(one.line.certificate, set()).add(one.event.person)

    def post(self, lines: list[Line], batch: int = 0) -> None:
        """Post the approved and reduced lines of one settled batch."""
        for number, line in enumerate(lines, 1):
            if line.programme is None or line.status not in PAYABLE:
                continue
            event = line.event
            if event.original is None:
                event.original = Event(event.person, None, None)
                self.events.setdefault(event.person, []).append(event.original)
            self._remember(event, line)
            trained = {event.year: lesser(line)} if line.programme == "vocational-training" else {}
            known = Event(event.person, event.occupation, event.level)
            self.payments.append(Payment(line, event.original, known, line.key, trained, batch, number))
            # CHOICE: a posted line carries a certificate number where its programme uses one (else: its row's always).
            if line.certificate:
                self.certificate_people.setdefault(line.certificate, set()).add(event.person)
                self.paid_certificates.add((event.person, line.programme, line.certificate))

    @staticmethod
    def _remember(event: Event, line: Line) -> None:
        kept = event.original
        kept.occupation, kept.level, kept.own, kept.end = event.occupation, event.level, event.own, event.end
        kept.place, kept.year, kept.keys = event.place, event.year, set(event.keys)
        kept.trained_fen = dict(event.trained_fen)
        kept.posted.add(line.programme)
        if line.facts.start is not None:
            kept.starts.add(line.facts.start)


@dataclass
class Person:
    """One person's trainings while a batch is settled."""

    history: History
    policy: dict
    events: list[Event]
    taken_certificates: set[tuple[str, str]] = field(default_factory=set)
    refused: list[tuple[Key, date]] = field(default_factory=list)

    def holder(self, key: Key | None) -> Event | None:
        """The event that holds a repeat key."""
        return next((event for event in self.events if key is not None and key in event.keys), None)

    def is_full(self, year: int) -> bool:
        """Whether as many events of the year as the limit allows have a place."""
        places = [event for event in self.events if event.place == "year" and event.year == year]
        return len(places) >= self.policy["trainings_a_year"]


def year_of(event: Event, policy: dict) -> int:
    """The year whose place an event takes (Q7)."""
    # CHOICE: by the end date: the first one its rows give, else the start.
    return (event.end or event.began).year if policy["year_of"] == "end" else event.began.year


def join_dated_rows(all_facts: list[Facts], people: dict[str, Person]) -> None:
    """3.3: each dated row joins the first event of its start date that it does not contradict, or is a new one."""
    for facts in all_facts:
        if facts.person is None or facts.start is None:
            continue
        person = people[facts.person]
        # CHOICE: rows whose lines are held or rejected for other faults than name and ID join and fill blanks as well.
        for event in person.events:
            if facts.start in event.starts and not event.contradicts(facts.event_occupation, facts.event_level):
                break
        else:
            event = Event(facts.person, None, None, starts={facts.start})
            person.events.append(event)
        event.fill(facts)
        facts.event = event


def repeat_key(line: Line, event: Event | None, policy: dict) -> Key | None:
    """3.2: person + occupation + level, or the training type where there is no level; None where nothing is held."""
    facts = line.facts
    occupation = event.occupation if event else facts.event_occupation
    level = event.level if event else facts.event_level
    if occupation is None:
        return None
    if level is not None and line.programme != "enterprise-training":
        return (occupation, "level", level)
    if policy["repeat_without_level"] == "ignore":
        return None
    # CHOICE: the training type is the row's own (else: its event's, blanks filled).
    # CHOICE: with neither level nor type the occupation stands alone (else: no key).
    kind = "、".join(facts.training_types) if isinstance(facts.training_types, tuple) else ""
    if policy["repeat_without_level"] == "type_and_year" and event:
        return (occupation, f"type in {event.year or year_of(event, policy)}", kind)
    return (occupation, "type", kind)


def is_floating(line: Line) -> bool:
    """Whether a line carries no start date."""
    return line.facts.start is None


def order(line: Line) -> tuple[date, bool, int, int]:
    """3.1: by date, dated before floating of the same day, then file, sheet, row, then programme."""
    facts = line.facts
    on = facts.start or facts.certificate_date or date.max
    return on, is_floating(line), facts.position, words.PROGRAMMES.index(line.programme)


def apply_limits(lines: list[Line], all_facts: list[Facts], policy: dict, history: History, waivers: tuple) -> None:
    """Settle every line against the others of its person, in the batch and in the ledger."""
    people: dict[str, Person] = {}
    for facts in all_facts:
        if facts.person and facts.person not in people:
            working = []
            for event in history.events.get(facts.person, []):
                working.append(copy.deepcopy(event))
                working[-1].original = event
            people[facts.person] = Person(history, policy, working)
    join_dated_rows(all_facts, people)
    candidates = [line for line in lines if line.programme and line.facts.person and line.status != "rejected"]
    # CHOICE: on what is rejected for other reasons too (it stays rejected).
    for line in lines:
        if not (line.programme and line.facts.person):
            continue
        line.certificate = certificate_of(line, policy)
        event = line.facts.event
        line.key = key = repeat_key(line, event, policy)
        facts = (event.occupation, event.level) if event else (line.facts.event_occupation, line.facts.event_level)
        if history.taken_back(line, key, *facts):
            line.because("REVERSED_BEFORE", "id_number")
    for line in sorted(candidates, key=order):
        settle_line(line, people[line.facts.person], waivers)
    note_overlaps(lines, all_facts)


def locate_dated(line: Line, person: Person) -> Event:
    """The event of a dated line: its row's, or the ledger's own event that holds its key (3.4, the other way round)."""
    event = line.facts.event
    # CHOICE: what its row's event has posted stays so, before another event's key is looked at.
    if line.programme in event.posted:
        return event
    holder = person.holder(repeat_key(line, event, person.policy))
    if holder and holder.is_own_in_ledger() and line.facts.start <= holder.own:
        return holder
    return event


def locate_floating(line: Line, person: Person) -> Event | None:
    """The accepted event that a line without a start date joins, or None."""
    issued = line.facts.certificate_date
    if issued is None:
        return None
    key = repeat_key(line, None, person.policy)
    holder = person.holder(key)
    if holder and holder.began <= issued:
        return holder
    courses = [
        event
        for event in person.events
        if event.place
        and event.level is None
        and event.occupation == line.facts.event_occupation
        and issued - timedelta(days=365) <= event.began <= issued
    ]
    return max(courses, key=lambda event: event.began, default=None)


def settle_line(line: Line, person: Person, waivers: tuple) -> None:
    """3.5, in its order: already posted, repeat, over the limit, duplicate, accepted."""
    floating = is_floating(line)
    event = locate_floating(line, person) if floating else locate_dated(line, person)
    line.certificate = certificate = certificate_of(line, person.policy)
    posted_by_number = (line.facts.person, line.programme, certificate) in person.history.paid_certificates
    if (event and line.programme in event.posted) or posted_by_number:
        line.reasons = [reason for reason in line.reasons if reason[0] != "REVERSED_BEFORE"]
        line.because("ALREADY_POSTED")
        return
    if line.status not in PAYABLE:
        return
    key = repeat_key(line, None if floating else line.facts.event, person.policy)
    refused_with_training = False
    if floating and event is None:
        issued = line.facts.certificate_date
        refused_with_training = any(held == key and began <= issued for held, began in person.refused)
        event = Event(line.facts.person, line.facts.event_occupation, line.facts.event_level, own=issued)
        # CHOICE: the note stands on every line that is an event of its own, refused ones too, not on one refused with
        # its training.
        if not refused_with_training:
            line.because("DATED_BY_CERTIFICATE", "certificate_date")
    holder = person.holder(key)
    if holder is not None and holder is not event:
        line.because("REPEAT_TRAINING", "occupation")
        return
    if is_too_low(line, person, event) and person.policy["lower_after_higher"] != "allow":
        line.because("LOWER_AFTER_HIGHER", "level", severity=person.policy["lower_after_higher"])
        return
    waived = False
    if refused_with_training or is_over_limit(line, person, event):
        waived = is_waived(event, waivers)
        if not waived:
            line.because("ANNUAL_LIMIT", "start_date", severity=person.policy["over_limit"])
            if key is not None and not floating:
                person.refused.append((key, line.facts.start))
            return
    if line.programme in event.taken or (line.programme, certificate) in person.taken_certificates:
        line.because("DUPLICATE_CLAIM")
        return
    accept(line, person, event, key, waived)


def certificate_of(line: Line, policy: dict) -> str | None:
    """The certificate number by which the line is paid, where its programme uses one."""
    # CHOICE: a number pays a programme once for one person; with two people it is DUPLICATE_CERTIFICATE.
    number = line.facts.certificate_no
    used = "certificate_no" in uses(line.programme, line.facts, policy)
    return number if used and isinstance(number, str) else None


def is_over_limit(line: Line, person: Person, event: Event) -> bool:
    """Whether the event would need a fourth place."""
    if event.place is None:
        return person.is_full(year_of(event, person.policy))
    start = line.facts.start
    # A dated line that joins an own event of another year: its own year must not be full (3.4).
    return bool(start and event is not line.facts.event and start.year != event.year and person.is_full(start.year))


def is_waived(event: Event, waivers: tuple[Waiver, ...]) -> bool:
    """Whether the waiver list lets this event through."""
    # CHOICE: a blank occupation or level of the list fits any; an own event's day is its certificate's.
    return any(
        waiver.person == event.person
        and (waiver.start_date in event.starts or waiver.start_date == event.own)
        and not event.contradicts(waiver.occupation, waiver.level)
        for waiver in waivers
    )


def is_too_low(line: Line, person: Person, event: Event) -> bool:
    """Q12: whether a higher level of the same occupation has been accepted in another event."""
    occupation, level = event.occupation, event.level
    if level not in words.RANKS:
        return False
    return any(
        other is not event and other.place and other.occupation == occupation and other.level in words.RANKS
        and words.RANKS.index(other.level) > words.RANKS.index(level)
        for other in person.events
    )  # fmt: skip


def accept(line: Line, person: Person, event: Event, key: Key | None, waived: bool) -> None:
    """The line's event takes a place and holds its key."""
    if event.place is None:
        event.year = year_of(event, person.policy)
        event.place = "waived" if waived else "year"
    if waived:
        line.because("WAIVED")
    if all(event is not known for known in person.events):
        person.events.append(event)
    if key is not None:
        event.keys.add(key)
    if is_floating(line):
        event.level = event.level or line.facts.event_level
    else:
        event.starts.add(line.facts.start)
    event.taken.add(line.programme)
    if line.certificate is not None:
        person.taken_certificates.add((line.programme, line.certificate))
    if line.programme == "vocational-training":
        _cap(line, person, event)
    line.event = event


def _cap(line: Line, person: Person, event: Event) -> None:
    """Q2: the ceiling for one training, or what is left of it for the year or for life."""
    scope = person.policy["cap_scope"]
    if scope != "training":
        # CHOICE: what earlier trainings were paid lessens the ceiling, and the entitlement with it.
        paid = sum(
            fen for other in person.events for year, fen in other.trained_fen.items()
            if scope == "life" or year == event.year
        )  # fmt: skip
        left = max(0, figure("vocational-training", None, line.facts.start, person.policy) - paid)
        if left < line.entitled:
            line.entitled = left
            line.reasons = [reason for reason in line.reasons if reason[0] != "OVER_CLAIMED"]
            compare_amounts(line)
    event.trained_fen[event.year] = event.trained_fen.get(event.year, 0) + lesser(line)


def note_overlaps(lines: list[Line], all_facts: list[Facts]) -> None:
    """OVERLAPPING_TRAINING: two events of one person whose days, start to end, overlap."""
    # CHOICE: between rows of the batch alone, whatever their status; on every line that uses the end date.
    spans: dict[str, list[Facts]] = {}
    for facts in all_facts:
        if facts.event is not None and isinstance(facts.row.end_date, date) and facts.row.end_date >= facts.start:
            spans.setdefault(facts.person, []).append(facts)
    overlapping = {
        one.position
        for rows in spans.values()
        for one in rows
        for other in rows
        if one.event is not other.event and one.start <= other.row.end_date and other.start <= one.row.end_date
    }
    for line in lines:
        uses_end = line.programme in ("enterprise-training", "vocational-training", "living-allowance")
        if uses_end and line.facts.position in overlapping:
            line.because("OVERLAPPING_TRAINING", "start_date")
