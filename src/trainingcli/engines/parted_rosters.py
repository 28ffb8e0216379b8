"""Parts of a batch: rosters split by person and joined again, in the order of input, sheet, row.

A valid person's rows all go to one part, which is all that `settle` asks for. Rows stay where they were read but for
those of people who stand in several readings; rows without a valid person stay, too.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from trainingcli.findings import Findings, Part
from trainingcli.intake.tables.roster import Origin, Roster, Wide
from trainingcli.settle.limits.shared import NOTES
from trainingcli.settle.rows import Rows
from trainingcli.settle.taken_rows import taken_findings, taken_roster

SHARED = ("certificate_no", *NOTES)  # what two people should not share, wherever in the batch they stand
Ints = npt.NDArray[np.int64]
Hashes = npt.NDArray[np.uint64]


@dataclass(frozen=True)
class Piece:
    """Some rows of a roster, with what validation found. `places`: each row's position among the rows it is from."""

    roster: Roster
    findings: Findings
    places: Ints


def number_of(texts: pd.Series[Any], count: int) -> Ints:
    """Return a number below `count` for each text, the same in every process."""
    return _below(hashes_of(texts), count)


def hashes_of(texts: pd.Series[Any]) -> Hashes:
    """Return a number for each text, the same in every process."""
    return pd.util.hash_array(texts.to_numpy(dtype=object), categorize=False)


def _below(hashes: Hashes, count: int) -> Ints:
    return (hashes % np.uint64(count)).astype(np.int64)


def people_in(roster: Roster, findings: Findings) -> Hashes:
    """Return who stands in a roster: a number for each valid ID number, ascending, each once."""
    return np.unique(hashes_of(roster.rows["id_number"][Rows(roster, findings).numbers_are_valid()]))


def who_moves(people: Sequence[Hashes], rows: Sequence[int], threads: int) -> Hashes:
    """Return whose rows leave their reading, of the people and the rows of each: those who stand in several readings.

    So does everybody of one that is larger than what a thread has to do: all threads would wait for its share.
    """
    found, readings = np.unique(np.concatenate(people), return_counts=True)
    large = [each for each, size in zip(people, rows, strict=True) if size * threads > sum(rows)]
    return np.unique(np.concatenate([found[readings > 1], *large]))


def goes_to(people: Hashes, moving: Hashes, own: int, count: int) -> list[int]:
    """Return the parts, out of `count`, that the rows of a reading go to: its own, and those of people who move."""
    return sorted({own, *_below(np.intersect1d(people, moving, assume_unique=True), count).tolist()})


def split(
    roster: Roster, findings: Findings, own: int, parts: Sequence[int], moving: Hashes, count: int
) -> list[Piece]:
    """Return the pieces of a roster for these parts, out of `count`, as `goes_to` names them."""
    if len(parts) == 1:
        return [Piece(roster, findings, np.arange(len(roster.rows)))]
    valid = np.flatnonzero(Rows(roster, findings).numbers_are_valid())
    hashes = hashes_of(roster.rows["id_number"].take(valid))
    moved = np.isin(hashes, moving)
    part = np.full(len(roster.rows), own, dtype=np.int64)
    part[valid[moved]] = _below(hashes[moved], count)
    return [_take(roster, findings, np.flatnonzero(part == number)) for number in parts]


def _take(roster: Roster, findings: Findings, at: Ints) -> Piece:
    return Piece(taken_roster(roster, at), taken_findings(findings, at, len(roster.rows)), at)


@dataclass(frozen=True)
class PieceStart:
    """Where in the batch the rows of a reading and its tables begin."""

    row: int
    table: int


def joined(pieces: Sequence[Piece], starts: Sequence[PieceStart], origins: list[Origin]) -> Piece:
    """Join pieces in order. `starts`: where what each is from begins; `origins`: the batch's, which tables count by."""
    sizes = [len(piece.roster.rows) for piece in pieces]
    firsts = np.concatenate(([0], np.cumsum(sizes))).tolist()
    frames, wide = [], list[Wide]()
    for piece, start, first in zip(pieces, starts, firsts, strict=False):
        frame = piece.roster.rows
        frames.append(frame.assign(sheet=frame["sheet"].to_numpy() + np.int32(start.table)))
        wide += [column._replace(rows=column.rows + first) for column in piece.roster.wide]
    found = _joined_findings([piece.roster.findings for piece in pieces], firsts)
    roster = Roster(pd.concat(frames, ignore_index=True), origins, wide, found)
    places = [piece.places + start.row for piece, start in zip(pieces, starts, strict=True)]
    return Piece(roster, _joined_findings([piece.findings for piece in pieces], firsts), np.concatenate(places))


def _joined_findings(several: Sequence[Findings], firsts: Sequence[int]) -> Findings:
    """Join findings part by part: every piece's parts stay in their order, and those of one kind become one.

    So there are no more parts than one roster has, and a row's findings come in the order in which one run finds them.
    """
    merged: list[list[Part]] = []
    for findings, first in zip(several, firsts, strict=False):
        after = 0
        for part in findings.parts:
            moved = part._replace(rows=part.rows + first)
            same = (
                place
                for place in range(after, len(merged))
                if (merged[place][0].code, merged[place][0].field) == (part.code, part.field)
            )
            place = next(same, None)
            if place is None:
                merged.insert(after, [moved])
            else:
                merged[place].append(moved)
            after = (after if place is None else place) + 1
    return Findings([_one(parts) for parts in merged])


def _one(parts: Sequence[Part]) -> Part:
    rows = np.concatenate([part.rows for part in parts])
    return parts[0]._replace(rows=rows, values=[value for part in parts for value in part.values])


def holders(rows: Rows, count: int) -> list[dict[str, pd.DataFrame]]:
    """Return who has which certificate number, phone, account, split by the value into `count` parts."""
    numbers = {field: pd.array(rows.numbers(field), dtype="str") for field in SHARED}
    frame = pd.DataFrame({"id_number": rows.frame["id_number"], **numbers})[rows.persons_are_valid()]
    parts: list[dict[str, pd.DataFrame]] = [{} for _ in range(count)]
    for field in SHARED:
        pairs = frame[["id_number", field]].dropna().drop_duplicates()
        part = number_of(pairs[field], count)
        for number in range(count):
            parts[number][field] = pairs[part == number]
    return parts


def of_several(parts: Sequence[Mapping[str, pd.DataFrame]]) -> dict[str, frozenset[str]]:
    """Return, a field, the values that more than one person has; all holders of a value must be among the parts."""
    found = {}
    for field in SHARED:
        pairs = pd.concat([part[field] for part in parts])
        again = pairs[pairs[field].duplicated(keep=False)].drop_duplicates()  # few: of most values one reading knows
        found[field] = frozenset(again.loc[again[field].duplicated(), field])
    return found


def all_shared(found: Sequence[Mapping[str, frozenset[str]]]) -> dict[str, frozenset[str]]:
    """Join what `of_several` found in the parts."""
    return {field: frozenset().union(*(each[field] for each in found)) for field in SHARED}
