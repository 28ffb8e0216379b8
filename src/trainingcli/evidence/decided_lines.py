"""Which decisions meet which claim lines: that person and programme, the same training, no contradiction."""

from __future__ import annotations

import datetime as dt
from collections.abc import Hashable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from trainingcli.compared import folded_number
from trainingcli.evidence.batch import Batch
from trainingcli.evidence.deciding import SHARED, Decision
from trainingcli.evidence.ruling import Asked, Outcome
from trainingcli.settle.decided import Ruling
from trainingcli.settle.line_draft import NONE
from trainingcli.settle.occupations import occupation_of, parted
from trainingcli.settle.settlement import Settlement, severities, severity_of


def rulings(decisions: Sequence[Decision], batch: Batch, settlement: Settlement) -> tuple[list[Ruling], Outcome]:
    """Return what was decided about a batch's lines as they stand before the limits, and what the decisions came to."""
    by_person: dict[str, list[Decision]] = {}
    for decision in decisions:
        by_person.setdefault(decision.subject, []).append(decision)
    people = batch.rows.frame["id_number"].isin(by_person.keys()).to_numpy(dtype=bool)
    lines = np.flatnonzero(people[batch.lines.row])
    holds = _holds(batch, settlement, lines)
    outcome, found = Outcome(), list[Ruling]()
    for line in lines.tolist():
        row = _Row(batch, line)
        met = [each for each in by_person[row.said["id_number"]] if row.is_meant(each)]
        ruling = outcome.rule(_asked(batch, settlement, line, holds.get(line, {})), met) if met else None
        if ruling is not None:
            found.append(ruling)
    _count_paid(outcome, batch, settlement, found)
    return found, outcome


def _count_paid(outcome: Outcome, batch: Batch, settlement: Settlement, found: Sequence[Ruling]) -> None:
    """Count what earlier decisions paid of an amount that lines share, where that is more than today's allow of it."""
    paid = _paid_by_decision(batch)
    if not paid:
        return
    people = batch.rows.frame["id_number"].isin(paid.keys()).to_numpy(dtype=bool)
    lines = np.flatnonzero(people[batch.lines.row])
    allowed = {ruling.line: ruling.amount or 0 for ruling in found}
    for line, holds in _holds(batch, settlement, lines).items():
        share, row = _share(batch, line, holds), _Row(batch, line)
        entries = paid[row.said["id_number"]] if share is not None else ()
        fen = max((int(entry["approved"]) for entry in entries if row.was_paid(entry)), default=0)
        if fen > allowed.get(line, 0):
            outcome.paid(share, int(batch.lines.most[line]), fen - allowed.get(line, 0))


def _paid_by_decision(batch: Batch) -> dict[str, list[Mapping[Hashable, Any]]]:
    """Return each person's payments of a part of a shared amount, as the ledger knows them."""
    entries = None if batch.history is None else batch.history.entries
    if entries is None or not len(entries):
        return {}
    parts = entries[entries["decision"].str.contains("|".join(SHARED), na=False)]
    found: dict[str, list[Mapping[Hashable, Any]]] = {}
    for entry in parts.to_dict("records"):
        found.setdefault(entry["id_number"], []).append(entry)
    return found


def _holds(batch: Batch, settlement: Settlement, lines: Any) -> dict[int, dict[str, str | None]]:
    """Return, for each of these lines, the reasons that hold it, each with its field."""
    table = severities(batch.policy)
    found: dict[int, dict[str, str | None]] = {}
    for part in settlement.findings.parts:
        if severity_of(part, table) == "hold":
            for line in part.rows[np.isin(part.rows, lines)].tolist():
                found.setdefault(line, {}).setdefault(part.code, part.field)
    return found


class _Row:
    """A claim line's row, as decisions speak of it."""

    def __init__(self, batch: Batch, line: int) -> None:
        self._aliases, lines = batch.rows.aliases, batch.lines
        place = int(lines.programme[line])
        self.programme = None if place == NONE else lines.codes[place]
        row = batch.rows.frame.iloc[int(lines.row[line])]
        keys = ("id_number", "start_date", "certificate_no", "occupation", "level")
        self.said: Mapping[str, Any] = {key: None if pd.isna(row[key]) else row[key] for key in keys}

    def is_meant(self, decision: Decision) -> bool:
        """Say whether a decision is for this line."""
        return (
            self.programme in decision.programmes
            and self._is_same_training(decision.said)
            and self._agrees(*self._training(self.said), *self._training(decision.said))
        )

    def was_paid(self, entry: Mapping[Hashable, Any]) -> bool:
        """Say whether a payment of this person was for this line."""
        said = {key: entry[key] for key in ("occupation", "level") if pd.notna(entry[key])}
        if self.said["start_date"] is not None and pd.notna(entry["start_date"]):
            said["start_date"] = dt.date.fromisoformat(entry["start_date"])
        elif pd.notna(entry["certificate_no"]):
            said["certificate_no"] = entry["certificate_no"]
        return (
            entry["programme"] == self.programme
            and self._is_same_training(said)
            and self._agrees(*self._training(self.said), said.get("occupation"), said.get("level"))
        )

    def _is_same_training(self, said: Mapping[str, Any]) -> bool:
        if "start_date" in said:
            return self.said["start_date"] is not None and self.said["start_date"].date() == said["start_date"]
        number, own = said.get("certificate_no"), self.said["certificate_no"]
        return number is not None and own is not None and folded_number(number) == folded_number(own)

    def _training(self, said: Mapping[str, Any]) -> tuple[str | None, str | None]:
        """Return occupation and level as compared."""
        text = said.get("occupation")
        if not text:
            return None, said.get("level")
        return occupation_of(text, self._aliases), said.get("level") or parted(text)[1]

    @staticmethod
    def _agrees(occupation: str | None, level: str | None, other: str | None, other_level: str | None) -> bool:
        same = not occupation or not other or occupation == other
        return same and (not level or not other_level or level == other_level)


def _asked(batch: Batch, settlement: Settlement, line: int, holds: Mapping[str, str | None]) -> Asked:
    entitled = int(settlement.entitled[line]) if settlement.known[line] else None
    most = int(batch.lines.most[line]) or None
    return Asked(line, holds.keys(), entitled, most, _share(batch, line, holds))


def _share(batch: Batch, line: int, holds: Mapping[str, str | None]) -> Hashable:
    """Name the amount that a line shares with others: its row's, or that of the rows of one merge."""
    row = batch.rows.frame.iloc[int(batch.lines.row[line])]
    origin, number = batch.rows.roster.origins[int(row["sheet"])], int(row["row"])
    if "MERGED_AMOUNT" in holds:
        letter = batch.lines.letter[line] or origin.letters.get("claimed", "")
        top = next((top for top, bottom in origin.totals.get(letter, ()) if top <= number <= bottom), number)
        return origin.input, origin.sheet, letter, top
    if "AMOUNT_UNASSIGNED" in holds:
        return origin.input, origin.sheet, "", number
    return None
