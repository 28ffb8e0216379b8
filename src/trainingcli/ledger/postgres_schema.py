"""The triggers of the ledger on PostgreSQL: the same law as on SQLite, once a statement so that COPY stays fast."""

from __future__ import annotations

from trainingcli.ledger.schema import GROWING, TABLES

_REFUSE = """CREATE FUNCTION ledger_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'append-only: %', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation'; END $$"""

_POSTED = """CREATE FUNCTION ledger_posted() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
DECLARE first bigint; last bigint; many bigint; reversals bigint;
BEGIN
  SELECT min(entry), max(entry), count(*), count(*) FILTER (WHERE kind = 'reversal')
    INTO first, last, many, reversals FROM posted;
  IF many = 0 THEN RETURN NULL; END IF;
  IF last - first + 1 <> many OR (first <> 1 AND NOT EXISTS (SELECT 1 FROM entries WHERE entry = first - 1))
    OR EXISTS (SELECT 1 FROM entries WHERE entry > last) THEN
    RAISE EXCEPTION 'entries are numbered in turn' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  INSERT INTO places (person, year, kind, place, event)
    SELECT DISTINCT n.person, n.event_year, n.place, n.place_no, n.event FROM posted n
    WHERE n.kind = 'payment' AND NOT EXISTS (
      SELECT 1 FROM places p WHERE p.event = n.event AND p.person = n.person AND p.year = n.event_year
        AND p.kind = n.place AND p.place = n.place_no);
  INSERT INTO repeat_keys (person, repeat_key, event)
    SELECT DISTINCT n.person, n.repeat_key, n.event FROM posted n
    WHERE n.kind = 'payment' AND n.repeat_key IS NOT NULL AND NOT EXISTS (
      SELECT 1 FROM repeat_keys k WHERE k.person = n.person AND k.repeat_key = n.repeat_key AND k.event = n.event);
  INSERT INTO active (person, event, programme, entry, certificate)
    SELECT person, event, programme, entry, certificate FROM posted WHERE kind = 'payment';
  INSERT INTO balances AS b (fund, year, posted)
    SELECT fund, event_year, sum(approved) FROM posted WHERE kind = 'payment' GROUP BY fund, event_year
    ON CONFLICT (fund, year) DO UPDATE SET posted = b.posted + excluded.posted;
  IF reversals > 0 THEN PERFORM ledger_reversed(first, last); END IF;
  INSERT INTO balances (fund, year) SELECT fund, event_year FROM posted WHERE kind IN ('budget', 'opening')
    ON CONFLICT (fund, year) DO NOTHING;
  UPDATE balances b SET budget = n.approved FROM (SELECT DISTINCT ON (fund, event_year) * FROM posted
    WHERE kind = 'budget' ORDER BY fund, event_year, entry DESC) n WHERE b.fund = n.fund AND b.year = n.event_year;
  UPDATE balances b SET opening = n.approved FROM (SELECT DISTINCT ON (fund, event_year) * FROM posted
    WHERE kind = 'opening' ORDER BY fund, event_year, entry DESC) n WHERE b.fund = n.fund AND b.year = n.event_year;
  RETURN NULL;
END $$"""

_REVERSED = """CREATE FUNCTION ledger_reversed(first bigint, last bigint) RETURNS void LANGUAGE plpgsql
SET search_path FROM CURRENT AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM entries n WHERE n.entry BETWEEN first AND last AND n.kind = 'reversal' AND NOT EXISTS (
    SELECT 1 FROM active a JOIN entries p ON p.entry = a.entry
    WHERE a.person = n.person AND a.event = n.event AND a.programme = n.programme AND a.entry = n.reverses
      AND p.event_year = n.event_year AND p.place = n.place AND p.place_no = n.place_no
      AND p.repeat_key IS NOT DISTINCT FROM n.repeat_key AND p.approved = n.approved AND p.fund = n.fund)) THEN
    RAISE EXCEPTION 'a reversal names an active payment' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  DELETE FROM active a USING entries n WHERE n.entry BETWEEN first AND last AND n.kind = 'reversal'
    AND a.person = n.person AND a.event = n.event AND a.programme = n.programme;
  DELETE FROM repeat_keys k USING entries n WHERE n.entry BETWEEN first AND last AND n.kind = 'reversal'
    AND k.person = n.person AND k.repeat_key = n.repeat_key AND NOT EXISTS (
      SELECT 1 FROM active a JOIN entries p ON p.entry = a.entry
      WHERE a.person = n.person AND a.event = n.event AND p.repeat_key = n.repeat_key);
  DELETE FROM places h USING entries n WHERE n.entry BETWEEN first AND last AND n.kind = 'reversal'
    AND h.event = n.event AND NOT EXISTS (
      SELECT 1 FROM active a WHERE a.person = n.person AND a.event = n.event);
  UPDATE balances b SET reversed = b.reversed + n.sum FROM (
    SELECT fund, event_year, sum(approved) FROM entries WHERE entry BETWEEN first AND last AND kind = 'reversal'
    GROUP BY fund, event_year) n WHERE b.fund = n.fund AND b.year = n.event_year;
END $$"""

_TRIGGER = """CREATE TRIGGER entries_posted AFTER INSERT ON entries
REFERENCING NEW TABLE AS posted FOR EACH STATEMENT EXECUTE FUNCTION ledger_posted()"""


def statements() -> list[str]:
    """Return every statement that makes the ledger, in order."""
    tables = TABLES.format(int="BIGINT", bytes="BYTEA", plain="", clustered="")
    refusals = [
        f"CREATE TRIGGER {table}_no_{name} BEFORE {what} ON {table} {each} EXECUTE FUNCTION ledger_refuse()"
        for table in GROWING
        for name, what, each in (
            ("change", "UPDATE OR DELETE", "FOR EACH ROW"),
            ("truncate", "TRUNCATE", "FOR EACH STATEMENT"),
        )
    ]
    parts = [part.strip() for part in tables.split(";") if part.strip()]
    return [*parts, _REFUSE, _REVERSED, _POSTED, *refusals, _TRIGGER]


def guards() -> list[str]:
    """Return the names of the triggers, which `verify` looks for."""
    return [text.split()[2] for text in statements() if text.startswith("CREATE TRIGGER")]
