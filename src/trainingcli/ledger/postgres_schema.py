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


# Everything that a schema holds, a line each: type and name, then its text. Internal triggers are foreign keys' own.
DESCRIPTION = """
SELECT 'column ' || c.relname || '.' || a.attname, concat_ws(' ', c.relkind::text, format_type(a.atttypid, a.atttypmod),
    a.attnotnull, a.attgenerated::text, pg_get_expr(d.adbin, d.adrelid), c.relrowsecurity)
  FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
  LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
  WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind NOT IN ('i', 'c')
UNION ALL SELECT 'constraint ' || c.relname || '.' || k.conname, pg_get_constraintdef(k.oid) || ' ' || k.convalidated
  FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid WHERE c.relnamespace = current_schema()::regnamespace
UNION ALL SELECT 'index ' || x.relname, pg_get_indexdef(i.indexrelid) || ' ' || i.indisvalid
  FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid JOIN pg_class x ON x.oid = i.indexrelid
  WHERE c.relnamespace = current_schema()::regnamespace
UNION ALL SELECT 'trigger ' || c.relname || '.' || CASE WHEN t.tgisinternal THEN f.proname ELSE t.tgname END,
    CASE WHEN t.tgisinternal THEN count(*)::text ELSE max(pg_get_triggerdef(t.oid)) END || ' ' || t.tgenabled::text
  FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_proc f ON f.oid = t.tgfoid
  WHERE c.relnamespace = current_schema()::regnamespace
  GROUP BY c.relname, t.tgisinternal, f.proname, t.tgenabled, CASE WHEN t.tgisinternal THEN f.proname ELSE t.tgname END
UNION ALL SELECT 'function ' || f.proname, concat_ws(' ', l.lanname, f.prosecdef, f.proconfig::text, f.prosrc)
  FROM pg_proc f JOIN pg_language l ON l.oid = f.prolang WHERE f.pronamespace = current_schema()::regnamespace
UNION ALL SELECT 'rule ' || c.relname || '.' || r.rulename, pg_get_ruledef(r.oid)
  FROM pg_rewrite r JOIN pg_class c ON c.oid = r.ev_class WHERE c.relnamespace = current_schema()::regnamespace
ORDER BY 1, 2"""


def tables() -> list[str]:
    """Return the statements that make tables and indexes, in order."""
    text = TABLES.format(int="BIGINT", bytes="BYTEA", plain="", clustered="")
    return [part.strip() for part in text.split(";") if part.strip()]


def table(name: str) -> str:
    """Return the statement that makes one table."""
    return next(statement for statement in tables() if statement.startswith(f"CREATE TABLE {name} "))


def guards() -> list[str]:
    """Return the statements that make the functions and triggers, in order."""
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
        *(_REFUSE, _CLOSED, closing),
        *refusals,
        "CREATE TRIGGER entries_closed AFTER INSERT ON entries REFERENCING NEW TABLE AS posted"
        " FOR EACH STATEMENT EXECUTE FUNCTION ledger_closed()",
        "CREATE TRIGGER batches_closing AFTER INSERT ON batches FOR EACH ROW EXECUTE FUNCTION ledger_closing()",
    ]


FUNCTIONS = ("ledger_refuse", "ledger_closed", "ledger_closing")
