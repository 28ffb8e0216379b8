"""What of two policies differs and can change an outcome: dotted keys, clause, both values."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from trainingcli.language import tr
from trainingcli.money import yuan_text
from trainingcli.policy import Figure, Policy, ProgrammeEntry
from trainingcli.policy.set_values import ALL_DAYS
from trainingcli.result import Listing, columns

DIFFERENCES = Listing("parameters", columns("""
    key     项目  text  Entry
    clause  条款  code  Clause
    from    原为  text  From
    to      改为  text  To
"""))  # fmt: skip
SCHEMA = "trainingcli.policy-diff/1"


@dataclass(frozen=True)
class Difference:
    """An entry of which two policies say something else; None where one has no such entry. Values are plain."""

    key: str
    clause: str
    before: Any
    after: Any

    def row(self) -> dict[str, Any]:
        """Return the entry as documents have it."""
        return {"key": self.key, "clause": self.clause, "from": self.before, "to": self.after}

    def shown(self) -> dict[str, Any]:
        """Return the entry as it is read: values as one text."""
        return {**self.row(), "from": said(self.before), "to": said(self.after)}


def differences(before: Policy, after: Policy) -> list[Difference]:
    """Return the entries that differ, in the policy's order; texts and sources, which change no outcome, apart."""
    old, new = dict(_entries(before)), dict(_entries(after))
    nothing = ("", None)
    keys = [key for key in dict.fromkeys([*old, *new]) if old.get(key, nothing)[1] != new.get(key, nothing)[1]]
    return [
        Difference(key, (new.get(key) or old[key])[0], old.get(key, nothing)[1], new.get(key, nothing)[1])
        for key in keys
    ]


def said(value: Any) -> str:
    """Return a value as one text: `2019-01-01 起 300.00；2021-01-01 起 方案未列`."""
    if value is None:
        return tr("无", "none")
    if isinstance(value, list) and value and isinstance(value[0], dict):
        return tr("；", "; ").join(f"{_since(each['from'])} {_figure(each)}" for each in value)
    if isinstance(value, list):
        return "、".join(map(str, value)) or tr("（空）", "(empty)")
    if isinstance(value, dict):
        return "、".join(f"{name}: {each}" for name, each in value.items()) or tr("（空）", "(empty)")
    return str(value)


def _since(day: str) -> str:
    return tr("所有日期", "on all days") if day == ALL_DAYS.isoformat() else tr(f"{day} 起", f"from {day}")


def _figure(entry: dict[str, Any]) -> str:
    value = entry["yuan"] if "yuan" in entry else entry["number"]
    named = {None: tr("停止", "ended"), "unstated": tr("方案未列", "not stated")}
    return named[value] if value in named else str(value)


def _entries(policy: Policy) -> Iterator[tuple[str, tuple[str, Any]]]:
    for part, programmes in (("programmes", policy.programmes), ("awards", policy.awards)):
        for code, entry in programmes.items():
            for name, value in _of_programme(entry):
                yield f"{part}.{code}.{name}", (entry.clause, value)
            for key, figures in entry.amounts.items():
                yield f"{part}.{code}.amounts.{key}", (figures[-1].clause, [_dated(figure) for figure in figures])
    for code, quantity in policy.quantities.items():
        numbers = [{"from": each.since.isoformat(), "number": each.number} for each in quantity.values]
        yield f"quantities.{code}", (quantity.clause, numbers)
    for reading in policy.all_readings:
        yield f"parameters.{reading.parameter}", (reading.clause, _plain(reading.value))


def _of_programme(entry: ProgrammeEntry) -> Iterator[tuple[str, Any]]:
    yield "headings", list(entry.headings)
    yield "fund", entry.fund
    yield "payee", list(entry.payee)
    yield "basis", entry.basis
    yield "dated_by", entry.dated_by


def _dated(figure: Figure) -> dict[str, Any]:
    yuan = figure.state if figure.state == "unstated" else None if figure.fen is None else yuan_text(figure.fen)
    return {"from": figure.since.isoformat(), "yuan": yuan}


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    return list(value) if isinstance(value, tuple) else value
