"""Parts of a batch: rosters split by person and joined again, in the order of input, sheet, row.

A valid person's rows all go to one part, which is all that `settle` asks for. Rows without a valid person go anywhere.
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


@dataclass(frozen=True)
class Piece:
    """Some rows of a roster, with what validation found. `places`: each row's position among the rows it is from."""

    roster: Roster
    findings: Findings
    places: Ints


def number_of(texts: pd.Series[Any], count: int) -> Ints:
    """Return a number below `count` for each text, the same in every process."""
    hashes = pd.util.hash_array(texts.to_numpy(dtype=object), categorize=False)
    return (hashes % np.uint64(count)).astype(np.int64)


def split(roster: Roster, findings: Findings, count: int, spare: int) -> list[Piece]:
    """Split a roster into `count` pieces by person; rows without a valid ID number go to piece `spare`."""
    valid = Rows(roster, findings).numbers_are_valid()
    part = np.full(len(valid), spare % count, dtype=np.int64)
    part[valid] = number_of(roster.rows["id_number"][valid], count)
    return [_take(roster, findings, np.flatnonzero(part == number)) for number in range(count)]


def _take(roster: Roster, findings: Findings, at: Ints) -> Piece:
    return Piece(taken_roster(roster, at), taken_findings(findings, at, len(roster.rows)), at)


def joined(pieces: Sequence[Piece], starts: Sequence[int]) -> Piece:
    """Join pieces in order. `starts`: for each, the position of its first row's source among all rows of the batch."""
    sizes = [len(piece.roster.rows) for piece in pieces]
    firsts = np.concatenate(([0], np.cumsum(sizes))).tolist()
    origins: list[Origin] = []
    frames, wide = [], list[Wide]()
    for piece, first in zip(pieces, firsts, strict=False):
        frame = piece.roster.rows
        frames.append(frame.assign(sheet=frame["sheet"].to_numpy() + np.int32(len(origins))))
        origins += piece.roster.origins
        wide += [column._replace(rows=column.rows + first) for column in piece.roster.wide]
    found = _joined_findings([piece.roster.findings for piece in pieces], firsts)
    roster = Roster(pd.concat(frames, ignore_index=True), origins, wide, found)
    places = [piece.places + start for piece, start in zip(pieces, starts, strict=True)]
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
        pairs = pd.concat([part[field] for part in parts]).drop_duplicates()
        found[field] = frozenset(pairs.loc[pairs[field].duplicated(), field])
    return found
