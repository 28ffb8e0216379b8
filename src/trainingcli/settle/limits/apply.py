"""Apply the limits to all lines: one vectorised step for people with one row, a walk for the few with several.

Nothing in the batch or the ledger can stand against the payable lines of somebody with one row and no history.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from trainingcli.compared import folded_number
from trainingcli.findings import Findings
from trainingcli.language import Text
from trainingcli.masking import kept
from trainingcli.policy import Policy
from trainingcli.reasons import reason
from trainingcli.settle.claim_lines import NONE, Lines
from trainingcli.settle.limits.events import Event, Line, Parameters, Person, Row, Waiver
from trainingcli.settle.limits.keys import (
    LIFELONG,
    NEVER,
    YEARLY,
    as_compared,
    counted_day,
    repeat_key,
    years_of,
)
from trainingcli.settle.limits.told import NOTHING, Told
from trainingcli.settle.limits.walk import DATED_BY_CERTIFICATE, walk
from trainingcli.settle.occupations import occupation_of, parted
from trainingcli.settle.programmes import programmes
from trainingcli.settle.programmes.base import RepeatKey
from trainingcli.settle.programmes.certificate import ABILITY, ABILITY_CERTIFICATE
from trainingcli.settle.rows import Mask, Rows

Ints = npt.NDArray[np.int64]
Texts = npt.NDArray[np.object_]
OVER_CLAIMED = reason("OVER_CLAIMED").code
_EPOCH = np.datetime64(0, "D")
HELD = 2  # the worst severity of a line that is still looked up in the ledger


@dataclass
class Accepted:
    """What the ledger needs of each accepted line: event (>= 0 the ledger's, < 0 new), its year, place and key.

    `start`: days since 1970 on which the line's training began, the event's for a line without one, so that the event
    is still known when its other lines are reversed; `NEVER` for an event that has none.
    """

    event: Ints
    event_year: Ints
    start: Ints
    own: Mask
    place: Texts
    key: Texts
    occupation: Texts
    level: Texts
    waiver: Texts

    @classmethod
    def blank(cls, size: int) -> Accepted:
        """Return places for as many lines."""
        numbers = [np.zeros(size, dtype=np.int64) for _ in range(3)]
        texts = [np.full(size, None, dtype=object) for _ in range(5)]
        return cls(numbers[0], numbers[1], numbers[2], np.zeros(size, dtype=bool), *texts)


class Limits:
    """The limits across lines, over one batch.

    `persons`: a number for each row's person, -1 where name or ID number does not hold. `worst`: each line's worst
    severity so far. `entitled`: fen a line, cut here where a ceiling of several trainings applies. `allowed`: fen that
    a person decided on, -1 for none. `history`: entries as `Ledger.history` gives them. What is found is in `findings`,
    what is accepted in `accepted`.
    """

    def __init__(
        self,
        rows: Rows,
        lines: Lines,
        policy: Policy,
        *,
        persons: Ints,
        worst: npt.NDArray[np.int8],
        entitled: Ints,
        allowed: Ints | None = None,
        history: pd.DataFrame | None = None,
        waivers: Mapping[str, Sequence[Waiver]] | None = None,
        parameters: Parameters | None = None,
    ) -> None:
        self.rows, self.lines, self.policy = rows, lines, policy
        self.persons, self.worst, self.entitled = persons, worst, entitled
        self.allowed = np.full(len(entitled), -1, dtype=np.int64) if allowed is None else allowed
        self.history, self.waivers = history, waivers or {}
        self.findings = Findings()
        self.accepted = Accepted.blank(len(lines.row))
        self.parameters = parameters or Parameters.of(policy)
        self._told = Told(rows)
        self.start, self.end = self._days("start_date"), self._days("end_date")
        self.certificate = self._days("certificate_date")
        self.programmes = {programme.code: programme for programme in programmes(policy.programmes)}
        self.by_type = {code: each.repeat_key is RepeatKey.TRAINING_TYPE for code, each in self.programmes.items()}

    def _days(self, field: str) -> Ints:
        """Return a date column as days since 1970, -1 … never: the smallest integer where empty."""
        return (self.rows.dates(field).astype("datetime64[D]") - _EPOCH).astype(np.int64)

    def apply(self) -> None:
        """Decide all lines of valid people."""
        several = self._several()
        self._accept_single(~several)
        found: dict[tuple[str, str | None], list[tuple[int, Text]]] = {}
        for person in self._walked(several):
            self._record(person, found)
        # Together: a part for each finding would cost more than the walk. In an order that no other line decides.
        for (code, field), told in sorted(found.items(), key=lambda item: str(item[0])):
            told.sort(key=lambda each: each[0])
            at = np.array([place for place, _ in told], dtype=np.int64)
            self.findings.add_rows(at, code, field, details=[detail for _, detail in told])

    def _several(self) -> Mask:
        """Say which rows belong to people who need the walk: several rows, a history, or a doubled programme."""
        valid = self.persons >= 0
        if min(entry[1] for entry in self.policy.quantities["trainings_a_year"].values) < 1:
            return valid
        several = np.zeros(len(valid), dtype=bool)
        people = self.persons[valid]
        several[valid] = np.bincount(people)[people] > 1
        if self.history is not None:
            known = pd.Index(self.history["id_number"].unique())
            several |= self.rows.frame["id_number"].isin(known).to_numpy(dtype=bool)
        row, programme = self.lines.row, self.lines.programme
        several[row[1:][(row[1:] == row[:-1]) & (programme[1:] == programme[:-1])]] = True
        return several & valid

    def _accept_single(self, single: Mask) -> None:
        """Accept every payable line of a person with one row: nothing in the batch or the ledger can stand against."""
        lines = self.lines
        accepted = (self.worst <= 1) & (self.persons >= 0)[lines.row] & single[lines.row] & (lines.programme != NONE)
        row = lines.row
        floating = np.isnat(self.rows.dates("start_date"))[row]
        undated = floating & np.isnat(self.rows.dates("certificate_date"))[row]
        accepted &= ~undated
        first = np.ones(len(row), dtype=bool)
        places = np.flatnonzero(accepted & floating)
        first[places[1:]] = row[places[1:]] != row[places[:-1]]
        own = accepted & floating
        self.findings.add(own & first, DATED_BY_CERTIFICATE, "certificate_date")
        self._record_single(accepted, own)

    def _record_single(self, at: Mask, own: Mask) -> None:
        accepted, row = self.accepted, self.lines.row[at]
        accepted.event[at] = -row - 1
        accepted.start[at] = self.start[row]
        accepted.own[at] = own[at]
        accepted.place[at] = "year"
        counted = counted_day(self.start[row], self.end[row], self.parameters.year_of)
        accepted.event_year[at] = years_of(np.where(own[at], self.certificate[row], counted))
        occupations, levels, types = self._texts(row)
        accepted.occupation[at], accepted.level[at] = occupations, levels
        by_type = np.isin(self.lines.programme[at], [place for place, each in enumerate(self.by_type.values()) if each])
        facts = zip(occupations, levels, types, accepted.event_year[at].tolist(), by_type.tolist(), strict=True)
        without_level = self.parameters.repeat_without_level
        accepted.key[at] = [repeat_key(*fact, by_type=typed, without_level=without_level) for *fact, typed in facts]

    def _texts(self, row: Ints) -> tuple[npt.NDArray[np.object_], ...]:
        """Return occupation as compared, level of the event, and training type of rows."""
        places, words = self.rows.occupations()
        occupations = np.array(words, dtype=object)[places[row]]
        level_places, level_words = self.rows.words("level")
        known = ~self.rows.faulty("level")[row]
        levels = _blanked(np.array(level_words, dtype=object)[level_places[row]], ~known)
        ability = self.rows.among("certificate_type", [ABILITY_CERTIFICATE])[row]
        levels[ability & pd.isna(levels)] = ABILITY
        type_places, type_words = self.rows.words("training_type")
        type_words = [None if word is None else kept(word) for word in type_words]
        return occupations, levels, np.array(type_words, dtype=object)[type_places[row]]

    def _walked(self, several: Mask) -> Iterator[list[Line]]:
        """Yield each person's decided lines."""
        rows = self._rows(np.flatnonzero(several))
        lines: dict[int, list[Line]] = {}
        at = np.flatnonzero(several[self.lines.row] & (self.worst <= HELD) & (self.lines.programme != NONE))
        for line in self._lines(at, rows):
            lines.setdefault(int(self.persons[line.row.position]), []).append(line)
        grouped: dict[int, list[Row]] = {}
        for row in rows.values():
            grouped.setdefault(int(self.persons[row.position]), []).append(row)
        known = self._known_people(grouped)
        numbers = self.rows.frame["id_number"]
        for code, person_rows in grouped.items():
            number = numbers.iloc[person_rows[0].position] if known or self.waivers else ""
            person = known.get(number) or Person(self.parameters)
            person.waivers = list(self.waivers.get(number, ()))
            person_lines = lines.get(code, [])
            walk(person, person_rows, person_lines)
            yield person_lines

    def _rows(self, at: Ints) -> dict[int, Row]:
        occupations, levels, types = self._texts(at)
        numbers = self.rows.numbers("certificate_no").take(at).to_pylist()
        columns = zip(
            at.tolist(), _optional(self.start[at]), _optional(self.end[at]), occupations, levels, types,
            _optional(self.certificate[at]), numbers, strict=True,
        )  # fmt: skip
        return {column[0]: Row(*column) for column in columns}

    def _lines(self, at: Ints, rows: dict[int, Row]) -> Iterator[Line]:
        lines = self.lines
        uses_number = {
            code: programme.used("certificate_no", self.rows, self.policy)
            if "certificate_no" in programme.uses
            else None
            for code, programme in self.programmes.items()
        }
        ceilings = {
            code: each.ceiling(self.rows, self.policy) for code, each in self.programmes.items() if each.is_ceiling
        }
        for position in at.tolist():
            code = lines.codes[lines.programme[position]]
            row = rows[int(lines.row[position])]
            uses = uses_number[code]
            entitled = int(self.entitled[position])
            amount = min(self._asked(position), entitled)
            limit = int(ceilings[code][row.position]) if code in ceilings else None
            number = row.certificate_no if uses is not None and uses[row.position] else None
            yield Line(
                position, row, code, bool(self.worst[position] <= 1), entitled, amount, limit, number,
                self.by_type[code], self.programmes[code].pays_training,
            )  # fmt: skip

    def _asked(self, position: int) -> int:
        """Return the fen that a person allowed, or that are claimed; where nobody says, what it is entitled to."""
        if self.allowed[position] >= 0:
            return int(self.allowed[position])
        return int((self.lines.claimed if self.lines.claims[position] else self.entitled)[position])

    def _known_people(self, grouped: Mapping[int, list[Row]]) -> dict[str, Person]:
        """Build the people that the ledger knows, each with events, keys, places and certificates."""
        people: dict[str, Person] = {}
        if self.history is None:
            return people
        entries, events = _as_compared(self.history, self.rows.aliases), dict[int, Event]()
        for entry in entries:
            person = people.setdefault(entry["id_number"], Person(self.parameters))
            event = events.get(entry["event"])
            if event is None:
                event = Event(entry["event"], set(), None, None, own=bool(entry["own"]), year=int(entry["event_year"]))
                event.place = entry["place"]
                person.events.append(event)
                events[entry["event"]] = event
                if event.place == "year":
                    person.places[event.year] += 1
            _remember(person, event, entry)
        for entry in entries:  # again, since a later entry fills the event's blanks
            self._hold(people[entry["id_number"]], events[entry["event"]], entry)
        return people

    def _hold(self, person: Person, event: Event, entry: Mapping[str, Any]) -> None:
        """Let an event hold the key that the policy in force gives an entry, and the key it was posted under."""
        by_type = self.by_type.get(entry["programme"], False)

        def key(level: str | None, without_level: str) -> str | None:
            facts = (entry["occupation"] or event.occupation, level, entry["training_type"], event.year)
            return repeat_key(*facts, by_type=by_type, without_level=without_level)

        person.hold(key(event.level, self.parameters.repeat_without_level), event)
        person.hold(entry["key"], event)
        person.posted_under |= {
            reading for reading in (LIFELONG, YEARLY) if entry["key"] == key(entry["level"], reading) is not None
        }

    def _record(self, lines: Sequence[Line], found: dict[tuple[str, str | None], list[tuple[int, Text]]]) -> None:
        """Copy the outcome of a walk to the lines' places; `found`: code and field → lines, each with its detail."""
        accepted = self.accepted
        for line in lines:
            at = line.position
            for code in line.notes:
                found.setdefault((code, _NOTE_FIELDS.get(code)), []).append((at, self._told.note(code, line)))
            if line.reason is not None:
                told = (at, self._told.against(line))
                found.setdefault((line.reason.code, _speaks_of(line.reason.code, line.row)), []).append(told)
                accepted.event_year[at] = line.full_year
            elif line.payable and line.event is not None:
                event = line.event
                accepted.event[at], accepted.event_year[at], accepted.own[at] = event.id, event.year, event.own
                accepted.place[at], accepted.key[at], accepted.waiver[at] = event.place, line.key, line.waiver
                accepted.occupation[at], accepted.level[at] = event.occupation, event.level
                start = line.row.start if line.row.start is not None else min(event.starts, default=None)
                accepted.start[at] = NEVER if start is None else start
                claimed = int(self.lines.claimed[at])
                if line.entitled < claimed <= self.entitled[at]:
                    found.setdefault((OVER_CLAIMED, "claimed"), []).append((at, NOTHING))
                self.entitled[at] = line.entitled


def _speaks_of(code: str, row: Row) -> str:
    """Name the field that a limit's reason points at: the first that a clerk would look at."""
    dated_by = "certificate_date" if row.start is None else "start_date"
    return {
        "REPEAT_TRAINING": "occupation",
        "ANNUAL_LIMIT": dated_by,
        "LOWER_AFTER_HIGHER": "level",
        "CAP_REACHED": "claimed",
    }.get(code, "id_number")


_NOTE_FIELDS = {"OVERLAPPING_TRAINING": "start_date", "DATED_BY_CERTIFICATE": "certificate_date"}


def _as_compared(history: pd.DataFrame, aliases: Mapping[str, str]) -> list[dict[str, Any]]:
    """Return the ledger's entries with None for what is not there and texts as compared today; they are few."""
    compared: dict[str, Callable[[str], str | None]] = {
        "occupation": lambda text: occupation_of(text, aliases),
        "training_type": kept,
        "certificate_no": lambda text: folded_number(text) or None,
        "key": lambda text: as_compared(text, aliases),
    }
    entries = []
    for raw in history.to_dict("records"):
        entry = {str(name): None if pd.isna(value) else value for name, value in raw.items()}
        behind = parted(str(entry["occupation"]))[1] if entry["occupation"] else None
        entry["level"] = entry["level"] or behind
        entries.append(
            entry | {name: form(str(entry[name])) if entry[name] else None for name, form in compared.items()}
        )
    return entries


def _remember(person: Person, event: Event, entry: Mapping[str, Any]) -> None:
    """Add one ledger entry to a person's state."""
    start, certificate = _day(entry["start_date"]), _day(entry["certificate_date"])
    if start is not None:
        event.starts.add(start)
    event.certificate_date = event.certificate_date or certificate or 0
    event.fill(entry["occupation"], entry["level"], _day(entry["end_date"]))
    event.posted[entry["programme"]] = event.posted.get(entry["programme"], 0) + int(entry["approved"])
    event.payee, event.batch = event.payee or entry["payee"], event.batch or entry["batch"]
    if entry["certificate_no"]:
        person.posted_certificates[entry["certificate_no"], entry["programme"]] = event
    person.paid[entry["programme"], event.year] += int(entry["approved"])


def _blanked(values: npt.NDArray[np.object_], mask: Mask) -> npt.NDArray[np.object_]:
    values[mask] = None
    return values


def _day(text: str | None) -> int | None:
    return None if text is None else (dt.date.fromisoformat(text[:10]) - dt.date(1970, 1, 1)).days


def _optional(days: Ints) -> Iterator[int | None]:
    return (None if day == NEVER else day for day in days.tolist())
