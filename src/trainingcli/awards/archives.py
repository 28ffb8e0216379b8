"""What the ledger knows of units: awards paid, reversed, and every line of posted batches, whatever became of it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from trainingcli.awards.kinds import AWARDS, on_day
from trainingcli.awards.lines import Unit, document_of, round_of
from trainingcli.awards.unit_register import UnitRegister
from trainingcli.claims import batch_archive
from trainingcli.evidence.deciding import SHARED
from trainingcli.language import Text
from trainingcli.masking import starred

if TYPE_CHECKING:
    from trainingcli.ledger import Ledger

BATCH_KIND = "awards"
_COLUMNS = ("kind", "unit", "unit_name", "programme", "grade", "document_key")


class Paid(NamedTuple):
    """An award that the ledger has as paid, in fen; `date`: the award's, ISO; `batch`, `line`: where it stands;
    `shared`: whether it is a part of an amount of several lines, as a person decided."""

    award: str
    key: str
    grade: str | None
    round: str | None
    document: str | None
    date: str | None
    yuan: int
    batch: int
    line: int
    day: str
    shared: bool


class Archived(NamedTuple):
    """A line of a posted batch: unit by kind and name as compared, the name as written, award, grade, document."""

    unit: Unit
    shown: str
    award: str | None
    grade: str | None
    document: str | None


@dataclass(frozen=True)
class UnitHistory:
    """`paid`: unit → its awards; `archived`: earlier lines.

    `reversed`: unit and once-key → how it was taken back, None where it may come again; so by an evaluation's day.
    """

    paid: Mapping[Unit, tuple[Paid, ...]] = field(default_factory=dict)
    reversed: Mapping[tuple[Unit, str], Text | None] = field(default_factory=dict)
    archived: tuple[Archived, ...] = ()

    def taken_back(self, unit: Unit, *marks: str | None) -> Text | None:
        """Tell how an award was taken back that is claimed again: by the first of these marks that is known."""
        return next((self.reversed[unit, mark] for mark in marks if mark and (unit, mark) in self.reversed), None)

    def awards(self, unit: Unit) -> tuple[Paid, ...]:
        """Return what was paid to a unit and not taken back."""
        return self.paid.get(unit, ())


def unit_history(ledger: Ledger | None, units: Iterable[Unit], register: UnitRegister) -> UnitHistory:
    """Look units up under each of their names (as they stand in the batch), and read the archives of awards."""
    if ledger is None:
        return UnitHistory()
    paid: dict[Unit, dict[int, Paid]] = {}
    taken: dict[tuple[Unit, str], tuple[int, Text | None, str | None]] = {}
    by_kind: dict[str, dict[str, Unit]] = {}
    for named in units:
        for name in register.names(named):
            by_kind.setdefault(named[0], {})[name] = register.unit(named)
    for kind, names in by_kind.items():
        for row in _records(ledger.units(kind, names)):
            unit, entry = names[row["unit"]], int(row["entry"])
            if row["reversed_on"] is None:
                paid.setdefault(unit, {})[entry] = _paid(row)
                continue
            mark = (unit, starred(row["once_key"]))
            if entry >= taken.get(mark, (0, None, None))[0]:
                day = on_day(AWARDS[row["programme"]], row["start_date"])
                taken[mark] = entry, None if row["reopened"] is not None else _told(row), day
    held = [(unit, day, told) for (unit, _), (_, told, day) in taken.items() if told is not None and day is not None]
    return UnitHistory(
        {unit: tuple(entries.values()) for unit, entries in paid.items()},
        {(unit, day): told for unit, day, told in held} | {mark: told for mark, (_, told, _) in taken.items()},
        tuple(_archived(ledger)),
    )


def _records(frame: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = frame.astype(object).where(frame.notna(), None).to_dict("records")
    return found


def _paid(row: Mapping[str, Any]) -> Paid:
    facts = json.loads(row["facts"] or "{}")
    return Paid(
        row["programme"], starred(row["once_key"]), facts.get("grade"), round_of(facts.get("round")),
        document_of(facts.get("document")),
        row["start_date"], int(row["approved"]), int(row["batch"]), int(row["line"]), row["day"],
        any(code in (row["decision"] or "") for code in SHARED),
    )  # fmt: skip


def _told(row: Mapping[str, Any]) -> Text:
    """Say when, in which batch and why a payment was taken back."""
    day, batch, why = row["reversed_on"], int(row["reversed_in"]), row["why"]
    zh, en = f"{day}，第{batch}批", f"{day}, batch {batch}"
    return Text(f"{zh}，{why}", f"{en}, {why}") if why else Text(zh, en)


def _archived(ledger: Ledger) -> Iterable[Archived]:
    batches = ledger.batches()
    for batch in batches.loc[batches["kind"] == BATCH_KIND, "batch"].tolist():
        for row in _records(batch_archive.unpack_lines(ledger.archive(int(batch)), _COLUMNS)):
            if row["kind"] is not None and row["unit_name"] is not None:
                unit = (row["kind"], row["unit_name"])
                document = document_of(row["document_key"])
                yield Archived(unit, row["unit"], row["programme"], row["grade"], document)
