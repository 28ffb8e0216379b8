"""Verification (校验): the whole ledger read again; every link, seal, archive, holding and balance worked out anew."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256
from typing import TYPE_CHECKING

from trainingcli.errors import LedgerError, UsageError
from trainingcli.facts import Head
from trainingcli.language import Text
from trainingcli.ledger.chain import BATCH_FIELDS, ENTRY_FIELDS, FORMAT, GENESIS, HASHED, link, links, row_text
from trainingcli.ledger.queries import BALANCES_SQL
from trainingcli.ledger.records import Balance, Verification
from trainingcli.ledger.schema import DERIVED, EARLIER_DAYS, VERSION

if TYPE_CHECKING:
    from trainingcli.ledger.keys import LedgerKey
    from trainingcli.ledger.store import Row, Store

_CHUNK = 20_000
_HEADER = tuple(dict.fromkeys((*BATCH_FIELDS, *HASHED[1][0])))
_HEADERS = f"SELECT {', '.join(_HEADER)}, hash, seal FROM batches ORDER BY batch"  # noqa: S608 - names, no values
_ENTRIES = (
    f"SELECT {', '.join(ENTRY_FIELDS)}, hash FROM entries"  # noqa: S608 - names, no values
    " WHERE entry >= ? AND entry < ? ORDER BY entry"
)


_BESIDE = ("format", "rules")  # what the upgrade adds to a header of the first format


class _Fault(Exception):  # noqa: N818 - what was found, not an error of the program
    def __init__(self, zh: str, en: str, entry: int | None = None, batch: int | None = None) -> None:
        super().__init__(en)
        self.text, self.entry, self.batch = Text(zh, en), entry, batch


def verify(store: Store, key: LedgerKey, head: str | None) -> Verification:
    """Verify a ledger within one read transaction; see `Ledger.verify`."""
    walk = _Walk(store, key, _head_bytes(head))
    try:
        if damage := store.damage():
            raise _Fault(f"数据库文件损坏：{damage}", f"the database file is damaged: {damage}")
        walk.whole()
        _holdings(store)
        _earlier_days(store)
        balances = _balances(store)
        if differing := store.schema_differs(key):
            zh, en = "、".join(differing), ", ".join(differing)
            raise _Fault(f"数据库结构被改动：{zh}", f"the database's schema was changed: {en}")
    except _Fault as fault:
        return Verification(walk.reached(), (), fault.text, fault.entry, fault.batch)
    return Verification(walk.reached(), balances)


def _head_bytes(head: str | None) -> bytes | None:
    if head is None:
        return None
    try:
        given = bytes.fromhex(head.strip())
    except ValueError:
        given = b""
    if len(given) != len(GENESIS):
        raise UsageError(
            Text(
                "--head 应为 64 位十六进制数，见申领表上的台账号",
                "--head is 64 hex digits, as printed on a claim workbook",
            )
        )
    return given


class _Walk:
    """One walk along the chain, from the beginning to the first link that does not hold."""

    def __init__(self, store: Store, key: LedgerKey, head: bytes | None) -> None:
        self._store, self._key, self._head = store, key, head
        self._last = GENESIS
        self._entries = 0
        self._head_met = head in (None, GENESIS)

    def reached(self) -> Head:
        """Return the last link that holds."""
        return Head(self._last.hex(), self._entries)

    def whole(self) -> None:
        """Walk along every batch, then make sure that nothing stands behind or beside."""
        headers = self._store.execute(_HEADERS)
        for number, header in enumerate(headers, 1):
            self._batch(number, header)
        self._nothing_else(len(headers))
        if not self._head_met:
            raise _Fault(
                f"所给台账号不在台账中：其后的记录被删去或改写（现有 {self._entries} 条）",
                f"the given head is not in the ledger: the end was cut off or rewritten ({self._entries} entries)",
                self._entries + 1,
            )

    def _batch(self, number: int, header: Row) -> None:
        *values, own_hash, seal = header
        fields = dict(zip(_HEADER, values, strict=True))
        first = self._entries + 1
        if fields["batch"] != number:
            raise _Fault(f"缺少批次 {number}", f"batch {number} is missing", first, number)
        form = fields["format"]
        hashed = HASHED.get(form, HASHED[FORMAT])[0]
        opening = link(self._last, row_text([fields[name] for name in hashed], form if form in HASHED else FORMAT))
        if opening != own_hash or any(fields[name] is not None for name in _HEADER if name not in {*hashed, *_BESIDE}):
            raise _Fault(f"批次 {number} 的批次头被改动", f"the header of batch {number} was changed", first, number)
        self._archive(number, fields["archive_sha256"], first)
        self._paid(number, first)
        last = opening
        for entry, stored, computed in self._links(opening, first, fields["entries"], form):
            if stored is None:
                raise _Fault(f"缺少第 {entry} 条", f"entry {entry} is missing", entry, number)
            if stored != computed:
                raise _Fault(f"第 {entry} 条被改动", f"entry {entry} was changed", entry, number)
            self._head_met = self._head_met or computed == self._head
            self._entries, self._last, last = entry, computed, computed
        if self._key.seal(last) != seal:
            raise _Fault(f"批次 {number} 的封印不符", f"the seal of batch {number} does not hold", first, number)

    def _archive(self, number: int, expected: bytes | None, first: int) -> None:
        rows = self._store.execute("SELECT data FROM archives WHERE batch = ?", (number,))
        found = sha256(rows[0][0]).digest() if rows else None
        if found != expected:
            raise _Fault(f"批次 {number} 的存档被改动", f"the archive of batch {number} was changed", first, number)

    def _paid(self, number: int, first: int) -> None:
        from trainingcli.ledger.paid_columns import unsealed  # Arrow, which opening a ledger does without

        try:
            unsealed(self._store, self._key, number)
        except LedgerError as error:
            raise _Fault(
                f"批次 {number} 的支付列被改动", f"the columns of batch {number} were changed", first, number
            ) from error

    def _links(self, previous: bytes, first: int, count: int, form: int) -> Iterator[tuple[int, bytes | None, bytes]]:
        """Yield each entry's number, its hash as stored (None where it is missing) and as worked out anew."""
        for start in range(first, first + count, _CHUNK):
            end = min(start + _CHUNK, first + count)
            rows = self._store.execute(_ENTRIES, (start, end))
            expected = start
            hashed = [row[: len(HASHED[form][1])] for row in rows]  # the fields of the first format come first
            for row, computed in zip(rows, links(previous, hashed, form), strict=True):
                if row[0] != expected:
                    break
                yield expected, row[-1], computed
                previous = computed
                expected += 1
            if expected < end:
                yield expected, None, previous

    def _nothing_else(self, batches: int) -> None:
        ((count, beyond, last_archive),) = self._store.execute(
            "SELECT (SELECT count(*) FROM entries), (SELECT min(entry) FROM entries WHERE entry > ?),"
            " (SELECT max(batch) FROM archives)",
            (self._entries,),
        )
        if count != self._entries or (last_archive or 0) > batches:
            raise _Fault("有不属于任何批次的记录", "there are records that belong to no batch", beyond)


