"""Sheets of texts → the roster (花名册): one frame of typed columns, one row a data row, and the cells' faults.

Columns of every sheet are joined first and converted once; each distinct text is parsed once.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from trainingcli.fields import TEXT_FIELDS
from trainingcli.findings import Findings
from trainingcli.intake.formats.cell_kinds import Kind, Mark
from trainingcli.intake.tables import values
from trainingcli.intake.tables.amounts import claimed_amounts, wide_amounts
from trainingcli.intake.tables.plain_cells import ID_NUMBER, plain_cells
from trainingcli.intake.tables.roster import STRIKABLE, Origin, Roster
from trainingcli.intake.tables.roster_columns import RawColumn, by_word, joined, parsed, raw_column, without_faults
from trainingcli.intake.tables.roster_dates import fill_dates
from trainingcli.intake.tables.sheet_tables import InputFile, SheetTable
from trainingcli.vocabulary import Vocabulary

# Texts that need no cleaning, told by pattern, so that the many distinct ones are not looked at one by one.
_PLAIN = {
    "name": r"^\p{Han}{2,5}$",
    "id_number": ID_NUMBER,
    "phone": r"^[0-9]{2,}$",
    "account": r"^[0-9]{2,}$",
    "certificate_no": r"^[0-9A-Z]*[0-9][0-9A-Z]*$",
    "employment_card": r"^[0-9A-Z]*[0-9][0-9A-Z]*$",
}
# Numbers that a spreadsheet's number cell cannot hold: what is found where digits were lost.
_OF_MANY_DIGITS = {
    "id_number": "ID_PRECISION_LOST",
    **dict.fromkeys(("account", "certificate_no", "employment_card"), "NUMBER_PRECISION_LOST"),
}
LONGEST_NUMBER = 16
_EXPONENTS = [sign.encode() for sign in "eEｅＥ"]  # nearly no column has one, and the pattern is long in the making
_MAY_BE_SCIENTIFIC = r"^\PL*[0-9０-９]\PL*[eEｅＥ]\PL*[0-9０-９]\PL*$"


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
        "row": joined([sheet.cells.column("row") for _, _, sheet in sheets], pa.int32()).to_numpy(),
    }
    tables = [sheet for _, _, sheet in sheets]
    date1904 = np.repeat(np.array([table.date1904 for table in tables], dtype=bool), sizes)
    for key in TEXT_FIELDS:
        frame[key] = _text_column(key, raw_column(tables, sizes, key), vocabulary, findings)
    fill_dates(frame, tables, sizes, date1904, vocabulary, findings)
    days = without_faults("attended_days", raw_column(tables, sizes, "attended_days"), findings)
    frame["attended_days"] = _numbers("attended_days", days, values.days, "BAD_NUMBER", vocabulary, findings)
    frame["claimed"], frame["most"] = claimed_amounts(tables, sizes, vocabulary, findings)
    frame["struck"] = _struck(tables, sizes)
    rows = pd.DataFrame({key: _series(key, column, int(sizes.sum())) for key, column in frame.items()})
    return Roster(rows, origins, wide_amounts(tables, sizes, vocabulary), findings)


def _struck(tables: Sequence[SheetTable], sizes: npt.NDArray[np.int64]) -> npt.NDArray[np.int8]:
    """Say in which rows the name (1) or else the ID number (2) is struck through: a place in `STRIKABLE`, from 1."""
    struck = np.zeros(int(sizes.sum()), dtype=np.int8)
    for place, key in enumerate(STRIKABLE, 1):
        raw = raw_column(tables, sizes, key)
        if raw is not None:
            struck[((raw.kind & Mark.STRUCK) > 0) & (struck == 0)] = place
    return struck


def _series(key: str, column: Any, size: int) -> Any:
    """Return a column as a series of its own type, also where no sheet has it."""
    if column is None:
        nothing = np.zeros(size, dtype=np.int64), np.ones(size, dtype=bool)
        column = pa.nulls(size, pa.string()) if key in TEXT_FIELDS else pd.arrays.IntegerArray(*nothing)
    return pd.Series(pd.array(column, dtype="str")) if isinstance(column, pa.Array) else column


def _origin(position: int, file: InputFile, sheet: SheetTable) -> Origin:
    letters: dict[str, str] = {}
    for column in sheet.columns:
        letters.setdefault(column.programme or "" if column.key == "amount" else column.key, column.letter)
    for end in ("start_date", "end_date"):
        if "date_range" in letters:
            letters.setdefault(end, letters["date_range"])
    for key, stands_in in (("claimed", "standard"), ("paid_on", "allotted_on")):
        if stands_in in letters:
            letters.setdefault(key, letters[stands_in])
    wide = tuple(column.programme or "" for column in sheet.columns if column.key == "amount")
    keys = frozenset(column.key for column in sheet.columns)
    return Origin(
        position, file.file, sheet.sheet, letters, keys, sheet.above, wide, sheet.unread, sheet.totals,
        sheet.reporting, sheet.unclear,
    )  # fmt: skip


def _text_column(field: str, raw: RawColumn | None, vocabulary: Vocabulary, findings: Findings) -> pa.Array | Any:
    if raw is None:
        return None
    if field in _OF_MANY_DIGITS:
        findings.add(_lost(raw), _OF_MANY_DIGITS[field], field, raw.text)
    raw = without_faults(field, raw, findings)
    assert raw is not None
    clean = _cleaner(field, vocabulary)
    if field not in _PLAIN:
        return by_word(raw.text, clean)
    plain = partial(plain_cells, pattern=_PLAIN[field], empty_words=vocabulary.empty_words)
    return by_word(raw.text, clean, plain)


def _lost(raw: RawColumn) -> npt.NDArray[np.bool_]:
    """Say which numbers have lost digits: number cells of too many, and what is written as a power of ten."""
    number = (raw.kind & 0x0F) == Kind.NUMBER
    if not number.any():
        return _scientific(raw.text)
    whole = pc.replace_substring_regex(raw.text, r"^-|\..*$", "")
    long = pc.greater_equal(pc.utf8_length(whole), LONGEST_NUMBER)
    lost: npt.NDArray[np.bool_] = number & long.fill_null(False).to_numpy(zero_copy_only=False)
    return lost | _scientific(raw.text)


def _scientific(text: pa.Array) -> npt.NDArray[np.bool_]:
    """Say which texts are a number as a spreadsheet shows a long one, 6.22E+18, however it is typed."""
    letters = bytes(text.buffers()[2] or b"")
    if not any(sign in letters for sign in _EXPONENTS):
        return np.zeros(len(text), dtype=bool)
    may_be = pc.match_substring_regex(text, _MAY_BE_SCIENTIFIC)
    found: npt.NDArray[np.bool_] = may_be.fill_null(False).to_numpy(zero_copy_only=False).copy()
    for place in np.flatnonzero(found):
        found[place] = values.is_scientific(text[int(place)].as_py())
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


def _numbers(
    field: str,
    raw: RawColumn | None,
    parse: Callable[[str], int | None],
    code: str,
    vocabulary: Vocabulary,
    findings: Findings,
) -> pd.Series[Any] | None:
    if raw is None:
        return None
    coded = raw.text.dictionary_encode()
    words = coded.dictionary.to_pylist()
    numbers, bad = parsed(words, parse, vocabulary.empty_words)
    place = coded.indices.fill_null(len(words)).to_numpy()
    findings.add(bad[place], code, field, raw.text)
    return pd.Series(pd.array(pa.array([*numbers, None], pa.int64()).take(pa.array(place)), dtype="Int64"))
