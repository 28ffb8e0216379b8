"""What the ledger gives back, as columns and the statements that fetch them."""

# ruff: noqa: S608 - statements are put together from names alone
from __future__ import annotations

from collections.abc import Iterable

from trainingcli.ledger.chain import ENTRY_FIELDS

HISTORY = {
    "id_number": "str",
    "event": "int",
    "event_year": "int",
    "own": "bool",
    "place": "str",
    "programme": "str",
    "occupation": "str",
    "level": "str",
    "training_type": "str",
    "start_date": "str",
    "end_date": "str",
    "certificate_date": "str",
    "certificate_no": "str",
    "key": "str",
    "approved": "int",
    "fund": "str",
    "payee": "str",
    "line": "int",
    "waiver": "str",
    "decision": "str",
    "facts": "str",
    "entry": "int",
    "batch": "int",
    "key_today": "str",
    "rules": "str",
    "day": "str",
}
_FORM = "CASE WHEN f.entry IS NULL THEN e.{0} ELSE f.{1} END"
_STORED = {
    "id_number": "e.subject",
    "certificate_no": _FORM.format("certificate", "certificate"),
    "occupation": _FORM.format("occupation", "occupation"),
    "key": "e.repeat_key",
    "key_today": _FORM.format("repeat_key", "repeat_key"),
    "rules": "b.rules",
}
_FACTS = ", ".join(_STORED.get(name, f"e.{name}") for name in HISTORY)
# SQLite keeps no statistics here, and would read the whole ledger for a few people: CROSS, with the condition behind
# it, has it begin with who is asked for. Its index of reversals and names is met by its own condition, word by word.
_SOURCES = "JOIN batches b ON b.batch = e.batch LEFT JOIN forms f ON f.entry = e.entry"
_TAKEN_BACK = "IN ('reversal', 'name')"
HISTORY_SQL = (
    f"SELECT {_FACTS} FROM {{wanted}} CROSS JOIN active a CROSS JOIN entries e {_SOURCES}"
    " WHERE a.subject = wanted.subject AND e.entry = a.entry ORDER BY e.entry"
)
REVERSED = HISTORY | {"reversed_on": "str", "reversed_in": "int", "reversed_by": "int", "why": "str"}
REVERSED_SQL = (
    f"SELECT {_FACTS}, r.day, r.batch, r.entry, v.why FROM {{wanted}} CROSS JOIN entries r CROSS JOIN entries e"
    f" JOIN batches v ON v.batch = r.batch {_SOURCES} WHERE r.subject = wanted.subject AND r.kind {_TAKEN_BACK}"
    " AND r.kind = 'reversal' AND e.entry = r.reverses"
    " AND NOT EXISTS (SELECT 1 FROM entries o WHERE o.kind = 'reopened' AND o.refers = e.entry) ORDER BY e.entry"
)
UNITS = {
    "unit": "hex",
    "entry": "int",
    "batch": "int",
    "line": "int",
    "programme": "str",
    "once_key": "str",
    "facts": "str",
    "approved": "int",
    "fund": "str",
    "payee": "str",
    "day": "str",
    "start_date": "str",
    "decision": "str",
    "reversed_on": "str",
    "reversed_in": "Int",
    "why": "str",
    "reopened": "Int",
}
UNITS_SQL = """
WITH asked AS (SELECT * FROM {wanted})
SELECT DISTINCT asked.subject, e.entry, e.batch, e.line, e.programme, e.once_key, e.facts, e.approved, e.fund, e.payee,
  e.day, e.start_date, e.decision, r.day, r.batch, v.why, o.entry
FROM asked JOIN entries n ON n.subject = asked.subject AND n.kind IN ('reversal', 'name')
  JOIN entries e ON e.entry = coalesce(n.reverses, n.refers)
  LEFT JOIN entries r ON r.reverses = e.entry LEFT JOIN batches v ON v.batch = r.batch
  LEFT JOIN entries o ON o.refers = e.entry AND o.kind = 'reopened'
UNION SELECT DISTINCT asked.subject, e.entry, e.batch, e.line, e.programme, e.once_key, e.facts, e.approved, e.fund,
  e.payee, e.day, e.start_date, e.decision, NULL, CAST(NULL AS BIGINT), NULL, CAST(NULL AS BIGINT)
FROM asked JOIN active a ON a.subject = asked.subject JOIN entries e ON e.entry = a.entry
WHERE NOT EXISTS (SELECT 1 FROM entries n WHERE n.kind IN ('reversal', 'name') AND n.kind = 'name'
  AND n.subject = asked.subject AND n.refers = e.entry)
ORDER BY 2, 1"""
ENTRIES = {
    "entry": "int",
    "batch": "int",
    "line": "int",
    "kind": "str",
    "reverses": "Int",
    "refers": "Int",
    "day": "str",
    "year": "Int",
    "subject_kind": "str",
    "subject": "hex",
    "event": "Int",
    "event_year": "Int",
    "own": "Int",
    "place": "str",
    "place_no": "Int",
    "programme": "str",
    "occupation": "str",
    "level": "str",
    "training_type": "str",
    "start_date": "str",
    "end_date": "str",
    "certificate_date": "str",
    "certificate": "hex",
    "repeat_key": "str",
    "once_key": "str",
    "approved": "int",
    "fund": "str",
    "payee": "str",
    "waiver": "str",
    "decision": "str",
    "facts": "str",
    "hash": "hex",
    "reversed_by": "Int",
}
BATCHES = {
    "batch": "int",
    "kind": "str",
    "posted_at": "str",
    "today": "str",
    "policy": "str",
    "policy_sha256": "str",
    "inputs": "str",
    "why": "str",
    "operator": "str",
    "backdate": "str",
    "day": "str",
    "program": "str",
    "lines": "int",
    "approved": "int",
    "reversed_lines": "int",
    "reversed": "int",
}
BATCHES_SQL = """
SELECT b.batch, b.kind, b.posted_at, b.today, b.policy, b.policy_sha256, b.inputs, b.why,
  b.operator, b.backdate, max(e.day), b.program,
  count(CASE WHEN e.kind IN ('payment', 'reversal') THEN 1 END),
  CAST(coalesce(sum(CASE WHEN e.kind IN ('payment', 'reversal') THEN e.approved END), 0) AS BIGINT),
  count(r.entry), CAST(coalesce(sum(r.approved), 0) AS BIGINT)
FROM batches b JOIN entries e ON e.batch = b.batch LEFT JOIN entries r ON r.reverses = e.entry
GROUP BY b.batch ORDER BY b.batch"""

