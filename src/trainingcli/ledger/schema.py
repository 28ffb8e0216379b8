"""The ledger's tables (台账结构): one schema for SQLite and PostgreSQL, whose own constraints are the law.

`entries`, `archives` and `batches` only ever grow. A batch's entries are written first and its header last, which
closes it; at that moment the database itself, by a trigger, checks the batch and keeps what follows from the entries:
`places` (a person's places of a year), `repeat_keys` (once for an occupation and level), `once_keys` (once for a base,
a studio, a grade, a round; for each name of the unit), `certificates` (a number pays a programme once), `active`
(payments that are not reversed) and `balances`. So whatever a program writes, a place taken twice, a second holder of
a key or a second payment breaks a unique constraint, and entries without a header break a foreign key.

Beside the chain: `forms` (today's compared form of what an older program posted), `appearances` (who is in which
batch), `refused` (the latest held or rejected line of each training and programme) and `paid` (a batch's payments as
columns).
"""

# ruff: noqa: S608 - statements are put together from names alone
from __future__ import annotations

VERSION = 3
MARK = "trainingcli ledger"

# {int}, {bytes}: the database's types; {plain}, {clustered}: SQLite's table options.
# An entry pays, reverses, or sets a budget; every other kind is a record without money (name, reopened, published …).
# A record that refers to an entry is no line of its batch: its number, below zero, stands there.
TABLES = """
CREATE TABLE ledger_meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) {clustered};
CREATE TABLE batches (
  batch {int} PRIMARY KEY, format {int} NOT NULL,
  kind TEXT NOT NULL CHECK (kind <> ''),
  posted_at TEXT NOT NULL, today TEXT, operator TEXT, policy TEXT, policy_sha256 TEXT, trainings_a_year {int},
  rules TEXT, inputs TEXT NOT NULL, inputs_key {bytes}, why TEXT, backdate TEXT, program TEXT NOT NULL,
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
  kind TEXT NOT NULL CHECK (kind <> ''),
  reverses {int} REFERENCES entries, refers {int} REFERENCES entries,
  day TEXT, year {int},
  subject_kind TEXT, subject {bytes}, event {int}, event_year {int}, own {int} CHECK (own IN (0, 1)),
  place TEXT, place_no {int} CHECK (place_no > 0), once_key TEXT,
  programme TEXT, occupation TEXT, level TEXT, training_type TEXT,
  start_date TEXT, end_date TEXT, certificate_date TEXT, certificate {bytes}, repeat_key TEXT,
  approved {int} NOT NULL CHECK (approved >= 0), fund TEXT, payee TEXT, waiver TEXT, decision TEXT, facts TEXT,
  hash {bytes} NOT NULL,
  UNIQUE (batch, line),
  CHECK ((kind = 'reversal') = (reverses IS NOT NULL)),
  CHECK (kind NOT IN ('payment', 'reversal') OR (
    subject IS NOT NULL AND subject_kind IS NOT NULL AND event IS NOT NULL AND event BETWEEN 1 AND entry
    AND event_year IS NOT NULL AND own IS NOT NULL AND programme IS NOT NULL AND day IS NOT NULL
    AND (place IS NULL) = (place_no IS NULL)
    AND (subject_kind <> 'person' OR coalesce(place, '') IN ('year', 'waiver'))
    AND (place IS NOT NULL OR event = coalesce(reverses, entry)))),
  CHECK (kind NOT IN ('payment', 'reversal', 'budget', 'opening') OR (fund IS NOT NULL AND year IS NOT NULL)),
  CHECK (kind IN ('payment', 'reversal', 'budget', 'opening') OR approved = 0),
  CHECK (kind NOT IN ('name', 'reopened') OR refers IS NOT NULL),
  CHECK (place <> 'waiver' OR event <> entry OR waiver IS NOT NULL)
) {plain};
CREATE UNIQUE INDEX entries_reverses ON entries (reverses) WHERE reverses IS NOT NULL;
CREATE UNIQUE INDEX entries_reopened ON entries (refers) WHERE kind = 'reopened';
CREATE INDEX entries_reversed ON entries (subject) WHERE kind IN ('reversal', 'name');
CREATE TABLE forms (
  entry {int} PRIMARY KEY REFERENCES entries, certificate {bytes}, occupation TEXT, repeat_key TEXT
) {plain};
CREATE TABLE places (
  subject {bytes}, year {int}, kind TEXT, place {int}, event {int} NOT NULL UNIQUE,
  PRIMARY KEY (subject, year, kind, place)
) {clustered};
CREATE TABLE repeat_keys (
  subject {bytes}, repeat_key TEXT, event {int} NOT NULL,
  PRIMARY KEY (subject, repeat_key)
) {clustered};
CREATE TABLE once_keys (
  subject {bytes}, once_key TEXT, entry {int} NOT NULL,
  PRIMARY KEY (subject, once_key)
) {clustered};
CREATE TABLE certificates (
  certificate {bytes}, programme TEXT, subject {bytes}, entry {int} NOT NULL,
  PRIMARY KEY (certificate, programme, subject)
) {clustered};
CREATE TABLE active (
  subject {bytes}, event {int}, programme TEXT, entry {int} NOT NULL,
  PRIMARY KEY (subject, event, programme)
) {clustered};
CREATE TABLE balances (
  fund TEXT, year {int}, budget {int},
  opening {int} NOT NULL DEFAULT 0, posted {int} NOT NULL DEFAULT 0, reversed {int} NOT NULL DEFAULT 0,
  closing {int} GENERATED ALWAYS AS (opening + posted - reversed) STORED,
  PRIMARY KEY (fund, year)
) {clustered};
CREATE TABLE appearances (subject {bytes}, batch {int}, PRIMARY KEY (subject, batch)) {clustered};
CREATE TABLE refused (
  subject {bytes}, training TEXT, programme TEXT, batch {int} NOT NULL, line {int} NOT NULL,
  status TEXT NOT NULL, codes TEXT NOT NULL,
  PRIMARY KEY (subject, training, programme)
) {clustered};
CREATE TABLE paid (batch {int}, name TEXT, data {bytes} NOT NULL, PRIMARY KEY (batch, name)) {plain};
"""
NAMES = tuple(part.split()[2] for part in TABLES.split(";") if part.strip().startswith("CREATE TABLE"))

