"""A batch's rows beside the export: partners, differences, what is kept of it for the sheet 比对 and the JSON."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from trainingcli.compared import folded, folded_name
from trainingcli.evidence.realname import sentences
from trainingcli.evidence.realname.export import COMPLETION, PASSED, SHOWN, Export
from trainingcli.evidence.realname.export_fields import (
    FIELDS,
    NOTHING,
    SHOWN_FIELDS,
    days,
    is_filed,
    number_of_day,
    numbered,
    shown,
)
from trainingcli.evidence.realname.partners import Sides, partners
from trainingcli.language import Text

if TYPE_CHECKING:
    import pandas as pd

    from trainingcli.evidence.batch import Batch
    from trainingcli.settle.dated import Ints
    from trainingcli.settle.rows import Mask, Rows


class Compared:
    """The rows of a batch or of a part of one, each with its partner (`NOTHING`: none)."""

    def __init__(self, batch: Batch) -> None:
        self.rows: Rows = batch.rows
        self.export: Export = batch.sources.read["realname"]
        self._sheets = self.rows.frame["sheet"].to_numpy()
        self.days: int = batch.policy.parameter("realname_days")
        self.valid: Mask = self.rows.persons_are_valid()
        numbers, _ = numbered(self.rows, self.export.words)
        places, ids = self.rows.coded("id_number")
        person = np.where(self.valid, np.append(self.export.places_of(ids), NOTHING)[places], NOTHING)
        self.sides = Sides(numbers, is_filed(self.rows), person, self.export, self.days, self.rows.each_alone)
        self.partner: Ints = partners(self.sides)
        self.matched: Mask = self.partner != NOTHING
        self.missing: Mask = self.valid & ~self.matched
        at = np.flatnonzero(self.matched)
        differing = {field: at[self.sides.differs(field, at, self.partner[at])] for field in FIELDS}
        self.differing: Mapping[str, Ints] = {field: rows for field, rows in differing.items() if len(rows)}

    def entry_texts(self, field: str, at: Ints) -> list[str]:
        """Return what the partners of rows say in a field."""
        texts: list[str] = self.export.shown(self.partner[at], [field])[field].tolist()
        return texts

    def unfinished(self) -> tuple[Ints, list[str]]:
        """Return the rows whose partner did not finish, or whose state cannot be read; with that state."""
        at = np.flatnonzero(self.matched)
        states = self.export.states[self.partner[at]]
        holds = np.array([state is not None and state != PASSED for state in states], dtype=bool)
        return at[holds], states[holds].tolist()

    @cached_property
    def why_missing(self) -> dict[int, Text]:
        """Return, of each row without a partner, what the export has instead."""
        at = np.flatnonzero(self.missing)
        frame = self.rows.frame
        names = [folded(name) if isinstance(name, str) else None for name in frame["name"].iloc[at].tolist()]
        said = sentences.told(self.export, frame["id_number"].iloc[at].tolist(), names)
        return dict(zip(at.tolist(), said, strict=True))

    # ---- what is said of the whole batch

    def account(self) -> dict[str, Any]:
        """Return what these rows contribute: counts, entries taken, institutions with their days, rows to show."""
        fields = self._differences()
        agreed = self.matched.copy()
        agreed[list(fields)] = False
        return {
            "matched": int(self.matched.sum()),
            "taken": np.unique(self.partner[self.matched]),
            "days": self.days,
            "spans": self._spans(),
            "ends": self._ends(),
            "agreed": self._by_institution(np.flatnonzero(agreed)),
            "differing": self._rows({at: {"fields": fields[at]} for at in sorted(fields)}),
            "missing": self._rows({at: {"why": why} for at, why in self.why_missing.items()}),
        }

    def _differences(self) -> dict[int, list[dict[str, Any]]]:
        """Return row → its differing fields with cell and both sides."""
        found: dict[int, list[dict[str, Any]]] = {}
        for field, at in self.differing.items():
            mine = self._shown(at, [field])
            sides = zip(at.tolist(), mine["row"], mine[field], self.entry_texts(field, at), strict=True)
            for row, number, roster, export in sides:
                letter = self.rows.roster.origins[int(self._sheets[row])].letters.get(field)
                cell = f"{letter}{number}" if letter else None
                found.setdefault(row, []).append({"field": field, "cell": cell, "roster": roster, "export": export})
        return found

    def _rows(self, more: Mapping[int, Mapping[str, Any]]) -> list[dict[str, Any]]:
        """Return rows as the sheet shows them, with `more` of each; `of`: whose claim workbook they stand in."""
        if not more:
            return []
        at = np.array(list(more), dtype=np.int64)
        keys = ("file", "sheet", "row", "name", "id_number", "class_no", "occupation", "start_date")
        return [
            {
                "order": [int(self._sheets[row]), said["row"]],
                "of": _compared_name(said["institution"] or said["employer"]),
                **{key: said[key] for key in keys},
                **more[row],
            }
            for row, said in zip(more, self._shown(at).to_dict("records"), strict=True)
        ]

    def _shown(self, at: Ints, fields: Sequence[str] = SHOWN_FIELDS) -> pd.DataFrame:
        return shown(self.rows.frame, self.rows.roster.origins, at, fields)

    def _spans(self) -> dict[int, tuple[int, int]]:
        """Return institution → first and last start of its rows, whoever the person is."""
        institution, start = self.sides.numbers["institution"], self.sides.numbers["start_date"]
        at = np.flatnonzero((institution != NOTHING) & (institution < self._known()) & (start != NOTHING))
        found: dict[int, tuple[int, int]] = {}
        for number in np.unique(institution[at]).tolist():
            here = start[at[institution[at] == number]]
            found[number] = int(here.min()), int(here.max())
        return found

    def _known(self) -> int:
        return len(self.export.words["institution"])

    def _ends(self) -> list[tuple[int, int]]:
        """Return, an export, how many rows' class ended after it was made, and the last of these ends."""
        ends, institution = days(self.rows, "end_date"), self.sides.numbers["institution"]
        found = []
        for file in self.export.files:
            made = NOTHING if file.day is None else number_of_day(file.day.isoformat())
            late = (ends > made) & (made != NOTHING) & self.valid
            if file.institutions:
                late &= np.isin(institution, list(file.institutions))
            found.append((int(late.sum()), int(ends[late].max(initial=NOTHING))))
        return found

    def _by_institution(self, at: Ints) -> dict[str, int]:
        """Return how many of these rows each claim workbook has."""
        frame = self.rows.frame.iloc[at]
        counts = frame["institution"].fillna(frame["employer"]).fillna("").value_counts()
        found: dict[str, int] = {}
        for name, count in counts.items():
            key = _compared_name(str(name)) or ""
            found[key] = found.get(key, 0) + int(count)
        return found

    def about(self, at: int) -> dict[str, Any] | None:
        """Return what `explain` shows of a row: its partner with its state, and the differences; else what is there."""
        if not self.valid[at]:
            return None
        if not self.matched[at]:
            why = self.why_missing[at]
            return {"says": [why], "partner": None, "differences": []}
        said = self.export.shown(self.partner[[at]]).iloc[0]
        partner = {key: said[key] for key in (*SHOWN, "level", COMPLETION)} | {"row": int(said["row"])}
        differences = self._differences().get(at, [])
        says = [sentences.place(partner, sentences.trainings(self.export, self.partner[[at]])[0])]
        says += [sentences.difference(each) for each in differences]
        return {"says": says, "partner": partner, "differences": differences}


def _compared_name(name: str | None) -> str | None:
    return folded_name(name) if name else None
