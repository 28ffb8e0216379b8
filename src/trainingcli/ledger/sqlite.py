"""The ledger in one SQLite file: WAL, full synchronisation, foreign keys, one writer at a time."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

from trainingcli.errors import LedgerError
from trainingcli.language import Text
from trainingcli.ledger import sqlite_schema
from trainingcli.ledger.files import create_private, make_private
from trainingcli.ledger.keys import LedgerKey, key_path, make_key_file, read_key_file
from trainingcli.ledger.sqlite_place import check_place, is_wal_left, new_file
from trainingcli.ledger.store import Row, Store, busy, not_a_ledger, refused


class SqliteStore(Store):
    """See `Store`; `path` is the ledger's file, its key lies beside it."""

    driver_errors = (sqlite3.Error,)

    def __init__(self, path: Path, *, timeout: float, create: bool, read_only: bool) -> None:
        self.name = str(path)
        self._path = path
        self._timeout = timeout
        check_place(path, create=create and not read_only)
        with self.telling():
            self._connection = self._connect_reading() if read_only else self._connect_writing()

    def _connect(self, options: str) -> sqlite3.Connection:
        return sqlite3.connect(
            f"{self._path.resolve().as_uri()}?{options}",
            uri=True,
            timeout=self._timeout,
            isolation_level=None,
            cached_statements=32,
        )

    def _connect_writing(self) -> sqlite3.Connection:
        self._refuse_others()
        for ending in ("", "-wal", "-shm"):
            make_private(self._path.with_name(self._path.name + ending))
        connection = self._connect("mode=rw")
        try:
            self._patiently(lambda: connection.execute("PRAGMA journal_mode = WAL"))
            for setting in ("synchronous = FULL", "foreign_keys = ON", *_SETTINGS):
                connection.execute(f"PRAGMA {setting}")
        except BaseException:
            connection.close()
            raise
        return connection

    def _refuse_others(self) -> None:
        """Look at a file that holds something before anything of it is changed, its mode and journal included."""
        if self._path.stat().st_size:
            self._connection = self._connect_reading()
            try:
                self.meta()
            finally:
                self._connection.close()

    def _patiently(self, action: Callable[[], object]) -> None:
        """Repeat what SQLite's own waiting does not cover: the change to WAL while another process makes the same."""
        until = time.monotonic() + self._timeout
        while True:
            try:
                action()
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > until:
                    raise
                time.sleep(0.01)
            else:
                return

    def _connect_reading(self) -> sqlite3.Connection:
        for options in ("mode=ro", "mode=ro&immutable=1"):
            connection = self._connect(options)
            try:
                connection.execute("SELECT count(*) FROM sqlite_master")
                for setting in _SETTINGS:
                    connection.execute(f"PRAGMA {setting}")
            except sqlite3.OperationalError as error:
                connection.close()
                # A read-only folder gives WAL no place for its index; nothing can change there, if no WAL is left over.
                if "immutable" in options or error.sqlite_errorcode & 0xFF not in _NO_PLACE or is_wal_left(self._path):
                    raise
            except BaseException:
                connection.close()
                raise
            else:
                return connection
        raise AssertionError("unreachable")  # pragma: no cover

    def execute(self, sql: str, parameters: Sequence[Any] = ()) -> list[Row]:
        """See `Store`."""
        return self._connection.execute(sql, parameters).fetchall()

    def insert(self, table: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
        """See `Store`."""
        marks = ", ".join("?" * len(columns))
        self._connection.executemany(f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})", rows)  # noqa: S608

    def look_up(self, sql: str, wanted: Mapping[str, Sequence[Any]]) -> list[Row]:
        """See `Store`: one temporary table (in memory), filled in the order of its keys so that pages are met once."""
        columns = ", ".join(wanted)
        self._connection.execute("DROP TABLE IF EXISTS temp.wanted")
        self._connection.execute(f"CREATE TEMP TABLE wanted ({columns})")
        marks = ", ".join("?" * len(wanted))
        rows = sorted(set(zip(*wanted.values(), strict=True)))
        self._connection.executemany(f"INSERT INTO temp.wanted VALUES ({marks})", rows)  # noqa: S608
        return self.execute(sql.format(wanted="temp.wanted AS wanted"))

    def begin(self) -> None:
        """See `Store`."""
        self.execute("BEGIN IMMEDIATE")

    def begin_reading(self) -> None:
        """See `Store`."""
        self.execute("BEGIN")

    def tables(self) -> set[str]:
        """See `Store`."""
        return {name for (name,) in self.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}

    def create_tables(self) -> None:
        """See `Store`."""
        self.execute(f"PRAGMA application_id = {sqlite_schema.APPLICATION}")
        for statement in sqlite_schema.tables():
            self.execute(statement)

    def add_table(self, name: str, key: LedgerKey) -> None:
        """See `Store`; whether the rest is as it was made, the verification of the upgraded ledger says."""
        self.execute(sqlite_schema.table(name))

    def create_guards(self, key: LedgerKey) -> None:
        """See `Store`."""
        for statement in sqlite_schema.guards():
            self.execute(statement)

    def schema_differs(self, key: LedgerKey) -> list[str]:
        """See `Store`: SQLite keeps every text as it was given, so the program's own are the pattern."""
        found = frozenset(self.execute(sqlite_schema.DESCRIPTION))
        return sorted({f"{kind} {name}" for kind, name, *_ in sqlite_schema.description() ^ found})

    def set_aside(self) -> str:
        """See `Store`: under other names, without their triggers and indexes."""
        there = self.execute("SELECT type, name FROM sqlite_master WHERE sql IS NOT NULL ORDER BY type DESC")
        for kind, name in there:
            self.execute(f"ALTER TABLE {name} RENAME TO old_{name}" if kind == "table" else f"DROP {kind} {name}")
        return "old_"

    def drop_aside(self, prefix: str) -> None:
        """See `Store`: what refers to others before what it refers to."""
        for name in sorted(self.tables(), key=lambda name: ("batches" in name, name)):
            if name.startswith(prefix):
                self._index_references_to_itself(name)
                self.execute(f"DROP TABLE {name}")

    def _index_references_to_itself(self, table: str) -> None:
        """Every row that goes is looked for among those that refer to it: without an index, by reading all of them."""
        for _, _, parent, column, *_ in self.execute(f"PRAGMA foreign_key_list({table})"):
            if parent == table:
                self.execute(f"CREATE INDEX {table}_{column} ON {table} ({column})")

    def damage(self) -> str | None:
        """See `Store`."""
        ((found,),) = self.execute("PRAGMA quick_check(1)")
        return None if found == "ok" else str(found)

    def key(self, *, new: bool) -> LedgerKey:
        """See `Store`."""
        path = key_path(self._path)
        return make_key_file(path) if new else read_key_file(path)

    def back_up(self, label: str) -> None:
        """See `Store`: a file beside the ledger, mode 0600, never written over an older one."""
        number = 0
        while True:
            target = self._path.with_name(f"{self._path.name}.{label}{f'.{number}' if number else ''}")
            if create_private(target):
                break
            number += 1
        self._copy(target)

    def copy_to(self, target: Path) -> None:
        """See `Store`."""
        new_file(target)
        self._copy(target)

    def _copy(self, target: Path) -> None:
        with closing(self._connect("mode=ro")) as source, closing(sqlite3.connect(target)) as copy:
            source.backup(copy)
            copy.execute("PRAGMA journal_mode = DELETE")

    def told(self, error: Exception) -> LedgerError:
        """See `Store`."""
        code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF
        if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
            return busy(self.name)
        if code == sqlite3.SQLITE_NOTADB:
            return not_a_ledger(self.name)
        if code == sqlite3.SQLITE_CONSTRAINT:
            return refused(self.name, str(error))
        zh, en = _TOLD.get(
            code, (f"数据库错误：{error}；请运行 trainingcli ledger verify", f"{error}; run trainingcli ledger verify")
        )
        return LedgerError(Text(f"台账 {self.name}：{zh}", f"ledger {self.name}: {en}"))

    def close(self) -> None:
        """See `Store`."""
        self._connection.close()