GROWING = ("batches", "archives", "entries")

# What is checked when a batch is closed: (what is wrong, in SQL; what it is called). NEW is the batch's header.
_OWN = "entries n WHERE n.batch = NEW.batch"
_SAME = " AND ".join(
    f"coalesce(CAST(p.{name} AS TEXT), '') = coalesce(CAST(n.{name} AS TEXT), '')"
    for name in ("event_year", "place", "place_no", "repeat_key", "once_key", "approved", "fund", "year")
)
CHECKS = (
    (
        f"NEW.format <> 2 OR (SELECT count(*) FROM {_OWN}) <> NEW.entries"
        " OR NEW.batch <> 1 + (SELECT coalesce(max(batch), 0) FROM batches WHERE batch <> NEW.batch)"
        f" OR (SELECT min(entry) FROM {_OWN})"
        " <> 1 + (SELECT coalesce(max(entry), 0) FROM entries WHERE batch = NEW.batch - 1)"
        f" OR (SELECT max(entry) FROM entries) <> (SELECT min(entry) FROM {_OWN}) + NEW.entries - 1",
        "batches and entries are numbered in turn",
    ),
    (
        f"""EXISTS (SELECT 1 FROM {_OWN} AND n.kind = 'reversal' AND NOT EXISTS (
    SELECT 1 FROM active a JOIN entries p ON p.entry = a.entry
    WHERE a.subject = n.subject AND a.event = n.event AND a.programme = n.programme AND a.entry = n.reverses
      AND n.day >= p.day AND {_SAME}))""",
        "a reversal names an active payment",
    ),
    (
        f"""EXISTS (SELECT 1 FROM {_OWN} AND n.kind = 'name' AND NOT EXISTS (
    SELECT 1 FROM entries p WHERE p.entry = n.refers AND p.batch = n.batch AND p.kind = 'payment'
      AND p.once_key = n.once_key))""",
        "a further name is of a payment beside it",
    ),
    (
        f"""EXISTS (SELECT 1 FROM {_OWN} AND n.kind = 'reopened' AND NOT EXISTS (
    SELECT 1 FROM entries r WHERE r.reverses = n.refers))""",
        "what is reopened was reversed",
    ),
)

