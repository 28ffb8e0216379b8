"""The repeat key and the year of a training (reading 3.2, Q7, Q8): each written once, for rows, lines and old entries.

What an entry of the ledger holds is worked out from its own facts under the policy in force, and it keeps the key that
it was posted under. Which way of reading Q8 that was, the stored key tells: the history needs no column for it.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache, lru_cache

import numpy as np
import numpy.typing as npt

from trainingcli.masking import kept
from trainingcli.settle.occupations import occupation_of

Ints = npt.NDArray[np.int64]
NEVER = np.iinfo(np.int64).min
"""The day of what has no date, in whole columns of days since 1970."""

LIFELONG, YEARLY, NO_KEY = "type", "type_and_year", "ignore"


@lru_cache(maxsize=1 << 16)
def repeat_key(
    occupation: str | None,
    level: str | None,
    training_type: str | None,
    year: int,
    *,
    by_type: bool,
    without_level: str,
) -> str | None:
    """Return a repeat key, without the person; None: it holds none.

    All texts are in compared form. `by_type`: the programme's key is the training type whatever the level.
    `without_level`: how Q8 is read.
    """
    if not occupation:
        return None
    if level and not by_type:
        return f"{occupation}|{level}"
    if without_level == NO_KEY:
        return None
    key = f"{occupation}|{training_type or ''}"
    return f"{key}|{year}" if without_level == YEARLY else key


def as_compared(key: str, aliases: Mapping[str, str]) -> str:
    """Return a stored key in compared form: older ones were kept as the roster spelled them."""
    occupation, mark, rest = key.partition("|")
    return f"{occupation_of(occupation, aliases)}{mark}{kept(rest)}"


def counted_day(began: Ints, end: Ints, year_of: str) -> Ints:
    """Return the days whose year counts (Q7): the training's start, or its end where that is known and wanted."""
    return np.where((end != NEVER) & (year_of == "end"), end, began)


def counted_year(began: int, end: int | None, year_of: str) -> int:
    """Return the same of one training: its calendar year."""
    return year_at(end if end is not None and year_of == "end" else began)


def years_of(days: Ints) -> Ints:
    """Return the calendar years of days since 1970; 0 for `NEVER`."""
    known = np.where(days == NEVER, 0, days)
    years = known.astype("datetime64[D]").astype("datetime64[Y]").astype(np.int64) + 1970
    return np.where(days == NEVER, 0, years)


@cache
def year_at(day: int) -> int:
    """Return the calendar year of a day since 1970."""
    return int(years_of(np.array([day]))[0])
