"""The ledger's tables (台账结构): one schema for SQLite and PostgreSQL, whose own constraints are the law.

`entries`, `archives` and `batches` only ever grow. A batch's entries are written first and its header last, which
closes it; at that moment the database itself, by a trigger, checks the batch and keeps what follows from the entries:
`places` (a person's places of a year), `repeat_keys` (once for an occupation and level), `active` (payments that are
not reversed) and `balances`. So whatever a program writes, a place taken twice, a second holder of a key or a second
payment breaks a unique constraint, and entries without a header break a foreign key.
"""

# ruff: noqa: S608 - statements are put together from names alone
from __future__ import annotations

VERSION = 1
MARK = "trainingcli ledger"

# {int}, {bytes}: the database's types; {plain}, {clustered}: SQLite's table options.
TABLES = """
CREATE TABLE ledger_meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) {clustered};
CREATE TABLE batches (
  batch {int} PRIMARY KEY,
  kind TEXT NOT NULL CHECK (kind IN ('claims', 'import', 'void', 'budget')),
  posted_at TEXT NOT NULL, today TEXT, policy TEXT, policy_sha256 TEXT, trainings_a_year {int},
  inputs TEXT NOT NULL, inputs_key {bytes}, why TEXT, program TEXT NOT NULL,
  entries {int} NOT NULL CHECK (entries > 0),
  archive_sha256 {bytes}, hash {bytes} NOT NULL, seal {bytes} NOT NULL
) {plain};
CREATE INDEX batches_inputs ON batches (inputs_key);
CREATE TABLE archives (
  batch {int} PRIMARY KEY REFERENCES batches DEFERRABLE INITIALLY DEFERRED,
  data {bytes} NOT NULL
) {plain};
CREATE TABLE entries (
  entry {int} PRIMARY KEY,
  batch {int} NOT NULL REFERENCES batches DEFERRABLE INITIALLY DEFERRED,
  line {int} NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('payment', 'reversal', 'budget', 'opening')),
  reverses {int} REFERENCES entries,
  person {bytes}, event {int}, event_year {int} NOT NULL, own {int} CHECK (own IN (0, 1)),
  place TEXT CHECK (place IN ('year', 'waiver')), place_no {int} CHECK (place_no > 0),
  programme TEXT, occupation TEXT, level TEXT, training_type TEXT,
  start_date TEXT, end_date TEXT, certificate_date TEXT, certificate {bytes}, repeat_key TEXT,
  approved {int} NOT NULL CHECK (approved >= 0), fund TEXT NOT NULL, payee TEXT, waiver TEXT,
  hash {bytes} NOT NULL,
  UNIQUE (batch, line),
  CHECK ((kind = 'reversal') = (reverses IS NOT NULL)),
  CHECK (kind IN ('budget', 'opening') OR (person IS NOT NULL AND event BETWEEN 1 AND entry AND own IS NOT NULL
         AND place IS NOT NULL AND place_no IS NOT NULL AND programme IS NOT NULL)),
  CHECK (place <> 'waiver' OR event <> entry OR waiver IS NOT NULL)
) {plain};
CREATE UNIQUE INDEX entries_reverses ON entries (reverses) WHERE reverses IS NOT NULL;
CREATE TABLE places (
  person {bytes}, year {int}, kind TEXT, place {int}, event {int} NOT NULL UNIQUE,
  PRIMARY KEY (person, year, kind, place)
) {clustered};
CREATE TABLE repeat_keys (
  person {bytes}, repeat_key TEXT, event {int} NOT NULL,
  PRIMARY KEY (person, repeat_key)
) {clustered};
CREATE TABLE active (
  person {bytes}, event {int}, programme TEXT, entry {int} NOT NULL, certificate {bytes},
  PRIMARY KEY (person, event, programme)
) {clustered};
CREATE UNIQUE INDEX active_certificate ON active (certificate, programme, person) WHERE certificate IS NOT NULL;
CREATE TABLE balances (
  fund TEXT, year {int}, budget {int},
  opening {int} NOT NULL DEFAULT 0, posted {int} NOT NULL DEFAULT 0, reversed {int} NOT NULL DEFAULT 0,
  closing {int} GENERATED ALWAYS AS (opening + posted - reversed) STORED,
  PRIMARY KEY (fund, year)
) {clustered};
"""

GROWING = ("batches", "archives", "entries")

# What is checked when a batch is closed: (what is wrong, in SQL; what it is called). NEW is the batch's header.
_OWN = "entries n WHERE n.batch = NEW.batch"
CHECKS = (
    (
        f"(SELECT count(*) FROM {_OWN}) <> NEW.entries"
        " OR NEW.batch <> 1 + (SELECT coalesce(max(batch), 0) FROM batches WHERE batch <> NEW.batch)"
        f" OR (SELECT min(entry) FROM {_OWN})"
        " <> 1 + (SELECT coalesce(max(entry), 0) FROM entries WHERE batch = NEW.batch - 1)"
        f" OR (SELECT max(entry) FROM entries) <> (SELECT min(entry) FROM {_OWN}) + NEW.entries - 1",
        "batches and entries are numbered in turn",
    ),
    (
        f"""EXISTS (SELECT 1 FROM {_OWN} AND n.kind = 'reversal' AND NOT EXISTS (
    SELECT 1 FROM active a JOIN entries p ON p.entry = a.entry
    WHERE a.person = n.person AND a.event = n.event AND a.programme = n.programme AND a.entry = n.reverses
      AND p.event_year = n.event_year AND p.place = n.place AND p.place_no = n.place_no
      AND coalesce(p.repeat_key, '') = coalesce(n.repeat_key, '') AND p.approved = n.approved AND p.fund = n.fund))""",
        "a reversal names an active payment",
    ),
)

