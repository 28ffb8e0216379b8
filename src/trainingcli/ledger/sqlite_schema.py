"""The ledger's tables and triggers as SQLite wants them."""

# ruff: noqa: S608 - statements are put together from names alone
from __future__ import annotations

from trainingcli.ledger.schema import CHECKS, GROWING, KEPT, TABLES

# `INSERT OR REPLACE` deletes without firing a delete trigger: what it could replace is refused before.
_REPLACED = {
    "batches": "batch = NEW.batch",
    "archives": "batch = NEW.batch",
    "entries": "entry = NEW.entry OR reverses = NEW.reverses",
}
_CLOSED = """CREATE TRIGGER entries_closed BEFORE INSERT ON entries
WHEN EXISTS (SELECT 1 FROM batches WHERE batch = NEW.batch)
BEGIN SELECT RAISE(ABORT, 'the batch is closed'); END"""


def statements() -> list[str]:
    """Return every statement that makes the ledger, in order."""
    tables = TABLES.format(int="INTEGER", bytes="BLOB", plain="STRICT", clustered="STRICT, WITHOUT ROWID")
    refusals = [
        f"CREATE TRIGGER {table}_no_{word} BEFORE {what} BEGIN SELECT RAISE(ABORT, 'append-only: {table}'); END"
        for table in GROWING
        for word, what in (
            ("update", f"UPDATE ON {table}"),
            ("delete", f"DELETE ON {table}"),
            ("replace", f"INSERT ON {table} WHEN EXISTS (SELECT 1 FROM {table} WHERE {_REPLACED[table]})"),
        )
    ]
    body = ";\n".join([*(f"SELECT RAISE(ABORT, '{name}') WHERE {wrong}" for wrong, name in CHECKS), *KEPT])
    closing = f"CREATE TRIGGER batches_closing AFTER INSERT ON batches BEGIN\n{body};\nEND"
    return [*(part.strip() for part in tables.split(";") if part.strip()), *refusals, _CLOSED, closing]


def guards() -> dict[str, str]:
    """Return name → text of every trigger, which `verify` looks for."""
    return {text.split()[2]: text for text in statements() if text.startswith("CREATE TRIGGER")}
