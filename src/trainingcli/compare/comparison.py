"""Two settlements, line by line: what changed, and whether the policy or another line changed it; 三(八).

A line is told by its file, sheet, row and programme; of a row that asks for one programme twice, by the order.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from trainingcli.compare.alone import Alone, settled_alone
from trainingcli.compare.sides import Ints, Rosters, Side
from trainingcli.facts import STATUSES
from trainingcli.policy import Policy
from trainingcli.settle.assessment import Assessment

Mask = npt.NDArray[np.bool_]
NOWHERE = -1
_TWICE = 1 << 14  # more columns than a sheet has: one row asks for a programme at most as often


@dataclass(frozen=True)
class SideOutcome:
    """What the pairs' lines came to on one side: position of the line (-1: none), status (-1: none), fen."""

    line: Ints
    status: Ints
    approved: Ints


@dataclass(frozen=True)
class Comparison:
    """Pairs of lines in the order of file, sheet, row, programme. `direct` is false where nothing `changed`."""

    before: Side
    after: Side
    old: SideOutcome
    new: SideOutcome
    changed: Mask
    direct: Mask

    @cached_property
    def difference(self) -> Ints:
        """Fen by which each pair changed."""
        found: Ints = self.new.approved - self.old.approved
        return found

    def codes(self, side: Side, at: Ints) -> dict[int, list[str]]:
        """Return the reasons' codes of a side's lines, each once and in alphabetical order."""
        reasons = side.assessment.reasons
        own = reasons[reasons["line"].isin(at)]
        found: dict[int, set[str]] = {}
        for line, code in zip(own["line"].tolist(), own["code"].tolist(), strict=True):
            found.setdefault(line, set()).add(code)
        return {line: sorted(codes) for line, codes in found.items()}


def compared(rosters: Rosters, before: Side, policy: Policy, *, kinds: bool = True) -> Comparison:
    """Settle the rosters by another policy and hold the outcome against `before`.

    Without `kinds` nothing is asked of rows by themselves, and no change is direct.
    """
    after = rosters.side(policy)
    keys = _Keys(before, after)
    pairs = np.union1d(keys.old, keys.new)
    old, new = _outcome(before.assessment, keys.old, pairs), _outcome(after.assessment, keys.new, pairs)
    differs = (old.status != new.status) | (old.approved != new.approved) | _codes_differ(before, after, old, new)
    direct = np.zeros(len(pairs), dtype=bool)
    at = np.flatnonzero(differs)
    if len(at) and kinds:
        year = rosters.request.today.year
        alone = [
            _alone_outcome(keys, side, pairs[at], rosters.request.programme, year)
            for side in (before, after)
        ]  # fmt: skip
        direct[at] = (alone[0] != alone[1]).any(axis=0)
    return Comparison(before, after, old, new, differs, direct)


class _Keys:
    """A number for each line, the same on both sides, ascending in the order of file, sheet, row, programme."""

    def __init__(self, before: Side, after: Side) -> None:
        codes = dict.fromkeys([*before.policy.programmes, *after.policy.programmes])
        self._place: dict[str | None, int] = {code: place for place, code in enumerate(codes)}
        self._place[None] = len(codes)
        self._rows = _row_numbers(before, after)
        self.old, self.new = (
            self.of(side, side.row, side.assessment.lines["programme"].tolist()) for side in (before, after)
        )

    def of(self, side: Side, row: Ints, programme: list[Any]) -> Ints:
        """Return the numbers of a side's lines, which come in the order of row and programme."""
        place = np.array([self._place.get(_text(code), len(self._place) - 1) for code in programme], dtype=np.int64)
        group = self._rows[id(side)][row] * len(self._place) + place
        return group * _TWICE + _count_within(group)

    def of_rows(self, side: Side, keys: Ints) -> Ints:
        """Return the positions of the rows, on one side, of which lines have these numbers."""
        numbers = np.unique(keys // _TWICE // len(self._place))
        return np.flatnonzero(np.isin(self._rows[id(side)], numbers))


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) else None


def _count_within(group: Ints) -> Ints:
    """Return how many equal neighbours stand before each place."""
    places = np.arange(len(group))
    first = np.r_[True, group[1:] != group[:-1]][: len(group)]
    return places - np.maximum.accumulate(np.where(first, places, 0)) if len(group) else places


def _row_numbers(before: Side, after: Side) -> dict[int, Ints]:
    """Number the rows of both sides in one order. They are the same rows where the policies' words agree."""
    if before.rows is after.rows:
        numbers = np.arange(len(before.rows))
        return {id(before): numbers, id(after): numbers}
    frames = [side.assessment.lines[["input", "file", "sheet", "row"]] for side in (before, after)]
    both = pd.concat(frames, ignore_index=True)
    sheets = (both["input"].astype(str) + "\0" + both["sheet"]).factorize()[0]
    place = pd.MultiIndex.from_arrays([both["input"], sheets, both["row"]]).factorize(sort=True)[0].astype(np.int64)
    found, first = {}, 0
    for side, frame in zip((before, after), frames, strict=True):
        numbers = np.zeros(len(side.rows), dtype=np.int64)
        numbers[side.row] = place[first : first + len(frame)]
        found[id(side)], first = numbers, first + len(frame)
    return found


def _outcome(assessment: Assessment, keys: Ints, pairs: Ints) -> SideOutcome:
    lines = assessment.lines
    status = pd.Categorical(lines["status"], categories=list(STATUSES)).codes.astype(np.int64)
    return _placed(np.arange(len(lines)), status, lines["approved"].to_numpy(dtype=np.int64), keys, pairs)


def _placed(line: Ints, status: Ints, approved: Ints, keys: Ints, pairs: Ints) -> SideOutcome:
    found = [np.full(len(pairs), NOWHERE), np.full(len(pairs), NOWHERE), np.zeros(len(pairs), dtype=np.int64)]
    at = np.searchsorted(pairs, keys)
    for column, values in zip(found, (line, status, approved), strict=True):
        column[at] = values
    return SideOutcome(*found)


def _codes_differ(before: Side, after: Side, old: SideOutcome, new: SideOutcome) -> Mask:
    codes = sorted({*before.assessment.reasons["code"].unique(), *after.assessment.reasons["code"].unique()})
    said = [_code_table(side.assessment, codes) for side in (before, after)]
    differs: Mask = (said[0][old.line] != said[1][new.line]).any(axis=1)
    return differs


def _code_table(assessment: Assessment, codes: list[str]) -> Mask:
    """Say which line has which code; the last row is no line's."""
    table = np.zeros((len(assessment.lines) + 1, len(codes)), dtype=bool)
    place = pd.Categorical(assessment.reasons["code"], categories=codes).codes
    table[assessment.reasons["line"].to_numpy(dtype=np.int64), place] = True
    return table


def _alone_outcome(keys: _Keys, side: Side, pairs: Ints, named: str | None, year: int) -> npt.NDArray[np.int64]:
    """Return status and approved of lines whose rows are settled alone: two rows of figures."""
    alone: Alone = settled_alone(side, keys.of_rows(side, pairs), named, year)
    own = keys.of(side, alone.row, list(alone.programme))
    known = np.isin(own, pairs)
    found = _placed(np.flatnonzero(known), alone.status[known], alone.approved[known], own[known], pairs)
    return np.stack([found.status, found.approved])
