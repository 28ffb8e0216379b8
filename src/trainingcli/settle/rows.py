"""The roster's rows as the rules see them: whole columns, asked by named conditions, answered as masks.

Every answer is an array with one place a row. Texts of few distinct values are looked at once each.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from trainingcli.compared import folded_name, folded_number
from trainingcli.compared_columns import compared_column
from trainingcli.findings import Findings, Part
from trainingcli.intake.tables.roster import Roster
from trainingcli.settle.occupations import occupation_of, parted
from trainingcli.settle.taken_rows import taken_findings, taken_roster

# A number that is in compared form as it stands; all others are looked at one by one.
_AS_COMPARED = "^(?:[0-9A-MO-Z]|N[0-9A-NP-Z])[0-9A-Z]*$"
Mask = npt.NDArray[np.bool_]
Dates = npt.NDArray[np.datetime64]


class Rows:
    """A roster with everything that was found about its cells.

    `each_alone`: every row is settled as if it were the whole batch, a person of its own.
    """

    def __init__(
        self,
        roster: Roster,
        findings: Findings,
        aliases: Mapping[str, str] | None = None,
        *,
        each_alone: bool = False,
    ) -> None:
        self.frame = roster.rows
        self.aliases = aliases or {}
        self.roster, self.validated, self.each_alone = roster, findings, each_alone
        self._parts: dict[str, list[Part]] = {}
        for part in (*roster.findings.parts, *findings.parts):
            self._parts.setdefault(part.field or "", []).append(part)
        self._words: dict[str, tuple[npt.NDArray[np.int64], list[str | None]]] = {}
        self._faults: dict[str, Mask] = {}
        self._numbers: dict[str, pa.Array] = {}
        self._fill_levels()
        self._leave_out_assessors()

    def _fill_levels(self) -> None:
        """Take the level behind the occupation where the column has none."""
        places, levels = self.levels_behind()
        if not any(levels):
            return
        behind = pd.Series(pd.array([*levels], dtype="str"))[places].reset_index(drop=True)
        fills = self.missing("level") & behind.notna().to_numpy(dtype=bool)
        self.frame = self.frame.assign(level=self.frame["level"].mask(fills, behind))
        self._words.pop("level", None)

    def _leave_out_assessors(self) -> None:
        """A 机构名称 that is the row's assessor is not who trained, nor who is paid (contract, 'Roster headings')."""
        unclear = self.institution_is_unclear()
        if not unclear.any():
            return
        (places, words), (others, names) = self.words("institution"), self.words("assessor")
        one, other = (np.array([word and folded_name(word) for word in each], object) for each in (words, names))
        at = np.flatnonzero(unclear & self.said("institution") & (one[places] == other[others]))
        if len(at):
            written = [words[place] for place in places[at].tolist()]
            self._parts.setdefault("institution", []).append(Part(at, "PAYEE_MISSING", "institution", written))
            self.frame = self.frame.assign(institution=self.frame["institution"].mask(self.mask(at)))
            self._words.pop("institution")

    def institution_is_unclear(self) -> Mask:
        """Say in which rows the institution stands under a heading that may mean the assessor (机构名称)."""
        unclear = np.array([origin.unclear for origin in self.roster.origins], dtype=bool)
        if not unclear.any():
            return np.zeros(len(self), dtype=bool)
        mask: Mask = unclear[self.frame["sheet"].to_numpy()]
        return mask

    def __len__(self) -> int:
        return len(self.frame)

    def alone(self, at: npt.NDArray[np.int64]) -> Rows:
        """Return the rows at these positions, each to be settled as if it were the whole batch."""
        roster = taken_roster(self.roster, at)
        return Rows(roster, taken_findings(self.validated, at, len(self)), self.aliases, each_alone=True)

    def parts(self, field: str) -> list[Part]:
        """Return the findings that speak of one field."""
        return self._parts.get(field, [])

    def mask(self, rows: npt.NDArray[np.int64]) -> Mask:
        """Return a mask that is true at these row positions."""
        mask = np.zeros(len(self), dtype=bool)
        mask[rows] = True
        return mask

    def found(self, field: str, *codes: str) -> Mask:
        """Say which rows have one of these findings (any, where none is named) in a field."""
        mask = np.zeros(len(self), dtype=bool)
        for part in self.parts(field):
            if not codes or part.code in codes:
                mask[part.rows] = True
        return mask

    def faulty(self, field: str) -> Mask:
        """Say which rows have a finding in a field, so that it is neither missing nor a plain value."""
        if field not in self._faults:
            self._faults[field] = self.found(field)
        return self._faults[field]

    def said(self, field: str) -> Mask:
        """Say which rows have a value in a field."""
        mask: Mask = self.frame[field].notna().to_numpy(dtype=bool)
        return mask

    def plain(self, field: str) -> Mask:
        """Say which rows have a value in a field that nothing was found about."""
        return self.said(field) & ~self.faulty(field)

    def missing(self, field: str) -> Mask:
        """Say which rows have neither a value nor a fault in a field."""
        return ~self.said(field) & ~self.faulty(field)

    def dates(self, field: str) -> Dates:
        """Return a date column (NaT where empty)."""
        dates: Dates = self.frame[field].to_numpy()
        return dates

    def words(self, field: str) -> tuple[npt.NDArray[np.int64], list[str | None]]:
        """Return a text column as places into its distinct words; the last word is None, for empty."""
        if field not in self._words:
            places, words = self.coded(field)
            self._words[field] = places, [*words.to_pylist(), None]
        return self._words[field]

    def coded(self, field: str) -> tuple[npt.NDArray[np.int64], pa.Array]:
        """Return a text column as places into its distinct words; the place behind the last is of an empty one."""
        coded = pa.array(self.frame[field], type=pa.large_string()).dictionary_encode()
        coded = coded.combine_chunks() if isinstance(coded, pa.ChunkedArray) else coded
        places = pc.fill_null(coded.indices, len(coded.dictionary)).to_numpy().astype(np.int64)
        return places, coded.dictionary

    def occupations(self) -> tuple[npt.NDArray[np.int64], list[str | None]]:
        """Return the occupation column as `words` does, as compared: without a level behind it, aliases replaced."""
        places, words = self.words("occupation")
        return places, [None if word is None else occupation_of(word, self.aliases) for word in words]

    def levels_behind(self) -> tuple[npt.NDArray[np.int64], list[str | None]]:
        """Return the level in brackets behind each row's occupation, as `words` does."""
        places, words = self.words("occupation")
        return places, [None if word is None else parted(word)[1] for word in words]

    def numbers(self, field: str) -> pa.Array:
        """Return a column of numbers (certificate, phone, account) as compared; null where digits were lost."""
        if field not in self._numbers:
            places, words = self.coded_numbers(field)
            self._numbers[field] = words.take(pa.array(places, mask=places == len(words)))
        return self._numbers[field]

    def coded_numbers(self, field: str) -> tuple[npt.NDArray[np.int64], pa.Array]:
        """Return `numbers` as `coded` does; two words may be the same number, or null."""
        places, words = self.coded(field)  # nearly all are distinct: as Python's texts they would weigh the most
        places[self.found(field, "NUMBER_PRECISION_LOST")] = len(words)
        return places, compared_column(words, lambda word: folded_number(word) or None, _AS_COMPARED)

    def _by_word(self, field: str, answers: list[Any]) -> Any:
        return np.array(answers)[self.words(field)[0]]

    def among(self, field: str, terms: Collection[str]) -> Mask:
        """Say which rows have one of these terms among the values of a field."""
        wanted = frozenset(terms)
        words = self.words(field)[1]
        mask: Mask = self._by_word(
            field, [word is not None and not wanted.isdisjoint(word.split("、")) for word in words]
        )
        return mask

    def beside(self, field: str, terms: Collection[str]) -> Mask:
        """Say which rows have a value in a field that is none of these terms."""
        known = frozenset(terms)
        words = self.words(field)[1]
        mask: Mask = self._by_word(
            field, [word is not None and not known.issuperset(word.split("、")) for word in words]
        )
        return mask

    def numbers_are_valid(self) -> Mask:
        """Say which rows have an ID number that nothing rejects, whatever the name."""
        codes = {part.code for part in self.parts("id_number")} - {"UNKNOWN_REGION"}
        faulty = self.found("id_number", *codes) if codes else np.zeros(len(self), dtype=bool)
        return self.said("id_number") & ~faulty

    def persons_are_valid(self) -> Mask:
        """Say which rows have a name and an ID number that nothing rejects; a name that is only held is one."""
        is_named = self.plain("name") | self.found("name", "FORMULA_WITHOUT_VALUE")
        return is_named & self.numbers_are_valid()

    def persons(self) -> npt.NDArray[np.int64]:
        """Return a number for each valid person, -1 for rows whose name or ID number does not hold."""
        return np.where(self.persons_are_valid(), self.holders(), -1)

    def holders(self) -> npt.NDArray[np.int64]:
        """Return a number for each valid ID number, -1 for rows without one: a person's, be the name a fault."""
        codes = np.arange(len(self)) if self.each_alone else pd.factorize(self.frame["id_number"])[0]
        return np.where(self.numbers_are_valid(), codes.astype(np.int64), -1)