# What is then kept, in this order. Grouped or sorted first, so that every page of a big index is met once.
_GONE = f"{_OWN} AND n.kind = 'reversal'"
_CERTIFICATE = "CASE WHEN f.entry IS NULL THEN p.certificate ELSE f.certificate END"
KEPT = (
    f"""INSERT INTO places (subject, year, kind, place, event)
    SELECT n.subject, n.event_year, n.place, n.place_no, n.event FROM (
      SELECT n.subject, n.event_year, n.place, n.place_no, n.event
      FROM {_OWN} AND n.kind = 'payment' AND n.place IS NOT NULL
      GROUP BY n.subject, n.event_year, n.place, n.place_no, n.event) n
    WHERE NOT EXISTS (SELECT 1 FROM places h WHERE h.subject = n.subject AND h.year = n.event_year
      AND h.kind = n.place AND h.place = n.place_no AND h.event = n.event)""",
    f"""INSERT INTO repeat_keys (subject, repeat_key, event)
    SELECT n.subject, n.repeat_key, n.event FROM (
      SELECT n.subject, n.repeat_key, n.event FROM {_OWN} AND n.kind = 'payment' AND n.repeat_key IS NOT NULL
      GROUP BY n.subject, n.repeat_key, n.event) n
    WHERE NOT EXISTS (
      SELECT 1 FROM repeat_keys k WHERE k.subject = n.subject AND k.repeat_key = n.repeat_key AND k.event = n.event)""",
    f"""INSERT INTO once_keys (subject, once_key, entry)
    SELECT n.subject, n.once_key, coalesce(n.refers, n.entry) FROM {_OWN} AND n.kind IN ('payment', 'name')
      AND n.once_key IS NOT NULL ORDER BY 1, 2""",
    f"""INSERT INTO certificates (certificate, programme, subject, entry)
    SELECT n.certificate, n.programme, n.subject, n.entry FROM {_OWN} AND n.kind = 'payment'
      AND n.certificate IS NOT NULL ORDER BY 1, 2, 3""",
    f"""INSERT INTO active (subject, event, programme, entry)
    SELECT n.subject, n.event, n.programme, n.entry FROM {_OWN} AND n.kind = 'payment'
    ORDER BY 1, 2, 3""",
    f"""DELETE FROM active WHERE (subject, event, programme) IN (
    SELECT n.subject, n.event, n.programme FROM {_GONE})""",
    f"""DELETE FROM repeat_keys WHERE subject IN (SELECT n.subject FROM {_GONE})
    AND event IN (SELECT n.event FROM {_GONE}) AND NOT EXISTS (
      SELECT 1 FROM active a JOIN entries p ON p.entry = a.entry LEFT JOIN forms f ON f.entry = a.entry
      WHERE a.subject = repeat_keys.subject AND a.event = repeat_keys.event
        AND (p.repeat_key = repeat_keys.repeat_key OR f.repeat_key = repeat_keys.repeat_key))""",
    f"DELETE FROM once_keys WHERE entry IN (SELECT n.reverses FROM {_GONE} AND n.once_key IS NOT NULL)",
    f"""DELETE FROM certificates WHERE (certificate, programme, subject, entry) IN (
    SELECT {_CERTIFICATE}, p.programme, p.subject, p.entry FROM entries n JOIN entries p ON p.entry = n.reverses
      LEFT JOIN forms f ON f.entry = p.entry WHERE n.batch = NEW.batch)""",
    f"""DELETE FROM places WHERE event IN (
    SELECT n.event FROM {_GONE} AND NOT EXISTS (
      SELECT 1 FROM active a WHERE a.subject = n.subject AND a.event = n.event))""",
    # What an older program paid twice, under two spellings: the next of them holds what the first held.
    f"""INSERT INTO repeat_keys (subject, repeat_key, event)
    SELECT x.subject, x.repeat_key, min(x.event) FROM (
      SELECT a.subject, f.repeat_key, a.event FROM active a JOIN forms f ON f.entry = a.entry
      WHERE a.subject IN (SELECT n.subject FROM {_GONE}) UNION ALL
      SELECT a.subject, p.repeat_key, a.event FROM active a JOIN entries p ON p.entry = a.entry
      WHERE a.subject IN (SELECT n.subject FROM {_GONE})) x
    WHERE x.repeat_key IS NOT NULL AND NOT EXISTS (
      SELECT 1 FROM repeat_keys k WHERE k.subject = x.subject AND k.repeat_key = x.repeat_key)
    GROUP BY x.subject, x.repeat_key""",
    f"""INSERT INTO certificates (certificate, programme, subject, entry)
    SELECT x.certificate, x.programme, x.subject, min(x.entry) FROM (
      SELECT {_CERTIFICATE} AS certificate, a.programme, a.subject, a.entry
      FROM active a JOIN entries p ON p.entry = a.entry LEFT JOIN forms f ON f.entry = a.entry
      WHERE a.subject IN (SELECT n.subject FROM {_GONE})) x
    WHERE x.certificate IS NOT NULL AND NOT EXISTS (
      SELECT 1 FROM certificates c WHERE c.certificate = x.certificate AND c.programme = x.programme
        AND c.subject = x.subject)
    GROUP BY x.certificate, x.programme, x.subject""",
    f"""INSERT INTO balances (fund, year, budget, opening, posted, reversed)
    SELECT n.fund, n.year, max(CASE n.kind WHEN 'budget' THEN n.approved END),
      coalesce(max(CASE n.kind WHEN 'opening' THEN n.approved END), 0),
      sum(CASE n.kind WHEN 'payment' THEN n.approved ELSE 0 END),
      sum(CASE n.kind WHEN 'reversal' THEN n.approved ELSE 0 END)
    FROM {_OWN} AND n.kind IN ('payment', 'reversal', 'budget', 'opening') GROUP BY n.fund, n.year
    ON CONFLICT (fund, year) DO UPDATE SET budget = coalesce(excluded.budget, balances.budget),
      opening = CASE WHEN excluded.budget IS NULL THEN balances.opening ELSE excluded.opening END,
      posted = balances.posted + excluded.posted, reversed = balances.reversed + excluded.reversed""",
)

