"""The policy (政策) for a terminal and for programs: figures in force, default readings, clauses with departments."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from trainingcli import terminal_text as plain
from trainingcli.language import Text, tr
from trainingcli.money import yuan_text
from trainingcli.reports.data.json_text import dump
from trainingcli.result import Block, Column, Listing, Prose

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from trainingcli.policy import Clause, DatedNumber, Figure, Policy, ProgrammeEntry, Quantity, Reading

SCHEMA = "trainingcli.policy/1"
View = dict[str, Any]
"""The document that `policy --format json` prints; texts are in the language in use."""


def view(policy: Policy, on: date, clause: str | None = None) -> View:
    """Return what the policy says on a day; of one clause (with those under it) where one is named."""
    entries = (*policy.programmes.values(), *policy.awards.values())
    figures = [row for entry in entries for row in _figures(entry, policy, on)]
    dated = [(entry, policy.number(entry.code, on)) for entry in policy.quantities.values()]
    figures += [_quantity(entry, found) for entry, found in dated if found is not None]
    chosen = {
        "figures": figures,
        "readings": [_reading(entry) for entry in policy.all_readings],
        "clauses": [_clause(entry) for entry in policy.clauses()],
    }
    if clause is not None:
        chosen = {name: [row for row in rows if _is_under(row["clause"], clause)] for name, rows in chosen.items()}
    head = {"id": policy.id, "sha256": policy.sha256, "title": str(policy.title)}
    return {"policy": head, "on": on.isoformat(), **chosen}


def _is_under(number: str, wanted: str) -> bool:
    """Say whether a clause is the one wanted or stands under it: 二(二)2 under 二(二) under 二."""
    rest = number.removeprefix(wanted)
    return rest != number and (not rest or not rest[0].isdigit() or not wanted[-1].isdigit())


def _figures(entry: ProgrammeEntry, policy: Policy, on: date) -> list[dict[str, Any]]:
    found = [(key, policy.figure(entry.code, key, on)) for key in entry.amounts]
    return [_figure(entry, key, figure) for key, figure in found if figure is not None]


def _figure(entry: ProgrammeEntry, key: str, figure: Figure) -> dict[str, Any]:
    yuan = None if figure.fen is None else yuan_text(figure.fen)
    name = str(entry.name) if key == "each" else f"{entry.name} {key}"
    return {
        "code": entry.code, "key": key, "name": name, "state": figure.state, "value": yuan, "unit": str(entry.unit),
        "clause": figure.clause, "since": figure.since.isoformat(), "source": figure.source, "fund": entry.fund,
    }  # fmt: skip


def _quantity(entry: Quantity, found: DatedNumber) -> dict[str, Any]:
    return {
        "code": entry.code, "key": None, "name": str(entry.name), "state": "stated", "value": str(found.number),
        "unit": str(entry.unit), "clause": entry.clause, "since": found.since.isoformat(), "source": found.source,
        "fund": None,
    }  # fmt: skip


def _reading(entry: Reading) -> dict[str, Any]:
    value = list(entry.value) if isinstance(entry.value, tuple) else entry.value
    return {
        "question": entry.number or None, "parameter": entry.parameter, "value": value, "clause": entry.clause,
        "plan": str(entry.plan), "reading": str(entry.text),
    }  # fmt: skip


def _clause(entry: Clause) -> dict[str, Any]:
    return {
        "clause": entry.number, "title": str(entry.title), "asks": str(entry.asks), "lead": entry.lead,
        "others": list(entry.others), "open": entry.open,
    }  # fmt: skip


ROWS = Listing(
    "rows",
    tuple(Column(key, Text(key, key)) for key in ("kind", "clause", "name", "value", "unit", "since", "text")),
)


def rows(found: View) -> list[dict[str, Any]]:
    """Return figures, readings and clauses as one list of like rows, the document's main list."""
    kinds = (("figure", "figures"), ("reading", "readings"), ("clause", "clauses"))
    return [{"kind": kind, **_flat(kind, row)} for kind, name in kinds for row in found[name]]


def _flat(kind: str, row: dict[str, Any]) -> dict[str, Any]:
    if kind == "figure":
        name, value, text = row["name"], row["value"], row["source"]
    elif kind == "reading":
        name, value, text = row["parameter"], dump(row["value"]), row["reading"]
    else:
        name, value, text = row["title"], "、".join(filter(None, [row["lead"], *row["others"]])), row["asks"]
    dated = {"unit": row.get("unit"), "since": row.get("since")}
    return {"clause": row["clause"], "name": name, "value": value, **dated, "text": text}


def screen(found: View, room: int) -> Iterator[Block]:
    """Yield the view as text: figures, readings, clauses."""
    room = min(room, plain.WIDEST)
    policy = found["policy"]
    parts = [f"{policy['title']}  {policy['id']}\nSHA-256 {policy['sha256']}\n"]
    if found["figures"]:
        title = tr(f"{found['on']} 执行的标准", f"Figures in force on {found['on']}")
        parts.append(title + "\n" + "\n".join(_figure_lines(row, room) for row in found["figures"]) + "\n")
    if found["readings"]:
        title = tr("口径（方案未写明之处怎样办）", "Readings (what is done where the plan is silent)")
        parts.append(title + "\n" + "\n".join(_reading_lines(row, room) for row in found["readings"]) + "\n")
    if found["clauses"]:
        title = tr("条款（牵头部门；配合部门）", "Clauses (who leads; who shares)")
        parts.append(title + "\n" + "\n".join(_clause_lines(row, room) for row in found["clauses"]) + "\n")
    yield Prose("\n".join(parts).rstrip("\n"))


_STATES = {"unstated": Text("方案未列", "not stated"), "ended": Text("已停止", "ended")}


def _figure_lines(row: dict[str, Any], room: int) -> str:
    value = f"{row['value']} {row['unit']}" if row["value"] else str(_STATES[row["state"]])
    since = tr(f"{row['since']} 起", f"since {row['since']}")
    head = f"{row['name']}  {value}  {row['clause']}  {since}"
    return plain.paragraph(head, room, 2) + "\n" + plain.paragraph(f"“{row['source']}”", room, 6)


def _reading_lines(row: dict[str, Any], room: int) -> str:
    value = row["value"]
    if isinstance(value, list):
        value = "、".join(value)
    elif isinstance(value, dict):
        terms = {key: "、".join(term) if isinstance(term, list) else term for key, term in value.items()}
        value = "；".join(f"{key} → {term}" for key, term in terms.items())
    head = "  ".join(filter(None, [row["question"], f"{row['parameter']} = {value}", row["clause"]]))
    plan = tr("方案：", "Plan: ") + row["plan"]
    reading = tr("口径：", "Reading: ") + row["reading"]
    return "\n".join(
        (plain.paragraph(head, room, 2), plain.paragraph(plan, room, 6), plain.paragraph(reading, room, 6))
    )


def _clause_lines(row: dict[str, Any], room: int) -> str:
    others = "、".join(row["others"]) + (tr("等", " and others") if row["open"] else "")
    departments = tr("；", "; ").join(filter(None, [row["lead"], others]))
    head = f"{row['clause']}  {row['title']}" + (tr(f"（{departments}）", f" ({departments})") if departments else "")
    return plain.paragraph(head, room, 2) + "\n" + plain.paragraph(row["asks"], room, 6)
