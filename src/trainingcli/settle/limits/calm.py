"""People whom no limit can meet, found in whole columns: nothing in batch or ledger stands against their lines.

Such a person has no history; no payable line without a start, unless there is one row alone; events that no row joins
in doubt, and no more of them a year than the bound; and no two payable lines of one key in two events, of one programme
in one event, or of one certificate number and programme. All others are walked. Overlapping days refuse nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import pandas as pd

from trainingcli.settle.limits.columns import Columns, Ints, Texts, known
from trainingcli.settle.limits.events import Parameters
from trainingcli.settle.limits.keys import counted_day, years_of
from trainingcli.settle.rows import Mask

_SPAN = 1 << 32  # more days than lie between any two dates
_FAR_BACK = -_SPAN


class Calm(NamedTuple):
    """`people`: which rows are of such people. `lines`: their payable lines, each accepted, and what it is accepted as.

    `event`: the first row of its event. `own`: dated by its certificate. `overlapping`: rows whose days overlap those
    of another event of the person.
    """

    people: Mask
    lines: Ints
    event: Ints
    year: Ints
    own: Mask
    key: Texts
    overlapping: Mask


class _Events(NamedTuple):
    """Events in the order of person and day, each with its first row; `last` < `began`: no end is known.

    `of`: each row's event, -1 where there is none.
    """

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
    fine, people = ~upset[persons[row]], asked & ~upset[persons]
    at, beside = at[fine], people & _overlapping(columns, events)
    return Calm(people, payable[fine], events.head[at], events.year[at], events.own[at], texts[fine], beside)


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
    doubtful = persons[at[differs]]
    if parameters.lower_after_higher != "allow" or parameters.cap_scope != "training":  # one may lessen another
        doubtful = np.concatenate([doubtful, events.person[1:][np.diff(events.person) == 0]])
    return events, doubtful


def _overlapping(columns: Columns, events: _Events) -> Mask:
    """Say which rows' days overlap those of another event, where no two events of a person begin on one day."""
    closed = np.flatnonzero(events.last >= events.began)
    person, began, last = events.person[closed], events.began[closed], events.last[closed]
    again = np.zeros(len(closed) + 1, dtype=bool)  # whether the same person's next event stands behind each
    again[1:-1] = np.diff(person) == 0
    shift = np.cumsum(~again[:-1]) * _SPAN
    reached = np.maximum.accumulate(last + shift) - shift
    before, after = np.full(len(events.head), _FAR_BACK), np.full(len(events.head), -_FAR_BACK)
    before[closed[1:]] = np.where(again[1:-1], reached[:-1], _FAR_BACK)
    after[closed[:-1]] = np.where(again[1:-1], began[1:], -_FAR_BACK)
    rows = np.flatnonzero(events.of >= 0)
    rows = rows[known(columns.start[rows]) & known(columns.end[rows]) & (columns.end[rows] >= columns.start[rows])]
    event = events.of[rows]
    mask = np.zeros(len(events.of), dtype=bool)
    mask[rows] = (before[event] >= columns.start[rows]) | (after[event] <= columns.end[rows])
    return mask


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
