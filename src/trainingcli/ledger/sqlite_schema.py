"""The ledger's tables and triggers as SQLite wants them."""

from __future__ import annotations

from trainingcli.ledger.schema import CHECKS, GROWING, KEPT, TABLES

# `INSERT OR REPLACE` deletes without firing a delete trigger: what it could replace is refused before.
_REPLACED = {
    "batches": "EXISTS (SELECT 1 FROM batches WHERE batch = NEW.batch)",
    "archives": "EXISTS (SELECT 1 FROM archives WHERE batch = NEW.batch)",
    "entries": "EXISTS (SELECT 1 FROM batches WHERE batch = NEW.batch)"  # the batch is closed
    " OR EXISTS (SELECT 1 FROM entries WHERE entry = NEW.entry)"
    " OR (NEW.reverses IS NOT NULL AND EXISTS (SELECT 1 FROM entries WHERE reverses = NEW.reverses))",
}


def statements() -> list[str]:
    """Return every statement that makes the ledger, in order."""
    tables = TABLES.format(int="INTEGER", bytes="BLOB", plain="STRICT", clustered="STRICT, WITHOUT ROWID")
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
    closing = f"CREATE TRIGGER batches_closing AFTER INSERT ON batches BEGIN\n{body};\nEND"
    return [*(part.strip() for part in tables.split(";") if part.strip()), *refusals, closing]


def guards() -> dict[str, str]:
    """Return name → text of every trigger, which `verify` looks for."""
    return {text.split()[2]: text for text in statements() if text.startswith("CREATE TRIGGER")}
