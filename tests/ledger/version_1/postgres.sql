CREATE TABLE ledger_meta (name TEXT PRIMARY KEY, value TEXT NOT NULL);

CREATE TABLE batches (
  batch BIGINT PRIMARY KEY,
  kind TEXT NOT NULL CHECK (kind IN ('claims', 'import', 'void', 'budget')),
  posted_at TEXT NOT NULL, today TEXT, policy TEXT, policy_sha256 TEXT, trainings_a_year BIGINT,
  inputs TEXT NOT NULL, inputs_key BYTEA, why TEXT, program TEXT NOT NULL,
  entries BIGINT NOT NULL CHECK (entries > 0),
  archive_sha256 BYTEA, hash BYTEA NOT NULL, seal BYTEA NOT NULL
);

CREATE INDEX batches_inputs ON batches (inputs_key);

CREATE TABLE archives (
  batch BIGINT PRIMARY KEY REFERENCES batches DEFERRABLE INITIALLY DEFERRED,
  data BYTEA NOT NULL
);

CREATE TABLE entries (
  entry BIGINT PRIMARY KEY,
  batch BIGINT NOT NULL REFERENCES batches DEFERRABLE INITIALLY DEFERRED,
  line BIGINT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('payment', 'reversal', 'budget', 'opening')),
  reverses BIGINT REFERENCES entries,
  person BYTEA, event BIGINT, event_year BIGINT NOT NULL, own BIGINT CHECK (own IN (0, 1)),
  place TEXT CHECK (place IN ('year', 'waiver')), place_no BIGINT CHECK (place_no > 0),
  programme TEXT, occupation TEXT, level TEXT, training_type TEXT,
  start_date TEXT, end_date TEXT, certificate_date TEXT, certificate BYTEA, repeat_key TEXT,
  approved BIGINT NOT NULL CHECK (approved >= 0), fund TEXT NOT NULL, payee TEXT, waiver TEXT,
  hash BYTEA NOT NULL,
  UNIQUE (batch, line),
  CHECK ((kind = 'reversal') = (reverses IS NOT NULL)),
  CHECK (kind IN ('budget', 'opening') OR (person IS NOT NULL AND event BETWEEN 1 AND entry AND own IS NOT NULL
         AND place IS NOT NULL AND place_no IS NOT NULL AND programme IS NOT NULL)),
  CHECK (place <> 'waiver' OR event <> entry OR waiver IS NOT NULL)
);

CREATE UNIQUE INDEX entries_reverses ON entries (reverses) WHERE reverses IS NOT NULL;

CREATE TABLE places (
  person BYTEA, year BIGINT, kind TEXT, place BIGINT, event BIGINT NOT NULL UNIQUE,
  PRIMARY KEY (person, year, kind, place)
);

CREATE TABLE repeat_keys (
  person BYTEA, repeat_key TEXT, event BIGINT NOT NULL,
  PRIMARY KEY (person, repeat_key)
);

CREATE TABLE active (
  person BYTEA, event BIGINT, programme TEXT, entry BIGINT NOT NULL, certificate BYTEA,
  PRIMARY KEY (person, event, programme)
);

CREATE UNIQUE INDEX active_certificate ON active (certificate, programme, person) WHERE certificate IS NOT NULL;

CREATE TABLE balances (
  fund TEXT, year BIGINT, budget BIGINT,
  opening BIGINT NOT NULL DEFAULT 0, posted BIGINT NOT NULL DEFAULT 0, reversed BIGINT NOT NULL DEFAULT 0,
  closing BIGINT GENERATED ALWAYS AS (opening + posted - reversed) STORED,
  PRIMARY KEY (fund, year)
);

CREATE FUNCTION ledger_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'append-only: %', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation'; END $$;

CREATE FUNCTION ledger_closed() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
IF EXISTS (SELECT 1 FROM posted JOIN batches ON batches.batch = posted.batch) THEN
  RAISE EXCEPTION 'the batch is closed' USING ERRCODE = 'integrity_constraint_violation';
END IF;
RETURN NULL;
END $$;

CREATE FUNCTION ledger_closing() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
IF (SELECT count(*) FROM entries n WHERE n.batch = NEW.batch) <> NEW.entries OR NEW.batch <> 1 + (SELECT coalesce(max(batch), 0) FROM batches WHERE batch <> NEW.batch) OR (SELECT min(entry) FROM entries n WHERE n.batch = NEW.batch) <> 1 + (SELECT coalesce(max(entry), 0) FROM entries WHERE batch = NEW.batch - 1) OR (SELECT max(entry) FROM entries) <> (SELECT min(entry) FROM entries n WHERE n.batch = NEW.batch) + NEW.entries - 1 THEN RAISE EXCEPTION 'batches and entries are numbered in turn' USING ERRCODE = 'integrity_constraint_violation'; END IF;
IF EXISTS (SELECT 1 FROM entries n WHERE n.batch = NEW.batch AND n.kind = 'reversal' AND NOT EXISTS (
    SELECT 1 FROM active a JOIN entries p ON p.entry = a.entry
    WHERE a.person = n.person AND a.event = n.event AND a.programme = n.programme AND a.entry = n.reverses
      AND p.event_year = n.event_year AND p.place = n.place AND p.place_no = n.place_no
      AND coalesce(p.repeat_key, '') = coalesce(n.repeat_key, '') AND p.approved = n.approved AND p.fund = n.fund)) THEN RAISE EXCEPTION 'a reversal names an active payment' USING ERRCODE = 'integrity_constraint_violation'; END IF;
