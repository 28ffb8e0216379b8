"""Settle claim lines (核定): rules, entitlement, limits, status; the one pure function between roster and ledger.

It opens no file, reads no clock and touches no ledger: history comes in as a frame. Everything groups by person alone.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from trainingcli.claim_lines import NONE, Lines
from trainingcli.findings import Findings
from trainingcli.limits import shared
from trainingcli.limits.events import Event, Line, Parameters, Person, Row, Waiver
from trainingcli.limits.walk import DATED_BY_CERTIFICATE, walk
from trainingcli.policy import Policy
from trainingcli.programmes import programmes
from trainingcli.programmes.base import Entitlement, Programme, Use
from trainingcli.programmes.certificate import ABILITY, ABILITY_CERTIFICATE
from trainingcli.reasons import all_reasons, reason
from trainingcli.registers.standards import Standards
from trainingcli.rows import Mask, Rows

CERTIFICATE_MISSING = reason("CERTIFICATE_MISSING").code
MISSING_FIELD = reason("MISSING_FIELD").code
NOT_ELIGIBLE = reason("NOT_ELIGIBLE").code
NO_BASIS = reason("NO_BASIS").code
NO_STANDARD = reason("NO_STANDARD").code
OVER_CLAIMED = reason("OVER_CLAIMED").code
UNDER_CLAIMED = reason("UNDER_CLAIMED").code
PAYEE_MISSING = reason("PAYEE_MISSING").code
ALREADY_POSTED = reason("ALREADY_POSTED").code

SEVERITIES = ("note", "reduce", "hold", "reject")
STATUS_OF = np.array(["approved", "reduced", "held", "rejected", "posted"])
POSTED = 4
# Name, ID number and sex speak for every programme; the first two are needed by all.
ALWAYS = {"name": Use.NEEDED, "id_number": Use.NEEDED, "sex": Use.USED}
_EPOCH = np.datetime64(0, "D")

Ints = npt.NDArray[np.int64]


@dataclass(frozen=True)
class History:
    """What the ledger knows of the batch's people: `entries` as `Ledger.history` gives them; `others`: the people of
    the batch whose certificate number the ledger has for somebody else."""

    entries: pd.DataFrame | None = None
    others: frozenset[tuple[str, str]] = frozenset()  # (ID number, certificate number)


@dataclass
class Settlement:
    """The outcome, one place a line: fen, status code (index into `STATUS_OF`), event and key for the ledger."""

    entitled: Ints
    known: Mask
    approved: Ints
    status: npt.NDArray[np.int8]
    days: Ints
    payee_field: npt.NDArray[np.object_]
    findings: Findings
    event: Ints
    event_year: Ints
    own: Mask
    place: npt.NDArray[np.object_]
    key: npt.NDArray[np.object_]
    occupation: npt.NDArray[np.object_]
    level: npt.NDArray[np.object_]
    waiver: npt.NDArray[np.object_]


def settle(
    rows: Rows,
    lines: Lines,
    policy: Policy,
    *,
    standards: Standards | None = None,
    history: History | None = None,
    waivers: Mapping[str, Sequence[Waiver]] | None = None,
) -> Settlement:
    """Decide every claim line: reasons, entitlement (应补), approved amount (核定), status.

    Rows and lines come in the order of input, sheet, row, programme; the outcome has the lines' order.
    """
    result = _blank(len(lines.row))
    result.findings.parts.extend(lines.findings.parts)
    _always(rows, lines, result)
    persons = _persons(rows)
    twice = _shared(rows, lines, persons, history, result)
    for place, programme in enumerate(programmes(policy)):
        at = np.flatnonzero(lines.programme == place)
        if len(at):
            _programme(programme, at, rows, lines, policy, standards or Standards(), result)
            if "certificate_no" in programme.uses:
                here = (twice & programme.used("certificate_no", rows, policy))[lines.row[at]]
                _add(result.findings, at[here], shared.DUPLICATE_CERTIFICATE.code, "certificate_no", rows, lines)
    worst = _worst(result.findings, policy, len(lines.row))
    _Limits(rows, lines, policy, history or History(), waivers or {}, persons, worst, result).apply()
    _finish(lines, policy, result)
    return result


def _blank(size: int) -> Settlement:
    def empty() -> npt.NDArray[np.object_]:
        return np.full(size, None, dtype=object)

    zeros = [np.zeros(size, dtype=np.int64) for _ in range(5)]
    return Settlement(
        zeros[0], np.zeros(size, dtype=bool), zeros[1], np.zeros(size, dtype=np.int8), zeros[2], empty(), Findings(),
        zeros[3], zeros[4], np.zeros(size, dtype=bool), empty(), empty(), empty(), empty(), empty(),
    )  # fmt: skip


def _always(rows: Rows, lines: Lines, result: Settlement) -> None:
    """Name, ID number and sex, on every line."""
    everything = np.arange(len(lines.row))
    for field, use in ALWAYS.items():
        _report(field, use, rows, np.ones(len(rows), dtype=bool), everything, lines, result)


def _report(field: str, use: Use, rows: Rows, used: Mask, at: Ints, lines: Lines, result: Settlement) -> None:
    """Put a field's findings on the lines `at` whose rows use it; missing where it is needed."""
    row = lines.row[at]
    for part in rows.parts(field):
        here = at[(rows.mask(part.rows) & used)[row]]
        values = [part.values[place] for place in np.searchsorted(part.rows, lines.row[here])]
        result.findings.add_rows(here, part.code, field)
        if len(here):
            result.findings.parts[-1].values[:] = values
    if use is not Use.USED:
        code = MISSING_FIELD if use is Use.NEEDED else CERTIFICATE_MISSING
        result.findings.add_rows(at[(rows.missing(field) & used)[row]], code, field)


