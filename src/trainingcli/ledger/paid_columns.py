"""A batch's payments as columns (Arrow), beside the chain: what views read millions of, where `entries` gives rows.

Written in the posting's own transaction, sealed with the ledger's key and bound to its batch, and never changed: a
reversal stands in the entries, and is put beside as it is read. `verify_indexes` makes them anew from the entries.
"""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256
from hmac import compare_digest
from itertools import takewhile
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc

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
    found = kept(store, key, batch, [name for name in _KINDS if name in {"entry", "day", *columns}])
    if found is None:
        ((kind,),) = store.execute("SELECT kind FROM entries WHERE entry = ?", (entries[0],))
        if kind == "payment":
            raise changed(store, batch)
        return table([()] * len(columns), {name: queries.PAID[name] for name in columns})
    taken_back = store.execute(queries.REVERSALS_SQL, entries)
    reversed_of, on, by = zip(*taken_back, strict=True) if taken_back else ((), (), ())
    at = pc.index_in(found["entry"], pa.array(reversed_of, pa.int64()))
    for name, given in zip(queries.OF_REVERSALS, (pa.array(on, pa.string()), pa.array(by, pa.int64())), strict=True):
        found = found.append_column(name, given.take(at.combine_chunks()))
    touched = _touched(found, *days)
    whole = pc.all(touched).as_py()  # as most batches are: nothing is copied
    return (found if whole else found.filter(touched)).select(list(columns))


def _touched(payments: pa.Table, since: str, until: str) -> Any:
    """Say which payments were paid, or reversed, from one day to another."""
    paid, reversed_ = (
        pc.and_(pc.greater_equal(payments[name], since), pc.less_equal(payments[name], until))
        for name in ("day", "reversed_on")
    )
    return pc.or_kleene(paid, pc.fill_null(reversed_, False))


def keep(store: Store, key: LedgerKey, batch: int, payments: pa.Table) -> None:
    """Write a batch's payments down; a batch without any has none."""
    if not payments.num_rows:
        return
    sink = pa.BufferOutputStream()
    options = pa.ipc.IpcWriteOptions(compression="zstd")
    with pa.ipc.new_stream(sink, payments.schema, options=options) as writer:
        writer.write_table(payments)
    data = sink.getvalue().to_pybytes()
    store.insert(TABLE, ("batch", "data"), [(batch, _seal(key, batch, data) + data)])


def kept(store: Store, key: LedgerKey, batch: int, columns: Sequence[str] | None = None) -> pa.Table | None:
    """Return these columns (None: all) as they were written down; None where the batch has none.

    A `LedgerError` where they were changed.
    """
    data = sealed(store, key, batch)
    if data is None:
        return None
    wanted = [place for place, name in enumerate(_KINDS) if columns is None or name in columns]
    options = pa.ipc.IpcReadOptions(included_fields=wanted)
    read: pa.Table = pa.ipc.open_stream(pa.py_buffer(data), options=options).read_all()
    return read if columns is None else read.select(list(columns))


def sealed(store: Store, key: LedgerKey, batch: int) -> memoryview | None:
    """Return a batch's columns as bytes, None where it has none; a `LedgerError` where they were changed."""
    rows = store.execute(f"SELECT data FROM {TABLE} WHERE batch = ?", (batch,))  # noqa: S608 - a name
    if not rows:
        return None
    whole = memoryview(rows[0][0])
    if not compare_digest(_seal(key, batch, whole[_SEAL:]), whole[:_SEAL]):
        raise changed(store, batch)
    return whole[_SEAL:]


def changed(store: Store, batch: int) -> LedgerError:
    """Return the error for columns that are not those of the batch."""
    return LedgerError(
        Text(
            f"台账 {store.name} 批次 {batch} 的支付列已被改动；请运行 trainingcli ledger verify，并从备份恢复",
            f"the columns of the payments of batch {batch} in {store.name} were changed; "
            "run trainingcli ledger verify and restore a backup",
        )
    )


def _seal(key: LedgerKey, batch: int, data: bytes | memoryview) -> bytes:
    return key.seal(b"paid %d " % batch + sha256(data).digest())
