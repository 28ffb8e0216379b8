"""From an older ledger to the present one: a plain function a step; none is ever changed."""

# ruff: noqa: S608 - statements are put together from names alone
from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from trainingcli.errors import LedgerError
from trainingcli.language import Text
from trainingcli.ledger import index
from trainingcli.ledger.chain import HASHED
from trainingcli.ledger.keys import LedgerKey
from trainingcli.ledger.records import ArchiveReader, EarlierBatch
from trainingcli.ledger.schema import DERIVED, EARLIER_DAY, EARLIER_FROM, EARLIER_YEAR
from trainingcli.ledger.store import Row, Store

FORMS = ("entry", "certificate", "occupation", "repeat_key")
Step = Callable[[Store, LedgerKey, ArchiveReader | None], None]


def _to_2(store: Store, key: LedgerKey, reader: ArchiveReader | None) -> None:
    """Bodies beside people, days of posting, records; today's compared forms and the index of lines from the archives.

    The hashes of what was posted cover what they did: the head stays. Archive by archive, so that memory stays small.
    """
    old = store.set_aside()
    store.create_tables()
    store.execute(f"INSERT INTO ledger_meta (name, value) SELECT name, value FROM {old}ledger_meta")
    batch_fields, entry_fields = (", ".join(fields) for fields in HASHED[1])
    kept = ", ".join(f"e.{'person' if name == 'subject' else name}" for name in HASHED[1][1])
    store.execute(
        f"INSERT INTO entries ({entry_fields}, hash, subject_kind, day, year) SELECT {kept}, e.hash,"
        f" CASE WHEN e.person IS NULL THEN NULL ELSE 'person' END, {EARLIER_DAY}, {EARLIER_YEAR}"
        f"{EARLIER_FROM.format(old)} ORDER BY e.entry"
    )
    rules = {}
    for batch, (locked,) in _archives(store, old):
        found, forms = _read(store, key, batch, key.unlock(batch, locked), reader)
        rules[batch] = found.rules
        index.keep(store, key, batch, found.index)
        store.insert("archives", ("batch", "data"), [(batch, locked)])
        store.insert("forms", FORMS, forms)
    headers = store.execute(f"SELECT batch, {batch_fields}, hash, seal FROM {old}batches ORDER BY batch")
    store.insert(
        "batches",
        ("format", "rules", *HASHED[1][0], "hash", "seal"),
        [(1, rules.get(number), *fields) for number, *fields in headers],
    )
    for table, columns, derived in DERIVED:
        store.execute(f"INSERT INTO {table} ({columns}) {derived}")
    store.drop_aside(old)
    store.create_guards(key)


def _archives(store: Store, old: str) -> Iterator[tuple[int, Row]]:
    for (batch,) in store.execute(f"SELECT batch FROM {old}archives ORDER BY batch"):
        yield int(batch), store.execute(f"SELECT data FROM {old}archives WHERE batch = ?", (batch,))[0]


def _read(
    store: Store, key: LedgerKey, batch: int, archive: bytes, reader: ArchiveReader | None
) -> tuple[EarlierBatch, list[Row]]:
    """Return what an archive says, and today's compared forms by it; a `LedgerError` where it cannot be read."""
    try:
        if reader is None:
            raise TypeError("no reader of archives was given")
        found = reader.read(archive)
    except Exception as error:  # whatever is wrong with it, nothing is changed
        raise LedgerError(
            Text(
                f"台账由旧版本建立，升级时批次 {batch} 的存档无法读取（{type(error).__name__}）；台账未改动，"
                "请运行 trainingcli ledger verify，并从备份恢复",
                f"the ledger is from an older version, and the archive of batch {batch} cannot be read for its upgrade "
                f"({type(error).__name__}); nothing was changed: run trainingcli ledger verify and restore a backup",
            )
        ) from error
    return found, forms_today(store, key, batch, found.certificates, reader)


def forms_today(
    store: Store, key: LedgerKey, batch: int, certificates: Mapping[int, str | None], reader: ArchiveReader
) -> list[Row]:
    """Return today's compared form (columns `FORMS`) of a batch's payments where it is not what was posted.

    `certificates`: each line's certificate number as compared today.
    """
    numbers = {line: number for line, number in certificates.items() if number}
    keys = dict(zip(numbers, key.certificates(numbers.values()), strict=True))
    paid = store.execute(
        "SELECT entry, line, certificate, occupation, level, repeat_key FROM entries"
        " WHERE batch = ? AND kind = 'payment' ORDER BY entry",
        (batch,),
    )
    rows: list[Row] = []
    for entry, line, certificate, occupation, level, repeat_key in paid:
        today = None if certificate is None else keys.get(line, certificate)
        plain, bracketed = (occupation, None) if occupation is None else reader.occupation(occupation)
        new_key = _key_today(repeat_key, occupation, level, plain, bracketed)
        if (today, plain, new_key) != (certificate, occupation, repeat_key):
            rows.append((entry, today, plain, new_key))
    return rows


def _key_today(
    repeat_key: str | None, occupation: str | None, level: str | None, plain: str | None, bracketed: str | None
) -> str | None:
    """Return a repeat key with the occupation as compared today, and the level of its brackets where it had none."""
    if repeat_key is None or occupation is None or not repeat_key.startswith(f"{occupation}|"):
        return repeat_key
    rest = repeat_key[len(occupation) + 1 :]
    return f"{plain}|{bracketed if bracketed and level is None and not rest else rest}"


def _to_3(store: Store, key: LedgerKey, reader: ArchiveReader | None) -> None:
    """Payments as columns, for those who read millions of them."""
    from trainingcli.ledger import paid_columns

    if paid_columns.TABLE not in store.tables():  # the step before makes every table that there is today
        store.add_table(paid_columns.TABLE, key)
    for (batch,) in store.execute("SELECT DISTINCT batch FROM entries WHERE kind = 'payment' ORDER BY batch"):
        paid_columns.keep(store, key, batch, paid_columns.of_entries(store, batch))


MIGRATIONS: dict[int, Step] = {1: _to_2, 2: _to_3}
"""Version n → what turns a ledger of version n into one of version n + 1."""