# What is then kept, in this order. Grouped or sorted first, so that every page of a big index is met once.
KEPT = (
    f"""INSERT INTO places (person, year, kind, place, event)
    SELECT n.person, n.event_year, n.place, n.place_no, n.event FROM (
      SELECT n.person, n.event_year, n.place, n.place_no, n.event FROM {_OWN} AND n.kind = 'payment'
      GROUP BY n.person, n.event_year, n.place, n.place_no, n.event) n
    WHERE NOT EXISTS (SELECT 1 FROM places h WHERE h.person = n.person AND h.year = n.event_year
      AND h.kind = n.place AND h.place = n.place_no AND h.event = n.event)""",
    f"""INSERT INTO repeat_keys (person, repeat_key, event)
    SELECT n.person, n.repeat_key, n.event FROM (
      SELECT n.person, n.repeat_key, n.event FROM {_OWN} AND n.kind = 'payment' AND n.repeat_key IS NOT NULL
      GROUP BY n.person, n.repeat_key, n.event) n
    WHERE NOT EXISTS (
      SELECT 1 FROM repeat_keys k WHERE k.person = n.person AND k.repeat_key = n.repeat_key AND k.event = n.event)""",
    f"""INSERT INTO active (person, event, programme, entry, certificate)
    SELECT n.person, n.event, n.programme, n.entry, n.certificate FROM {_OWN} AND n.kind = 'payment'
    ORDER BY 1, 2, 3""",
    f"""DELETE FROM active WHERE (person, event, programme) IN (
    SELECT n.person, n.event, n.programme FROM {_OWN} AND n.kind = 'reversal')""",
    f"""DELETE FROM repeat_keys WHERE (person, repeat_key) IN (
    SELECT n.person, n.repeat_key FROM {_OWN} AND n.kind = 'reversal' AND NOT EXISTS (
      SELECT 1 FROM active a JOIN entries p ON p.entry = a.entry
      WHERE a.person = n.person AND a.event = n.event AND p.repeat_key = n.repeat_key))""",
    f"""DELETE FROM places WHERE event IN (
    SELECT n.event FROM {_OWN} AND n.kind = 'reversal' AND NOT EXISTS (
      SELECT 1 FROM active a WHERE a.person = n.person AND a.event = n.event))""",
    f"""INSERT INTO balances (fund, year, budget, opening, posted, reversed)
    SELECT n.fund, n.event_year, max(CASE n.kind WHEN 'budget' THEN n.approved END),
      coalesce(max(CASE n.kind WHEN 'opening' THEN n.approved END), 0),
      sum(CASE n.kind WHEN 'payment' THEN n.approved ELSE 0 END),
      sum(CASE n.kind WHEN 'reversal' THEN n.approved ELSE 0 END) FROM {_OWN} GROUP BY n.fund, n.event_year
    ON CONFLICT (fund, year) DO UPDATE SET budget = coalesce(excluded.budget, balances.budget),
      opening = CASE WHEN excluded.budget IS NULL THEN balances.opening ELSE excluded.opening END,
      posted = balances.posted + excluded.posted, reversed = balances.reversed + excluded.reversed""",
)

# What follows from the entries, as `verify` works it out again: (table, its columns, the same from the entries).
_LIVE = "FROM entries p WHERE p.kind = 'payment' AND NOT EXISTS (SELECT 1 FROM entries r WHERE r.reverses = p.entry)"
DERIVED = (
    (
        "places",
        "person, year, kind, place, event",
        f"SELECT DISTINCT person, event_year AS year, place AS kind, place_no AS place, event {_LIVE}",
    ),
    (
        "repeat_keys",
        "person, repeat_key, event",
        f"SELECT DISTINCT person, repeat_key, event {_LIVE} AND repeat_key IS NOT NULL",
    ),
    (
        "active",
        "person, event, programme, entry, certificate",
        f"SELECT person, event, programme, entry, certificate {_LIVE}",
    ),
    (
        "balances",
        "fund, year, budget, opening, posted, reversed",
        """
SELECT t.fund, t.year, b.approved AS budget, coalesce(o.approved, 0) AS opening, t.posted, t.reversed FROM (
  SELECT fund, event_year AS year,
    max(CASE WHEN kind = 'budget' THEN entry END) AS budget, max(CASE WHEN kind = 'opening' THEN entry END) AS opening,
    CAST(sum(CASE WHEN kind = 'payment' THEN approved ELSE 0 END) AS BIGINT) AS posted,
    CAST(sum(CASE WHEN kind = 'reversal' THEN approved ELSE 0 END) AS BIGINT) AS reversed
  FROM entries GROUP BY fund, event_year) t
LEFT JOIN entries b ON b.entry = t.budget LEFT JOIN entries o ON o.entry = t.opening""",
    ),
)
