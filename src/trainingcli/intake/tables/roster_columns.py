"""One key's cells over all sheets: texts, kinds, units; error cells reported, each distinct text parsed once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from trainingcli.findings import Findings
from trainingcli.intake.formats.cell_kinds import Kind
from trainingcli.intake.tables import values
from trainingcli.intake.tables.cell_looks import unit_factors
from trainingcli.intake.tables.sheet_tables import SheetTable

Bytes = npt.NDArray[np.uint8]
Mask = npt.NDArray[np.bool_]


@dataclass
class RawColumn:
    """One key's cells over all sheets: texts, kinds, and what a sheet says of each (unit, 1904 dates)."""

    text: pa.StringArray
    kind: Bytes
    factor: npt.NDArray[np.int64]


def raw_column(
    tables: Sequence[SheetTable], sizes: npt.NDArray[np.int64], key: str, which: int = 0
) -> RawColumn | None:
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
    return RawColumn(
        joined(texts, pa.string()), kind, unit_factors(kind, np.repeat(np.array(factors, np.int64), sizes))
    )


def _all_of(table: SheetTable, places: Sequence[int]) -> Any:
    """Return a key's texts; those of several columns (备注) joined by a semicolon."""
    columns = [table.cells.column(f"t{place}") for place in places]
    if len(columns) == 1:
        return columns[0]
    return pa.chunked_array([pc.binary_join_element_wise(*columns, "；", null_handling="skip").combine_chunks()])


def joined(columns: list[Any], kind: pa.DataType) -> Any:
    """Return the sheets' columns as one array; an empty one where there are none."""
    chunks = [chunk for column in columns for chunk in column.chunks]
    found = pa.chunked_array(chunks, type=kind).combine_chunks() if chunks else pa.array([], type=kind)
    return found.combine_chunks() if isinstance(found, pa.ChunkedArray) else found


def without_faults(field: str, raw: RawColumn | None, findings: Findings) -> RawColumn | None:
    """Report error cells and formulas without a value, and blank them."""
    if raw is None:
        return None
    kind = raw.kind & 0x0F
    error = kind == Kind.ERROR
    suspects = pc.starts_with(raw.text, "#").fill_null(False).to_numpy(zero_copy_only=False) & ~error
    for place in np.flatnonzero(suspects):
        error[place] = values.ERROR_TEXT.fullmatch(raw.text[int(place)].as_py().strip()) is not None
    novalue = kind == Kind.NO_VALUE
    findings.add(error, "ERROR_CELL", field, raw.text)
    findings.add(novalue, "FORMULA_WITHOUT_VALUE", field)
    blank = error | novalue
    if blank.any():
        raw.text = pc.if_else(pa.array(blank), pa.scalar(None, pa.string()), raw.text)
    return raw


def by_word(
    text: pa.Array, function: Callable[[str], str | None], plain: Callable[[pa.Array], Mask] | None = None
) -> pa.Array:
    """Apply a function to each distinct text, but those that are `plain`: the function leaves them as they are."""
    if plain is None:
        coded = text.dictionary_encode()
        return pa.array([function(word) for word in coded.dictionary.to_pylist()], pa.string()).take(coded.indices)
    odd = text.is_valid().to_numpy(zero_copy_only=False) & ~plain(text)
    if not odd.any():
        return text
    done = by_word(text.filter(pa.array(odd)), function)
    return pc.replace_with_mask(text, pa.array(odd), done)


def parsed(
    words: list[str], parse: Callable[[str], int | None], empty: frozenset[str]
) -> tuple[list[int | None], npt.NDArray[np.bool_]]:
    """Return each word's number, None where it says none; and where what it says is no number (the last: empty)."""
    said = [values.clean(word, empty) for word in words]
    numbers = [parse(word) if word else None for word in said]
    bad = [word is not None and number is None for word, number in zip(said, numbers, strict=True)]
    return numbers, np.array([*bad, False])
