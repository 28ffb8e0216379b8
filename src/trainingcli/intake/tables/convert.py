"""Sheets of texts → the roster (花名册): one frame of typed columns, one row a data row, and the cells' faults.

Columns of every sheet are joined first and converted once; each distinct text is parsed once.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from trainingcli.compared import squeeze
from trainingcli.fields import DATE_FIELDS, TEXT_FIELDS
from trainingcli.findings import Findings
from trainingcli.intake.formats.cell_kinds import Kind, Mark
from trainingcli.intake.tables import values
from trainingcli.intake.tables.cell_looks import shows_no_day, unit_factors
from trainingcli.intake.tables.sheet_tables import InputFile, SheetTable
from trainingcli.vocabulary import Vocabulary

Bytes = npt.NDArray[np.uint8]
_NAT = np.datetime64("NaT", "s")
# Texts that need no cleaning, told by pattern, so that the many distinct ones are not looked at one by one.
_PLAIN = {
    "name": r"^\p{Han}{2,5}$",
    "id_number": r"^[0-9]{17}[0-9X]$",
    "phone": r"^[0-9]{2,}$",
    "account": r"^[0-9]{2,}$",
    "certificate_no": r"^[0-9A-Z]*[0-9][0-9A-Z]*$",
    "employment_card": r"^[0-9A-Z]*[0-9][0-9A-Z]*$",
}
_TERMS = ("category", "hardship", "training_type", "certificate_type", "sex")
# Numbers that a spreadsheet's number cell cannot hold: what is found where digits were lost.
_OF_MANY_DIGITS = {
    "id_number": "ID_PRECISION_LOST",
    **dict.fromkeys(("account", "certificate_no", "employment_card"), "NUMBER_PRECISION_LOST"),
}
LONGEST_NUMBER = 16
_MAY_BE_SCIENTIFIC = r"^\PL*[0-9０-９]\PL*[eEｅＥ]\PL*[0-9０-９]\PL*$"
_SCIENTIFIC = re.compile(r"-?[0-9](\.[0-9]+)?[eE]\+?(1[4-9]|[2-9][0-9]|[1-9][0-9]{2})")


@dataclass(frozen=True)
class Unread:
    """A column that was not read: `like`: the fields that it may be; `is_amount`: it looks like an amount's."""

    letter: str
    heading: str
    like: frozenset[str] = frozenset()
    is_amount: bool = False


@dataclass(frozen=True)
class Origin:
    """Where rows come from: a sheet of an input, which column holds which field, and the texts around the table.

    `totals`: letter of an amount column → first and last row of each vertical merge in it.
    `reporting`: the institution is one that a title line 填报单位 or 申报单位 names, who need not have trained.
    `unclear`: the institution stands under, or behind, a heading that may mean the assessor (机构名称).
    """

    input: int
    file: str
    sheet: str
    letters: Mapping[str, str]
    keys: frozenset[str]
    above: str
    wide: tuple[str, ...]
    unread: tuple[Unread, ...] = ()
    totals: Mapping[str, Sequence[tuple[int, int]]] = field(default_factory=dict)
    reporting: bool = False
    unclear: bool = False


@dataclass(frozen=True)
class Wide:
    """One wide amount column's cells: row positions, fen (0 where there is none or a fault), and what it is headed.

    `most`: the fen that stand there whatever the fault, 0 where none can be read.
    """

    programme: str
    letter: str
    rows: npt.NDArray[np.int64]
    fen: npt.NDArray[np.int64]
    fault: npt.NDArray[np.str_]
    most: npt.NDArray[np.int64]


@dataclass
class Roster:
    """All data rows of all inputs, in the order of input, sheet, row; position = identity.

    `rows`: `sheet` int32 (position in `origins`), `row` int32, every text field as Arrow string (null when empty),
    the dates (`start_date` …) datetime64[s], `attended_days` Int32, `claimed` Int64 (fen), `most` int64 (the largest
    amount that stands there in fen, whatever its fault; 0: none), `struck` bool (the row's name or ID number is struck
    through).
    """

    rows: pd.DataFrame
    origins: list[Origin]
    wide: list[Wide]
    findings: Findings


@dataclass
class _Raw:
    """One key's cells over all sheets: texts, kinds, and what a sheet says of each (unit, 1904 dates)."""

    text: pa.StringArray
    kind: Bytes
    factor: npt.NDArray[np.int64]


