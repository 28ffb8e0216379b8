"""What `progress` counts of the ledger: the standing payments of people, cut down to numbers as they are read.

Texts become numbers of few words, people and certificates numbers of their own: millions of lines are some bytes each.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc

from trainingcli.ledger.entry_frames import KEY
from trainingcli.views.districts import Districts
from trainingcli.views.paid_lines import paid_lines
from trainingcli.views.progress_files import is_employed

if TYPE_CHECKING:
    from trainingcli.ledger import Ledger

WORDS = ("district", "category", "level")
_KEYS = ("subject", "certificate")
_ASKED = ("event", "event_year", "subject_kind", "reversed_on", "is_employee", "employed", *_KEYS, *WORDS)
_SAYS = ("is_employee", "works", "idle", "told")


@dataclass(frozen=True)
class StandingLines:
    """`table`: `event`, `event_year`, `subject`, `certificate` (numbers), `is_employee`, `works`, `idle` (what rosters
    wrote of somebody's work), `told` (what the employment workbooks say), and `WORDS` as places in `texts`.
    """

    table: pa.Table
    texts: Mapping[str, list[str]]


def standing_lines(ledger: Ledger, employment: Mapping[str, bool], districts: Districts) -> StandingLines:
    """Read them, in posting order; `employment`: ID number → works."""
    asked = [*_ASKED, *(["id_number"] if employment else [])]
    told = (pa.array(list(employment), pa.string()), pa.array(list(employment.values()), pa.bool_()))
    places: dict[str, dict[str, int]] = {name: {} for name in WORDS}
    found = [_cut(table, told, places) for table in paid_lines(ledger, asked, districts=districts)]
    whole = pa.concat_tables(found) if found else _EMPTY
    for name in _KEYS:
        at = whole.schema.get_field_index(name)
        whole = whole.set_column(at, name, whole[name].combine_chunks().dictionary_encode().indices)
    return StandingLines(whole, {name: list(words) for name, words in places.items()})


def _cut(paid: pa.Table, told: tuple[Any, Any], places: Mapping[str, dict[str, int]]) -> pa.Table:
    lines = paid.filter(pc.and_(pc.is_null(paid["reversed_on"]), pc.equal(paid["subject_kind"], "person")))
    data: dict[str, Any] = {name: lines[name] for name in ("event", "event_year", *_KEYS, "is_employee")}
    said = {text: is_employed(text) for text in pc.unique(lines["employed"]).to_pylist()}
    for name, wanted in (("works", True), ("idle", False)):
        words = pa.array([text for text, says in said.items() if says is wanted], pa.string())
        data[name] = pc.is_in(lines["employed"], words)
    people, works = told
    asked = (
        pc.index_in(lines["id_number"], people).combine_chunks() if len(people) else pa.nulls(len(lines), pa.int32())
    )
    data["told"] = works.take(asked)
    return pa.table(data | {name: _coded(lines[name], places[name]) for name in WORDS})


def _coded(texts: Any, places: dict[str, int]) -> Any:
    """Return texts as places among those that were met; null stays null."""
    coded = texts.combine_chunks().dictionary_encode()
    own = [places.setdefault(text, len(places)) for text in coded.dictionary.to_pylist()]
    return pa.array(own, pa.int32()).take(coded.indices)


_EMPTY = pa.table(
    {"event": pa.array([], pa.int64()), "event_year": pa.array([], pa.int64())}
    | {name: pa.array([], KEY) for name in _KEYS}
    | {name: pa.array([], pa.bool_()) for name in _SAYS}
    | {name: pa.array([], pa.int32()) for name in WORDS}
)
