"""What the exports of the real-name system have: entries, told by person, and what people read of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from trainingcli.evidence.bad_rows import BadRow
from trainingcli.evidence.realname.export_fields import NOTHING, SHOWN_FIELDS, Numbers, Words, shown
from trainingcli.intake.tables.roster import Origin
from trainingcli.language import Text
from trainingcli.settle.dated import Ints
from trainingcli.settle.rows import Mask

PASSED = "合格"
COMPLETION = "completion"
SHOWN = ("file", "sheet", "row", "name", "id_number", "institution", "class_no", "occupation", "start_date")


@dataclass(frozen=True)
class ExportFile:
    """One workbook. `entries`: those that it is the first to have; `day`: the date that it was made, if that is told;
    `institutions`: their numbers; `notes`: what else a reader should know of how it was read."""

    file: str
    sha256: str | None
    rows: int
    entries: int
    findings: int
    day: dt.date | None
    institutions: frozenset[int]
    notes: tuple[Text, ...]


@dataclass(frozen=True)
class Export:
    """All entries, those of one person side by side, in the order of file, sheet, row.

    `ids`: the people's ID numbers; a person's place among them is also that in `bounds`, which says where the entries
    begin and end. `order`: an entry's first row among `rows`, all data rows in the order of file, sheet, row, with
    their `origins` and the numbers of their `names`. `numbers`, `words`: as `numbered` gives them. `states`: 合格, or
    as written, None where nothing is said. `filed`: the institution is a title's.
    """

    files: tuple[ExportFile, ...]
    ids: pa.Array
    bounds: Ints
    order: Ints
    numbers: Numbers
    words: Words
    filed: Mask
    states: Any
    rows: pd.DataFrame
    names: Ints
    origins: Sequence[Origin]
    findings: list[BadRow]

    def __len__(self) -> int:
        return len(self.order)

    @cached_property
    def people(self) -> Mapping[str, int]:
        """ID number → the person's place; for those who ask about a few, once they do."""
        return {number: place for place, number in enumerate(self.ids.to_pylist())}

    def places_of(self, ids: pa.Array) -> Ints:
        """Return these people's places, `NOTHING` where one is not there."""
        asked = pc.fill_null(pc.index_in(self.ids, ids), NOTHING).to_numpy()  # the fewer of the two are made a table
        there = np.flatnonzero(asked != NOTHING)
        places = np.full(len(ids), NOTHING, dtype=np.int64)
        places[asked[there]] = there
        return places

    def shown(self, entries: Ints, fields: Sequence[str] = SHOWN_FIELDS) -> pd.DataFrame:
        """Return what people read of these entries: place and fields of their first rows, and `COMPLETION`."""
        found = shown(self.rows, self.origins, self.order[entries], fields)
        return found.assign(**{COMPLETION: pd.Series(self.states[entries], dtype=object)})

    def named(self, names: Collection[str]) -> pd.DataFrame:
        """Return the data rows with one of these names and a number, be it good or not.

        `file`, `sheet`, `row`, `id_number`, the name as `compared`.
        """
        words = self.words["name"]
        wanted = pc.index_in(pa.array(names, words.type), words).drop_null().to_numpy()
        at = np.flatnonzero(np.isin(self.names, wanted) & self.rows["id_number"].notna().to_numpy(dtype=bool))
        compared = words.take(pa.array(self.names[at])).to_pylist()
        return shown(self.rows, self.origins, at, ["id_number"]).assign(compared=compared)

    def of(self, number: str) -> range:
        """Return a person's entries."""
        place = self.people.get(number)
        return range(0) if place is None else range(self.bounds[place], self.bounds[place + 1])
