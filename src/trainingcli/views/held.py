"""What is still open (待核): lines that posted batches held and nothing has paid or refused since, with their age."""

from __future__ import annotations

import datetime as dt
from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc

from trainingcli.claims.batch_archive import unpack_table
from trainingcli.compared import folded_name
from trainingcli.language import tr
from trainingcli.masking import UnitName, masked_object
from trainingcli.result import Block, Listing, Table, columns
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
_TRAINING = (
    "id_number", "unit_name", "kind", "grade", "round", "programme", "start_date", "certificate_date", "occupation",
    "level",
)  # fmt: skip
_WHERE = ("institution", "employer", "host")  # of a base or a studio its host, and its own name for a person's


def document(ledger: Ledger, today: dt.date) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """Return the lines, and the document's other facts: of one state of the ledger."""
    with ledger.one_state():
        return held(ledger, today), {"ledger": ledger.head().shown()}


def held(ledger: Ledger, today: dt.date) -> list[dict[str, Any]]:
    """Return the lines by institution (its employer or host where there is none), then batch and line."""
    with ledger.one_state():
        refused = ledger.refused()
        every = [*_held_lines(ledger, refused), *({**row, "said": {}} for row in refused if row["status"] != "held")]
        people = [number for row in every if (number := row["said"].get("id_number"))]
        rows = [row for row in still_open(ledger, every, people) if row["status"] == "held"]
    return sorted((_line(row, row["said"], today) for row in rows), key=_by_institution)


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
        latest = lines.take(_whole(row["line"] - 1 for row in rows)).to_pylist()
        of_training = {_training(said): row for said, row in zip(latest, rows, strict=True)}
        found = [
            ({**row, "line": place + 1, "status": "held"}, row["line"], said)
            for place, said in zip(places, lines.take(_whole(places)).to_pylist(), strict=True)
            if (row := of_training.get(_training(said))) is not None
        ]
        codes = _codes(ledger, batch, [row["line"] for row, line, _ in found if row["line"] != line])
        yield from ({**row, "codes": codes.get(row["line"], row["codes"]), "said": said} for row, _, said in found)


def _whole(numbers: Iterable[int]) -> Any:
    """Return an array of whole numbers; of a list Arrow makes one by way of pandas, which starts slowly."""
    data = array("q", numbers)
    return pa.Array.from_buffers(pa.int64(), len(data), [None, pa.py_buffer(data)])


def _training(said: Mapping[str, Any]) -> tuple[Any, ...]:
    """Return what the index tells trainings and programmes by."""
    day = said["start_date"] or said["certificate_date"]
    words = (folded_name(said[name] or "") for name in ("occupation", "level"))
    return (*(said[name] for name in _TRAINING[:6]), day, *words)


def _codes(ledger: Ledger, batch: int, lines: Sequence[int]) -> dict[int, str]:
    """Return what holds these lines, as the ledger's index has it: codes, joined by blanks."""
    if not lines:
        return {}
    reasons = unpack_table(ledger.archive(batch), ("line", "severity", "code"), "reasons")
    own = pc.is_in(reasons["line"].cast(pa.int64()), _whole(line - 1 for line in lines))
    found: dict[int, dict[str, None]] = {line: {} for line in lines}
    for reason in reasons.filter(own).to_pylist():
        if reason["severity"] in ("hold", "reject"):
            found[reason["line"] + 1][reason["code"]] = None
    return {line: " ".join(codes) for line, codes in found.items()}


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
