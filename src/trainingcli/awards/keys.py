"""In order of their dates lines take what a unit gets once; what was paid or taken already is not paid again."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from trainingcli.awards.archives import Paid, UnitHistory
from trainingcli.awards.kinds import NATION, PROMOTION, PROVINCE, on_day
from trainingcli.awards.lines import AwardLine, Unit
from trainingcli.awards.unit_register import UnitRegister
from trainingcli.language import Text
from trainingcli.policy import Policy


@dataclass
class _Taken:
    """What lines of the batch have taken: unit and once-key → the line; unit → its evaluation awards."""

    keys: dict[tuple[Unit, str], AwardLine] = field(default_factory=dict)
    rounds: dict[Unit, list[AwardLine]] = field(default_factory=dict)
    units: dict[Unit, AwardLine] = field(default_factory=dict)


def in_order(lines: Sequence[AwardLine]) -> list[AwardLine]:
    """Return the lines in the order in which they take keys: by date, undated ones last, then as they stand."""
    return sorted(lines, key=lambda line: (line.date is None, line.date or dt.date.max))


def take(lines: Sequence[AwardLine], history: UnitHistory, register: UnitRegister, policy: Policy) -> None:
    """Give the keys out, line by line; each line has its own reasons by now."""
    taken = _Taken()
    for line in in_order(lines):
        named, key = line.row.unit, line.key
        if named is None:
            continue
        unit = register.unit(named)
        line.paid_before = sum(each.yuan for each in history.awards(unit))
        if line.award is None or key is None or line.status == "rejected":
            continue
        earlier = next((each for each in history.awards(unit) if each.key == key), None)
        if earlier is not None:
            line.posted, line.paid = True, earlier.yuan if earlier.shared else 0
            line.add("ALREADY_POSTED", "unit", detail=_where(earlier))
            continue
        day = None if line.date is None else line.date.isoformat()
        told = history.taken_back(unit, key, on_day(line.award, day))
        if told is not None:
            line.add("REVERSED_BEFORE", "unit", detail=told)
        _paid_as_lower(line, history.awards(unit))
        _round_unclear(line, [*history.awards(unit), *taken.rounds.get(unit, ())], policy)
        if line.is_payable:
            _take(line, unit, key, taken, policy, history)


def _take(line: AwardLine, unit: Unit, key: str, taken: _Taken, policy: Policy, history: UnitHistory) -> None:
    first = taken.keys.get((unit, key))
    if first is None and policy.parameter("awards_stack") == "one":
        first = taken.units.get(unit)
        if first is None and history.awards(unit):
            line.add("DUPLICATE_CLAIM", "unit", detail=_where(history.awards(unit)[0]))
            return
    if first is not None:
        detail = Text(f"{first.row.sheet} 第{first.row.row}行", f"{first.row.sheet} row {first.row.row}")
        line.add("DUPLICATE_CLAIM", "unit", detail=detail)
        return
    taken.keys[unit, key] = line
    taken.units.setdefault(unit, line)
    if line.award is not None and line.award.is_evaluation:
        taken.rounds.setdefault(unit, []).append(line)


def _where(paid: Paid) -> Text:
    return Text(f"第{paid.batch}批第{paid.line}笔", f"batch {paid.batch}, line {paid.line}")


def _paid_as_lower(line: AwardLine, paid: Sequence[Paid]) -> None:
    """Hold a 国家级 promotion whose document was paid as 省级 (Q16)."""
    if line.code != PROMOTION or line.row.grade != NATION or line.row.document is None:
        return
    for each in paid:
        if each.award == PROMOTION and each.grade == PROVINCE and each.document == line.row.document:
            line.add("PAID_AS_LOWER", "document", detail=_where(each))


def _round_unclear(line: AwardLine, others: Sequence[Paid | AwardLine], policy: Policy) -> None:
    """Hold an evaluation award near another round's: perhaps one evaluation under two names."""
    award = line.award
    if award is None or not award.is_evaluation:
        return
    for other_round, day in _evaluations(others, award.code):
        near = line.date is None or day is None or abs((line.date - day).days) <= policy.parameter("round_days")
        if other_round != line.row.round and near:
            line.add("ROUND_UNCLEAR", "round", detail=Text(f"{other_round}", f"{other_round}"))
            return


def _evaluations(others: Sequence[Paid | AwardLine], code: str) -> Iterator[tuple[str | None, dt.date | None]]:
    for each in others:
        if isinstance(each, AwardLine):
            if each.code == code:
                yield each.row.round, each.date
        elif each.award == code:
            yield each.round, None if each.date is None else dt.date.fromisoformat(each.date)
