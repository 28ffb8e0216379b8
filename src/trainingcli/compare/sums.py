"""Sums of a comparison: by programme, fund, institution, category; by status; who gains and who loses. Money in fen.

Every sum is of all lines of both settlements, changed or not.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from trainingcli.compare.comparison import Comparison
from trainingcli.compare.sides import Ints, Side
from trainingcli.compared import folded_name
from trainingcli.facts import STATUSES

GROUPS = ("programme", "fund", "institution", "category")


@dataclass(frozen=True)
class Sum:
    """What is approved before and after of the lines that share a key; None: of those that have none."""

    key: str | None
    before: int
    after: int

    @property
    def difference(self) -> int:
        """How much more is approved after."""
        return self.after - self.before


@dataclass(frozen=True)
class Transition:
    """How many lines went from a status to a status (None: there is no such line), and by how much together."""

    before: str | None
    after: str | None
    lines: int
    difference: int


@dataclass(frozen=True)
class Gain:
    """How many gain, lose or keep, and the sum of their differences: below zero of those who lose."""

    count: int
    difference: int


def total(comparison: Comparison) -> Sum:
    """Return the sum of all lines."""
    return Sum(None, int(comparison.old.approved.sum()), int(comparison.new.approved.sum()))


def totals(comparison: Comparison, group: str) -> list[Sum]:
    """Return the sums by one of `GROUPS`: programmes in the policy's order, others the largest difference first.

    Institutions are one however they are spelled, under the spelling that came first.
    """
    sides = [side.assessment.lines for side in (comparison.before, comparison.after)]
    words = pd.concat([lines[group] for lines in sides], ignore_index=True)
    keys = _as_compared(words) if group == "institution" else words
    codes, names = keys.factorize(use_na_sentinel=True)
    first = {name: str(words.iloc[at]) for name, at in zip(names, _firsts(codes, len(names)), strict=True)}
    split = len(sides[0])
    sums = [_summed(part, lines, len(names)) for part, lines in zip((codes[:split], codes[split:]), sides, strict=True)]
    found = [Sum(first[name], int(sums[0][at]), int(sums[1][at])) for at, name in enumerate(names)]
    if (codes < 0).any():
        found.append(Sum(None, int(sums[0][-1]), int(sums[1][-1])))
    order = {
        code: at for at, code in enumerate([*comparison.before.policy.programmes, *comparison.after.policy.programmes])
    }
    if group == "programme":
        return sorted(found, key=lambda one: (one.key is None, order.get(one.key or "", 0)))
    return sorted(found, key=lambda one: (-abs(one.difference), one.key is None, one.key or ""))


def _as_compared(names: pd.Series[str]) -> pd.Series[str]:
    """Return names as compared; each distinct one is looked at once."""
    codes, words = names.factorize()
    folded = pd.array([*(folded_name(word) for word in words), None], dtype="str")
    return pd.Series(folded.take(codes), index=names.index)  # a missing one's code is -1: the last


def _firsts(codes: Ints, size: int) -> list[int]:
    first = np.full(size, len(codes))
    known = codes >= 0
    np.minimum.at(first, codes[known], np.flatnonzero(known))
    found: list[int] = first.tolist()
    return found


def _summed(codes: Ints, lines: pd.DataFrame, size: int) -> Ints:
    sums = np.zeros(size + 1, dtype=np.int64)  # the last: lines without a key, whose code is -1
    np.add.at(sums, codes, lines["approved"].to_numpy(dtype=np.int64))
    return sums


def transitions(comparison: Comparison) -> list[Transition]:
    """Return the transitions that there are, unchanged statuses too, in the order of statuses."""
    old, new = comparison.old.status, comparison.new.status
    width = len(STATUSES) + 1
    group = (old % width) * width + new % width  # NOWHERE is the last
    counts = np.bincount(group, minlength=width * width)
    sums = np.zeros(width * width, dtype=np.int64)
    np.add.at(sums, group, comparison.difference)
    names = [*STATUSES, None]
    return [
        Transition(names[at // width], names[at % width], int(counts[at]), int(sums[at]))
        for at in np.flatnonzero(counts).tolist()
    ]


def people(comparison: Comparison) -> dict[str, Gain]:
    """Return who gains, loses, keeps among the people; the approved of all lines of one ID number together."""
    return _gains(comparison, lambda side: side.assessment.lines["id_number"])


def payees(comparison: Comparison) -> dict[str, Gain]:
    """Return who gains, loses, keeps among the payees: trainees by their ID number, others by name as compared."""
    return _gains(comparison, _payees)


def _payees(side: Side) -> pd.Series[str]:
    lines = side.assessment.lines
    names = _as_compared(lines["payee"])
    own = lines["programme"].isin(side.policy.paid_to_trainee()) & (lines["payee"] == lines["name"])
    return names.mask(own, "\0" + lines["id_number"])


def _gains(comparison: Comparison, who: Callable[[Side], pd.Series[str]]) -> dict[str, Gain]:
    sides = (comparison.before, comparison.after)
    lines = [side.assessment.lines["approved"].to_numpy(dtype=np.int64) for side in sides]
    codes, names = pd.concat([who(side) for side in sides], ignore_index=True).factorize(use_na_sentinel=True)
    difference = np.zeros(len(names) + 1, dtype=np.int64)
    np.add.at(difference, codes, np.concatenate([-lines[0], lines[1]]))
    difference = difference[:-1]
    chosen = {"gain": difference > 0, "lose": difference < 0, "same": difference == 0}
    return {name: Gain(int(mask.sum()), int(difference[mask].sum())) for name, mask in chosen.items()}