BALANCES = {
    "fund": "str",
    "year": "int",
    "budget": "Int",
    "opening": "int",
    "posted": "int",
    "reversed": "int",
    "closing": "int",
}
BALANCES_SQL = f"SELECT {', '.join(BALANCES)} FROM balances ORDER BY fund, year"


PAYMENTS_SQL = (
    f"SELECT {', '.join('e.' + name for name in ENTRY_FIELDS)}, r.entry, o.entry FROM entries e"
    " LEFT JOIN entries r ON r.reverses = e.entry LEFT JOIN entries o ON o.refers = e.entry AND o.kind = 'reopened'"
    " WHERE e.batch = ? AND e.kind = 'payment' ORDER BY e.entry"
)
ENTRIES_SQL = (
    f"SELECT {', '.join('e.' + name for name in list(ENTRIES)[:-1])}, r.entry FROM entries e"
    " LEFT JOIN entries r ON r.reverses = e.entry{where} ORDER BY e.entry"
)
RECORDS = {
    "entry": "int", "batch": "int", "kind": "str", "day": "str", "refers": "Int", "facts": "str",
    "posted_at": "str", "operator": "str", "why": "str",
}  # fmt: skip
RECORDS_SQL = (
    "SELECT e.entry, e.batch, e.kind, e.day, e.refers, e.facts, b.posted_at, b.operator, b.why"
    " FROM entries e JOIN batches b ON b.batch = e.batch WHERE e.kind = ? ORDER BY e.entry"
)
REFUSED = {
    "subject": "key", "training": "str", "programme": "str", "batch": "int", "line": "int", "status": "str",
    "codes": "str", "since": "str",
}  # fmt: skip
# A posting has one day, but for an import, whose payments have their own.
_CLOCK = "substr(b.posted_at, 1, 10)"
_SINCE = f"""CASE WHEN b.kind <> 'import' THEN
    (SELECT e.day FROM entries e WHERE e.batch = b.batch AND e.kind IN ('payment', 'assessed') LIMIT 1)
  WHEN b.today <= {_CLOCK} THEN b.today ELSE {_CLOCK} END"""
