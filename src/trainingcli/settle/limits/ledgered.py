"""The people whom the ledger knows, each with events, keys, places and certificates, as its entries give them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any

import pandas as pd

from trainingcli.compared import folded_number
from trainingcli.masking import kept
from trainingcli.settle.limits.events import Earlier, Event, Parameters, Person
from trainingcli.settle.limits.keys import LIFELONG, YEARLY, as_compared, repeat_key
from trainingcli.settle.occupations import occupation_of, parted


def known_people(
    history: pd.DataFrame, aliases: Mapping[str, str], by_type: Mapping[str, bool], parameters: Parameters
) -> dict[str, Person]:
    """Build them, by ID number. `history`: as `Ledger.history` gives it; `by_type`: as `Columns` has it."""
    people: dict[str, Person] = {}
    entries, events = _as_compared(history, aliases), dict[int, Event]()
    for entry in entries:
        person = people.setdefault(entry["id_number"], Person(parameters))
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
        _hold(people[entry["id_number"]], events[entry["event"]], entry, by_type.get(entry["programme"], False))
    return people


def _hold(person: Person, event: Event, entry: Mapping[str, Any], by_type: bool) -> None:
    """Let an event hold the key that the policy in force gives an entry, and the key it was posted under."""

    def key(level: str | None, without_level: str) -> str | None:
        facts = (entry["occupation"] or event.occupation, level, entry["training_type"], event.year)
        return repeat_key(*facts, by_type=by_type, without_level=without_level)

    person.hold(key(event.level, person.parameters.repeat_without_level), event)
    person.hold(entry["key"], event)
    person.posted_under |= {
        reading for reading in (LIFELONG, YEARLY) if entry["key"] == key(entry["level"], reading) is not None
    }


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
    first = event.posted.get(entry["programme"], Earlier(0, entry["batch"], entry.get("day")))
    event.posted[entry["programme"]] = first._replace(fen=first.fen + int(entry["approved"]))
    event.payee, event.batch = event.payee or entry["payee"], event.batch or entry["batch"]
    if entry["certificate_no"]:
        person.posted_certificates[entry["certificate_no"], entry["programme"]] = event
    person.paid[entry["programme"], event.year] += int(entry["approved"])


def _day(text: str | None) -> int | None:
    return None if text is None else (dt.date.fromisoformat(text[:10]) - dt.date(1970, 1, 1)).days