def compare(store: Store, other: Store, key: LedgerKey, found: Verification) -> Verification:
    """Say whether another ledger is a beginning of this one: of this key, whole, and link for link the same."""
    meta = other.meta()
    if not meta or meta["key"] != key.check:
        return found._replace(problem=Text("所给文件不是本台账的备份", "the file is no backup of this ledger"))
    if int(meta["version"]) == VERSION and (problem := verify(other, key, None).problem):
        return found._replace(problem=Text(f"备份未通过校验：{problem.zh}", f"the backup fails: {problem.en}"))
    for table, number in (("batches", "batch"), ("entries", "entry")):
        links_of = f"SELECT {number}, hash FROM {table} WHERE {number} > ? ORDER BY {number} LIMIT {_CHUNK}"  # noqa: S608
        last = 0
        while theirs := other.execute(links_of, (last,)):
            ours = store.execute(links_of, (last,))[: len(theirs)]
            if [(row[0], bytes(row[1])) for row in ours] != [(row[0], bytes(row[1])) for row in theirs]:
                said = Text("所给备份不是本台账的前段", "the backup is no beginning of this ledger")
                return found._replace(problem=said)
            last = theirs[-1][0]
    return found


def _holdings(store: Store) -> None:
    """Compare what the database keeps with what follows from the entries, both ways."""
    for table, columns, derived in DERIVED:
        kept = f"SELECT {columns} FROM {table} k"  # noqa: S608 - names, no values
        whole = f"SELECT {columns} FROM ({derived}) d"  # noqa: S608 - a union of its own is taken away as one
        for one, other in ((whole, kept), (kept, whole)):
            rows = store.execute(f"SELECT {columns} FROM ({one} EXCEPT {other}) x LIMIT 1")  # noqa: S608 - names
            if rows:
                raise _different(table, dict(zip(columns.split(", "), rows[0], strict=True)))


def _different(table: str, row: dict[str, int | str]) -> _Fault:
    entry = row.get("entry", row.get("event"))
    where = f"{row['fund']} {row['year']}" if entry is None else f"{entry}"
    name = _NAMES[table]
    return _Fault(
        f"{name.zh}与各条记录不符（{where}）",
        f"{name.en} differ from what the entries say ({where})",
        None if entry is None else int(entry),
    )


_NAMES = {
    "places": Text("年度名额", "places"),
    "repeat_keys": Text("职业等级占用", "repeat keys"),
    "once_keys": Text("一次性占用", "what is given once"),
    "certificates": Text("证书占用", "certificates"),
    "active": Text("有效记录", "active entries"),
    "balances": Text("资金余额", "balances"),
}


def _earlier_days(store: Store) -> None:
    """Compare what the upgrade added to the first version's entries, which their hashes do not cover."""
    for entry in store.execute(EARLIER_DAYS):
        number = int(entry[0])
        raise _Fault(f"第 {number} 条的入账日被改动", f"the day of entry {number} was changed", number)


def _balances(store: Store) -> tuple[Balance, ...]:
    balances = tuple(Balance(*row) for row in store.execute(BALANCES_SQL))
    for one in balances:
        if one.opening + one.posted - one.reversed != one.closing:
            raise _Fault(
                f"{one.fund} {one.year} 年：期初＋入账－冲销≠期末",
                f"{one.fund} {one.year}: opening + posted - reversed is not closing",
            )
    return balances