# Temporary tables stay in memory: keys of people belong in no temporary file.
_SETTINGS = ("temp_store = MEMORY", "cache_size = -131072")
_NO_PLACE = (sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY)
_TOLD = {
    sqlite3.SQLITE_READONLY: (
        "只读，无法写入；没有入账，请检查文件与文件夹的权限",
        "it is read-only; nothing was posted, check the permissions of the file and its folder",
    ),
    sqlite3.SQLITE_FULL: (
        "磁盘已满；没有入账，请腾出空间后重试",
        "the disk is full; nothing was posted, free some space and run again",
    ),
    sqlite3.SQLITE_CANTOPEN: (
        "无法打开；请检查文件、文件夹及其权限",
        "it cannot be opened; check the file, its folder and their permissions",
    ),
    sqlite3.SQLITE_IOERR: (
        "磁盘读写出错，入账未得到确认；请检查磁盘后重新运行，已入账的会被认出",
        "the disk reported an error and the posting is not confirmed; check the disk and run again: "
        "what was posted will be recognised",
    ),
    sqlite3.SQLITE_CORRUPT: (
        "文件已损坏；没有入账，请从备份恢复",
        "the file is damaged; nothing was posted, restore a backup",
    ),
}


def fill(target: Path, tables: Iterable[tuple[str, Sequence[str], Sequence[Row]]]) -> None:
    """Make a SQLite ledger at a new place out of another database's rows."""
    new_file(target)
    with closing(sqlite3.connect(target, isolation_level=None)) as copy:
        copy.execute("BEGIN")
        for statement in sqlite_schema.tables():
            copy.execute(statement)
        for table, columns, rows in tables:
            marks = ", ".join("?" * len(columns))
            copy.executemany(f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})", rows)  # noqa: S608 - names
        for statement in sqlite_schema.guards():
            copy.execute(statement)
        copy.execute("COMMIT")
