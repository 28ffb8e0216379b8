"""The ledger in PostgreSQL, where bureaus share one: the same tables, one advisory lock for its only writer."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from trainingcli.errors import LedgerError
from trainingcli.language import Text
from trainingcli.ledger import postgres_schema
from trainingcli.ledger.keys import LedgerKey, environment_key
from trainingcli.ledger.schema import NAMES
from trainingcli.ledger.store import Row, Store, busy, refused
from trainingcli.masking import without_password

if TYPE_CHECKING:
    import psycopg

_LOCK = "SELECT pg_advisory_xact_lock(hashtextextended('trainingcli ledger ' || current_schema(), 0))"
_TYPES = {bytes: "bytea", int: "bigint", str: "text"}


class PostgresStore(Store):
    """See `Store`; the ledger lies in the connection's current schema (`…?options=-csearch_path%3Dname`)."""

    def __init__(self, url: str, *, timeout: float, read_only: bool) -> None:
        try:
            import psycopg
        except ImportError as error:
            raise LedgerError(
                Text(
                    "PostgreSQL 台账需要 psycopg；请运行 pip install 'trainingcli[postgres]'",
                    "a PostgreSQL ledger needs psycopg: pip install 'trainingcli[postgres]'",
                )
            ) from error
        self.name = without_password(url)
        self.driver_errors = (psycopg.Error,)
        self._errors = psycopg.errors
        with self.telling():
            self._connection: psycopg.Connection[Row] = psycopg.connect(
                url, autocommit=True, connect_timeout=max(2, int(timeout)), client_encoding="UTF8"
            )
        try:
            with self.telling():
                self._settle(timeout, read_only)
        except BaseException:
            self._connection.close()
            raise

    def _settle(self, timeout: float, read_only: bool) -> None:
        encoding = self._connection.info.parameter_status("server_encoding")
        if encoding != "UTF8":
            raise LedgerError(
                Text(
                    f"数据库 {self.name} 的编码是 {encoding}，台账需要 UTF8；请新建 UTF8 数据库",
                    f"the database {self.name} has the encoding {encoding}; the ledger needs UTF8: make a new database",
                )
            )
        self.execute(f"SET lock_timeout = {max(1, int(timeout * 1000))}")
        self.execute("SET synchronous_commit = on")
        self.execute("SET jit = off")
        self.execute(f"SET default_transaction_read_only = {'on' if read_only else 'off'}")

    def execute(self, sql: str, parameters: Sequence[Any] = ()) -> list[Row]:
        """See `Store`."""
        cursor = (
            self._connection.execute(sql.replace("?", "%s"), parameters)
            if parameters
            else self._connection.execute(sql)
        )
        rows: list[Row] = cursor.fetchall() if cursor.description else []
        return rows

    def insert(self, table: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
        """See `Store`."""
        statement = f"COPY {table} ({', '.join(columns)}) FROM STDIN"
        with self._connection.cursor() as cursor, cursor.copy(statement) as copy:
            for row in rows:
                copy.write_row(row)

    def look_up(self, sql: str, wanted: Mapping[str, Sequence[Any]]) -> list[Row]:
        """See `Store`: the keys travel as arrays."""
        rows = sorted(set(zip(*wanted.values(), strict=True)))
        if not rows:
            return []
        types = [_TYPES[type(value)] for value in rows[0]]
        arrays = ", ".join(f"%b::{name}[]" for name in types)
        relation = f"unnest({arrays}) AS wanted({', '.join(wanted)})"
        cursor = self._connection.execute(
            sql.format(wanted=relation),
            [list(column) for column in zip(*rows, strict=True)],
            binary=True,
        )
        return cursor.fetchall() if cursor.description else []

    def begin(self) -> None:
        """See `Store`."""
        self.execute("BEGIN")
        try:
            self.execute(_LOCK)
        except BaseException:
            self.roll_back()
            raise

    def begin_reading(self) -> None:
        """See `Store`."""
        self.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")

    def tables(self) -> set[str]:
        """See `Store`."""
        return {
            str(name) for (name,) in self.execute("SELECT tablename FROM pg_tables WHERE schemaname = current_schema()")
        }

    def create_tables(self) -> None:
        """See `Store`."""
        for statement in postgres_schema.tables():
            self.execute(statement)

    def create_guards(self, key: LedgerKey) -> None:
        """See `Store`; what the schema then holds is written down under the ledger's seal, for `verify`."""
        self.execute(
            "SET CONSTRAINTS ALL IMMEDIATE"
        )  # an upgrade has filled the tables: what is deferred bars the triggers
        for statement in postgres_schema.guards():
            self.execute(statement)
        self._describe(key)

    def add_table(self, name: str, key: LedgerKey) -> None:
        """See `Store`: what the schema then holds is written down anew."""
        if differing := self.schema_differs(key):
            raise LedgerError(
                Text(
                    f"台账 {self.name} 的数据库结构被改动（{'、'.join(differing)}）；台账未升级，请从备份恢复",
                    f"the schema of the ledger {self.name} was changed ({', '.join(differing)}); "
                    "it was not upgraded: restore a backup",
                )
            )
        self.execute(postgres_schema.table(name))
        self.execute("DELETE FROM ledger_meta WHERE name IN ('schema', 'schema_seal')")
        self._describe(key)

    def _describe(self, key: LedgerKey) -> None:
        """Write down, under the ledger's seal, what the schema holds."""
        described = json.dumps(self._described(), ensure_ascii=False)
        sealed = key.seal(described.encode()).hex()
        self.insert("ledger_meta", ("name", "value"), [("schema", described), ("schema_seal", sealed)])

    def _described(self) -> list[list[str]]:
        """Return type, name and text of everything in the ledger's schema; the schema's own name left out."""
        ((name,),) = self.execute("SELECT current_schema()")
        found = self.execute(postgres_schema.DESCRIPTION)
        return [[what, text.replace(f"{name}.", "").replace(f"={name}", "=")] for what, text in found]

    def schema_differs(self, key: LedgerKey) -> list[str]:
        """See `Store`."""
        meta = self.meta()
        text = meta.get("schema", "[]")
        if key.seal(text.encode()).hex() != meta.get("schema_seal"):
            return ["ledger_meta.schema"]
        made, found = ({(what, told) for what, told in rows} for rows in (json.loads(text), self._described()))
        return sorted({what for what, _ in made ^ found})

    def set_aside(self) -> str:
        """See `Store`: into a schema of their own; indexes and constraints go along."""
        ((name,),) = self.execute("SELECT quote_ident(current_schema() || '_upgrading')")
        self.execute(f"CREATE SCHEMA {name}")
        for table in sorted(self.tables()):
            self.execute(f"ALTER TABLE {table} SET SCHEMA {name}")
        for function in postgres_schema.FUNCTIONS:
            self.execute(f"DROP FUNCTION {function} CASCADE")
        return f"{name}."

    def drop_aside(self, prefix: str) -> None:
        """See `Store`."""
        self.execute(f"DROP SCHEMA {prefix.removesuffix('.')} CASCADE")

    def damage(self) -> str | None:
        """See `Store`: PostgreSQL tells of damaged pages when they are read."""
        return None

    def key(self, *, new: bool) -> LedgerKey:
        """See `Store`."""
        return environment_key(new=new)

    def back_up(self, label: str) -> None:
        """See `Store`: a schema of its own beside the ledger's, in the transaction that is open."""
        ((name,),) = self.execute(
            "SELECT current_schema() || ? || count(*) FROM pg_namespace"
            " WHERE starts_with(nspname, current_schema() || ?)",
            (f"_{label}_", f"_{label}_"),
        )
        quoted = '"{}"'.format(str(name).replace('"', '""'))
        self.execute(f"CREATE SCHEMA {quoted}")
        for table in sorted(self.tables()):
            self.execute(f"CREATE TABLE {quoted}.{table} AS TABLE {table}")

    def copy_to(self, target: Path) -> None:
        """See `Store`."""
        from trainingcli.ledger.sqlite import fill

        self.begin_reading()
        try:
            fill(target, self._all_rows())
        finally:
            self.roll_back()

    def _all_rows(self) -> Iterator[tuple[str, list[str], list[Row]]]:
        for table in NAMES:
            named = self.execute(
                "SELECT attname FROM pg_attribute WHERE attrelid = ?::regclass AND attnum > 0 AND attgenerated = ''"
                " ORDER BY attnum",
                (table,),
            )
            columns = [str(name) for (name,) in named]
            rows = self.execute(f"SELECT {', '.join(columns)} FROM {table}")  # noqa: S608 - names, no values
            if table == "ledger_meta":  # SQLite's schema needs no description
                rows = [row for row in rows if not str(row[0]).startswith("schema")]
            yield table, columns, rows

    def told(self, error: Exception) -> LedgerError:
        """See `Store`. The server's detail lines may quote values: only its first line is ever shown."""
        errors = self._errors
        if isinstance(error, errors.LockNotAvailable):
            return busy(self.name)
        what = str(error).partition("\n")[0]
        if isinstance(error, errors.IntegrityError):
            return refused(self.name, what)
        if isinstance(error, errors.InsufficientPrivilege | errors.ReadOnlySqlTransaction):
            zh, en = (
                "没有写入权限；没有入账，请找数据库管理员",
                "no right to write; nothing was posted, ask the administrator",
            )
        elif isinstance(error, errors.ProgrammingError) and error.sqlstate is None:
            what, zh, en = "", "地址无法识别；请检查 --ledger", "the address does not hold; check --ledger"
        elif isinstance(error, errors.OperationalError):
            zh = "连不上或已断开，入账未得到确认；请检查后重新运行，已入账的会被认出"
            en = "no connection, or it was lost before the posting was confirmed; run again: what is posted is known"
        else:
            zh, en = "数据库错误；请运行 trainingcli ledger verify", "run trainingcli ledger verify"
        shown = f"（{what}）" if what else ""
        return LedgerError(
            Text(f"台账 {self.name}：{zh}{shown}", f"ledger {self.name}: {en}{f' ({what})' if what else ''}")
        )

    def close(self) -> None:
        """See `Store`."""
        self._connection.close()
