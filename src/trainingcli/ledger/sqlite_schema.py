"""The ledger's tables and triggers as SQLite wants them."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from functools import cache

from trainingcli.ledger.schema import CHECKS, GROWING, KEPT, TABLES

# `INSERT OR REPLACE` deletes without firing a delete trigger: what it could replace is refused before.
_REPLACED = {
    "batches": "EXISTS (SELECT 1 FROM batches WHERE batch = NEW.batch)",
    "archives": "EXISTS (SELECT 1 FROM archives WHERE batch = NEW.batch)",
    "entries": "EXISTS (SELECT 1 FROM batches WHERE batch = NEW.batch)"  # the batch is closed
    " OR EXISTS (SELECT 1 FROM entries WHERE entry = NEW.entry)"
    " OR (NEW.reverses IS NOT NULL AND EXISTS (SELECT 1 FROM entries WHERE reverses = NEW.reverses))"
    " OR (NEW.kind = 'reopened' AND EXISTS (SELECT 1 FROM entries WHERE kind = 'reopened' AND refers = NEW.refers))",
}
APPLICATION = 0x54434C47
"""What the file says that it is, in its header ("TCLG"), so that a copy under any name is known for a ledger."""
DESCRIPTION = "SELECT type, name, tbl_name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite_stat%'"


def tables() -> list[str]:
    """Return the statements that make tables and indexes, in order."""
    text = TABLES.format(int="INTEGER", bytes="BLOB", plain="STRICT", clustered="STRICT, WITHOUT ROWID")
    return [part.strip() for part in text.split(";") if part.strip()]


def table(name: str) -> str:
    """Return the statement that makes one table."""
    return next(statement for statement in tables() if statement.startswith(f"CREATE TABLE {name} "))


def guards() -> list[str]:
    """Return the statements that make the triggers, in order."""
    refusals = [
        f"CREATE TRIGGER {table}_no_{word} BEFORE {what} BEGIN SELECT RAISE(ABORT, 'append-only: {table}'); END"
        for table in GROWING
        for word, what in (
            ("update", f"UPDATE ON {table}"),
            ("delete", f"DELETE ON {table}"),
            ("replace", f"INSERT ON {table} WHEN {_REPLACED[table]}"),
        )
    ]
    body = ";\n".join([*(f"SELECT RAISE(ABORT, '{name}') WHERE {wrong}" for wrong, name in CHECKS), *KEPT])
    return [*refusals, f"CREATE TRIGGER batches_closing AFTER INSERT ON batches BEGIN\n{body};\nEND"]


@cache
def description() -> frozenset[tuple[str | None, ...]]:
    """Return type, name, table and text of everything that a ledger holds, just as SQLite keeps it."""
    with closing(sqlite3.connect(":memory:")) as pattern:
        for statement in (*tables(), *guards()):
            pattern.execute(statement)
        return frozenset(pattern.execute(DESCRIPTION))