def _programme(
    programme: Programme, at: Ints, rows: Rows, lines: Lines, policy: Policy, standards: Standards, result: Settlement
) -> None:
    """Everything that one programme says of its lines."""
    row = lines.row[at]
    for field, use in programme.uses.items():
        _report(field, use, rows, programme.used(field, rows, policy), at, lines, result)
    for verdict in programme.verdicts(rows, policy):
        _add(result.findings, at[verdict.rows[row]], verdict.reason.code, verdict.field, rows, lines)
    ineligible = _ineligible(programme, at, rows, lines, policy, result)
    given = programme.entitlement(rows, policy, standards)
    _entitle(programme, given, ineligible, at, rows, lines, result)
    _payee(programme, at, rows, lines, policy, result)


def _ineligible(programme: Programme, at: Ints, rows: Rows, lines: Lines, policy: Policy, result: Settlement) -> Mask:
    """Report `NOT_ELIGIBLE` once a line, by the first field that decides; return which of `at`."""
    done = np.zeros(len(at), dtype=bool)
    for field, mask in programme.ineligible(rows, policy):
        here = mask[lines.row[at]]
        _add(result.findings, at[here & ~done], NOT_ELIGIBLE, field, rows, lines)
        done |= here
    return done


def _entitle(
    programme: Programme, given: Entitlement, ineligible: Mask, at: Ints, rows: Rows, lines: Lines, result: Settlement
) -> None:
    """Set what the plan gives, and say where it gives no figure, or less or more than was claimed."""
    row = lines.row[at]
    eligible = ~ineligible
    known = given.known[row] & eligible
    result.entitled[at] = np.where(known, given.fen[row], 0)
    result.known[at] = known
    if given.days is not None:
        result.days[at] = np.where(known, given.days[row], 0)
    without = at[given.asked[row] & ~given.known[row] & eligible]
    _add(result.findings, without, NO_STANDARD, programme.figure_field, rows, lines)
    claims, claimed, entitled = lines.claims[at], lines.claimed[at], result.entitled[at]
    if given.basis is not None:
        nothing = known & ~claims & ~_unread_amount(at, result) & ~given.basis[row]
        result.findings.add_rows(at[nothing], NO_BASIS, "claimed")
    result.findings.add_rows(at[known & claims & (claimed > entitled)], OVER_CLAIMED, "claimed")
    if given.fixed:
        result.findings.add_rows(at[known & claims & (claimed < entitled)], UNDER_CLAIMED, "claimed")


def _unread_amount(at: Ints, result: Settlement) -> Mask:
    """Say which lines have an amount that could not be read or assigned: something was claimed."""
    mask = np.zeros(len(result.entitled), dtype=bool)
    for part in result.findings.of("claimed"):
        mask[part.rows] = True
    return mask[at]