def to_roster(inputs: Sequence[InputFile], vocabulary: Vocabulary) -> Roster:
    """Convert what was read into the roster and the faults of its cells (never raises for bad data)."""
    sheets = [
        (position, file, block)
        for position, file in enumerate(inputs)
        for sheet in file.sheets
        for block in sheet.blocks()
    ]
    sizes = np.array([sheet.cells.num_rows for _, _, sheet in sheets], dtype=np.int64)
    origins = [_origin(position, file, sheet) for position, file, sheet in sheets]
    findings = Findings()
    frame: dict[str, Any] = {
        "sheet": np.repeat(np.arange(len(sheets), dtype=np.int32), sizes),
        "row": _joined([sheet.cells.column("row") for _, _, sheet in sheets], pa.int32()).to_numpy(),
    }
    tables = [sheet for _, _, sheet in sheets]
    date1904 = np.repeat(np.array([table.date1904 for table in tables], dtype=bool), sizes)
    for key in TEXT_FIELDS:
        frame[key] = _text_column(key, _raw(tables, sizes, key), vocabulary, findings)
    _dates(frame, tables, sizes, date1904, vocabulary, findings)
    days = _faults("attended_days", _raw(tables, sizes, "attended_days"), vocabulary, findings)
    frame["attended_days"] = _numbers("attended_days", days, values.days, "BAD_NUMBER", vocabulary, findings)
    frame["claimed"], frame["most"] = _claimed(tables, sizes, vocabulary, findings)
    frame["struck"] = _struck(tables, sizes)
    rows = pd.DataFrame({key: _series(key, column, int(sizes.sum())) for key, column in frame.items()})
    return Roster(rows, origins, _wide(tables, sizes, vocabulary), findings)


