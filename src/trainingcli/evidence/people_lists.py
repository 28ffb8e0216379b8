"""Lists of people from other offices (名单) → who stands on which, from when to when (contract, second part, 2)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from trainingcli.compared import folded
from trainingcli.compared_columns import compared_column
from trainingcli.errors import UsageError
from trainingcli.evidence.bad_rows import BadRow, bad_row, notes_of
from trainingcli.evidence.source import Means
from trainingcli.intake.tables.declared import declared_tables
from trainingcli.intake.tables.distinct_cells import DistinctValues
from trainingcli.intake.tables.read_declared import TableRead, read_declared
from trainingcli.language import Text
from trainingcli.validation import identity
from trainingcli.vocabulary import heading_of, load_vocabulary

_OF_A_TRAINING = frozenset({
    "occupation", "class_no", "training_type", "programme", "claimed", "certificate_no", "certificate_date",
    "attended_days", "employment_card", "start_date", "end_date", "date_range",
})  # fmt: skip
FIRST, LAST = pd.Timestamp("0001-01-01").as_unit("s"), pd.Timestamp("9999-12-31").as_unit("s")
"""Open ends."""


@dataclass(frozen=True)
class ListFile:
    """One workbook. `entries`: its distinct rows with a valid ID number."""

    file: str
    sha256: str | None
    entries: int
    findings: tuple[BadRow, ...]
    notes: tuple[Text, ...] = ()


@dataclass(frozen=True)
class PeopleLists:
    """All entries, in the order of file, sheet, row (`place`).

    `entries`: `id_number`, `name` and as `compared`, `category` (null: none), `since`, `until` (open ends: the first
    and the last of days), `file`, `sheet`, `row`.
    """

    files: tuple[ListFile, ...]
    entries: pd.DataFrame


def read_lists(paths: Sequence[Path], means: Means, option: str) -> PeopleLists:
    """Read lists, folders walked. UsageError for the first that cannot be read, has no header, or is another table."""
    table = declared_tables("people")["people"]
    read = read_declared(list(map(str, paths)), table, means.pool, without=means.named)
    read.refuse(option)
    _refuse_rosters(read, option)
    return lists_of(read, means)


def lists_of(read: TableRead, means: Means) -> PeopleLists:
    """Take the entries and what cannot be used from what was read."""
    inputs = np.array([sheet.input for sheet in read.sheets], dtype=np.int64)
    frame = read.frame.assign(input=lambda frame: inputs[frame["place"]])
    numbers = _bad_numbers(frame["id_number"], means)
    bad = sorted([*numbers.values(), *_bad_cells(read)])
    valid = frame["id_number"].notna().to_numpy(dtype=bool, copy=True)
    valid[list(numbers)] = False
    names = DistinctValues.joined(read.coded["name"])
    compared = compared_column(names.texts(), folded).take(pa.array(names.places)).to_numpy(zero_copy_only=False)
    kept = frame.assign(compared=compared)[valid]
    kept = _distinct(kept, ["input", "id_number", "compared", "category", "since", "until"])
    sizes = kept["input"].value_counts()
    files = tuple(
        ListFile(
            item.file, item.sha256, int(sizes.get(number, 0)),
            tuple(_told(read, *each) for each in bad if inputs[read.places[each[0]]] == number),
            tuple(notes_of(item)),
        )
        for number, item in enumerate(read.inputs)
    )  # fmt: skip
    if len(files) > 1:
        kept = _distinct(kept, ["id_number", "compared", "category", "since", "until"])
    ends = {"since": kept["since"].fillna(FIRST), "until": kept["until"].fillna(LAST)}
    entries = kept.assign(**ends, place=np.arange(len(kept))).drop(columns="input").reset_index(drop=True)
    return PeopleLists(files, entries)


def _distinct(entries: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    """Return the first of equal entries each; only those of numbers that come again are looked at."""
    again = np.flatnonzero(entries["id_number"].duplicated(keep=False))
    if not len(again):
        return entries
    return entries.drop(entries.index[again[entries.iloc[again].duplicated(keys)]])


def _refuse_rosters(read: TableRead, option: str) -> None:
    """A roster has ID numbers, too: taken for a list it would hold everybody."""
    headings = load_vocabulary({}).headings
    for sheet in read.sheets:
        others = {headings.get(heading_of(heading)) for _, heading, *_ in sheet.unread} & _OF_A_TRAINING
        if len(others) > 1:
            raise UsageError(
                Text(
                    f"{sheet.file}：这是培训花名册一类的表（有职业、班级、补贴等栏目），不是人员名单（{option}）",
                    f"{sheet.file}: this is a table of trainings (occupations, classes, subsidies), not a list of "
                    f"people ({option})",
                )
            )


Bad = tuple[int, str, str, str]
"""Position, code, field, value ("": none)."""


def _bad_numbers(ids: pd.Series[Any], means: Means) -> dict[int, Bad]:
    """Return the rows whose ID number does not hold, by the first thing that is wrong with it."""
    found: dict[int, Bad] = {}
    for code, wrong in identity.faults(ids, means.today).items():
        for position in np.flatnonzero(wrong).tolist():
            found.setdefault(position, (position, code, "id_number", str(ids.iloc[position])))
    return found


def _bad_cells(read: TableRead) -> Iterator[Bad]:
    """Yield what reading found; an end that cannot be read is open."""
    for fault in read.faults:
        if fault.position is not None and fault.code and fault.key:
            yield fault.position, fault.code, fault.key, fault.value or ""


def _told(read: TableRead, position: int, code: str, field: str, value: str) -> BadRow:
    sheet, row = read.sheets[read.places[position]], read.rows[position]
    place = {"file": sheet.file, "sheet": sheet.sheet, "row": row, "cell": sheet.cell(field, row)}
    name = read.table.columns[field].headings[0]
    return bad_row(code, place, field, Text(name, name), value or None)
