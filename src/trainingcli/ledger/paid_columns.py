"""A batch's payments as columns (Arrow), beside the chain: what views read millions of, where `entries` gives rows.

Written in the posting's own transaction, sealed with the ledger's key and bound to its batch, and never changed: a
reversal stands in the entries, and is put beside as it is read. `verify_indexes` makes them anew from the entries.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from hashlib import sha256
from hmac import compare_digest
from itertools import takewhile
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc

from trainingcli.coded_columns import by_value, coded
from trainingcli.errors import LedgerError
from trainingcli.language import Text
from trainingcli.ledger import queries
from trainingcli.ledger.chain import ENTRY_FIELDS
from trainingcli.ledger.entry_frames import table

if TYPE_CHECKING:
    from trainingcli.ledger.keys import LedgerKey
    from trainingcli.ledger.store import Row, Store

TABLE = "paid"
_KINDS = {name: kind for name, kind in queries.PAID.items() if name not in queries.OF_REVERSALS}
_AT = {name: ENTRY_FIELDS.index(name) for name in _KINDS}
_KIND = ENTRY_FIELDS.index("kind")
_SEAL = 32


def of_rows(rows: Sequence[Row]) -> pa.Table:
    """Return the payments among a new batch's entries (rows of `ENTRY_FIELDS`): they come first."""
    payments = list(takewhile(lambda row: row[_KIND] == "payment", rows))
    columns: list[Sequence[Any]] = list(zip(*payments, strict=True)) or [()] * len(ENTRY_FIELDS)
    return table([columns[_AT[name]] for name in _KINDS], _KINDS)


def of_entries(store: Store, batch: int) -> pa.Table:
    """Return a posted batch's payments, what an older program posted in today's compared form."""
    rows = store.execute(queries.posted_sql(_KINDS), (batch,))
    columns: list[Sequence[Any]] = list(zip(*rows, strict=True)) or [()] * len(_KINDS)
    return table(columns, _KINDS)


def paid_in(
    store: Store, key: LedgerKey, batch: int, entries: tuple[int, int], columns: Sequence[str], days: tuple[str, str]
) -> pa.Table:
    """Return a batch's payments with their reversals beside them, as `Readings.payments` does.

    `entries`: the batch's first and last; `days`: only what was paid or reversed from one to the other.
    A `LedgerError` where payments were not written down as columns, or these were changed.
    """
    taken_back = store.execute(queries.REVERSALS_SQL, entries)
    asked = {"day", *columns, *(["entry"] if taken_back else [])}
    found = kept(store, key, batch, [name for name in _KINDS if name in asked])
    if found is None:
        ((kind,),) = store.execute("SELECT kind FROM entries WHERE entry = ?", (entries[0],))
        if kind == "payment":
            raise changed(store, batch)
        return table([()] * len(columns), {name: queries.PAID[name] for name in columns})
    found = _with_reversals(found, taken_back)
    paid, reversed_ = (by_value(found[name], partial(between, *days)) for name in ("day", "reversed_on"))
    touched = pc.or_(paid, pc.fill_null(reversed_, False))
    whole = pc.all(touched).as_py()  # as most batches are: nothing is copied
    return (found if whole else found.filter(touched)).select(list(columns))


def _with_reversals(payments: pa.Table, taken_back: Sequence[Row]) -> pa.Table:
    """Put reversals (entry that they reverse, day, batch) beside what they reverse."""
    reversed_of, on, by = zip(*taken_back, strict=True) if taken_back else ((), (), ())
    if taken_back:
        at = pc.index_in(payments["entry"], pa.array(reversed_of, pa.int64())).combine_chunks()
    else:
        at = pa.nulls(payments.num_rows, pa.int32())
    for name, given in zip(queries.OF_REVERSALS, (pa.array(on, pa.string()), pa.array(by, pa.int64())), strict=True):
        payments = payments.append_column(name, given.take(at))
    return payments


def between(since: str, until: str, days: Any) -> Any:
    """Say which days (ISO) lie from one to another, both included."""
    return pc.and_(pc.greater_equal(days, since), pc.less_equal(days, until))


def keep(store: Store, key: LedgerKey, batch: int, payments: pa.Table) -> None:
    """Write a batch's payments down, a row a column; a batch without any has none."""
    if not payments.num_rows:
        return
    rows = [(batch, name, _sealed(key, batch, name, _packed(name, payments[name]))) for name in _KINDS]
    store.insert(TABLE, ("batch", "name", "data"), rows)


def _packed(name: str, values: Any) -> bytes:
    column = pa.table({name: coded(values) if _KINDS[name] == "str" else values})
    sink = pa.BufferOutputStream()
    options = pa.ipc.IpcWriteOptions(compression="zstd")
    with pa.ipc.new_stream(sink, column.schema, options=options) as writer:
        writer.write_table(column)
    data: bytes = sink.getvalue().to_pybytes()
    return data


def kept(store: Store, key: LedgerKey, batch: int, columns: Sequence[str] = tuple(_KINDS)) -> pa.Table | None:
    """Return these columns as they were written down, texts coded; None where the batch has none of them.

    A `LedgerError` where one is missing or was changed.
    """
    found = unsealed(store, key, batch, columns)
    if not found:
        return None
    if found.keys() < set(columns):
        raise changed(store, batch)
    read = {name: pa.ipc.open_stream(pa.py_buffer(data)).read_all()[name] for name, data in found.items()}
    return pa.table({name: read[name] for name in columns})


def unsealed(store: Store, key: LedgerKey, batch: int, columns: Sequence[str] = tuple(_KINDS)) -> dict[str, memoryview]:
    """Return the bytes of those of these columns that are there; a `LedgerError` where one was changed."""
    marks = ", ".join("?" * len(columns))
    rows = store.execute(
        f"SELECT name, data FROM {TABLE} WHERE batch = ? AND name IN ({marks})",  # noqa: S608 - a name, marks
        (batch, *columns),
    )
    found = {str(name): memoryview(data)[_SEAL:] for name, data in rows}
    for name, data in rows:
        if not compare_digest(_seal(key, batch, name, found[name]), memoryview(data)[:_SEAL]):
            raise changed(store, batch)
    return found


def changed(store: Store, batch: int) -> LedgerError:
    """Return the error for columns that are not those of the batch."""
    return LedgerError(
        Text(
            f"台账 {store.name} 批次 {batch} 的支付列已被改动；请运行 trainingcli ledger verify，并从备份恢复",
            f"the columns of the payments of batch {batch} in {store.name} were changed; "
            "run trainingcli ledger verify and restore a backup",
        )
    )


def _sealed(key: LedgerKey, batch: int, name: str, data: bytes) -> bytes:
    return _seal(key, batch, name, data) + data


def _seal(key: LedgerKey, batch: int, name: str, data: bytes | memoryview) -> bytes:
    return key.seal(f"paid {batch} {name} ".encode() + sha256(data).digest())
