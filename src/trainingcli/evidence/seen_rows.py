"""Rows as flags look at them: every data row, whatever became of its lines."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from trainingcli.compared import folded_name
from trainingcli.evidence.batch import Batch
from trainingcli.evidence.raised_flags import Place, Raised
from trainingcli.intake.tables.convert import Origin
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

    @cached_property
    def _placed(self) -> dict[str, Any]:
        return {name: self.frame[name].to_numpy(dtype=object) for name in PLACED}

    def place(self, at: int, field: str) -> Place:
        """Name the cell of a field in a row; where the sheet has no column for it, that of the ID number or name."""
        row = {name: column[at] for name, column in self._placed.items()}
        return place_of(self.rows.roster.origins, row, field)

    def raised(self, at: Iterable[int], field: str, zh: str, en: str) -> Raised:
        """Return a flag about a field of some rows."""
        return Raised(Text(zh, en), tuple(self.place(each, field) for each in at))


def only(where: Mask, values: Any) -> Any:
    """Return the values where the mask is true, else None."""
    kept = values.copy()
    kept[~where] = None
    return kept


def place_of(origins: Sequence[Origin], row: Any, field: str) -> Place:
    """Name the cell of a field; `row` has its `sheet`, `row`, `institution` and `class_no`."""
    origin, number = origins[int(row["sheet"])], int(row["row"])
    letter = next(origin.letters[key] for key in (field, *_FALLBACK) if key in origin.letters)
    institution, class_no = (value if isinstance(value := row[key], str) else None for key in PLACED[2:])
    place = origin.input, origin.file, int(row["sheet"]), origin.sheet, number
    return Place(*place, f"{letter}{number}", institution, class_no)
