"""How one row came to its amounts: its cells, what they were read as, each programme's rules, the lines' outcome.

Nothing is decided here: the row is settled with all others of its roster, as `claims` does, and asked afterwards.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from trainingcli.claims.assess import assess_rows
from trainingcli.claims.request import Request
from trainingcli.claims.rosters import read_inputs, read_rows
from trainingcli.errors import InputError, UsageError
from trainingcli.explain.topics import limit_of
from trainingcli.fields import label
from trainingcli.intake.formats.cell_kinds import Kind
from trainingcli.intake.tables.sheet_tables import InputFile
from trainingcli.language import Text, tr
from trainingcli.policy import Figure, Policy
from trainingcli.reasons import reason
from trainingcli.reports.data.shown_values import as_text, shown, shown_place, yuan
from trainingcli.settle import claim_lines
from trainingcli.settle.programmes import programmes
from trainingcli.settle.programmes.base import Programme
from trainingcli.settle.programmes.certificate import ABILITY, ABILITY_CERTIFICATE
from trainingcli.settle.rows import Rows
from trainingcli.settle.settlement import ALWAYS

if TYPE_CHECKING:
    from trainingcli.evidence.gathered import Sources
    from trainingcli.ledger import Ledger
    from trainingcli.settle.assessment import Assessment
    from trainingcli.settle.standards import Standards
    from trainingcli.workers import WorkerPool

SCHEMA = "trainingcli.explanation/1"
Explanation = dict[str, Any]
"""The document that `explain ROSTER --row N --format json` prints; texts are in the language in use."""

_PARTS = {"date_range": ("start_date", "end_date"), "standard": ("claimed",)}
_MONEY = "claimed"
_ASKED = {
    "wide": Text("表中按补贴项目分列的金额", "wide amount columns, each headed by a programme"),
    "column": Text("“补贴项目”一列", "the column 补贴项目"),
    "named": Text("--programme 或标题、表名、文件名", "--programme, or the title, the sheet's or the file's name"),
    "fits": Text("没有写明：凡符合的项目各一笔", "nothing says it: a line for each programme that fits"),
}


@dataclass(frozen=True)
class Place:
    """Which row: its number as the spreadsheet program shows it, and the sheet where several have that row."""

    row: int
    sheet: str | None = None


def explain_row(
    request: Request,
    place: Place,
    policy: Policy,
    pool: WorkerPool,
    ledger: Ledger | None,
    sources: Sources,
    *,
    unmask: bool = False,
) -> Explanation:
    """Settle a roster and explain one of its rows. InputError where it cannot be read, UsageError where no row is."""
    inputs = read_inputs(request, policy, pool)
    if len(inputs) != 1:
        raise UsageError(Text("只能解释一个文件中的一行", "one row of one file can be explained"))
    if inputs[0].error is not None:
        why = inputs[0].error
        raise InputError(Text(f"{inputs[0].file}：{why.zh}", f"{inputs[0].file}: {why.en}"))
    rows = read_rows(inputs, policy, request.today, sources.aliases)
    assessment = assess_rows(rows, request, policy, inputs, ledger, sources).assessment
    at = position_of(rows, place)
    return _Row(rows, at, inputs[0], assessment, sources.standards, request.programme, unmask).explanation()


def position_of(rows: Rows, place: Place) -> int:
    """Return a row's position in the roster."""
    origins = rows.roster.origins
    sheets, numbers = rows.frame["sheet"].to_numpy(), rows.frame["row"].to_numpy()
    wanted = np.array([place.sheet in (None, origin.sheet) for origin in origins] or [False])
    found = np.flatnonzero(wanted[sheets] & (numbers == place.row)) if len(rows) else np.array([], dtype=np.int64)
    if len(found) == 1:
        return int(found[0])
    if len(found):
        names = "、".join(origins[sheet].sheet for sheet in sheets[found])
        raise UsageError(
            Text(
                f"几张工作表都有第 {place.row} 行，请加 --sheet：{names}",
                f"several sheets have row {place.row}; add --sheet: {names}",
            )
        )
    spans = [
        f"{origin.sheet} {numbers[sheets == number].min()}–{numbers[sheets == number].max()}"
        for number, origin in enumerate(origins)
        if (sheets == number).any()
    ]
    there = "、".join(spans) or "—"
    raise UsageError(
        Text(
            f"第 {place.row} 行不是人员行；人员行在：{there}",
            f"row {place.row} is no row of a person; such rows: {there}",
        )
    )