POSTED_SQL = (
    f"SELECT b.batch, {_SINCE} FROM batches b JOIN archives a ON a.batch = b.batch WHERE b.kind = ? ORDER BY b.batch"
)
REFUSED_SQL = (
    f"SELECT {', '.join('r.' + name for name in list(REFUSED)[:-1])}, {_SINCE} FROM {{source}}"
    " JOIN batches b ON b.batch = r.batch ORDER BY r.batch, r.line"
)
# The lines of one posting have one day, but for imports.
LAST_DAY_SQL = (
    "SELECT max(day) FROM (SELECT (SELECT e.day FROM entries e WHERE e.batch = b.batch AND e.kind = 'payment' LIMIT 1)"
    " AS day FROM batches b WHERE b.kind NOT IN ('import', 'void', 'budget')) x"
)
LAST_SQL = "SELECT entry FROM entries WHERE batch = (SELECT max(batch) FROM batches) ORDER BY entry"

# Payments with their reversals beside them: what `paid` gives, and where each column comes from.
PAID = {
    "entry": "int", "batch": "int", "line": "int", "day": "str", "year": "int", "subject": "key",
    "subject_kind": "str", "event": "int", "event_year": "int", "own": "bool", "place": "str", "programme": "str",
    "occupation": "str", "level": "str", "training_type": "str", "start_date": "str", "end_date": "str",
    "certificate_date": "str", "certificate": "key", "approved": "int", "fund": "str", "payee": "str",
    "once_key": "str", "facts": "str", "reversed_on": "str", "reversed_in": "Int",
}  # fmt: skip
_PAID = {"reversed_on": "r.day", "reversed_in": "r.batch", "occupation": _STORED["occupation"]}
_PAID |= {"certificate": _STORED["certificate_no"]}
OF_REVERSALS = ("reversed_on", "reversed_in")
REVERSALS_SQL = "SELECT reverses, day, batch FROM entries WHERE reverses BETWEEN ? AND ? ORDER BY reverses"

_OF_SUBJECTS = f"""e.entry IN (
  SELECT a.entry FROM asked CROSS JOIN active a WHERE a.subject = asked.subject
  UNION SELECT v.reverses FROM asked CROSS JOIN entries v
    WHERE v.subject = asked.subject AND v.kind {_TAKEN_BACK} AND v.kind = 'reversal')"""


def posted_sql(columns: Iterable[str]) -> str:
    """Return the statement for the payments of a batch (a parameter)."""
    return f"{_payments(columns)} WHERE e.kind = 'payment' AND e.batch = ? ORDER BY e.entry"


def paid_to_sql(columns: Iterable[str]) -> str:
    """Return the statement for the payments of some subjects, as `Store.look_up` takes it."""
    return f"WITH asked AS (SELECT * FROM {{wanted}}) {_payments(columns)} WHERE {_OF_SUBJECTS} ORDER BY e.entry"


def _payments(columns: Iterable[str]) -> str:
    chosen = [_PAID.get(name, f"e.{name}") for name in columns]
    joins = {"f.": " LEFT JOIN forms f ON f.entry = e.entry", "r.": " LEFT JOIN entries r ON r.reverses = e.entry"}
    asked = "".join(join for name, join in joins.items() if any(name in column for column in chosen))
    return f"SELECT {', '.join(chosen)} FROM entries e{asked}"
