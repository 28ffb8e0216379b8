"""The triggers of the ledger on SQLite: append-only, one entry after the other, and what follows from an entry."""

from __future__ import annotations

from trainingcli.ledger.schema import GROWING, TABLES


def _refusals(table: str, key: str) -> list[str]:
    """Refuse updates and deletions; also `INSERT OR REPLACE`, which deletes without firing a delete trigger."""
    refuse = f"BEGIN SELECT RAISE(ABORT, 'append-only: {table}'); END"
    return [
        f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} {refuse}",
        f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} {refuse}",
        f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table}"  # noqa: S608 - names, no values
        f" WHEN EXISTS (SELECT 1 FROM {table} WHERE {key} = NEW.{key}) {refuse}",
    ]


_ENTRIES = (
    """CREATE TRIGGER entries_in_turn BEFORE INSERT ON entries
WHEN NEW.entry IS NOT (SELECT coalesce(max(entry), 0) + 1 FROM entries)
BEGIN SELECT RAISE(ABORT, 'entries are numbered in turn'); END""",
    """CREATE TRIGGER entries_payment AFTER INSERT ON entries WHEN NEW.kind = 'payment' BEGIN
  INSERT INTO places (person, year, kind, place, event)
    SELECT NEW.person, NEW.event_year, NEW.place, NEW.place_no, NEW.event WHERE NOT EXISTS (
      SELECT 1 FROM places WHERE event = NEW.event AND person = NEW.person AND year = NEW.event_year
        AND kind = NEW.place AND place = NEW.place_no);
  INSERT INTO repeat_keys (person, repeat_key, event)
    SELECT NEW.person, NEW.repeat_key, NEW.event WHERE NEW.repeat_key IS NOT NULL AND NOT EXISTS (
      SELECT 1 FROM repeat_keys WHERE person = NEW.person AND repeat_key = NEW.repeat_key AND event = NEW.event);
  INSERT INTO active (person, event, programme, entry, certificate)
    VALUES (NEW.person, NEW.event, NEW.programme, NEW.entry, NEW.certificate);
  INSERT INTO balances (fund, year, posted) VALUES (NEW.fund, NEW.event_year, NEW.approved)
    ON CONFLICT (fund, year) DO UPDATE SET posted = posted + excluded.posted;
END""",
    """CREATE TRIGGER entries_reversal_of BEFORE INSERT ON entries WHEN NEW.kind = 'reversal' AND NOT EXISTS (
  SELECT 1 FROM active a JOIN entries p ON p.entry = a.entry
  WHERE a.person = NEW.person AND a.event = NEW.event AND a.programme = NEW.programme AND a.entry = NEW.reverses
    AND p.event_year = NEW.event_year AND p.place = NEW.place AND p.place_no = NEW.place_no
    AND p.repeat_key IS NEW.repeat_key AND p.approved = NEW.approved AND p.fund = NEW.fund)
BEGIN SELECT RAISE(ABORT, 'a reversal names an active payment'); END""",
    """CREATE TRIGGER entries_reversal AFTER INSERT ON entries WHEN NEW.kind = 'reversal' BEGIN
  DELETE FROM active WHERE person = NEW.person AND event = NEW.event AND programme = NEW.programme;
  DELETE FROM repeat_keys WHERE person = NEW.person AND repeat_key = NEW.repeat_key AND NOT EXISTS (
    SELECT 1 FROM active a JOIN entries p ON p.entry = a.entry
    WHERE a.person = NEW.person AND a.event = NEW.event AND p.repeat_key = NEW.repeat_key);
  DELETE FROM places WHERE event = NEW.event AND NOT EXISTS (
    SELECT 1 FROM active a WHERE a.person = NEW.person AND a.event = NEW.event);
  UPDATE balances SET reversed = reversed + NEW.approved WHERE fund = NEW.fund AND year = NEW.event_year;
END""",
    """CREATE TRIGGER entries_opening AFTER INSERT ON entries WHEN NEW.kind IN ('budget', 'opening') BEGIN
  INSERT INTO balances (fund, year) VALUES (NEW.fund, NEW.event_year) ON CONFLICT (fund, year) DO NOTHING;
  UPDATE balances SET budget = CASE NEW.kind WHEN 'budget' THEN NEW.approved ELSE budget END,
    opening = CASE NEW.kind WHEN 'opening' THEN NEW.approved ELSE opening END
    WHERE fund = NEW.fund AND year = NEW.event_year;
END""",
)


def statements() -> list[str]:
    """Return every statement that makes the ledger, in order."""
    tables = TABLES.format(int="INTEGER", bytes="BLOB", plain="STRICT", clustered="STRICT, WITHOUT ROWID")
    refusals = [statement for table, key in GROWING.items() for statement in _refusals(table, key)]
    return [*(part.strip() for part in tables.split(";") if part.strip()), *refusals, *_ENTRIES]


def guards() -> dict[str, str]:
    """Return name → text of every trigger, which `verify` looks for."""
    return {text.split()[2]: text for text in statements() if text.startswith("CREATE TRIGGER")}