def _payee(programme: Programme, at: Ints, rows: Rows, lines: Lines, policy: Policy, result: Settlement) -> None:
    """Find who gets the money (享受补贴对象): the first of the programme's payees that is given."""
    row = lines.row[at]
    open_ = np.ones(len(at), dtype=bool)
    for kind in policy.programmes[programme.code].payee:
        if kind == "trainee":
            result.payee_field[at[open_]] = "name"
            return
        _report(kind, Use.USED, rows, np.ones(len(rows), dtype=bool), at[open_], lines, result)
        here = open_ & rows.said(kind)[row]
        result.payee_field[at[here]] = kind
        open_ &= ~here & ~rows.faulty(kind)[row]
    result.findings.add_rows(at[open_], PAYEE_MISSING, policy.programmes[programme.code].payee[0])


def severities(policy: Policy) -> dict[str, str]:
    """Return every code's severity; two of them are the policy's to set (Q9, Q12)."""
    found = {code: entry.severity for code, entry in all_reasons().items()}
    found["ANNUAL_LIMIT"] = str(policy.parameter("over_limit"))
    if policy.parameter("lower_after_higher") != "allow":
        found["LOWER_AFTER_HIGHER"] = str(policy.parameter("lower_after_higher"))
    return found


def _worst(findings: Findings, policy: Policy, size: int) -> npt.NDArray[np.int8]:
    """Return each line's worst severity, as an index into `SEVERITIES`."""
    worst = np.zeros(size, dtype=np.int8)
    ranks = {code: SEVERITIES.index(severity) for code, severity in severities(policy).items()}
    for part in findings.parts:
        np.maximum.at(worst, part.rows, ranks[part.code])
    return worst


def _persons(rows: Rows) -> Ints:
    """Return a number for each valid person, -1 for rows whose name or ID number does not hold."""
    codes = pd.factorize(rows.frame["id_number"])[0].astype(np.int64)
    return np.where(rows.persons_are_valid(), codes, -1)


def _shared(rows: Rows, lines: Lines, persons: Ints, history: History | None, result: Settlement) -> Mask:
    """Note shared phones and accounts; return the rows whose certificate number is another person's as well."""
    for field, code in shared.NOTES.items():
        at = np.flatnonzero(shared.shared(rows, field, persons)[lines.row])
        _add(result.findings, at, code, field, rows, lines)
    twice = shared.shared(rows, "certificate_no", persons)
    if history is not None and history.others:
        pairs = zip(rows.frame["id_number"], rows.frame["certificate_no"], strict=True)
        twice |= np.array([pair in history.others for pair in pairs], dtype=bool) & (persons >= 0)
    return twice


def _add(findings: Findings, at: Ints, code: str, field: str, rows: Rows, lines: Lines) -> None:
    """Add a finding on a field of these lines' rows, with the value that stands there."""
    findings.add_rows(at, code, field)
    if len(at):
        values = rows.frame[field].iloc[lines.row[at]]
        findings.parts[-1].values[:] = [None if pd.isna(value) else _written(value) for value in values]


def _written(value: object) -> str:
    return value.date().isoformat() if isinstance(value, pd.Timestamp) else str(value)


def _finish(lines: Lines, policy: Policy, result: Settlement) -> None:
    """Set status and approved amount."""
    worst = _worst(result.findings, policy, len(lines.row))
    status = worst.copy()
    for part in result.findings.parts:
        if part.code == ALREADY_POSTED:
            status[part.rows] = POSTED
    result.status = status
    pays = (status <= 1) & result.known
    lesser = np.where(lines.claims, np.minimum(lines.claimed, result.entitled), result.entitled)
    result.approved = np.where(pays, lesser, 0)