def _struck(tables: Sequence[SheetTable], sizes: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
    """Say in which rows the name or the ID number is struck through."""
    struck = np.zeros(int(sizes.sum()), dtype=bool)
    for key in ("name", "id_number"):
        raw = _raw(tables, sizes, key)
        if raw is not None:
            struck |= (raw.kind & Mark.STRUCK) > 0
    return struck


def _series(key: str, column: Any, size: int) -> Any:
    """Return a column as a series of its own type, also where no sheet has it."""
    if column is None:
        column = pa.nulls(size, pa.string()) if key in TEXT_FIELDS else pd.array([None] * size, dtype="Int64")
    return pd.Series(pd.array(column, dtype="str")) if isinstance(column, pa.Array) else column


def _origin(position: int, file: InputFile, sheet: SheetTable) -> Origin:
    letters: dict[str, str] = {}
    for column in sheet.columns:
        letters.setdefault(column.programme or "" if column.key == "amount" else column.key, column.letter)
    for end in ("start_date", "end_date"):
        if "date_range" in letters:
            letters.setdefault(end, letters["date_range"])
    if "standard" in letters:
        letters.setdefault("claimed", letters["standard"])
    wide = tuple(column.programme or "" for column in sheet.columns if column.key == "amount")
    keys = frozenset(column.key for column in sheet.columns)
    unread = tuple(
        Unread(letter, heading, frozenset(sheet.like.get(letter, ())), letter in sheet.amount_like)
        for letter, heading in sheet.unused
    )
    return Origin(
        position, file.file, sheet.sheet, letters, keys, sheet.above, wide, unread, sheet.totals,
        sheet.reporting, sheet.unclear,
    )  # fmt: skip


def _joined(columns: list[Any], kind: pa.DataType) -> Any:
    chunks = [chunk for column in columns for chunk in column.chunks]
    joined = pa.chunked_array(chunks, type=kind).combine_chunks() if chunks else pa.array([], type=kind)
    return joined.combine_chunks() if isinstance(joined, pa.ChunkedArray) else joined


def _raw(tables: Sequence[SheetTable], sizes: npt.NDArray[np.int64], key: str, which: int = 0) -> _Raw | None:
    """Join one key's cells; a title line fills the column that is not there. None where no sheet has any.

    `which`: of several amount columns; of another key all are read together.
    """
    texts: list[Any] = []
    kinds: list[Bytes] = []
    factors: list[int] = []
    found = False
    for table, size in zip(tables, sizes, strict=True):
        places = [i for i, column in enumerate(table.columns) if column.key == key]
        place = places[which] if len(places) > which else None
        title = table.titles.get(key) if not places else None
        if place is not None:
            texts.append(_all_of(table, [place] if key == "claimed" else places))
            kinds.append(table.cells.column(f"k{place}").to_numpy())
            factors.append(table.columns[place].factor)
        else:
            text = pa.repeat(pa.scalar(title, pa.string()), int(size)) if title else pa.nulls(int(size), pa.string())
            texts.append(pa.chunked_array([text]))
            kinds.append(np.full(size, Kind.TEXT if title else Kind.EMPTY, dtype=np.uint8))
            factors.append(100)
        found = found or place is not None or title is not None
    if not found:
        return None
    kind = np.concatenate(kinds)
    return _Raw(_joined(texts, pa.string()), kind, unit_factors(kind, np.repeat(np.array(factors, np.int64), sizes)))


def _all_of(table: SheetTable, places: Sequence[int]) -> Any:
    """Return a key's texts; those of several columns (备注) joined by a semicolon."""
    columns = [table.cells.column(f"t{place}") for place in places]
    if len(columns) == 1:
        return columns[0]
    return pa.chunked_array([pc.binary_join_element_wise(*columns, "；", null_handling="skip").combine_chunks()])


def _faults(field: str, raw: _Raw | None, vocabulary: Vocabulary, findings: Findings, *also: str) -> _Raw | None:
    """Report error cells and formulas without a value, and blank them; `also` names further fields the cell fills."""
    if raw is None:
        return None
    kind = raw.kind & 0x0F
    error = kind == Kind.ERROR
    suspects = pc.starts_with(raw.text, "#").fill_null(False).to_numpy(zero_copy_only=False) & ~error
    for place in np.flatnonzero(suspects):
        error[place] = values.ERROR_TEXT.fullmatch(raw.text[int(place)].as_py().strip()) is not None
    novalue = kind == Kind.NO_VALUE
    for name in (field, *also):
        findings.add(error, "ERROR_CELL", name, raw.text)
        findings.add(novalue, "FORMULA_WITHOUT_VALUE", name)
    blank = error | novalue
    if blank.any():
        raw.text = pc.if_else(pa.array(blank), pa.scalar(None, pa.string()), raw.text)
    return raw


def _by_word(text: pa.Array, function: Callable[[str], str | None], plain: str | None, never: pa.Array) -> pa.Array:
    """Apply a function to each distinct text, except those that match `plain` and are not in `never`."""
    coded = text.dictionary_encode()
    words = coded.dictionary
    if plain is None:
        return pa.array([function(word) for word in words.to_pylist()], pa.string()).take(coded.indices)
    kept = pc.and_(pc.match_substring_regex(words, plain), pc.invert(pc.is_in(words, never)))
    if pc.all(kept).as_py():
        return text
    rest = [function(word) for word in words.filter(pc.invert(kept)).to_pylist()]
    return pc.replace_with_mask(words, pc.invert(kept), pa.array(rest, pa.string())).take(coded.indices)


def _text_column(field: str, raw: _Raw | None, vocabulary: Vocabulary, findings: Findings) -> pa.Array | Any:
    if raw is None:
        return None
    if field in _OF_MANY_DIGITS:
        number = (raw.kind & 0x0F) == Kind.NUMBER
        whole = pc.replace_substring_regex(raw.text, r"^-|\..*$", "")
        long = pc.greater_equal(pc.utf8_length(whole), LONGEST_NUMBER)
        lost = number & long.fill_null(False).to_numpy(zero_copy_only=False)
        lost |= _scientific(raw.text)
        findings.add(lost, _OF_MANY_DIGITS[field], field, raw.text)
    raw = _faults(field, raw, vocabulary, findings)
    assert raw is not None
    never = pa.array(sorted(vocabulary.empty_words), pa.string())
    return _by_word(raw.text, _cleaner(field, vocabulary), _PLAIN.get(field), never)


def _scientific(text: pa.Array) -> npt.NDArray[np.bool_]:
    """Say which texts are a number as a spreadsheet shows a long one, 6.22E+18, however it is typed."""
    may_be = pc.match_substring_regex(text, _MAY_BE_SCIENTIFIC).fill_null(False)
    found: npt.NDArray[np.bool_] = may_be.to_numpy(zero_copy_only=False).copy()
    for place in np.flatnonzero(found):
        found[place] = _SCIENTIFIC.fullmatch(squeeze(text[int(place)].as_py())) is not None
    return found


def _cleaner(field: str, vocabulary: Vocabulary) -> Callable[[str], str | None]:
    empty = vocabulary.empty_words
    if field in ("id_number", "name"):
        return partial(values.id_number if field == "id_number" else values.name, empty_words=empty)
    if field in ("employment_card", "certificate_no"):
        return partial(values.with_digit, empty_words=empty)
    words = vocabulary.values.get(field)
    if words is not None:
        parse = values.level if field == "level" else values.terms
        return lambda text: parse(text, words) if values.clean(text, empty) else None
    return partial(values.clean, empty_words=empty)


def _dates(
    frame: dict[str, Any],
    tables: Sequence[SheetTable],
    sizes: npt.NDArray[np.int64],
    date1904: npt.NDArray[np.bool_],
    vocabulary: Vocabulary,
    findings: Findings,
) -> None:
    """Fill the date columns: own columns win over the two parts of a range column."""
    total = int(sizes.sum())
    spans = _raw(tables, sizes, "date_range")
    own = {field: _raw(tables, sizes, field) for field in DATE_FIELDS}
    ends = {field: np.full(total, _NAT) for field in ("start_date", "end_date")}
    if spans is not None:
        filled = {f: _filled(own[f], vocabulary, total) for f in ends}
        for place, field in enumerate(ends):
            part = _Raw(
                pc.if_else(pa.array(filled[field]), pa.scalar(None, pa.string()), spans.text),
                spans.kind.copy(),
                spans.factor,
            )
            part.kind[filled[field]] = Kind.EMPTY
            ends[field] = _date_column(field, part, date1904, vocabulary, findings, _ends(place))
    for field in DATE_FIELDS:
        dates = _date_column(field, own[field], date1904, vocabulary, findings, values.date)
        if field in ends:
            dates = ends[field] if dates is None else np.where(np.isnat(dates), ends[field], dates)
        frame[field] = np.full(total, _NAT) if dates is None else dates


def _filled(raw: _Raw | None, vocabulary: Vocabulary, size: int) -> npt.NDArray[np.bool_]:
    """Say which rows have something in their own column, be it a fault."""
    if raw is None:
        return np.zeros(size, dtype=bool)
    said = _by_word(
        raw.text, partial(values.clean, empty_words=vocabulary.empty_words), None, pa.array([], pa.string())
    )
    mask: npt.NDArray[np.bool_] = said.is_valid().to_numpy(zero_copy_only=False) | ((raw.kind & 0x0F) >= Kind.ERROR)
    return mask


def _ends(place: int) -> Callable[[str], tuple[dt.date, bool] | None]:
    def parse(text: str) -> tuple[dt.date, bool] | None:
        found = values.date_range(text)
        return (found[:2][place], found[2]) if found else None

    return parse


def _date_column(
    field: str,
    raw: _Raw | None,
    date1904: npt.NDArray[np.bool_],
    vocabulary: Vocabulary,
    findings: Findings,
    parse: Callable[[str], tuple[dt.date, bool] | None],
) -> Any:
    raw = _faults(field, raw, vocabulary, findings)
    if raw is None:
        return None
    coded = raw.text.dictionary_encode()
    words = coded.dictionary.to_pylist()
    said = [values.clean(word, vocabulary.empty_words) for word in words]
    parsed = [parse(word) if word else None for word in said]
    dates = np.array([np.datetime64(found[0], "s") if found else _NAT for found in parsed] + [_NAT], "datetime64[s]")
    serial = np.array([found[1] if found else False for found in parsed] + [False])
    faulty = np.array([bool(word) and not found for word, found in zip(said, parsed, strict=True)] + [False])
    place = coded.indices.fill_null(len(words)).to_numpy()
    no_day = shows_no_day(raw.kind)
    findings.add(faulty[place] | no_day, "BAD_DATE", field, raw.text)
    shift = serial[place] & date1904
    found = np.where(no_day, _NAT, dates[place])
    return found + np.where(shift, np.timedelta64(values.DAYS_1904, "D"), np.timedelta64(0, "D"))


def _numbers(
    field: str,
    raw: _Raw | None,
    parse: Callable[[str], int | None],
    code: str,
    vocabulary: Vocabulary,
    findings: Findings,
) -> pd.Series[Any] | None:
    if raw is None:
        return None
    coded = raw.text.dictionary_encode()
    words = coded.dictionary.to_pylist()
    numbers, bad = _parsed(words, parse, vocabulary.empty_words)
    place = coded.indices.fill_null(len(words)).to_numpy()
    findings.add(bad[place], code, field, raw.text)
    return pd.Series(pd.array(pa.array([*numbers, None], pa.int64()).take(pa.array(place)), dtype="Int64"))


def _parsed(
    words: list[str], parse: Callable[[str], int | None], empty: frozenset[str]
) -> tuple[list[int | None], npt.NDArray[np.bool_]]:
    said = [values.clean(word, empty) for word in words]
    numbers = [parse(word) if word else None for word in said]
    bad = [word is not None and number is None for word, number in zip(said, numbers, strict=True)]
    return numbers, np.array([*bad, False])


def _claimed(
    tables: Sequence[SheetTable], sizes: npt.NDArray[np.int64], vocabulary: Vocabulary, findings: Findings
) -> tuple[Any, Any]:
    """Fill `claimed` and `most` in fen; a 补贴标准 column is the amount only on sheets where there is no other."""
    shown = [_with_standard_as_claimed(table) for table in tables]
    raw = _faults("claimed", _raw(shown, sizes, "claimed"), vocabulary, findings)
    if raw is None:
        return None, np.zeros(int(sizes.sum()), dtype=np.int64)
    amounts = [_amounts(raw, vocabulary)]
    columns = max(sum(column.key == "claimed" for column in table.columns) for table in shown)
    for which in range(1, columns):
        other = _faults("claimed", _raw(shown, sizes, "claimed", which), vocabulary, findings)
        assert other is not None
        differs = _differ(amounts[0], found := _amounts(other, vocabulary))
        findings.add(differs, "AMOUNTS_DIFFER", "claimed", raw.text)
        raw, amounts[0] = _first_filled(raw, amounts[0], other, found)
        amounts.append((found[0], found[1], differs))
    fen, known, bad = amounts[0]
    merged = ((raw.kind & Mark.MERGED) > 0) & (known | bad)
    findings.add(merged, "MERGED_AMOUNT", "claimed", raw.text)
    bad = (bad | (known & (fen <= 0))) & ~merged
    findings.add(bad, "BAD_AMOUNT", "claimed", raw.text)
    unsure = np.logical_or.reduce([differs for _, _, differs in amounts[1:]], initial=False)
    most = np.maximum.reduce([_most(each, there) for each, there, _ in (amounts[0], *amounts[1:])])
    return pd.Series(pd.arrays.IntegerArray(fen, ~known | bad | merged | unsure)), most


_Amounts = tuple[npt.NDArray[np.int64], npt.NDArray[np.bool_], npt.NDArray[np.bool_]]


def _differ(one: _Amounts, other: _Amounts) -> npt.NDArray[np.bool_]:
    """Say where two amount columns are both filled in, and not with the same fen."""
    (fen, known, bad), (other_fen, other_known, other_bad) = one, other
    both = (known | bad) & (other_known | other_bad)
    differ: npt.NDArray[np.bool_] = both & ((fen != other_fen) | (known != other_known))
    return differ


def _first_filled(raw: _Raw, one: _Amounts, other_raw: _Raw, other: _Amounts) -> tuple[_Raw, _Amounts]:
    """Take a later amount column's cell where those before it are empty: it is what the row claims."""
    empty = ~(one[1] | one[2])
    if not empty.any():
        return raw, one
    text = pc.if_else(pa.array(empty), other_raw.text, raw.text)
    kind = np.where(empty, other_raw.kind, raw.kind)
    fen, known, bad = (np.where(empty, second, first) for first, second in zip(one, other, strict=True))
    return _Raw(text, kind, np.where(empty, other_raw.factor, raw.factor)), (fen, known, bad)


def _most(fen: npt.NDArray[np.int64], known: npt.NDArray[np.bool_]) -> npt.NDArray[np.int64]:
    return np.where(known, np.maximum(fen, 0), 0)


def _with_standard_as_claimed(table: SheetTable) -> SheetTable:
    keys = {column.key for column in table.columns}
    if "claimed" in keys or "amount" in keys or "standard" not in keys:
        return table
    columns = [
        type(column)("claimed", column.letter, column.heading, None, column.factor)
        if column.key == "standard"
        else column
        for column in table.columns
    ]
    return SheetTable(table.sheet, table.header_row, columns, (), {}, "", table.cells)


def _amounts(
    raw: _Raw, vocabulary: Vocabulary
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.bool_], npt.NDArray[np.bool_]]:
    """Return whole fen (0 where there are none), where there is an amount, and where what is said is none."""
    coded = raw.text.dictionary_encode()
    words = coded.dictionary.to_pylist()
    place = coded.indices.fill_null(len(words)).to_numpy()
    fen = np.zeros(len(place), dtype=np.int64)
    known, bad = np.zeros(len(place), dtype=bool), np.zeros(len(place), dtype=bool)
    for factor in np.unique(raw.factor):
        numbers, faults = _parsed(words, partial(values.amount, factor=int(factor)), vocabulary.empty_words)
        here = raw.factor == factor
        table = np.array([*(number or 0 for number in numbers), 0], dtype=np.int64)
        fen[here] = table[place[here]]
        known[here] = np.array([*(number is not None for number in numbers), False])[place[here]]
        bad[here] = faults[place[here]]
    return fen, known, bad


