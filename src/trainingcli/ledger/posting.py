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
from trainingcli.ledger.keys import LedgerKey
from trainingcli.masking import starred, without_numbers

if TYPE_CHECKING:
    import pandas as pd

    from trainingcli.ledger.records import BatchRecord
    from trainingcli.ledger.store import Store

TRAINEE = "本人"
_TEXTS = ("place", "programme", "start_date", "end_date", "certificate_date", "day")
# Free text is kept for good: a cell in the wrong column leaves no number of a person here. JSON stays JSON.
_FREE = dict.fromkeys(("occupation", "level", "training_type", "fund", "payee"), without_numbers)
_FREE |= dict.fromkeys(("key", "once_key", "waiver", "decision", "facts"), starred)
_CLEAN = {0x00: "\ufffd"}  # PostgreSQL holds none
Slot = tuple[bytes, int, str | None]


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

    def texts(self, form: Callable[[str], str] = str) -> list[str | None]:
        """Return the column itself, each text in a form; what is empty is None."""
        return self.spread([form(value) or None for value in self.values])

    def keyed(self, key_of: Callable[[Iterable[str]], list[bytes]]) -> list[bytes | None]:
        """Return the column with every text that is not empty replaced by its key."""
        keys = dict(zip(texts := [value for value in self.values if value], key_of(texts), strict=True))
        return self.spread([keys.get(value) for value in self.values])


def entry_rows(
    store: Store, key: LedgerKey, batch: int, first: int, record: BatchRecord, lines: pd.DataFrame
) -> list[tuple[Any, ...]]:
    """Return the entries that the lines become, in the lines' order, as rows of `ENTRY_FIELDS`; then further names."""
    count = len(lines)
    forms = dict.fromkeys(_TEXTS, str) | _FREE
    columns: dict[str, Sequence[Any]] = {
        name: _Coded(lines[name]).texts(form) for name, form in forms.items() if name in lines.columns
    }
    columns["entry"] = range(first, first + count)
    columns["batch"] = [batch] * count
    columns["kind"] = ["payment"] * count
    columns["line"] = _whole(lines["line"])
    columns["event_year"] = _whole(lines["event_year"])
    columns["own"] = _whole(lines["own"])
    columns["approved"] = _whole(lines["approved"])
    columns["certificate"] = _Coded(lines["certificate_no"]).keyed(key.certificates)
    columns["repeat_key"] = columns["key"]
    columns["day"] = [day or record.today for day in columns.get("day", [None] * count)]
    columns["year"] = [int(day[:4]) for day in columns["day"]]
    columns["payee"] = [
        TRAINEE if programme in record.paid_to_trainee else payee
        for programme, payee in zip(columns["programme"], columns["payee"], strict=True)
    ]
    columns["subject_kind"], columns["subject"], names = _subjects(key, lines)
    slots: list[Slot] = list(zip(columns["subject"], columns["event_year"], columns["place"], strict=True))
    events, new = _events(lines["event"].to_numpy(dtype="int64"), first)
    columns["event"] = events
    columns["place_no"] = _place_numbers(store, events, new, slots, record.bound)
    empty = [None] * count
    paid = list(zip(*(columns.get(name, empty) for name in ENTRY_FIELDS), strict=True))
    return paid + _further_names(paid, names)


def _subjects(key: LedgerKey, lines: pd.DataFrame) -> tuple[Sequence[str], Sequence[bytes | None], list[list[bytes]]]:
    """Return each line's kind of subject, its key, and the keys of the unit's further names."""
    if "unit_kind" not in lines.columns:
        return ["person"] * len(lines), _Coded(lines["id_number"]).keyed(key.people), []
    kinds: list[str] = lines["unit_kind"].tolist()
    keys = [key.bodies(kind, dict.fromkeys(names)) for kind, names in zip(kinds, lines["unit_names"], strict=True)]
    return kinds, [found[0] for found in keys], [found[1:] for found in keys]


def _further_names(paid: Sequence[Sequence[Any]], names: Sequence[Sequence[bytes]]) -> list[tuple[Any, ...]]:
    """Return a record for each further name of a unit: it holds the payment's `once_key` as well."""
    kept = ("batch", "subject_kind", "programme", "once_key", "day")
    rows: list[tuple[Any, ...]] = []
    entry = paid[-1][0] + 1 if paid else 0
    for payment, further in zip(paid, names, strict=bool(names)):
        fields = dict(zip(ENTRY_FIELDS, payment, strict=True))
        for subject in further:
            number = entry + len(rows)
            row = {name: fields[name] for name in kept} | {"entry": number, "line": -number, "kind": "name"}
            row |= {"subject": subject, "refers": fields["entry"], "approved": 0}
            rows.append(tuple(row.get(name) for name in ENTRY_FIELDS))
    return rows


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


def _place_numbers(
    store: Store, events: list[int], new: list[int], slots: list[Slot], bound_of: Callable[[int], int]
) -> list[int | None]:
    """Return each row's place: its event's own, or for a new event the next free one of that person and year."""
    found = store.look_up(
        "SELECT p.subject, p.year, p.kind, p.place, p.event FROM {wanted} JOIN places p"
        " ON p.subject = wanted.subject AND p.year = wanted.year",
        {"subject": [slot[0] for slot in slots], "year": [slot[1] for slot in slots]},
    )
    taken: dict[Slot, int] = {}  # the places of a slot that are taken, as bits
    held = {}
    for person, year, kind, place, event in found:
        slot = (person, year, kind)
        taken[slot] = taken.get(slot, 0) | 1 << (place - 1)
        held[event] = slot, place
    given: dict[int, int | None] = {}
    for row in new:
        slot = slots[row]
        if slot[2] is None:  # a base or a studio takes no place of a year
            given[events[row]] = None
            continue
        bits = taken.get(slot, 0)
        place = (~bits & (bits + 1)).bit_length()  # the lowest bit that is not set
        if slot[2] == "year" and place > (bound := bound_of(slot[1])):
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