# The day of posting of an entry from before it was kept: the batch's today, else (or where that lies after it) the
# clock's day; a reversal is never before its payment, and gives back to its payment's year.
_DAY = "CASE WHEN {0}.today <= substr({0}.posted_at, 1, 10) THEN {0}.today ELSE substr({0}.posted_at, 1, 10) END"
EARLIER_DAY = f"CASE WHEN p.entry IS NOT NULL AND {_DAY.format('c')} > {_DAY.format('b')}" + (
    f" THEN {_DAY.format('c')} ELSE {_DAY.format('b')} END"
)
EARLIER_YEAR = "CASE WHEN e.kind IN ('budget', 'opening') THEN e.event_year ELSE " + (
    f"CAST(substr(CASE WHEN p.entry IS NULL THEN {_DAY.format('b')} ELSE {_DAY.format('c')} END, 1, 4) AS BIGINT) END"
)
EARLIER_FROM = """ FROM {0}entries e JOIN {0}batches b ON b.batch = e.batch
  LEFT JOIN {0}entries p ON p.entry = e.reverses LEFT JOIN {0}batches c ON c.batch = p.batch"""
EARLIER_DAYS = (
    f"SELECT e.entry{EARLIER_FROM.format('')} WHERE b.format = 1 AND (coalesce(e.day, '') <> {EARLIER_DAY}"
    f" OR coalesce(e.year, 0) <> {EARLIER_YEAR}"
    " OR coalesce(e.subject_kind, '') <> CASE WHEN e.subject IS NULL THEN '' ELSE 'person' END"
    " OR e.once_key IS NOT NULL OR e.refers IS NOT NULL OR e.facts IS NOT NULL OR e.decision IS NOT NULL)"
    " ORDER BY e.entry LIMIT 1"
)