INSERT INTO places (person, year, kind, place, event)
    SELECT n.person, n.event_year, n.place, n.place_no, n.event FROM (
      SELECT n.person, n.event_year, n.place, n.place_no, n.event FROM entries n WHERE n.batch = NEW.batch AND n.kind = 'payment'
      GROUP BY n.person, n.event_year, n.place, n.place_no, n.event) n
    WHERE NOT EXISTS (SELECT 1 FROM places h WHERE h.person = n.person AND h.year = n.event_year
      AND h.kind = n.place AND h.place = n.place_no AND h.event = n.event);
INSERT INTO repeat_keys (person, repeat_key, event)
    SELECT n.person, n.repeat_key, n.event FROM (
      SELECT n.person, n.repeat_key, n.event FROM entries n WHERE n.batch = NEW.batch AND n.kind = 'payment' AND n.repeat_key IS NOT NULL
      GROUP BY n.person, n.repeat_key, n.event) n
    WHERE NOT EXISTS (
      SELECT 1 FROM repeat_keys k WHERE k.person = n.person AND k.repeat_key = n.repeat_key AND k.event = n.event);
INSERT INTO active (person, event, programme, entry, certificate)
    SELECT n.person, n.event, n.programme, n.entry, n.certificate FROM entries n WHERE n.batch = NEW.batch AND n.kind = 'payment'
    ORDER BY 1, 2, 3;
DELETE FROM active WHERE (person, event, programme) IN (
    SELECT n.person, n.event, n.programme FROM entries n WHERE n.batch = NEW.batch AND n.kind = 'reversal');
DELETE FROM repeat_keys WHERE (person, repeat_key) IN (
    SELECT n.person, n.repeat_key FROM entries n WHERE n.batch = NEW.batch AND n.kind = 'reversal' AND NOT EXISTS (
      SELECT 1 FROM active a JOIN entries p ON p.entry = a.entry
      WHERE a.person = n.person AND a.event = n.event AND p.repeat_key = n.repeat_key));
DELETE FROM places WHERE event IN (
    SELECT n.event FROM entries n WHERE n.batch = NEW.batch AND n.kind = 'reversal' AND NOT EXISTS (
      SELECT 1 FROM active a WHERE a.person = n.person AND a.event = n.event));
INSERT INTO balances (fund, year, budget, opening, posted, reversed)
    SELECT n.fund, n.event_year, max(CASE n.kind WHEN 'budget' THEN n.approved END),
      coalesce(max(CASE n.kind WHEN 'opening' THEN n.approved END), 0),
      sum(CASE n.kind WHEN 'payment' THEN n.approved ELSE 0 END),
      sum(CASE n.kind WHEN 'reversal' THEN n.approved ELSE 0 END) FROM entries n WHERE n.batch = NEW.batch GROUP BY n.fund, n.event_year
    ON CONFLICT (fund, year) DO UPDATE SET budget = coalesce(excluded.budget, balances.budget),
      opening = CASE WHEN excluded.budget IS NULL THEN balances.opening ELSE excluded.opening END,
      posted = balances.posted + excluded.posted, reversed = balances.reversed + excluded.reversed;
RETURN NULL;
END $$;

CREATE TRIGGER batches_no_change BEFORE UPDATE OR DELETE ON batches FOR EACH ROW EXECUTE FUNCTION ledger_refuse();

CREATE TRIGGER batches_no_truncate BEFORE TRUNCATE ON batches FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse();

CREATE TRIGGER archives_no_change BEFORE UPDATE OR DELETE ON archives FOR EACH ROW EXECUTE FUNCTION ledger_refuse();

CREATE TRIGGER archives_no_truncate BEFORE TRUNCATE ON archives FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse();

CREATE TRIGGER entries_no_change BEFORE UPDATE OR DELETE ON entries FOR EACH ROW EXECUTE FUNCTION ledger_refuse();

CREATE TRIGGER entries_no_truncate BEFORE TRUNCATE ON entries FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse();

CREATE TRIGGER entries_closed AFTER INSERT ON entries REFERENCING NEW TABLE AS posted FOR EACH STATEMENT EXECUTE FUNCTION ledger_closed();

CREATE TRIGGER batches_closing AFTER INSERT ON batches FOR EACH ROW EXECUTE FUNCTION ledger_closing();
