"""The rows of an awards workbook and the lines they become: a unit, an award, reasons, a status."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Hashable
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Literal

from trainingcli.awards.kinds import Award, kind_of, once_key
from trainingcli.awards.unit_names import kind_by_name, unit_name
from trainingcli.cell_findings import TableRow
from trainingcli.compared import squeeze
from trainingcli.language import Text
from trainingcli.masking import kept, starred
from trainingcli.reasons import SEVERITIES, reason

if TYPE_CHECKING:
    from trainingcli.settle.decided import Ruling

_YEAR = re.compile(r"(?<![0-9])(?:19|20)[0-9]{2}(?![0-9])")
_NOTHING = Text("", "")
Unit = tuple[str, str]
"""A unit: its kind and its name as compared; of several names (原名称) the one that stands for all."""


def round_of(text: str | None) -> str | None:
    """Return an evaluation round as compared: its one year of four digits, else the squeezed text."""
    plain = starred(squeeze(text or ""))
    years = _YEAR.findall(plain)
    return years[0] if len(years) == 1 else plain or None


def document_of(text: str | None) -> str | None:
    """Return a document's number as two claims are compared: one form of bracket, so that no other spelling pays."""
    return kept(text or "") or None


@dataclass(frozen=True)
class AwardRow(TableRow):
    """One data row. `input`: the file's place; `above`: the text above the header.

    `struck`: the unit's name is struck through. `merged`: where the amount is one of several rows merged, which merge,
    and its total in fen where that is known. `most`: of amounts that differ the largest, in fen. `unread`: the column
    of the sheet that was not read and looks like one of amounts.
    """

    input: int = 0
    above: str = ""
    struck: bool = False
    merged: tuple[Hashable, int | None] | None = None
    most: int | None = None
    unread: Text | None = None

    @cached_property
    def kind(self) -> str | None:
        """The unit's kind: by its column, else by the end of the unit's name."""
        if "kind" in self.faults:
            return None
        return kind_of(self.get("kind")) or (kind_by_name(self.values["unit"]) if self.get("unit") else None)

    @cached_property
    def unit(self) -> Unit | None:
        """The unit by kind and own name as compared."""
        named = self.get("unit")
        return None if self.kind is None or named is None else (self.kind, unit_name(named, self.kind))

    @property
    def grade(self) -> str | None:
        """The grade, where it is a known one."""
        grade: str | None = self.get("grade")
        return grade

    @cached_property
    def round(self) -> str | None:
        """The evaluation round as compared."""
        return round_of(self.get("round"))

    @cached_property
    def document(self) -> str | None:
        """The document's number as two claims are compared."""
        return document_of(self.get("document"))

    @property
    def amount(self) -> int | None:
        """The amount that is claimed, in fen."""
        amount: int | None = self.get("claimed")
        return amount

    def shown(self, key: str) -> str | None:
        """Return a cell as written."""
        return self.written.get(key)


@dataclass(frozen=True)
class Found:
    """A reason of a line: its code and severity there, the field it speaks of, and what the message says beside."""

    code: str
    field: str | None = None
    severity: str = ""
    detail: Text = _NOTHING

    @property
    def weight(self) -> int:
        """How bad it is."""
        return SEVERITIES.index(self.severity or reason(self.code).severity)


Status = Literal["approved", "reduced", "held", "rejected", "posted"]
_STATUS_OF: tuple[Status, ...] = ("approved", "reduced", "held", "rejected")


@dataclass
class AwardLine:
    """One award asked for by one row. Money in fen; `entitled` is None where the plan gives nothing or no day tells it.

    `alone`: whether the row asks for nothing else. `paid`: what the ledger has as paid for this very award of an amount
    that lines share; `paid_before`: to the unit, all awards together. `ruling`: what a person decided.
    """

    row: AwardRow
    award: Award | None
    alone: bool = True
    found: list[Found] = field(default_factory=list)
    entitled: int | None = None
    posted: bool = False
    paid: int = 0
    paid_before: int = 0
    ruling: Ruling | None = None

    @property
    def code(self) -> str | None:
        """The award's code."""
        return None if self.award is None else self.award.code

    @property
    def date(self) -> dt.date | None:
        """The day that dates the award, where it can be read."""
        day: dt.date | None = None if self.award is None else self.row.get(self.award.dated_by)
        return day

    @property
    def key(self) -> str | None:
        """What the unit would get once; None where unit, kind, grade or round are not known, or another's."""
        if self.award is None or self.row.unit is None or self.row.kind != self.award.kind:
            return None
        return once_key(self.award, self.row.grade, self.row.round)

    @property
    def claimed(self) -> int | None:
        """The amount that the row says; None where it could be that of several lines."""
        return self.row.amount if self.alone else None

    @property
    def share(self) -> tuple[Hashable, int | None] | None:
        """What amount the line shares with others, and its total in fen: of rows merged together, or of its row."""
        whole = self.row.most if self.row.amount is None else self.row.amount
        if self.row.merged is not None or self.alone or whole is None:
            return self.row.merged
        return (self.row.input, self.row.sheet, "", self.row.row), whole

    @property
    def weight(self) -> int:
        """How bad the worst reason is; what a person refused is as bad as can be."""
        refused = SEVERITIES.index("reject") if self.ruling is not None and self.ruling.refused else 0
        return max([refused, *(each.weight for each in self.found)])

    @property
    def status(self) -> Status:
        """The status, from the worst reason; what the ledger has and nothing refuses is posted."""
        if self.posted and self.weight < SEVERITIES.index("reject"):
            return "posted"
        return _STATUS_OF[self.weight]

    @property
    def is_payable(self) -> bool:
        """Whether nothing holds or refuses it so far."""
        return self.weight < SEVERITIES.index("hold") and not self.posted

    @property
    def approved(self) -> int:
        """What is approved: the least of the figure, the claim, and what a person allowed."""
        allowed = None if self.ruling is None else self.ruling.amount
        bounds = [fen for fen in (self.entitled, self.claimed, allowed) if fen is not None]
        return min(bounds) if self.is_payable and self.entitled is not None else 0

    def say_ruling(self) -> None:
        """Say what a person decided, on the cell of the first reason that it is about."""
        ruling = self.ruling
        for code, of_line in (("RELEASED", ruling.released), ("DECIDED_AGAINST", ruling.refused)) if ruling else ():
            for detail in dict.fromkeys(of_line.values()):
                about = {each for each, said in of_line.items() if said == detail}
                self.add(code, next((each.field for each in self.found if each.code in about), None), detail=detail)

    def add(self, code: str, name: str | None = None, severity: str = "", detail: Text = _NOTHING) -> None:
        """Add a reason, once; one that a person released is a note."""
        released = self.ruling is not None and code in self.ruling.released
        one = Found(code, name, "note" if released else severity, detail)
        if one not in self.found:
            self.found.append(one)
