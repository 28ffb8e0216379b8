"""Lists of people from other offices (名单) → who stands on which, from when to when (contract, second part, 2)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from trainingcli.compared import folded
from trainingcli.errors import UsageError
from trainingcli.evidence.bad_rows import BadRow, bad_row, notes_of
from trainingcli.evidence.source import Means
from trainingcli.intake.tables.declared import declared_tables
from trainingcli.intake.tables.distinct_cells import DistinctValues
from trainingcli.intake.tables.read_declared import TableRead, read_declared
from trainingcli.language import Text
from trainingcli.settle.dated import Ints
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
    """All entries, in the order of file, sheet, row.

    `entries`: `id_number`, `name`, `category` (null: none), `since`, `until` (open ends: the first and the last of
    days), `row`, `place`: the sheet's among `sheets`, which are told by file and name.
    """

    files: tuple[ListFile, ...]
    sheets: Sequence[tuple[str, str]]
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
    inputs = np.array([sheet.input for sheet in read.sheets], dtype=np.int64)[read.frame["place"].to_numpy()]
    ids = DistinctValues.joined(read.coded["id_number"])
    numbers = _bad_numbers(ids, means)
    bad = sorted([*numbers.values(), *_bad_cells(read)])
    valid = ids.said()
    valid[list(numbers)] = False
    kept = _distinct(np.flatnonzero(valid), ids, read.frame.assign(input=inputs))
    sizes = np.bincount(inputs[kept], minlength=len(read.inputs)).tolist()
    files = tuple(
        ListFile(
            item.file, item.sha256, sizes[number],
            tuple(_told(read, *each) for each in bad if inputs[each[0]] == number),
            tuple(notes_of(item)),
        )
        for number, item in enumerate(read.inputs)
    )  # fmt: skip
    if len(files) > 1:
        kept = _distinct(kept, ids, read.frame)
    entries = read.frame if len(kept) == len(inputs) else read.frame.take(kept).reset_index(drop=True)
    ends = {"since": entries["since"].fillna(FIRST), "until": entries["until"].fillna(LAST)}
    return PeopleLists(files, [(each.file, each.sheet) for each in read.sheets], entries.assign(**ends))


def _distinct(rows: Ints, ids: DistinctValues, frame: pd.DataFrame) -> Ints:
    """Return the first of equal rows each, wherever they stand; only those of numbers that come again are looked at."""
    numbers = ids.places[rows]
    again = rows[np.bincount(numbers)[numbers] > 1]
    if not len(again):
        return rows
    said = frame.drop(columns=["row", "place"]).take(again)
    said["name"] = [folded(name) if isinstance(name, str) else None for name in said["name"].tolist()]
    return np.setdiff1d(rows, again[said.duplicated().to_numpy()], assume_unique=True)


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


def _bad_numbers(ids: DistinctValues, means: Means) -> dict[int, Bad]:
    """Return the rows whose ID number does not hold, by the first thing that is wrong with it."""
    found: dict[int, Bad] = {}
    texts = ids.texts()
    for code, wrong in identity.faults(texts, means.today).items():
        for position in np.flatnonzero(wrong[ids.places]).tolist():
            number = texts[int(ids.places[position])].as_py()
            found.setdefault(position, (position, code, "id_number", number))
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
