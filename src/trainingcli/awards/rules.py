"""What one row says for and against its own award: fields, eligibility, the figure of its day, what is claimed."""

from __future__ import annotations

import datetime as dt

from trainingcli.awards import asked
from trainingcli.awards.kinds import BASE, EXCELLENT, Award
from trainingcli.awards.lines import AwardLine
from trainingcli.language import Text
from trainingcli.policy import Policy
from trainingcli.settle.doubts import given_up

_DATES = ("recognised", "evaluated")
# What a fault is here where the catalogue says otherwise: a month alone is common among recognitions.
_SEVERITY = {"BAD_DATE": "hold"}
_MISSING = {"host": "PAYEE_MISSING", "document": "DOCUMENT_MISSING"}


def judge(line: AwardLine, policy: Policy, today: dt.date) -> None:
    """Add what the row itself says, and the entitlement."""
    _present(line, "unit")
    _kind(line)
    if not line.alone and line.row.amount is not None:
        line.add("AMOUNT_UNASSIGNED", "claimed")
    if line.award is None:
        return
    _withdrawn(line, line.award, policy)
    _present(line, "host")
    for name in line.award.needs:
        if _present(line, name):
            _holds(line, line.award, name, today)
    _amounts(line, line.award, policy)
    if "account" in line.row.faults and line.row.faults["account"][0] == "NUMBER_PRECISION_LOST":
        line.add("NUMBER_PRECISION_LOST", "account", "note")


def amount_not_read(line: AwardLine) -> None:
    """Hold what would be paid without an amount though the sheet has a column that looks like one; as in rosters."""
    if line.is_payable and line.award is not None and line.claimed is None and line.row.unread is not None:
        line.add("COLUMN_NOT_READ", "claimed", detail=line.row.unread)


def _present(line: AwardLine, name: str) -> bool:
    """Say what a needed cell lacks; return whether it holds a value."""
    if name in line.row.faults:
        code = line.row.faults[name][0]
        line.add(code, name, _SEVERITY.get(code, ""))
        return False
    value = line.row.get(name)
    if value is None or (isinstance(value, str) and not any(map(str.isalnum, value))):  # ？, （） say nothing
        line.add(_MISSING.get(name, "MISSING_FIELD"), name)
        return False
    return True


def _withdrawn(line: AwardLine, award: Award, policy: Policy) -> None:
    """Hold what is struck through, or what a remark gives up: this award, or the whole row; as in rosters."""
    known, given = tuple(asked.names(policy).items()), set[str | None]()
    for text in line.row.get("remark") or ():
        given |= given_up(text, known)
    general = asked.EVALUATION if award.is_evaluation else asked.CONSTRUCTION if award.kind == BASE else award.code
    if given & {None, award.code, general}:
        line.add("WITHDRAWN", "remark")
    if line.row.struck:
        line.add("WITHDRAWN", "unit")


def _kind(line: AwardLine) -> None:
    row = line.row
    if "kind" in row.faults:
        line.add(row.faults["kind"][0], "kind")
    elif row.kind is None:
        line.add("MISSING_FIELD", "kind")
    elif line.award is not None and row.kind != line.award.kind:
        line.add("NOT_ELIGIBLE", "kind" if row.shown("kind") else "unit")


def _holds(line: AwardLine, award: Award, name: str, today: dt.date) -> None:
    """Say where a value that is there is not the award's."""
    row = line.row
    if (name == "grade" and row.grade not in award.grades) or (name == "result" and row.get("result") != EXCELLENT):
        line.add("NOT_ELIGIBLE", name)
    elif name in _DATES and row.values[name] > today:
        line.add("FUTURE_DATE", name)


def _amounts(line: AwardLine, award: Award, policy: Policy) -> None:
    """Give the line the figure in force on its day; compare it with what is claimed."""
    row, day = line.row, line.date
    if "claimed" in row.faults:
        line.add(row.faults["claimed"][0], "claimed")
    if day is None or any(each.code == "NOT_ELIGIBLE" for each in line.found):
        return
    key = "each" if len(award.grades) < 2 else row.grade
    if key is None:
        return
    figure = policy.figure(award.code, key, day)
    if figure is None or figure.fen is None:
        line.add("NO_STANDARD", award.dated_by, detail=Text(day.isoformat(), day.isoformat()))
        return
    line.entitled = figure.fen
    if line.claimed is not None and line.claimed > figure.fen:
        line.add("OVER_CLAIMED", "claimed")
    elif line.claimed is not None and line.claimed < figure.fen:
        line.add("AMOUNT_BELOW", "claimed")
