"""From claim lines to entries (入账): keys of people, events, places, and the chain, a column at a time."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from trainingcli.errors import LedgerError
from trainingcli.language import Text
from trainingcli.ledger.chain import ENTRY_FIELDS
from trainingcli.ledger.keys import LedgerKey, starred

if TYPE_CHECKING:
    import pandas as pd

    from trainingcli.ledger.records import BatchRecord
    from trainingcli.ledger.store import Store

TRAINEE = "本人"
_TEXTS = (
    "place",
    "programme",
    "occupation",
    "level",
    "training_type",
    "start_date",
    "end_date",
    "certificate_date",
    "fund",
    "payee",
    "waiver",
)
_CLEAN = {0x00: "\ufffd", 0x1F: "\ufffd"}  # what the chain's text form has to itself
Slot = tuple[bytes, int, str]


class _Coded:
    """A column of texts as its distinct values and, for each row, which one it is: work is done once a value."""

    def __init__(self, column: pd.Series[Any]) -> None:
        array = pa.array(column, type=pa.string(), from_pandas=True)
        if isinstance(array, pa.ChunkedArray):
            array = array.combine_chunks()
        coded = array.dictionary_encode()
        self.values: list[str] = [value.translate(_CLEAN) for value in coded.dictionary.to_pylist()]
        self._codes = coded.indices.fill_null(len(self.values)).to_numpy()

    def spread(self, values: Sequence[object]) -> list[Any]:
        """Return, for each row, the item of `values` that stands for its value; None where the row has none."""
        table = np.empty(len(values) + 1, dtype=object)
        table[:-1] = values
        spread: list[Any] = table[self._codes].tolist()
        return spread

    def texts(self) -> list[str | None]:
        """Return the column itself; what is empty is None."""
        return self.spread([value or None for value in self.values])

    def keyed(self, key_of: Callable[[Iterable[str]], list[bytes]]) -> list[bytes | None]:
        """Return the column with every text that is not empty replaced by its key."""
        keys = dict(zip(texts := [value for value in self.values if value], key_of(texts), strict=True))
        return self.spread([keys.get(value) for value in self.values])


def entry_rows(
    store: Store, key: LedgerKey, batch: int, first: int, record: BatchRecord, lines: pd.DataFrame
) -> list[tuple[Any, ...]]:
    """Return the entries that the lines become, in the lines' order, as rows of `ENTRY_FIELDS`."""
    count = len(lines)
    columns: dict[str, Sequence[Any]] = {name: _Coded(lines[name]).texts() for name in _TEXTS}
    columns["entry"] = range(first, first + count)
    columns["batch"] = [batch] * count
    columns["kind"] = ["payment"] * count
    columns["reverses"] = [None] * count
    columns["line"] = _whole(lines["line"])
    columns["event_year"] = _whole(lines["event_year"])
    columns["own"] = _whole(lines["own"])
    columns["approved"] = _whole(lines["approved"])
    columns["person"] = _Coded(lines["id_number"]).keyed(key.people)
    columns["certificate"] = _Coded(lines["certificate_no"]).keyed(key.certificates)
    columns["repeat_key"] = _Coded(lines["key"]).texts()
    columns["payee"] = [
        TRAINEE if programme in record.paid_to_trainee else payee
        for programme, payee in zip(columns["programme"], columns["payee"], strict=True)
    ]
    slots: list[Slot] = list(zip(columns["person"], columns["event_year"], columns["place"], strict=True))
    events, new = _events(lines["event"].to_numpy(dtype="int64"), first)
    columns["event"] = events
    columns["place_no"] = _place_numbers(store, events, new, slots, record.trainings_a_year)
    return list(zip(*(columns[name] for name in ENTRY_FIELDS), strict=True))


def _whole(column: pd.Series[Any]) -> list[int]:
    numbers: list[int] = column.to_numpy(dtype="int64").tolist()
    return numbers


def _events(given: np.ndarray[Any, Any], first: int) -> tuple[list[int], list[int]]:
    """Return the event of each row, and the rows that open one: an event has the number of its first entry."""
    rows = np.flatnonzero(given < 0)
    _, opening, which = np.unique(given[rows], return_index=True, return_inverse=True)
    events = given.copy()
    events[rows] = first + rows[opening][which]
    return events.tolist(), np.sort(rows[opening]).tolist()


def _place_numbers(store: Store, events: list[int], new: list[int], slots: list[Slot], bound: int) -> list[int]:
    """Return each row's place: its event's own, or for a new event the next free one of that person and year."""
    found = store.look_up(
        "SELECT p.person, p.year, p.kind, p.place, p.event FROM {wanted} JOIN places p"
        " ON p.person = wanted.person AND p.year = wanted.year",
        {"person": [slot[0] for slot in slots], "year": [slot[1] for slot in slots]},
    )
    taken: dict[Slot, int] = {}  # the places of a slot that are taken, as bits
    held = {}
    for person, year, kind, place, event in found:
        slot = (person, year, kind)
        taken[slot] = taken.get(slot, 0) | 1 << (place - 1)
        held[event] = slot, place
    given: dict[int, int] = {}
    for row in new:
        slot = slots[row]
        bits = taken.get(slot, 0)
        place = (~bits & (bits + 1)).bit_length()  # the lowest bit that is not set
        if place > bound and slot[2] == "year":
            raise _over(bound)
        taken[slot] = bits | 1 << (place - 1)
        given[events[row]] = place
    return [
        given[event] if event in given else _held_place(held.get(event), slot)
        for event, slot in zip(events, slots, strict=True)
    ]


def _held_place(held: tuple[Slot, int] | None, slot: Slot) -> int:
    """Return the place that an event of the ledger holds, which must be of this person, year and kind."""
    if held is None or held[0] != slot:
        raise LedgerError(
            Text(
                "有明细所属的培训在台账中不占该名额（已冲销，或年度不符）；没有入账，请重新核定后再试",
                "a line belongs to a training that holds no such place in the ledger (reversed, or of another year); "
                "nothing was posted, settle again and retry",
            )
        )
    return held[1]


def header_inputs(record: BatchRecord) -> str:
    """Return the batch's inputs as the ledger keeps them: JSON; what looks like an ID number in a name is starred."""
    inputs = [{"file": starred(file), "sha256": sha256} for file, sha256 in record.inputs]
    return json.dumps(inputs, ensure_ascii=False, separators=(",", ":"))


def _over(bound: int) -> LedgerError:
    return LedgerError(
        Text(
            f"有人在同一年度的培训将超过 {bound} 次，台账拒绝；没有入账，请重新核定后再试",
            f"somebody would have more than {bound} trainings in one year; nothing was posted, settle again and retry",
        )
    )