class _Limits:
    """The limits across lines: one vectorised step for people with one row, a walk for the others."""

    def __init__(
        self,
        rows: Rows,
        lines: Lines,
        policy: Policy,
        history: History,
        waivers: Mapping[str, Sequence[Waiver]],
        persons: Ints,
        worst: npt.NDArray[np.int8],
        result: Settlement,
    ) -> None:
        self.rows, self.lines, self.policy, self.history, self.waivers = rows, lines, policy, history, waivers
        self.persons, self.worst, self.result = persons, worst, result
        self.parameters = Parameters.of(policy)
        self.start, self.end = self._days("start_date"), self._days("end_date")
        self.certificate = self._days("certificate_date")
        self.programmes = {programme.code: programme for programme in programmes(policy)}

    def _days(self, field: str) -> Ints:
        """Return a date column as days since 1970, -1 … never: the smallest integer where empty."""
        return (self.rows.dates(field).astype("datetime64[D]") - _EPOCH).astype(np.int64)

    def apply(self) -> None:
        """Decide all lines of valid people."""
        several = self._several()
        self._accept_single(~several)
        for person in self._walked(several):
            self._record(person)

    def _several(self) -> Mask:
        """Say which rows belong to people who need the walk: several rows, a history, or a doubled programme."""
        valid = self.persons >= 0
        counts = np.bincount(self.persons[valid], minlength=1)
        several = valid & (counts[np.where(valid, self.persons, 0)] > 1)
        if self.history.entries is not None and len(self.history.entries):
            known = pd.Index(self.history.entries["id_number"].unique())
            several |= valid & self.rows.frame["id_number"].isin(known).to_numpy(dtype=bool)
        pairs = self.lines.row * (len(self.lines.codes) + 1) + self.lines.programme
        twice = np.zeros(len(self.rows), dtype=bool)
        twice[self.lines.row[1:][pairs[1:] == pairs[:-1]]] = True
        strict = self.parameters.cap_scope != "training"
        if strict or self.parameters.trainings_a_year(2020) < 1:
            return valid
        return several | (valid & twice)

    def _accept_single(self, single: Mask) -> None:
        """Accept every payable line of a person with one row: nothing in the batch or the ledger can stand against."""
        lines, result = self.lines, self.result
        accepted = (self.worst <= 1) & (self.persons >= 0)[lines.row] & single[lines.row] & (lines.programme != NONE)
        row = lines.row
        floating = np.isnat(self.rows.dates("start_date"))[row]
        undated = floating & np.isnat(self.rows.dates("certificate_date"))[row]
        accepted &= ~undated
        first = np.ones(len(row), dtype=bool)
        places = np.flatnonzero(accepted & floating)
        first[places[1:]] = row[places[1:]] != row[places[:-1]]
        own = accepted & floating
        result.findings.add(own & first, DATED_BY_CERTIFICATE, "certificate_date")
        self._record_single(np.flatnonzero(accepted), own)

    def _record_single(self, at: Ints, own: Mask) -> None:
        result, row = self.result, self.lines.row[at]
        result.event[at] = -row - 1
        result.own[at] = own[at]
        result.place[at] = "year"
        years = {field: _years(self.rows.dates(field)[row]) for field in ("start_date", "end_date", "certificate_date")}
        year = years["start_date"]
        if self.parameters.year_of == "end":
            year = np.where(np.isnat(self.rows.dates("end_date")[row]), year, years["end_date"])
        result.event_year[at] = np.where(own[at], years["certificate_date"], year)
        occupations, levels, types = self._texts(row)
        result.occupation[at], result.level[at] = occupations, levels
        result.key[at] = self._keys(at, occupations, levels, types)

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
        return occupations, levels, np.array(type_words, dtype=object)[type_places[row]]

    def _keys(self, at: Ints, occupations: Any, levels: Any, types: Any) -> npt.NDArray[np.object_]:
        by_type = self.lines.programme[at] == self.lines.codes.index("enterprise-training")
        mode = self.parameters.repeat_without_level
        keys: list[str | None] = []
        years = self.result.event_year[at]
        for occupation, level, kind, is_typed, year in zip(occupations, levels, types, by_type, years, strict=True):
            if not occupation or (mode == "ignore" and (is_typed or not level)):
                keys.append(None)
            elif level and not is_typed:
                keys.append(f"{occupation}|{level}")
            else:
                keys.append(f"{occupation}|{kind or ''}" + (f"|{year}" if mode == "type_and_year" else ""))
        return np.array(keys, dtype=object)

    def _walked(self, several: Mask) -> Iterator[list[Line]]:
        """Yield each person's decided lines."""
        rows = self._rows(np.flatnonzero(several))
        lines: dict[int, list[Line]] = {}
        at = np.flatnonzero(several[self.lines.row] & (self.worst <= 2) & (self.lines.programme != NONE))
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
        numbers = self.rows.frame["certificate_no"].iloc[at]
        columns = zip(
            at.tolist(), _optional(self.start[at]), _optional(self.end[at]), occupations, levels, types,
            _optional(self.certificate[at]), (None if pd.isna(number) else number for number in numbers), strict=True,
        )  # fmt: skip
        return {column[0]: Row(*column) for column in columns}

    def _lines(self, at: Ints, rows: dict[int, Row]) -> Iterator[Line]:
        lines, result = self.lines, self.result
        uses_number = {
            code: programme.used("certificate_no", self.rows, self.policy) if "certificate_no" in programme.uses else None
            for code, programme in self.programmes.items()
        }
        ceiling = self.policy.programmes["vocational-training"]
        for position in at.tolist():
            code = lines.codes[lines.programme[position]]
            row = rows[int(lines.row[position])]
            uses = uses_number[code]
            entitled = int(result.entitled[position])
            amount = min(int(lines.claimed[position]), entitled) if lines.claims[position] else entitled
            limit = 0
            if code == ceiling.code and row.start is not None:
                figure = self.policy.figure(code, "each", dt.date(1970, 1, 1) + dt.timedelta(days=row.start))
                limit = figure.fen or 0 if figure else 0
            number = row.certificate_no if uses is not None and uses[row.position] else None
            yield Line(
                position, row, code, bool(self.worst[position] <= 1), entitled, amount, limit, number,
                code == "enterprise-training",
            )  # fmt: skip

    def _known_people(self, grouped: Mapping[int, list[Row]]) -> dict[str, Person]:
        """Build the people that the ledger knows, each with events, keys, places and certificates."""
        people: dict[str, Person] = {}
        entries = self.history.entries
        if entries is None or not len(entries):
            return people
        events: dict[int, Event] = {}
        for entry in entries.to_dict("records"):  # few: the people who come again
            person = people.setdefault(entry["id_number"], Person(self.parameters))
            event = events.get(entry["event"])
            if event is None:
                event = Event(entry["event"], set(), None, None, None, bool(entry["own"]), None, int(entry["event_year"]))
                event.place = entry["place"]
                person.events.append(event)
                events[entry["event"]] = event
                if event.place == "year":
                    person.places[event.year] += 1
            _remember(person, event, entry)
        return people

    def _record(self, lines: Sequence[Line]) -> None:
        """Copy the outcome of a walk to the lines' places."""
        result = self.result
        for line in lines:
            at = line.position
            for code in line.notes:
                result.findings.add_rows(np.array([at]), code, _NOTE_FIELDS.get(code))
            if line.reason is not None:
                result.findings.add_rows(np.array([at]), line.reason.code, None)
                result.event_year[at] = line.full_year
            elif line.payable and line.event is not None:
                event = line.event
                result.event[at], result.event_year[at], result.own[at] = event.id, event.year, event.own
                result.place[at], result.key[at], result.waiver[at] = event.place, line.key, line.waiver
                result.occupation[at], result.level[at] = event.occupation, event.level
                result.entitled[at] = line.entitled


