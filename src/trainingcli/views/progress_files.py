"""What the plan's targets are measured by beside the ledger: population figures (统计), employment (就业)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import numpy as np
import pyarrow as pa

from trainingcli.compared import squeeze
from trainingcli.errors import UsageError
from trainingcli.intake.tables.declared import declared_tables
from trainingcli.intake.tables.read_declared import TableRead, read_declared
from trainingcli.language import Text
from trainingcli.validation import identity
from trainingcli.workers import WorkerPool

FIGURES = ("employed", "skilled", "high_skill")
_TEN_THOUSAND = "万人"
_NO_NUMBER = Text("不是有效的身份证号，这一行没有采用", "no valid ID number; the row is not used")
_UNCLEAR = Text(
    "看不出是否就业（这样写的有{count}行），按不明处理", "neither yes nor no ({count} rows say so); taken as unknown"
)


@dataclass(frozen=True)
class Population:
    """The figures of a year, in people; None: not given. `source`: the file that says so."""

    employed: int | None
    skilled: int | None
    high_skill: int | None
    source: str


def read_figures(file: str, pool: WorkerPool) -> dict[int, Population]:
    """Return the figures by year; UsageError (exit 2) with the cell where one does not hold, or two do not add up."""
    read = read_declared([file], declared_tables("progress")["figures"], pool, walk=False)
    read.refuse("--figures")
    for fault in read.faults:
        raise UsageError(fault.line())
    found: dict[int, Population] = {}
    for position, values in read.entries():
        counts = {key: _people(read, position, key, values.get(key)) for key in FIGURES}
        population = Population(**counts, source=Path(file).name)
        _refuse_impossible(read, position, population)
        before = found.setdefault(values["year"], population)
        if before != population:
            year = values["year"]
            twice = Text(f"{year} 年有两行，数字不同", f"two rows of {year} differ")
            raise UsageError(read.fault(position, "year", twice).line())
    return found


def _people(read: TableRead, position: int, key: str, value: Decimal | None) -> int | None:
    """Return a figure in people: a heading, or the text above it, may count by the ten thousand (万人)."""
    if value is None:
        return None
    people = value * _unit(read, position, key)
    if people != int(people):
        raise UsageError(read.fault(position, key, Text("不是整数人数", "not a whole number of people")).line())
    return int(people)


def _unit(read: TableRead, position: int, key: str) -> int:
    sheet = read.sheets[read.places[position]]
    tables = read.inputs[sheet.input].sheets
    headings = [
        column.heading
        for table in tables
        if table.sheet == sheet.sheet and table.header_row == sheet.header_row
        for column in table.columns
        if column.key == key
    ]
    said = any(_TEN_THOUSAND in squeeze(heading) for heading in headings)
    return 10_000 if said or f"单位:{_TEN_THOUSAND}" in squeeze(sheet.above) else 1


def _refuse_impossible(read: TableRead, position: int, figures: Population) -> None:
    """A part is never more than its whole."""
    for part, of in (("skilled", "employed"), ("high_skill", "skilled")):
        some, every = getattr(figures, part), getattr(figures, of)
        if some is not None and every is not None and some > every:
            names = {key: read.table.columns[key].headings[0] for key in (part, of)}
            zh = f"{names[part]} {some} 人多于{names[of]} {every} 人"
            en = f"{names[part]} ({some}) is more than {names[of]} ({every})"
            raise UsageError(read.fault(position, part, Text(zh, en)).line())


def read_employment(files: Sequence[str], pool: WorkerPool) -> tuple[dict[str, bool], list[Text]]:
    """Return ID number → whether somebody says that the person works, and what could not be used.

    Of several rows of a person one that says yes counts; words that say neither are as if they were not there.
    """
    if not files:
        return {}, []
    read = read_declared(files, declared_tables("progress")["employment"], pool)
    read.refuse("--employment")
    found: dict[str, bool] = {}
    unclear: dict[str, list[int]] = {}
    wrong = _wrong_numbers(read)
    for position, values in read.entries():
        word = values.get("employed")
        says = is_employed(word)
        if word and says is None:
            unclear.setdefault(word, []).append(position)
        elif says is not None and position not in wrong:
            found[values["id_number"]] = found.get(values["id_number"], False) or says
    said = {fault.position for fault in read.faults}
    faults = [*read.faults, *(read.fault(place, "id_number", _NO_NUMBER) for place in wrong if place not in said)]
    faults += [read.fault(places[0], "employed", _UNCLEAR.format(count=len(places))) for places in unclear.values()]
    return found, [fault.line() for fault in faults]


def _wrong_numbers(read: TableRead) -> dict[int, None]:
    """Return the rows whose ID number is missing or nobody's."""
    numbers = pa.array([values.get("id_number") for _, values in read.entries()], pa.string())
    wrong = numbers.is_null().to_numpy(zero_copy_only=False)
    for mask in identity.faults(numbers, dt.date.max).values():
        wrong = wrong | mask
    return dict.fromkeys(np.flatnonzero(wrong).tolist())


def is_employed(text: str | None) -> bool | None:
    """Return what a cell says of somebody's work (contract-2, 4, progress); None where it says neither."""
    choices: Mapping[str, str] = declared_tables("progress")["employment"].columns["employed"].choices or {}
    term = choices.get(squeeze(text)) if text else None
    return None if term is None else term == "是"
