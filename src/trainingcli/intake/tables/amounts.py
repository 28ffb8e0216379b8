"""What rosters claim: amount columns, wide ones headed by a programme, in whole fen (contract, 'What is claimed')."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from trainingcli.findings import Findings
from trainingcli.intake.formats.cell_kinds import Mark
from trainingcli.intake.tables import values
from trainingcli.intake.tables.cell_looks import unit_factors
from trainingcli.intake.tables.roster import Wide
from trainingcli.intake.tables.roster_columns import RawColumn, joined, parsed, raw_column, without_faults
from trainingcli.intake.tables.sheet_tables import SheetTable
from trainingcli.vocabulary import Vocabulary

_Amounts = tuple[npt.NDArray[np.int64], npt.NDArray[np.bool_], npt.NDArray[np.bool_]]


def claimed_amounts(
    tables: Sequence[SheetTable], sizes: npt.NDArray[np.int64], vocabulary: Vocabulary, findings: Findings
) -> tuple[Any, Any]:
    """Fill `claimed` and `most` in fen; a 补贴标准 column is the amount only on sheets where there is no other."""
    shown = [_with_standard_as_claimed(table) for table in tables]
    raw = without_faults("claimed", raw_column(shown, sizes, "claimed"), findings)
    if raw is None:
        return None, np.zeros(int(sizes.sum()), dtype=np.int64)
    amounts = [_amounts(raw, vocabulary)]
    columns = max(sum(column.key == "claimed" for column in table.columns) for table in shown)
    for which in range(1, columns):
        other = without_faults("claimed", raw_column(shown, sizes, "claimed", which), findings)
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


def _differ(one: _Amounts, other: _Amounts) -> npt.NDArray[np.bool_]:
    """Say where two amount columns are both filled in, and not with the same fen."""
    (fen, known, bad), (other_fen, other_known, other_bad) = one, other
    both = (known | bad) & (other_known | other_bad)
    differ: npt.NDArray[np.bool_] = both & ((fen != other_fen) | (known != other_known))
    return differ


def _first_filled(raw: RawColumn, one: _Amounts, other_raw: RawColumn, other: _Amounts) -> tuple[RawColumn, _Amounts]:
    """Take a later amount column's cell where those before it are empty: it is what the row claims."""
    empty = ~(one[1] | one[2])
    if not empty.any():
        return raw, one
    text = pc.if_else(pa.array(empty), other_raw.text, raw.text)
    kind = np.where(empty, other_raw.kind, raw.kind)
    fen, known, bad = (np.where(empty, second, first) for first, second in zip(one, other, strict=True))
    return RawColumn(text, kind, np.where(empty, other_raw.factor, raw.factor)), (fen, known, bad)


def _most(fen: npt.NDArray[np.int64], known: npt.NDArray[np.bool_]) -> npt.NDArray[np.int64]:
    return np.where(known, np.maximum(fen, 0), 0)


def _with_standard_as_claimed(table: SheetTable) -> SheetTable:
    keys = {column.key for column in table.columns}
    if "claimed" in keys or "amount" in keys or "standard" not in keys:
        return table
    return table.filled_by("claimed", "standard")


def _amounts(
    raw: RawColumn, vocabulary: Vocabulary
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.bool_], npt.NDArray[np.bool_]]:
    """Return whole fen (0 where there are none), where there is an amount, and where what is said is none."""
    coded = raw.text.dictionary_encode()
    words = coded.dictionary.to_pylist()
    place = coded.indices.fill_null(len(words)).to_numpy()
    fen = np.zeros(len(place), dtype=np.int64)
    known, bad = np.zeros(len(place), dtype=bool), np.zeros(len(place), dtype=bool)
    for factor in np.unique(raw.factor):
        numbers, faults = parsed(words, partial(values.amount, factor=int(factor)), vocabulary.empty_words)
        here = raw.factor == factor
        table = np.array([*(number or 0 for number in numbers), 0], dtype=np.int64)
        fen[here] = table[place[here]]
        known[here] = np.array([*(number is not None for number in numbers), False])[place[here]]
        bad[here] = faults[place[here]]
    return fen, known, bad


def wide_amounts(tables: Sequence[SheetTable], sizes: npt.NDArray[np.int64], vocabulary: Vocabulary) -> list[Wide]:
    """Convert wide amount columns: a cell that says something and is not zero claims, be it with a fault."""
    found: list[Wide] = []
    starts = np.concatenate(([0], np.cumsum(sizes)))
    for table, start in zip(tables, starts[:-1], strict=True):
        first: dict[str | None, int] = {}
        for place, column in enumerate(table.columns):
            if column.key != "amount":
                continue
            kind = table.cells.column(f"k{place}").to_numpy()
            text = joined([table.cells.column(f"t{place}")], pa.string())
            raw = RawColumn(text, kind, unit_factors(kind, np.full(len(kind), column.factor)))
            faults = Findings()
            raw = without_faults("claimed", raw, faults) or raw
            fen, known, bad = _amounts(raw, vocabulary)
            fault = np.full(len(kind), "", dtype=object)
            fault[bad | (fen < 0)] = "BAD_AMOUNT"
            fault[((kind & Mark.MERGED) > 0) & (known | bad)] = "MERGED_AMOUNT"
            for part in faults.parts:
                fault[part.rows] = part.code
            rows = np.flatnonzero((fault != "") | (fen != 0))
            written = np.full(len(kind), None, dtype=object)
            at_fault = np.flatnonzero(fault != "")
            written[at_fault] = text.take(pa.array(at_fault)).to_pylist()
            wide = Wide(
                column.programme or "",
                column.letter,
                rows + start,
                np.where(fault == "", fen, 0)[rows],
                fault[rows],
                _most(fen, known)[rows],
                written[rows],
            )
            if column.programme in first:
                at = first[column.programme]
                found[at] = _of_two(found[at], wide)
                continue
            first[column.programme] = len(found)
            found.append(wide)
    return found


def _of_two(one: Wide, other: Wide) -> Wide:
    """Join a second amount column of one programme: it fills what is empty, and holds where both say another amount."""
    _, here, there = np.intersect1d(one.rows, other.rows, assume_unique=True, return_indices=True)
    said, highest = one.fault.copy(), one.most.copy()
    differs = (one.fen[here] != other.fen[there]) | (other.fault[there] != "")
    said[here[differs]] = "AMOUNTS_DIFFER"
    highest[here] = np.maximum(highest[here], other.most[there])
    alone = np.setdiff1d(np.arange(len(other.rows)), there)
    first = one._replace(fen=np.where(said == "", one.fen, 0), fault=said, most=highest)
    order = np.argsort(np.concatenate([one.rows, other.rows[alone]]), kind="stable")
    columns: dict[str, Any] = {
        name: np.concatenate([getattr(first, name), getattr(other, name)[alone]])[order]
        for name in ("rows", "fen", "fault", "most", "written")
    }
    return one._replace(**columns)