_NOTE_FIELDS = {"OVERLAPPING_TRAINING": "start_date", "DATED_BY_CERTIFICATE": "certificate_date"}


def _remember(person: Person, event: Event, entry: Mapping[Any, Any]) -> None:
    """Add one ledger entry to a person's state."""

    def text(name: str) -> str | None:
        value = entry[name]
        return None if pd.isna(value) else str(value)

    start, certificate = _day(text("start_date")), _day(text("certificate_date"))
    if start is not None:
        event.starts.add(start)
    if event.own and event.certificate_date is None:
        event.certificate_date = certificate
    event.fill(text("occupation"), text("level"), _day(text("end_date")))
    event.posted.add(entry["programme"])
    number, key = text("certificate_no"), text("key")
    if number:
        person.posted_certificates.add((number, entry["programme"]))
    if key:
        person.holders[key] = event
    person.paid[entry["programme"], event.year] += int(entry["approved"])


def _blanked(values: npt.NDArray[np.object_], mask: Mask) -> npt.NDArray[np.object_]:
    values[mask] = None
    return values


def _day(text: str | None) -> int | None:
    return None if text is None else (dt.date.fromisoformat(text[:10]) - dt.date(1970, 1, 1)).days


def _optional(days: Ints) -> Iterator[int | None]:
    empty = np.iinfo(np.int64).min
    return (None if day == empty else day for day in days.tolist())


def _years(dates: npt.NDArray[np.datetime64]) -> Ints:
    return np.where(np.isnat(dates), 0, dates.astype("datetime64[Y]").astype(np.int64) + 1970)