def _wide(tables: Sequence[SheetTable], sizes: npt.NDArray[np.int64], vocabulary: Vocabulary) -> list[Wide]:
    """Convert wide amount columns: a cell that says something and is not zero claims, be it with a fault."""
    found: list[Wide] = []
    starts = np.concatenate(([0], np.cumsum(sizes)))
    for table, start in zip(tables, starts[:-1], strict=True):
        first: dict[str | None, int] = {}
        for place, column in enumerate(table.columns):
            if column.key != "amount":
                continue
            kind = table.cells.column(f"k{place}").to_numpy()
            text = _joined([table.cells.column(f"t{place}")], pa.string())
            raw = _Raw(text, kind, unit_factors(kind, np.full(len(kind), column.factor)))
            faults = Findings()
            raw = _faults("claimed", raw, vocabulary, faults) or raw
            fen, known, bad = _amounts(raw, vocabulary)
            fault = np.full(len(kind), "", dtype="U32")
            fault[bad | (fen < 0)] = "BAD_AMOUNT"
            fault[((kind & Mark.MERGED) > 0) & (known | bad)] = "MERGED_AMOUNT"
            for part in faults.parts:
                fault[part.rows] = part.code
            rows = np.flatnonzero((fault != "") | (fen != 0))
            most, fen = _most(fen, known), np.where(fault == "", fen, 0)
            if column.programme in first:
                at = first[column.programme]
                found[at] = _of_two(found[at], rows + start, fen[rows], fault[rows], most[rows])
                continue
            first[column.programme] = len(found)
            found.append(Wide(column.programme or "", column.letter, rows + start, fen[rows], fault[rows], most[rows]))
    return found


def _of_two(
    wide: Wide,
    rows: npt.NDArray[np.int64],
    fen: npt.NDArray[np.int64],
    fault: npt.NDArray[np.str_],
    most: npt.NDArray[np.int64],
) -> Wide:
    """Join a second amount column of one programme: it fills what is empty, and holds where both say another amount."""
    _, here, there = np.intersect1d(wide.rows, rows, assume_unique=True, return_indices=True)
    said, highest = wide.fault.astype("U32"), wide.most.copy()
    differs = (wide.fen[here] != fen[there]) | (fault[there] != "")
    said[here[differs]] = "AMOUNTS_DIFFER"
    highest[here] = np.maximum(highest[here], most[there])
    alone = np.setdiff1d(np.arange(len(rows)), there)
    joined = np.concatenate([wide.rows, rows[alone]])
    order = np.argsort(joined, kind="stable")
    amounts = np.concatenate([np.where(said == "", wide.fen, 0), fen[alone]])[order]
    faults = np.concatenate([said, fault[alone]])[order]
    return Wide(
        wide.programme, wide.letter, joined[order], amounts, faults, np.concatenate([highest, most[alone]])[order]
    )
