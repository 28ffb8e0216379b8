"""What is still open (待核): lines that posted batches held and nothing has paid or refused since, with their age."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import groupby
from typing import TYPE_CHECKING, Any

from trainingcli.compared import folded_name
from trainingcli.language import tr
from trainingcli.masking import UnitName, masked_object
from trainingcli.result import Block, Listing, Table, columns
from trainingcli.views.paid_lines import some_archived
from trainingcli.views.still_open import still_open
from trainingcli.views.words import UNSTATED, programme_words, reason_words

if TYPE_CHECKING:
    from trainingcli.ledger import Ledger
    from trainingcli.policy import Policy

SCHEMA = "trainingcli.held/1"
LINES = Listing(
    "lines",
    columns("""
    batch        批次      count  Batch
    line         明细      count  Line
    institution  培训机构  text   Institution
    name         姓名      text   Name
    id_number    身份证号  code   ID number
    programme    补贴项目  text   Programme
    codes        原因      text   Reasons
    since        入账日    date   Since
    days         天数      count  Days
    """),
)
_WHERE = ("institution", "employer", "host")  # of a base or a studio its host, and its own name for a person's


def document(ledger: Ledger, today: dt.date) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """Return the lines, and the document's other facts: of one state of the ledger."""
    with ledger.one_state():
        return held(ledger, today), {"ledger": ledger.head().shown()}


def held(ledger: Ledger, today: dt.date) -> list[dict[str, Any]]:
    """Return the lines by institution (its employer or host where there is none), then batch and line."""
    with ledger.one_state():
        refused = ledger.refused()
        facts = some_archived(
            ledger,
            ((row["batch"], row["line"]) for row in refused if row["status"] == "held"),
            ("name", "unit", "id_number", *_WHERE),
        )
        people = [said["id_number"] for said in facts.values() if said["id_number"]]
        rows = [row for row in still_open(ledger, refused, people) if row["status"] == "held"]
    found = [_line(row, facts[row["batch"], row["line"]], today) for row in rows]
    return sorted(found, key=_by_institution)


def _by_institution(row: Mapping[str, Any]) -> tuple[bool, str]:
    return row["institution"] is None, folded_name(row["institution"] or "")


def _line(row: Mapping[str, Any], said: Mapping[str, Any], today: dt.date) -> dict[str, Any]:
    return {
        "batch": row["batch"],
        "line": row["line"],
        "institution": next((said[name] for name in _WHERE if said[name]), None),
        "name": said["name"] or (UnitName(said["unit"]) if said["unit"] else None),
        "id_number": said["id_number"],
        "programme": row["programme"] or None,
        "codes": row["codes"].split(),
        "since": row["since"],
        "days": (today - dt.date.fromisoformat(row["since"])).days,
    }


def screen(rows: Sequence[Mapping[str, Any]], policy: Policy, *, unmask: bool) -> Iterator[Block]:
    """Yield a table an institution, reasons in words."""
    words = {"programme": programme_words(policy), "codes": reason_words()}
    shown = [
        replace(column, words=words.get(column.key, {})) for column in LINES.columns if column.key != "institution"
    ]
    for _, group in groupby(rows, _by_institution):
        own = list(group)
        title = f"{own[0]['institution'] or UNSTATED}（{tr(f'{len(own)} 笔待核', f'{len(own)} held')}）"
        yield Table(shown, own if unmask else masked_object(own), title)
