"""What stands beside the chain (`forms`, `appearances`, `refused`, `paid`), worked out again from entries and archives.

No constraint rests on it but by way of `forms`, and no hash covers it: without this a clerk could be shown another
latest refusal, or an old payment be overlooked.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from trainingcli.coded_columns import plain
from trainingcli.errors import LedgerError
from trainingcli.language import Text
from trainingcli.ledger import paid_columns
from trainingcli.ledger.index import REFUSED, said
from trainingcli.ledger.migrations import FORMS, forms_today

if TYPE_CHECKING:
    from trainingcli.ledger.keys import LedgerKey
    from trainingcli.ledger.records import ArchiveReader, EarlierBatch, Verification
    from trainingcli.ledger.store import Store

Refused = dict[tuple[bytes, str, str], tuple[int, int, str, str]]


class _DifferenceError(Exception):
    def __init__(self, zh: str, en: str, batch: int | None, entry: int | None = None) -> None:
        super().__init__(en)
        self.text, self.batch, self.entry = Text(zh, en), batch, entry


def verify_indexes(store: Store, key: LedgerKey, reader: ArchiveReader, found: Verification) -> Verification:
    """Say whether all of it is what entries and archives make of them; the first that differs is named."""
    try:
        _compare(store, key, reader)
    except _DifferenceError as fault:
        return found._replace(balances=(), problem=fault.text, batch=fault.batch, entry=fault.entry)
    return found


def _compare(store: Store, key: LedgerKey, reader: ArchiveReader) -> None:
    refused: Refused = {}
    appearances = forms = 0
    for batch, form, rules, archived in _batches(store, key, reader):
        owners, latest = said(key, archived.index)
        _appear(store, batch, owners)
        appearances += len(owners)
        for one, facts in latest.items():
            refused.pop(one, None)
            if facts[1] in REFUSED:
                refused[one] = (batch, *facts)
        if form == 1:
            if rules != archived.rules:
                zh, en = f"批次 {batch} 的口径与存档不符", f"the rules of batch {batch} differ from its archive"
                raise _DifferenceError(zh, en, batch)
            forms += _form(store, key, batch, archived, reader)
    _counted(store, "appearances", appearances)
    _counted(store, "forms", forms)
    _refused(store, refused)
    _paid(store, key)


def _batches(
    store: Store, key: LedgerKey, reader: ArchiveReader
) -> Iterator[tuple[int, int, str | None, EarlierBatch]]:
    """Yield each batch that has an archive: number, format, rules, what the archive says."""
    for batch, form, rules in store.execute(
        "SELECT b.batch, b.format, b.rules FROM batches b JOIN archives a ON a.batch = b.batch ORDER BY b.batch"
    ):
        ((locked,),) = store.execute("SELECT data FROM archives WHERE batch = ?", (batch,))
        try:
            archived = reader.read(key.unlock(batch, locked))
        except Exception as error:  # whatever is wrong with it, it says nothing that could be compared
            zh = f"批次 {batch} 的存档无法读取（{type(error).__name__}）"
            en = f"the archive of batch {batch} cannot be read ({type(error).__name__})"
            raise _DifferenceError(zh, en, batch) from error
        yield int(batch), int(form), rules, archived


def _appear(store: Store, batch: int, owners: list[bytes]) -> None:
    ((there,),) = store.look_up(
        "SELECT count(*) FROM {wanted} JOIN appearances a ON a.subject = wanted.subject AND a.batch = wanted.batch",
        {"subject": owners, "batch": [batch] * len(owners)},
    )
    if there != len(owners):
        zh, en = f"人员索引缺少批次 {batch} 的人", f"the index of people lacks some of batch {batch}"
        raise _DifferenceError(zh, en, batch)


def _form(store: Store, key: LedgerKey, batch: int, archived: EarlierBatch, reader: ArchiveReader) -> int:
    """Compare a batch's compared forms; return how many there are."""
    expected = set(forms_today(store, key, batch, archived.certificates, reader))
    kept = store.execute(
        f"SELECT {', '.join('f.' + name for name in FORMS)} FROM forms f JOIN entries e ON e.entry = f.entry"  # noqa: S608
        " WHERE e.batch = ?",
        (batch,),
    )
    differing = expected ^ {tuple(_plain(value) for value in row) for row in kept}
    if differing:
        entry = min(int(row[0]) for row in differing)
        zh, en = f"第 {entry} 条的比较形式与存档不符", f"the compared form of entry {entry} differs from its archive"
        raise _DifferenceError(zh, en, batch, entry)
    return len(expected)


def _plain(value: Any) -> Any:
    return bytes(value) if isinstance(value, memoryview) else value


def _counted(store: Store, table: str, expected: int) -> None:
    ((count,),) = store.execute(f"SELECT count(*) FROM {table}")  # noqa: S608 - a name
    if count != expected:
        name = {"appearances": Text("人员索引", "the index of people"), "forms": Text("比较形式", "the compared forms")}
        zh, en = f"{name[table].zh}多出记录", f"{name[table].en} hold what no archive says"
        raise _DifferenceError(zh, en, None)


def _refused(store: Store, expected: Refused) -> None:
    rows = store.execute("SELECT subject, training, programme, batch, line, status, codes FROM refused")
    kept = {(bytes(row[0]), row[1], row[2]): (int(row[3]), int(row[4]), row[5], row[6]) for row in rows}
    pairs = [(expected.get(key), kept.get(key)) for key in expected.keys() | kept.keys()]
    differing = [one[:2] for pair in pairs if pair[0] != pair[1] for one in pair if one is not None]
    if differing:
        batch, line = min(differing)
        zh = f"未付明细索引与存档不符（批次 {batch} 第 {line} 笔）"
        en = f"the index of refused lines differs from the archives (batch {batch}, line {line})"
        raise _DifferenceError(zh, en, batch)


def _paid(store: Store, key: LedgerKey) -> None:
    """Compare the payments as columns with the entries, batch by batch."""
    there = {int(row[0]) for row in store.execute(f"SELECT DISTINCT batch FROM {paid_columns.TABLE}")}  # noqa: S608 - a name
    paid = {int(batch) for (batch,) in store.execute("SELECT DISTINCT batch FROM entries WHERE kind = 'payment'")}
    for batch in sorted(there | paid):
        if batch not in there or not _same_columns(store, key, batch):
            zh, en = f"批次 {batch} 的支付列与各条记录不符", f"the columns of batch {batch} differ from its entries"
            raise _DifferenceError(zh, en, batch)


def _same_columns(store: Store, key: LedgerKey, batch: int) -> bool:
    try:
        kept = paid_columns.kept(store, key, batch)
    except LedgerError:  # a column is missing
        return False
    return kept is not None and bool(plain(kept).equals(paid_columns.of_entries(store, batch)))
