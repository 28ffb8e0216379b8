"""Rows as flags look at them: every data row, whatever became of its lines."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from trainingcli.compared import folded_name
from trainingcli.evidence.batch import Batch
from trainingcli.evidence.raised_flags import FlaggedCell, Raised
from trainingcli.intake.tables.roster import Origin
from trainingcli.language import Text
from trainingcli.settle.rows import Dates, Mask

_FALLBACK = ("id_number", "name")
PLACED = ("sheet", "row", "institution", "class_no")
"""What a row keeps so that its cells can be named later."""


class SeenRows:
    """The rows of a batch or of a part of one."""

    def __init__(self, batch: Batch) -> None:
        self.batch, self.rows, self.policy = batch, batch.rows, batch.policy
        self.frame = batch.rows.frame

    @cached_property
    def valid(self) -> Mask:
        """Say which rows are of valid people."""
        return self.rows.persons_are_valid()

    @cached_property
    def person(self) -> npt.NDArray[np.int64]:
        """A number for each valid person, by the ID number; -1 for rows of nobody."""
        return np.where(self.valid, pd.factorize(self.id_number)[0], -1)

    @cached_property
    def start(self) -> Dates:
        """The start date."""
        return self.rows.dates("start_date").astype("datetime64[D]")

    @cached_property
    def issued(self) -> Dates:
        """The certificate's date."""
        return self.rows.dates("certificate_date").astype("datetime64[D]")

    @cached_property
    def date(self) -> Dates:
        """A row's date: its start, else its certificate's."""
        return np.where(np.isnat(self.start), self.issued, self.start)

    @cached_property
    def occupation(self) -> Any:
        """The occupation as compared, None where there is none or it is faulty."""
        places, words = self.rows.occupations()
        return only(self.rows.plain("occupation"), np.array(words, dtype=object)[places])

    @cached_property
    def level(self) -> Any:
        """The level's term, None where there is none that is known; a certificate of an ability says it (3.3)."""
        from trainingcli.settle.programmes.certificate import ABILITY, ABILITY_CERTIFICATE

        level = only(self.rows.plain("level"), self.frame["level"].to_numpy(dtype=object))
        is_ability = self.rows.among("certificate_type", [ABILITY_CERTIFICATE]) & self.rows.missing("level")
        return np.where(is_ability, ABILITY, level)

    def name(self, field: str) -> Any:
        """Return an institution's, assessor's or class's name as compared, None where there is none."""
        places, words = self.rows.words(field)
        said = np.array([None if word is None else folded_name(word) for word in words], dtype=object)[places]
        return only(self.rows.plain(field), said)

    @cached_property
    def number(self) -> Any:
        """The certificate number as compared, None where digits were lost."""
        return np.array(self.rows.numbers("certificate_no").to_pylist(), dtype=object)

    @cached_property
    def id_number(self) -> Any:
        """The ID numbers."""
        return self.frame["id_number"].to_numpy(dtype=object)

    def posted(self) -> pd.DataFrame:
        """Return what the ledger has paid to these people, as `Ledger.history` gives it; empty without a ledger."""
        history = self.batch.history
        if history is None or history.entries is None:
            return pd.DataFrame({name: [] for name in ("id_number", "programme", "occupation", "level", "start_date")})
        return history.entries

    def places(self, at: Sequence[int], field: str) -> list[FlaggedCell]:
        """Name the cell of a field in each of these rows, as `places_of` does."""
        return places_of(self.rows.roster.origins, self.frame[[*PLACED]].take(at), field)

    def raised(self, at: Sequence[int], field: str, zh: str, en: str) -> Raised:
        """Return a flag about a field of some rows."""
        return Raised(Text(zh, en), tuple(self.place(each, field) for each in at))

    def place(self, at: int, field: str) -> FlaggedCell:
        """Name the cell of a field in one row."""
        row = (column[at] for column in self._placed)
        return _place(self.rows.roster.origins, field, *row)

    @cached_property
    def _placed(self) -> list[Any]:
        return [_objects(self.frame[name]) for name in PLACED]


def only(where: Mask, values: Any) -> Any:
    """Return the values where the mask is true, else None."""
    kept = values.copy()
    kept[~where] = None
    return kept


def places_of(origins: Sequence[Origin], frame: pd.DataFrame, field: str) -> list[FlaggedCell]:
    """Name the cells of a field in rows that have `PLACED`; where a sheet has no such column, of ID number or name."""
    columns = (_objects(frame[name]).tolist() for name in PLACED)
    return [_place(origins, field, *row) for row in zip(*columns, strict=True)]


def _objects(column: Any) -> Any:
    return column.to_numpy(dtype=object, na_value=None)


def _place(
    origins: Sequence[Origin], field: str, sheet: int, row: int, institution: str | None, class_no: str | None
) -> FlaggedCell:
    origin = origins[sheet]
    letter = next(origin.letters[key] for key in (field, *_FALLBACK) if key in origin.letters)
    return FlaggedCell(origin.input, origin.file, sheet, origin.sheet, row, f"{letter}{row}", institution, class_no)
