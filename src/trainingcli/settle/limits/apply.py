"""Apply the limits to all lines: one vectorised step for people whom none can meet, a walk for the others."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from trainingcli.findings import Findings
from trainingcli.language import Text
from trainingcli.policy import Policy
from trainingcli.reasons import reason
from trainingcli.settle.claim_lines import Lines
from trainingcli.settle.limits.calm import Calm, calm
from trainingcli.settle.limits.columns import Columns, Ints, Texts
from trainingcli.settle.limits.events import Earlier, Line, Parameters, Person, Row, Waiver
from trainingcli.settle.limits.keys import NEVER
from trainingcli.settle.limits.ledgered import known_people
from trainingcli.settle.limits.posted import ALREADY_POSTED
from trainingcli.settle.limits.told import NOTHING, Told
from trainingcli.settle.limits.walk import DATED_BY_CERTIFICATE, walk
from trainingcli.settle.line_draft import NONE
from trainingcli.settle.programmes import programmes
from trainingcli.settle.rows import Mask, Rows

OVER_CLAIMED = reason("OVER_CLAIMED").code
PAYABLE, HELD = 1, 2  # worst severities: of a line that may be paid, of one that is still looked up in the ledger
_Found = dict[tuple[str, str | None], list[tuple[int, Text]]]  # code and field → lines, each with its detail


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
    what is accepted in `accepted`,
    of lines that the ledger has what it paid in `earlier`.
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
        self.earlier: dict[int, Earlier] = {}
        self.parameters = parameters or Parameters.of(policy)
        self.programmes = {programme.code: programme for programme in programmes(policy.programmes)}
        self.columns = Columns(rows, lines, policy, list(self.programmes.values()))
        self._told = Told(rows)

    def apply(self) -> None:
        """Decide all lines of valid people."""
        payable = np.flatnonzero((self.worst <= PAYABLE) & (self.lines.programme != NONE))
        found = calm(self.columns, self.persons, payable, self._has_history(), self.parameters)
        self._accept(found)
        self._walk((self.persons >= 0) & ~found.people, self._notes(found))

    def _has_history(self) -> Mask:
        if self.history is None or not len(self.history):
            return np.zeros(len(self.rows), dtype=bool)
        known = pd.Index(self.history["id_number"].unique())
        return self.rows.frame["id_number"].isin(known).to_numpy(dtype=bool)

    def _accept(self, found: Calm) -> None:
        """Accept every payable line of people whom no limit can meet."""
        accepted, columns, at = self.accepted, self.columns, found.lines
        row = self.lines.row[at]
        accepted.event[at], accepted.event_year[at] = -found.event - 1, found.year
        accepted.start[at], accepted.own[at], accepted.place[at] = columns.start[row], found.own, "year"
        accepted.occupation[at], accepted.level[at] = columns.occupation.taken(row), columns.level.taken(row)
        accepted.key[at] = found.key
        own = at[found.own]
        self.findings.add_rows(own[np.unique(self.lines.row[own], return_index=True)[1]], *_DATED)

    def _notes(self, found: Calm) -> _Found:
        """Return the notes of lines that nothing refuses: for days in a class that overlap another's."""
        pays = np.array([each.pays_training for each in self.programmes.values()])[self.lines.programme]
        pays &= (self.lines.programme != NONE) & (self.worst <= HELD) & found.overlapping[self.lines.row]
        at = np.flatnonzero(pays).tolist()
        return {("OVERLAPPING_TRAINING", "start_date"): [(each, NOTHING) for each in at]} if at else {}

    def _walk(self, walked: Mask, told: _Found) -> None:
        """Walk the lines of the people of these rows; `told`: what is noted of others."""
        for person in self._walked(walked):
            self._record(person, told)
        # Together: a part for each finding would cost more than the walk. In an order that no other line decides.
        for (code, field), said in sorted(told.items(), key=lambda item: str(item[0])):
            said.sort(key=lambda each: each[0])
            at = np.array([place for place, _ in said], dtype=np.int64)
            self.findings.add_rows(at, code, field, details=[detail for _, detail in said])

    def _walked(self, walked: Mask) -> Iterator[list[Line]]:
        """Yield each person's decided lines."""
        rows = self._rows(np.flatnonzero(walked))
        lines: dict[int, list[Line]] = {}
        at = np.flatnonzero(walked[self.lines.row] & (self.worst <= HELD) & (self.lines.programme != NONE))
        for person, line in zip(self.persons[self.lines.row[at]].tolist(), self._lines(at, rows), strict=True):
            lines.setdefault(person, []).append(line)
        grouped: dict[int, list[Row]] = {}
        for person, row in zip(self.persons[walked].tolist(), rows.values(), strict=True):
            grouped.setdefault(person, []).append(row)
        people = {} if self.history is None else known_people(
            self.history, self.rows.aliases, self.columns.by_type, self.parameters
        )  # fmt: skip
        numbers = self.rows.frame["id_number"].to_numpy(dtype=object) if people or self.waivers else None
        for code, person_rows in grouped.items():
            number = "" if numbers is None else numbers[person_rows[0].position]
            known = people.get(number) or Person(self.parameters)
            known.waivers = list(self.waivers.get(number, ()))
            person_lines = lines.get(code, [])
            walk(known, person_rows, person_lines)
            yield person_lines

    def _rows(self, at: Ints) -> dict[int, Row]:
        columns = self.columns
        texts = (each.taken(at).tolist() for each in (columns.occupation, columns.level, columns.training_type))
        facts = zip(
            at.tolist(), _optional(columns.start[at]), _optional(columns.end[at]), *texts,
            _optional(columns.certificate[at]), columns.number.take(at).to_pylist(), strict=True,
        )  # fmt: skip
        return {fact[0]: Row(*fact) for fact in facts}

    def _lines(self, at: Ints, rows: Mapping[int, Row]) -> Iterator[Line]:
        lines, row = self.lines, self.lines.row[at]
        ceiling = self._ceilings(at)
        used = np.zeros(len(at), dtype=bool)
        for place, uses in enumerate(self.columns.uses_number.values()):
            used |= (lines.programme[at] == place) & (False if uses is None else uses[row])
        facts = zip(
            at.tolist(), row.tolist(), lines.programme[at].tolist(), (self.worst[at] <= PAYABLE).tolist(),
            self.entitled[at].tolist(), self._asked(at).tolist(), ceiling.tolist(), used.tolist(), strict=True,
        )  # fmt: skip
        traits = [(code, each.pays_training, each.is_ceiling) for code, each in self.programmes.items()]
        for position, of, programme, payable, entitled, asked, most, uses_number in facts:
            code, pays_training, is_ceiling = traits[programme]
            yield Line(
                position, rows[of], code, payable, entitled, min(asked, entitled), most if is_ceiling else None,
                rows[of].certificate_no if uses_number else None, self.columns.by_type[code], pays_training,
            )  # fmt: skip

    def _ceilings(self, at: Ints) -> Ints:
        """Return the plan's own figure of each line whose programme's figure is a ceiling, in fen; else 0."""
        found = np.zeros(len(at), dtype=np.int64)
        for place, programme in enumerate(self.programmes.values()):
            if programme.is_ceiling:
                here = self.lines.programme[at] == place
                found[here] = programme.ceiling(self.rows, self.policy)[self.lines.row[at[here]]]
        return found

    def _asked(self, at: Ints) -> Ints:
        """Return the fen that a person allowed, or that are claimed; where nobody says, what a line is entitled to."""
        asked = np.where(self.lines.claims[at], self.lines.claimed[at], self.entitled[at])
        return np.where(self.allowed[at] >= 0, self.allowed[at], asked)

    def _record(self, lines: Sequence[Line], found: _Found) -> None:
        """Copy the outcome of a walk to the lines' places."""
        accepted = self.accepted
        for line in lines:
            at = line.position
            for code in line.notes:
                found.setdefault((code, _NOTE_FIELDS.get(code)), []).append((at, self._told.note(code, line)))
            if line.reason is ALREADY_POSTED:
                self.earlier[at] = line.against[0].posted[line.programme]
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


_DATED = (DATED_BY_CERTIFICATE, "certificate_date")
_NOTE_FIELDS = {"OVERLAPPING_TRAINING": "start_date", _DATED[0]: _DATED[1]}


def _optional(days: Ints) -> Iterator[int | None]:
    return (None if day == NEVER else day for day in days.tolist())
