"""The fields that roster and export are compared in, as numbers: one number a value, the same value on both sides."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from trainingcli.compared import folded, folded_name
from trainingcli.compared_columns import compared_column

if TYPE_CHECKING:
    from trainingcli.intake.tables.roster import Origin
    from trainingcli.settle.dated import Ints
    from trainingcli.settle.rows import Mask, Rows

FIELDS = (
    "name", "sex", "institution", "class_no", "occupation", "level", "start_date", "end_date", "certificate_type",
    "certificate_no", "certificate_date",
)  # fmt: skip
SHOWN_FIELDS = ("id_number", "employer", *FIELDS)
EVERY_LINE = ("name", "sex", "institution", "class_no", "occupation", "start_date")
"""Fields that speak for every line; the others for those whose programme uses them (reading 5.7)."""

NOTHING = -1
"""The number of what is empty, or could not be read."""

Numbers = dict[str, "Ints"]
Words = Mapping[str, pa.Array]
"""Field → its distinct words as compared; a word's number is its place."""
_DATES = ("start_date", "end_date", "certificate_date")
_NAMES = ("institution", "employer")
_AFTER_ALL = 800_000  # days: makes every date of a calendar a number above 0


def numbered(rows: Rows, known: Words | None = None) -> tuple[Numbers, dict[str, pa.Array]]:
    """Return field → a number a row (employer, too), and the words of each; `known`: words that have numbers."""
    numbers: Numbers = {field: days(rows, field) for field in _DATES}
    words = dict(known or {})
    for field in (*FIELDS, "employer"):
        if field not in _DATES:
            shared = "institution" if field == "employer" else field
            places, said = _words(rows, field)
            numbers[field], words[shared] = _coded(places, said, words.get(shared))
    return numbers, words


def days(rows: Rows, field: str) -> Ints:
    """Return a date column as days, which are above 0."""
    dates = rows.dates(field).astype("datetime64[D]")
    numbers: Ints = np.where(np.isnat(dates), NOTHING, dates.astype(np.int64) + _AFTER_ALL)
    return numbers


def day_of(number: int) -> str:
    """Return a day's number as a date."""
    return str(np.datetime64(number - _AFTER_ALL, "D"))


def number_of_day(day: str) -> int:
    """Return a date's number."""
    return int(np.datetime64(day, "D").astype(np.int64)) + _AFTER_ALL


def _words(rows: Rows, field: str) -> tuple[Ints, pa.Array]:
    """Return a text field as places into words as they are compared, null where there is none; the last is null."""
    if field == "occupation":
        places, said = rows.occupations()
        return places, pa.array([word or None for word in said], pa.large_string())
    if field == "certificate_no":
        places, words = rows.coded_numbers(field)
        return places, _and_null(words)
    places, words = rows.coded(field)
    fold = folded_name if field in _NAMES else folded
    return places, _and_null(compared_column(words, lambda word: fold(word) or None))


def _and_null(words: pa.Array) -> pa.Array:
    return pa.concat_arrays([words, pa.nulls(1, words.type)])


def _coded(places: Ints, said: pa.Array, known: pa.Array | None) -> tuple[Ints, pa.Array]:
    """Return a number a row, its word's place among those known and then the others; and all these words."""
    known = pa.array([], said.type) if known is None else known
    numbers = pc.fill_null(pc.index_in(said, known), NOTHING).to_numpy().astype(np.int64)
    new = np.flatnonzero(said.is_valid().to_numpy(zero_copy_only=False) & (numbers == NOTHING))
    coded = said.take(pa.array(new)).dictionary_encode()
    numbers[new] = len(known) + coded.indices.to_numpy()
    return numbers[places], pa.concat_arrays([known, coded.dictionary]) if len(new) else known


def shown(
    frame: pd.DataFrame, origins: Sequence[Origin], at: Ints, fields: Sequence[str] = SHOWN_FIELDS
) -> pd.DataFrame:
    """Return what people read of these rows: `file`, `sheet`, `row` and `fields`; None: empty. Days are texts."""
    taken = frame.iloc[at]
    sheets = taken["sheet"].tolist()
    found: dict[str, Any] = {
        "file": pd.Series([origins[sheet].file for sheet in sheets], dtype=object),
        "sheet": pd.Series([origins[sheet].sheet for sheet in sheets], dtype=object),
        "row": pd.Series(taken["row"].to_numpy()),
    }
    for field in fields:
        column = taken[field]
        said = column.dt.strftime("%Y-%m-%d") if field in _DATES else column
        texts = said.to_numpy(dtype=object).copy()
        texts[column.isna().to_numpy()] = None
        found[field] = pd.Series(texts, dtype=object)
    return pd.DataFrame(found)


def is_filed(rows: Rows) -> Mask:
    """Say which rows have their institution from a title line 填报单位 or 申报单位."""
    filed = [origin.reporting for origin in rows.roster.origins]
    mask: Mask = np.array([*filed, False])[rows.frame["sheet"].to_numpy()] & rows.said("institution")
    return mask
