"""Held lines of bases and studios that still wait, from the archives of the awards' batches, which are few and small.

The ledger's index knows a unit by its kind and an award by its grade: not yet where either could not be read.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from trainingcli.facts import UNIT_KINDS
from trainingcli.views.line_codes import codes_of
from trainingcli.views.paid_lines import archive_lines

if TYPE_CHECKING:
    from trainingcli.ledger import Ledger

COLUMNS = (
    "status", "unit", "unit_name", "kind", "grade", "round", "programme", "recognised", "evaluated", "name",
    "id_number", "institution", "employer", "host",
)  # fmt: skip
_DAYS = ("recognised", "evaluated")
PAID = ("approved", "reduced")


def held_awards(ledger: Ledger) -> Iterator[dict[str, Any]]:
    """Yield the lines that nothing paid or refused since, by batch and line; `said`: what the archive says of each."""
    days = ledger.posted("awards")
    lines = [
        {"batch": batch, "line": line, "said": said}
        for batch in days
        for line, said in enumerate(archive_lines(ledger, batch, COLUMNS).to_pylist(), 1)
    ]
    by_name: dict[str, list[dict[str, Any]]] = {}
    for line in lines:
        for name in _names(line["said"]):
            by_name.setdefault(name, []).append(line)
    waiting = [
        line for line in lines if line["said"]["status"] == "held"
        and not any(_is_answered(line, by_name[name]) for name in _names(line["said"]))
    ]  # fmt: skip
    for batch in days:
        own = [line for line in waiting if line["batch"] == batch]
        codes = codes_of(ledger, batch, [line["line"] for line in own])
        yield from (
            {**line, "programme": line["said"]["programme"], "codes": codes[line["line"]], "since": days[batch]}
            for line in own
        )


def _names(said: Mapping[str, Any]) -> set[str]:
    """Return the names as compared by which a line's unit may be known: of an unknown kind that of either."""
    from trainingcli.awards.unit_names import unit_name

    if said["unit_name"]:
        return {said["unit_name"]}
    return {unit_name(said["unit"], kind) for kind in UNIT_KINDS} if said["unit"] else set()


def _is_answered(held: Mapping[str, Any], lines: Sequence[Mapping[str, Any]]) -> bool:
    """Say whether a later line, or a paid one of the same batch, is of the same unit and award."""
    return any(
        (line["batch"] > held["batch"] or (line["batch"] == held["batch"] and line["said"]["status"] in PAID))
        and line["said"]["status"] != "posted"
        and _answers(line["said"], held["said"])
        for line in lines
        if line["batch"] >= held["batch"]
    )


def _answers(one: Mapping[str, Any], held: Mapping[str, Any]) -> bool:
    """Say whether a line is the held one again, a word corrected: nothing that both say contradicts."""
    from trainingcli.awards.kinds import GRADES

    if not _is_same_unit(one, held) or held["programme"] not in (None, one["programme"]):
        return False
    if held["programme"] is None and not any(one[day] and one[day] == held[day] for day in _DAYS):
        return False
    grades = [said["grade"] if said["grade"] in GRADES else None for said in (one, held)]
    return _agree(*grades) and _agree(one["round"], held["round"])


def _is_same_unit(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Compare kind and name; where only one line's kind is known, by the name that the other has as one of it."""
    return _agree(one["kind"], other["kind"]) and bool(_names(one) & _names(other))


def _agree(one: str | None, other: str | None) -> bool:
    return not one or not other or one == other
