"""The rows and lines of one batch as the limits see them, in whole columns: days, compared texts, repeat keys."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from trainingcli.masking import kept
from trainingcli.policy import Policy
from trainingcli.settle.claim_lines import Lines
from trainingcli.settle.limits.keys import NEVER, repeat_key
from trainingcli.settle.programmes.base import Programme, RepeatKey
from trainingcli.settle.programmes.certificate import ABILITY, ABILITY_CERTIFICATE
from trainingcli.settle.rows import Mask, Rows

Ints = npt.NDArray[np.int64]
Texts = npt.NDArray[np.object_]
_EPOCH = np.datetime64(0, "D")
_YEARS = 10_000


class Coded(NamedTuple):
    """A text column as places into its distinct texts, -1 where there is none."""

    places: Ints
    texts: Sequence[str]

    @classmethod
    def of(cls, places: Ints, words: Sequence[str | None]) -> Coded:
        """Code words that may be alike, or None."""
        codes, texts = pd.factorize(np.array(words, dtype=object))
        return cls(codes.astype(np.int64)[places], list(texts))

    def taken(self, at: Ints) -> Texts:
        """Return the texts at these positions, None where there is none."""
        return np.array([*self.texts, None], dtype=object)[self.places[at]]


class Columns:
    """What the limits ask of rows and lines.

    `start`, `end`, `certificate`: days since 1970, `NEVER` where empty. `occupation`, `level`, `training_type`: as
    compared; the level is the event's, None where it is faulty. `number`: the certificate's.
    """

    def __init__(self, rows: Rows, lines: Lines, policy: Policy, programmes: Sequence[Programme]) -> None:
        self.rows, self.lines = rows, lines
        self.start, self.end = self._days("start_date"), self._days("end_date")
        self.certificate = self._days("certificate_date")
        self.occupation = Coded.of(*rows.occupations())
        self.level = self._levels()
        places, types = rows.words("training_type")
        self.training_type = Coded.of(places, [None if word is None else kept(word) for word in types])
        self.number = rows.numbers("certificate_no")
        self.by_type: Mapping[str, bool] = {
            each.code: each.repeat_key is RepeatKey.TRAINING_TYPE for each in programmes
        }
        """Programme → whether the training type is its repeat key, whatever the level."""
        self.uses_number: Mapping[str, Mask | None] = {
            each.code: each.used("certificate_no", rows, policy) if "certificate_no" in each.uses else None
            for each in programmes
        }
        """Programme → the rows whose certificate number it uses, None where it uses none."""

    def _days(self, field: str) -> Ints:
        """Return a date column as days since 1970, -1 … never: the smallest integer where empty."""
        return (self.rows.dates(field).astype("datetime64[D]") - _EPOCH).astype(np.int64)

    def _levels(self) -> Coded:
        places, words = self.rows.words("level")
        nothing = len(words) - 1
        said = np.where(self.rows.faulty("level"), nothing, places)
        ability = self.rows.among("certificate_type", [ABILITY_CERTIFICATE]) & (said == nothing)
        return Coded.of(np.where(ability, nothing + 1, said), [*words, ABILITY])

    def keys(self, at: Ints, year: Ints, without_level: str) -> tuple[Ints, Texts]:
        """Return the repeat keys of lines whose rows are events of their own, of these years: as places, as texts.

        The place of a line that holds no key is -1. `without_level`: how Q8 is read.
        """
        row = self.lines.row[at]
        by_type = np.array([*self.by_type.values()])[self.lines.programme[at]]
        columns = (self.occupation, self.level, self.training_type)
        packed = np.zeros(len(at), dtype=np.int64)
        for column in columns:
            packed = packed * (len(column.texts) + 1) + column.places[row] + 1
        places, first = _distinct((packed * _YEARS + year) * 2 + by_type)
        facts = (column.taken(row[first]) for column in columns)
        texts = [
            repeat_key(*fact, by_type=bool(typed), without_level=without_level)
            for *fact, typed in zip(*facts, year[first].tolist(), by_type[first], strict=True)
        ]
        return Coded.of(places, texts).places, np.array([*texts, None], dtype=object)[places]

    def numbers(self, at: Ints) -> Ints:
        """Return the certificate numbers of lines as places among them, -1 where the programme uses none."""
        codes = self.number.dictionary_encode().indices.fill_null(-1).to_numpy().astype(np.int64)
        found = np.full(len(at), -1, dtype=np.int64)
        row, programme = self.lines.row[at], self.lines.programme[at]
        for place, uses in enumerate(self.uses_number.values()):
            if uses is not None:
                here = (programme == place) & uses[row]
                found[here] = codes[row[here]]
        return found


def _distinct(values: Ints) -> tuple[Ints, Ints]:
    """Return the place of each value among the distinct ones, and where each of these stands first."""
    places, distinct = pd.factorize(values)
    first = np.zeros(len(distinct), dtype=np.int64)
    first[places[::-1]] = np.arange(len(values))[::-1]
    return places.astype(np.int64), first


def known(days: Ints) -> Mask:
    """Say which days are there."""
    mask: Mask = days != NEVER
    return mask