class _Row:
    """One row, and all that is asked about it."""

    def __init__(
        self,
        rows: Rows,
        at: int,
        file: InputFile,
        assessment: Assessment,
        standards: Standards,
        named: str | None,
        unmask: bool,
    ) -> None:
        self.rows, self.at, self.file, self.assessment = rows, at, file, assessment
        self.policy, self.standards, self.named, self.unmask = assessment.policy, standards, named, unmask
        self.origin = rows.roster.origins[int(rows.frame["sheet"].iloc[at])]
        self.number = int(rows.frame["row"].iloc[at])
        self.table = next(table for table in file.sheets if table.sheet == self.origin.sheet)

    def explanation(self) -> Explanation:
        """Return the whole document."""
        lines = self._own_lines()
        asked = claim_lines.mode_of(self.origin, self.policy, self.named)[0]
        return {
            "schema": SCHEMA,
            "policy": {"id": self.policy.id, "sha256": self.policy.sha256},
            "today": self.assessment.today,
            "file": shown_place(self.file.file, unmask=self.unmask),
            "sheet": shown_place(self.origin.sheet, unmask=self.unmask),
            "row": self.number,
            "header_row": self.table.header_row,
            "cells": list(self._cells()),
            "unused": [
                {"column": letter, "heading": shown_place(heading, unmask=self.unmask)}
                for letter, heading in self.table.unused
            ],
            "asked_by": {"how": asked, "what": str(_ASKED[asked])},
            "programmes": [self._programme(each, lines) for each in programmes(self.policy.programmes)],
            "lines": [self._line(int(line)) for line in lines],
            "others": list(self._others()),
            "checks": [
                {"check": check.check, "why": str(check.why or "")}
                for check in self.assessment.checks
                if not check.performed
            ],
        }

    # ---- cells and values

    def _cells(self) -> Iterator[dict[str, Any]]:
        place = self.table.cells.column("row").to_pylist().index(self.number)
        for number, column in enumerate(self.table.columns):
            text = self.table.cells.column(f"t{number}")[place].as_py()
            kind = Kind(self.table.cells.column(f"k{number}")[place].as_py() & 0xF)
            yield {
                "cell": f"{column.letter}{self.number}",
                "heading": shown_place(column.heading, unmask=self.unmask),
                "field": _MONEY if column.key == "amount" else column.key,
                "written": self._written(column.key, text, kind),
                "read_as": self._amount_of(column.letter) if column.key == "amount" else self._read_as(column.key),
                "findings": self._codes(column.key),
            }
        for key, text in self.table.titles.items():
            heading = tr(f"{label(key)}（表上方）", f"{label(key)} (above the table)")
            written, read = shown(key, text, unmask=self.unmask), self._read_as(key)
            yield {"cell": None, "heading": heading, "field": key, "written": written, "read_as": read, "findings": []}

    def _written(self, key: str, text: str | None, kind: Kind) -> str | None:
        if kind is Kind.NO_VALUE:
            return tr("（公式没有保存结果）", "(a formula without a saved result)")
        return shown(key, text, unmask=self.unmask)

    def _read_as(self, key: str) -> str | None:
        values = [value for field in _PARTS.get(key, (key,)) if (value := self._value(field)) is not None]
        return "–".join(values) or None

    def _value(self, field: str) -> str | None:
        if field not in self.rows.frame:
            return None
        value = self.rows.frame[field].iloc[self.at]
        if pd.isna(value):
            return None
        return yuan(int(value)) if field == _MONEY else shown(field, as_text(value), unmask=self.unmask)

    def _amount_of(self, letter: str) -> str | None:
        for wide in self.rows.roster.wide:
            here = np.flatnonzero(wide.rows == self.at)
            if wide.letter == letter and len(here):
                return str(wide.fault[here[0]]) or yuan(int(wide.fen[here[0]]))
        return None

    def _codes(self, key: str) -> list[str]:
        """Return what was found about a column's fields in this row."""
        fields = _PARTS.get(key, (key,))
        return [part.code for field in fields for part in self.rows.parts(field) if self.at in part.rows]

    # ---- programmes

    def _programme(self, programme: Programme, lines: Any) -> dict[str, Any]:
        """Say whether a programme fits, which fields it uses, and what the plan gives."""
        claimed = self.assessment.lines["programme"].iloc[lines]
        fits = bool(programme.fits(self.rows, self.policy)[self.at])
        is_claimed = bool((claimed == programme.code).any())
        entry = self.policy.programmes[programme.code]
        found: dict[str, Any] = {
            "programme": programme.code,
            "name": str(entry.name),
            "clause": entry.clause,
            "claimed_here": is_claimed,
            "fits": fits,
            "why_not": [] if fits else list(self._why_not(programme)),
        }
        if fits or is_claimed:
            found["fields"] = list(self._fields(programme))
            found["figure"] = self._figure(programme)
            found |= self._entitlement(programme)
        return found

    def _why_not(self, programme: Programme) -> Iterator[dict[str, str]]:
        """Yield the fields that speak against a programme: another value than it is for, or none."""
        decided = False
        for field, mask in programme.ineligible(self.rows, self.policy):
            if mask[self.at]:
                decided = True
                value = self._value(field) or tr("空白", "blank")
                message = reason("NOT_ELIGIBLE").message.format(field=label(field), value=value)
                yield {"field": field, "why": str(message)}
        for field, _, state in self._states(programme):
            if state != "given":
                decided = True
                why = tr(f"{label(field)}未填写", f"{label(field)} is empty")
                fault = tr(f"{label(field)}有问题：", f"{label(field)} is at fault: ") + state
                yield {"field": field, "why": why if state == "missing" else fault}
        if not decided:
            entry = self.policy.programmes[programme.code]
            yield {
                "field": "",
                "why": tr(f"不在{entry.name}的对象范围内", f"not among those that it is for: {entry.name}"),
            }

    def _states(self, programme: Programme) -> Iterator[tuple[str, str, str]]:
        """Yield field, use and state (given, missing, or the codes of its faults) of what a programme needs."""
        for field, use in {**ALWAYS, **programme.uses}.items():
            used = bool(programme.used(field, self.rows, self.policy)[self.at])
            if used and use.name != "USED":
                missing = bool(self.rows.missing(field)[self.at])
                codes = "、".join(self._codes(field))
                yield field, use.name.lower(), "missing" if missing else codes or "given"

    def _fields(self, programme: Programme) -> Iterator[dict[str, Any]]:
        for field, use in {**ALWAYS, **programme.uses}.items():
            yield {
                "field": field,
                "use": use.name.lower(),
                "speaks": bool(programme.used(field, self.rows, self.policy)[self.at]),
                "value": self._value(field),
                "missing": bool(self.rows.missing(field)[self.at]),
                "findings": self._codes(field),
            }

    def _figure(self, programme: Programme) -> dict[str, Any] | None:
        """Return the plan's figure in force on the date that counts, with its source; None where none is."""
        entry = self.policy.programmes[programme.code]
        day = self.rows.frame[entry.dated_by].iloc[self.at]
        key = self._figure_key(entry.amounts)
        if pd.isna(day) or key is None:
            return None
        figure = self.policy.figure(programme.code, key, day.date())
        return None if figure is None else _figure(figure, key, entry.dated_by, as_text(day), str(entry.unit))

    def _figure_key(self, amounts: Mapping[str, Any]) -> str | None:
        if "each" in amounts:
            return "each"
        if ABILITY in amounts and self.rows.among("certificate_type", [ABILITY_CERTIFICATE])[self.at]:
            return ABILITY
        return self._value("level")

    def _entitlement(self, programme: Programme) -> dict[str, Any]:
        given = programme.entitlement(self.rows, self.policy, self.standards)
        standard, has_standard = self.standards.of(self.rows, self.rows.dates("start_date"))
        is_ceiling = self.policy.programmes[programme.code].basis == "ceiling"
        return {
            "entitled": yuan(int(given.fen[self.at])) if given.known[self.at] else None,
            "days": int(given.days[self.at]) if given.days is not None and given.known[self.at] else None,
            "standard": yuan(int(standard[self.at])) if is_ceiling and has_standard[self.at] else None,
        }

    # ---- lines

    def _own_lines(self) -> Any:
        """Return the positions of the row's claim lines."""
        frame = self.assessment.lines
        here = (frame["sheet"] == self.origin.sheet) & (frame["row"] == self.number)
        return np.flatnonzero(here.to_numpy(dtype=bool))

    def _line(self, at: int) -> dict[str, Any]:
        line = self.assessment.lines.iloc[at]
        found = self.assessment.reasons[self.assessment.reasons["line"] == at]
        payee = _given(line["payee"])
        field = "name" if payee is not None and payee == line["name"] else None
        return {
            "programme": _given(line["programme"]),
            "claimed": yuan(_given(line["claimed"])),
            "entitled": yuan(_given(line["entitled"])),
            "approved": yuan(int(line["approved"])),
            "status": line["status"],
            "payee": shown(field, payee, unmask=self.unmask),
            "fund": _given(line["fund"]),
            "reasons": [self._reason(entry) for entry in found.to_dict("records")],
            "readings": self._readings(at),
        }

    def _reason(self, entry: Mapping[Any, Any]) -> dict[str, Any]:
        message = Text(entry["zh"], entry["en"])
        return {
            "code": entry["code"],
            "severity": entry["severity"],
            "clause": entry["clause"],
            "cell": _given(entry["cell"]),
            "message": shown(None, str(message), unmask=self.unmask),
            "remedy": str(reason(entry["code"]).remedy),
            "limit": limit_of(entry["code"]),
        }

    def _readings(self, at: int) -> list[dict[str, str]]:
        """Return the policy's default readings that decided something of a line."""
        from trainingcli.reports.data.columns import arrow_table
        from trainingcli.reports.workbooks.about_page import deciding_readings
        from trainingcli.reports.workbooks.context import context_of

        reasons = self.assessment.reasons
        lines = arrow_table(self.assessment.lines.iloc[[at]])
        found = deciding_readings(context_of(self.assessment), lines, arrow_table(reasons[reasons["line"] == at]))
        return [
            {"question": item.number, "parameter": item.parameter, "value": item.value, "reading": str(item.text)}
            for item in found
        ]

    def _others(self) -> Iterator[dict[str, Any]]:
        """Yield the person's other lines of the roster: what the limits counted."""
        frame = self.assessment.lines
        person = self.rows.frame["id_number"].iloc[self.at]
        if pd.isna(person):
            return
        own = set(self._own_lines().tolist())
        for at in np.flatnonzero((frame["id_number"] == person).to_numpy(dtype=bool)):
            if int(at) not in own:
                line = frame.iloc[at]
                names = ("sheet", "programme", "occupation", "level", "start_date", "certificate_date", "status")
                said = {name: None if pd.isna(line[name]) else as_text(line[name]) for name in names}
                texts = {name: shown(name, text, unmask=self.unmask) for name, text in said.items()}
                yield {"row": int(line["row"]), **texts, "approved": yuan(int(line["approved"]))}


def _figure(figure: Figure, key: str, dated_by: str, day: str, unit: str) -> dict[str, Any]:
    return {
        "key": key,
        "dated_by": dated_by,
        "date": day,
        "state": figure.state,
        "yuan": yuan(figure.fen),
        "unit": unit,
        "since": figure.since.isoformat(),
        "clause": figure.clause,
        "source": figure.source,
    }


def _given(value: Any) -> Any:
    return None if pd.isna(value) else value
