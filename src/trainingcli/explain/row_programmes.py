"""What each programme says of a row: whether it fits, which fields it uses, what the plan gives."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandas as pd

from trainingcli.explain.settled_row import SettledRow
from trainingcli.fields import label
from trainingcli.language import tr
from trainingcli.policy import Figure
from trainingcli.reasons import reason
from trainingcli.reports.data.shown_values import as_text, yuan
from trainingcli.settle.programmes.base import Programme
from trainingcli.settle.settlement import ALWAYS


def programme_on(row: SettledRow, programme: Programme, lines: Any) -> dict[str, Any]:
    """Say whether a programme fits, which fields it uses, and what the plan gives."""
    claimed = row.assessment.lines["programme"].iloc[lines]
    fits = bool(programme.fits(row.rows, row.policy)[row.at])
    is_claimed = bool((claimed == programme.code).any())
    entry = row.policy.programmes[programme.code]
    found: dict[str, Any] = {
        "programme": programme.code,
        "name": str(entry.name),
        "clause": entry.clause,
        "claimed_here": is_claimed,
        "fits": fits,
        "why_not": [] if fits else list(_why_not(row, programme)),
    }
    if fits or is_claimed:
        found["fields"] = list(_fields(row, programme))
        found["figure"] = _figure(row, programme)
        found |= _entitlement(row, programme)
    return found


def _why_not(row: SettledRow, programme: Programme) -> Iterator[dict[str, str]]:
    """Yield the fields that speak against a programme: another value than it is for, or none."""
    decided = False
    for field, mask in programme.ineligible(row.rows, row.policy):
        if mask[row.at]:
            decided = True
            value = row.value(field) or tr("空白", "blank")
            message = reason("NOT_ELIGIBLE").message.format(field=label(field), value=value)
            yield {"field": field, "why": str(message)}
    for field, _, state in _states(row, programme):
        if state != "given":
            decided = True
            why = tr(f"{label(field)}未填写", f"{label(field)} is empty")
            fault = tr(f"{label(field)}有问题：", f"{label(field)} is at fault: ") + state
            yield {"field": field, "why": why if state == "missing" else fault}
    if not decided:
        entry = row.policy.programmes[programme.code]
        yield {
            "field": "",
            "why": tr(f"不在{entry.name}的对象范围内", f"not among those that it is for: {entry.name}"),
        }


def _states(row: SettledRow, programme: Programme) -> Iterator[tuple[str, str, str]]:
    """Yield field, use and state (given, missing, or the codes of its faults) of what a programme needs."""
    for field, use in {**ALWAYS, **programme.uses}.items():
        used = bool(programme.used(field, row.rows, row.policy)[row.at])
        if used and use.name != "USED":
            missing = bool(row.rows.missing(field)[row.at])
            codes = "、".join(row.codes(field))
            yield field, use.name.lower(), "missing" if missing else codes or "given"


def _fields(row: SettledRow, programme: Programme) -> Iterator[dict[str, Any]]:
    for field, use in {**ALWAYS, **programme.uses}.items():
        yield {
            "field": field,
            "use": use.name.lower(),
            "speaks": bool(programme.used(field, row.rows, row.policy)[row.at]),
            "value": row.value(field),
            "missing": bool(row.rows.missing(field)[row.at]),
            "findings": row.codes(field),
        }


def _figure(row: SettledRow, programme: Programme) -> dict[str, Any] | None:
    """Return the plan's figure in force on the date that counts, with its source; None where none is."""
    entry = row.policy.programmes[programme.code]
    day = pd.Timestamp(programme.dates(row.rows, row.policy)[row.at])
    places, keys = programme.figure_keys(row.rows, row.policy)
    key = keys[places[row.at]]
    if pd.isna(day) or key is None:
        return None
    figure = row.policy.figure(programme.code, key, day.date())
    return None if figure is None else _shown_figure(figure, key, entry.dated_by, as_text(day), str(entry.unit))


def _entitlement(row: SettledRow, programme: Programme) -> dict[str, Any]:
    given = programme.entitlement(row.rows, row.policy, row.standards)
    standard, has_standard = row.standards.of(row.rows, programme.dates(row.rows, row.policy))
    return {
        "entitled": yuan(int(given.fen[row.at])) if given.known[row.at] else None,
        "days": int(given.days[row.at]) if given.days is not None and given.known[row.at] else None,
        "standard": yuan(int(standard[row.at])) if programme.is_ceiling and has_standard[row.at] else None,
    }


def _shown_figure(figure: Figure, key: str, dated_by: str, day: str, unit: str) -> dict[str, Any]:
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
