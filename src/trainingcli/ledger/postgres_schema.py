"""The ledger's tables and triggers as PostgreSQL wants them."""

# ruff: noqa: S608 - statements are put together from names alone
from __future__ import annotations

from trainingcli.ledger.schema import CHECKS, GROWING, KEPT, TABLES

_ERROR = "USING ERRCODE = 'integrity_constraint_violation'"
_REFUSE = f"""CREATE FUNCTION ledger_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'append-only: %', TG_TABLE_NAME {_ERROR}; END $$"""
_CLOSED = f"""CREATE FUNCTION ledger_closed() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
IF EXISTS (SELECT 1 FROM posted JOIN batches ON batches.batch = posted.batch) THEN
  RAISE EXCEPTION 'the batch is closed' {_ERROR};
END IF;
RETURN NULL;
END $$"""


def statements() -> list[str]:
    """Return every statement that makes the ledger, in order."""
    tables = TABLES.format(int="BIGINT", bytes="BYTEA", plain="", clustered="")
    checks = (f"IF {wrong} THEN RAISE EXCEPTION '{name}' {_ERROR}; END IF" for wrong, name in CHECKS)
    body = ";\n".join([*checks, *KEPT])
    closing = (
        "CREATE FUNCTION ledger_closing() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$\n"
        f"BEGIN\n{body};\nRETURN NULL;\nEND $$"
    )
    refusals = [
        f"CREATE TRIGGER {table}_no_{word} BEFORE {what} ON {table} FOR EACH {each} EXECUTE FUNCTION ledger_refuse()"
        for table in GROWING
        for word, what, each in (("change", "UPDATE OR DELETE", "ROW"), ("truncate", "TRUNCATE", "STATEMENT"))
    ]
    return [
        *(part.strip() for part in tables.split(";") if part.strip()),
        *(_REFUSE, _CLOSED, closing),
        *refusals,
        "CREATE TRIGGER entries_closed AFTER INSERT ON entries REFERENCING NEW TABLE AS posted"
        " FOR EACH STATEMENT EXECUTE FUNCTION ledger_closed()",
        "CREATE TRIGGER batches_closing AFTER INSERT ON batches FOR EACH ROW EXECUTE FUNCTION ledger_closing()",
    ]


def guards() -> list[str]:
    """Return the names of the triggers, which `verify` looks for."""
    return [text.split()[2] for text in statements() if text.startswith("CREATE TRIGGER")]
