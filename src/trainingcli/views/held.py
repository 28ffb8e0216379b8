"""What is still open (待核): lines that posted batches held and nothing has paid or refused since, with their age."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from trainingcli.compared import folded_name
from trainingcli.language import tr
from trainingcli.masking import UnitName, masked_object
from trainingcli.result import Block, Listing, Table, columns
from trainingcli.views.held_awards import held_awards
from trainingcli.views.line_codes import codes_of, whole
from trainingcli.views.paid_lines import archive_lines
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
_TRAINING = ("id_number", "programme", "start_date", "certificate_date", "occupation", "level")
_WHERE = ("institution", "employer", "host")  # of a base or a studio its host, and its own name for a person's


def document(ledger: Ledger, today: dt.date) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """Return the lines, and the document's other facts: of one state of the ledger."""
    with ledger.one_state():
        return held(ledger, today), {"ledger": ledger.head().shown()}


def held(ledger: Ledger, today: dt.date) -> list[dict[str, Any]]:
    """Return the lines by institution (its employer or host where there is none), then batch and line."""
    with ledger.one_state():
        found = [*_of_people(ledger), *held_awards(ledger)]
    found.sort(key=itemgetter("batch", "line"))
    return sorted((_line(row, row["said"], today) for row in found), key=_by_institution)


def _of_people(ledger: Ledger) -> list[dict[str, Any]]:
    refused = ledger.refused()
    every = [*_held_lines(ledger, refused), *(row for row in refused if row["status"] != "held")]
    people = [row["said"]["id_number"] for row in every if row["status"] == "held"]
    return [row for row in still_open(ledger, every, people) if row["status"] == "held"]


def _held_lines(ledger: Ledger, refused: Sequence[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Yield every held line of the batch that a training was last refused in; `said`: what its archive says.

    The ledger's index has one line of each training, programme and batch; a roster may have the same one twice.
    """
    for batch, group in groupby(refused, itemgetter("batch")):
        rows = list(group)
        lines = archive_lines(ledger, batch, ("status", "name", "unit", *_WHERE, *_TRAINING))
        places = [place for place, status in enumerate(lines["status"].to_pylist()) if status == "held"]
        if not places:
            continue
        latest = lines.take(whole(row["line"] - 1 for row in rows)).to_pylist()
        of_training = {_training(said): row for said, row in zip(latest, rows, strict=True)}
        found = [
            ({**row, "line": place + 1, "status": "held", "said": said}, row)
            for place, said in zip(places, lines.take(whole(places)).to_pylist(), strict=True)
            if said["id_number"] and (row := of_training.get(_training(said))) is not None
        ]
        codes = codes_of(ledger, batch, [one["line"] for one, row in found if one["line"] != row["line"]])
        yield from ({**one, "codes": codes.get(one["line"], row["codes"].split())} for one, row in found)


def _training(said: Mapping[str, Any]) -> tuple[Any, ...]:
    """Return what the index tells people's trainings and programmes by."""
    day = said["start_date"] or said["certificate_date"]
    words = (folded_name(said[name] or "") for name in ("occupation", "level"))
    return (said["id_number"], said["programme"], day, *words)


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
        "codes": row["codes"],
        "since": row["since"],
        "days": (today - dt.date.fromisoformat(row["since"])).days,
    }


def screen(rows: Sequence[Mapping[str, Any]], policy: Policy, *, unmask: bool) -> Iterator[Block]:
    """Yield a table an institution, reasons in words."""
    words = {"programme": programme_words(policy), "codes": reason_words()}
    columns = [column for column in LINES.columns if column.key != "institution"]
    shown = [column._replace(words=words.get(column.key, {})) for column in columns]
    for _, group in groupby(rows, _by_institution):
        own = list(group)
        title = f"{own[0]['institution'] or UNSTATED}（{tr(f'{len(own)} 笔待核', f'{len(own)} held')}）"
        yield Table(shown, own if unmask else masked_object(own), title)