# What follows from the entries, as `verify` works it out again: (table, its columns, the same from the entries).
_LIVE = "p.kind = 'payment' AND NOT EXISTS (SELECT 1 FROM entries r WHERE r.reverses = p.entry)"
_LIVE_ENTRIES = f"FROM entries p WHERE {_LIVE}"
_WITH_FORMS = f"FROM entries p LEFT JOIN forms f ON f.entry = p.entry WHERE {_LIVE}"
DERIVED = (
    (
        "places",
        "subject, year, kind, place, event",
        "SELECT DISTINCT subject, event_year AS year, place AS kind, place_no AS place, event"
        f" {_LIVE_ENTRIES} AND place IS NOT NULL",
    ),
    (
        "repeat_keys",
        "subject, repeat_key, event",
        f"""SELECT x.subject, x.repeat_key, min(x.event) AS event FROM (
  SELECT p.subject, p.repeat_key, p.event {_LIVE_ENTRIES}
  UNION ALL SELECT p.subject, f.repeat_key, p.event FROM forms f JOIN entries p ON p.entry = f.entry WHERE {_LIVE}) x
WHERE x.repeat_key IS NOT NULL GROUP BY x.subject, x.repeat_key""",
    ),
    (
        "once_keys",
        "subject, once_key, entry",
        f"""SELECT p.subject, p.once_key, p.entry {_LIVE_ENTRIES} AND p.once_key IS NOT NULL
UNION ALL SELECT o.subject, o.once_key, p.entry FROM entries o JOIN entries p ON p.entry = o.refers
WHERE o.kind = 'name' AND {_LIVE}""",
    ),
    (
        "certificates",
        "certificate, programme, subject, entry",
        f"""SELECT x.certificate, x.programme, x.subject, min(x.entry) AS entry FROM (
  SELECT {_CERTIFICATE} AS certificate, p.programme, p.subject, p.entry {_WITH_FORMS}) x
WHERE x.certificate IS NOT NULL GROUP BY x.certificate, x.programme, x.subject""",
    ),
    (
        "active",
        "subject, event, programme, entry",
        f"SELECT subject, event, programme, entry {_LIVE_ENTRIES}",
    ),
    (
        "balances",
        "fund, year, budget, opening, posted, reversed",
        """
SELECT t.fund, t.year, b.approved AS budget, coalesce(o.approved, 0) AS opening, t.posted, t.reversed FROM (
  SELECT fund, year,
    max(CASE WHEN kind = 'budget' THEN entry END) AS budget, max(CASE WHEN kind = 'opening' THEN entry END) AS opening,
    CAST(sum(CASE WHEN kind = 'payment' THEN approved ELSE 0 END) AS BIGINT) AS posted,
    CAST(sum(CASE WHEN kind = 'reversal' THEN approved ELSE 0 END) AS BIGINT) AS reversed
  FROM entries WHERE kind IN ('payment', 'reversal', 'budget', 'opening') GROUP BY fund, year) t
LEFT JOIN entries b ON b.entry = t.budget LEFT JOIN entries o ON o.entry = t.opening""",
    ),
)
