"""The roster's date columns: own columns win over the two parts of a range (contract, 'Roster headings').

In `ledger import` the day of payment (发放日期) wins over that of allotment (拨付日期; contract-2, 4).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from trainingcli.fields import DATE_FIELDS
from trainingcli.findings import Findings
from trainingcli.intake.formats.cell_kinds import Kind
from trainingcli.intake.tables import values
from trainingcli.intake.tables.cell_looks import shows_no_day
from trainingcli.intake.tables.roster_columns import RawColumn, by_word, raw_column, without_faults
from trainingcli.intake.tables.sheet_tables import SheetTable
from trainingcli.vocabulary import Vocabulary

_NAT = np.datetime64("NaT", "s")


def fill_dates(
    frame: dict[str, Any],
    tables: Sequence[SheetTable],
    sizes: npt.NDArray[np.int64],
    date1904: npt.NDArray[np.bool_],
    vocabulary: Vocabulary,
    findings: Findings,
) -> None:
    """Fill the date columns: own columns win over the two parts of a range column, and over another that stands in."""
    total = int(sizes.sum())
    spans, allotted = (raw_column(tables, sizes, key) for key in ("date_range", "allotted_on"))
    own = {field: raw_column(tables, sizes, field) for field in DATE_FIELDS}
    others = {"start_date": (spans, _ends(0)), "end_date": (spans, _ends(1)), "paid_on": (allotted, values.date)}
    found: dict[str, Any] = {}
    for field, (other, parse) in others.items():
        if other is not None:
            part = _where_not(_filled(own[field], vocabulary, total), other)
            found[field] = _date_column(field, part, date1904, vocabulary, findings, parse)
    for field in DATE_FIELDS:
        dates = _date_column(field, own[field], date1904, vocabulary, findings, values.date)
        if field in found:
            dates = found[field] if dates is None else np.where(np.isnat(dates), found[field], dates)
        frame[field] = np.full(total, _NAT) if dates is None else dates


def _where_not(filled: npt.NDArray[np.bool_], other: RawColumn) -> RawColumn:
    """Return a column without the cells of the rows that have something in their own."""
    text = pc.if_else(pa.array(filled), pa.scalar(None, pa.string()), other.text)
    return RawColumn(text, np.where(filled, np.uint8(Kind.EMPTY), other.kind), other.factor)


def _filled(raw: RawColumn | None, vocabulary: Vocabulary, size: int) -> npt.NDArray[np.bool_]:
    """Say which rows have something in their own column, be it a fault."""
    if raw is None:
        return np.zeros(size, dtype=bool)
    said = by_word(raw.text, partial(values.clean, empty_words=vocabulary.empty_words))
    mask: npt.NDArray[np.bool_] = said.is_valid().to_numpy(zero_copy_only=False) | ((raw.kind & 0x0F) >= Kind.ERROR)
    return mask


def _ends(place: int) -> Callable[[str], tuple[dt.date, bool] | None]:
    def parse(text: str) -> tuple[dt.date, bool] | None:
        found = values.date_range(text)
        return (found[:2][place], found[2]) if found else None

    return parse


def _date_column(
    field: str,
    raw: RawColumn | None,
    date1904: npt.NDArray[np.bool_],
    vocabulary: Vocabulary,
    findings: Findings,
    parse: Callable[[str], tuple[dt.date, bool] | None],
) -> Any:
    raw = without_faults(field, raw, findings)
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
