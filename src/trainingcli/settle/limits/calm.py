"""People whom no limit can meet, found in whole columns: nothing in batch or ledger stands against their lines.

Such a person has no history; no payable line without a start, unless there is one row alone; events that no row joins
in doubt, that do not overlap, and no more of them a year than the bound; and no two payable lines of one key in two
events, of one programme in one event, or of one certificate number and programme. All others are walked.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from trainingcli.settle.limits.columns import Columns, Ints, Texts, known
from trainingcli.settle.limits.events import Parameters
from trainingcli.settle.limits.keys import counted_day, years_of
from trainingcli.settle.rows import Mask

_SPAN = 1 << 32  # more days than lie between any two dates


@dataclass(frozen=True)
class Calm:
    """`people`: which rows are of such people. `lines`: their payable lines, each accepted, and what it is accepted as.

    `event`: the first row of its event. `own`: dated by its certificate.
    """

    people: Mask
    lines: Ints
    event: Ints
    year: Ints
    own: Mask
    key: Texts


@dataclass(frozen=True)
class _Events:
    """Events in the order of person and day: the first row of each, the days, the year; `of`: each row's, -1: none."""

    of: Ints
    head: Ints
    person: Ints
    began: Ints
    last: Ints
    own: Mask
    year: Ints


def calm(columns: Columns, persons: Ints, payable: Ints, has_history: Mask, parameters: Parameters) -> Calm:
    """Find these people. `persons`: a number for each row, -1 for nobody's; `payable`: positions of payable lines."""
    asked = (persons >= 0) & ~has_history
    row = columns.lines.row[payable]
    row, payable = row[asked[row]], payable[asked[row]]
    several = np.bincount(persons[asked], minlength=int(persons.max(initial=-1)) + 2) > 1
    in_play = asked & (known(columns.start) | (known(columns.certificate) & ~several[persons]))
    events, doubtful = _events(columns, persons, np.flatnonzero(in_play), parameters)
    upset = np.zeros(len(several), dtype=bool)  # by person; its last place is nobody's
    upset[doubtful] = True
    upset[persons[row[~in_play[row]]]] = True
    row, payable = row[in_play[row]], payable[in_play[row]]
    at = events.of[row]
    places, texts = columns.keys(payable, events.year[at], parameters.repeat_without_level)
    upset[_crowded(events, np.unique(at), parameters)] = True
    for met in _met(columns, payable, persons[row], at, places):
        upset[persons[row[met]]] = True
    fine = ~upset[persons[row]]
    at = at[fine]
    return Calm(asked & ~upset[persons], payable[fine], events.head[at], events.year[at], events.own[at], texts[fine])


def _events(columns: Columns, persons: Ints, at: Ints, parameters: Parameters) -> tuple[_Events, Ints]:
    """Join rows of one day into events; return these, and the people whose rows may not all be what they seem."""
    start, end = columns.start, columns.end
    began = np.where(known(start), start, columns.certificate)
    at = at[np.lexsort((began[at], persons[at]))]
    first = np.ones(len(at), dtype=bool)
    first[1:] = (np.diff(persons[at]) != 0) | (np.diff(began[at]) != 0)
    head, event = at[first], np.cumsum(first) - 1
    of = np.full(len(persons), -1, dtype=np.int64)
    of[at] = event
    differs = np.zeros(len(at), dtype=bool)
    for column in (columns.occupation, columns.level):
        differs |= column.places[at] != column.places[head[event]]
    ended = known(end[at])
    ends = np.full(len(head), np.iinfo(np.int64).min)
    ends[event[ended][::-1]] = end[at][ended][::-1]  # the first that a row gives
    last = began[head] - 1
    spans = ended & known(start[at]) & (end[at] >= start[at])
    np.maximum.at(last, event[spans], end[at][spans])
    own = ~known(start[head])
    year = years_of(np.where(own, began[head], counted_day(began[head], ends, parameters.year_of)))
    events = _Events(of, head, persons[head], began[head], last, own, year)
    return events, np.concatenate([persons[at[differs]], *_beside(events, parameters)])


def _beside(events: _Events, parameters: Parameters) -> Iterator[Ints]:
    """Yield people of whom two events overlap, or of whom there are two where one may lessen another (Q2, Q12)."""
    again = np.zeros(len(events.head), dtype=bool)
    again[1:] = np.diff(events.person) == 0
    shift = np.cumsum(~again) * _SPAN
    reached = np.maximum.accumulate(events.last + shift) - shift
    yield events.person[1:][again[1:] & (reached[:-1] >= events.began[1:])]
    if parameters.lower_after_higher != "allow" or parameters.cap_scope != "training":
        yield events.person[again]


def _crowded(events: _Events, paid: Ints, parameters: Parameters) -> Ints:
    """Return the people with more events of a year, that something is payable of, than the year's bound."""
    years, year = np.unique(events.year[paid], return_inverse=True)
    codes, counts = np.unique(events.person[paid] * max(len(years), 1) + year, return_counts=True)
    bounds = np.array([parameters.trainings_a_year(int(each)) for each in years], dtype=np.int64)
    person, year = np.divmod(codes, max(len(years), 1))
    over: Ints = person[counts > bounds[year]]
    return over


def _met(columns: Columns, at: Ints, person: Ints, event: Ints, key: Ints) -> Iterator[Mask]:
    """Yield the lines (among `at`) that meet another: its key in another event, its programme, its certificate."""
    programme, number = columns.lines.programme[at], columns.numbers(at)
    yield _doubled(event, programme)
    held = np.flatnonzero(key >= 0)
    pairs = pd.DataFrame({"person": person[held], "key": key[held], "event": event[held]}).drop_duplicates()
    yield _at(held[pairs.index[pairs.duplicated(["person", "key"])]], len(at))
    used = np.flatnonzero(number >= 0)
    yield _at(used[_doubled(person[used], programme[used], number[used])], len(at))


def _doubled(*columns: Ints) -> Mask:
    """Say which places have what an earlier one has."""
    mask: Mask = pd.DataFrame(dict(enumerate(columns))).duplicated().to_numpy()
    return mask


def _at(places: Ints, size: int) -> Mask:
    mask = np.zeros(size, dtype=bool)
    mask[places] = True
    return mask
