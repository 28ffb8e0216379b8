"""What the ledger gives back, as columns and the statements that fetch them."""

from __future__ import annotations

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
    "entry": "int",
    "batch": "int",
}
_STORED = {"id_number": "person", "certificate_no": "certificate", "key": "repeat_key"}
HISTORY_SQL = (
    f"SELECT {', '.join('e.' + _STORED.get(name, name) for name in HISTORY)}"  # noqa: S608 - names, no values
    " FROM {wanted} JOIN active a ON a.person = wanted.person JOIN entries e ON e.entry = a.entry ORDER BY e.entry"
)
ENTRIES = {
    "entry": "int",
    "batch": "int",
    "line": "int",
    "kind": "str",
    "reverses": "Int",
    "person": "hex",
    "event": "Int",
    "event_year": "int",
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
    "approved": "int",
    "fund": "str",
    "payee": "str",
    "waiver": "str",
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
    "program": "str",
    "lines": "int",
    "approved": "int",
    "reversed_lines": "int",
    "reversed": "int",
}
BATCHES_SQL = """
SELECT b.batch, b.kind, b.posted_at, b.today, b.policy, b.policy_sha256, b.inputs, b.why, b.program,
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
BALANCES_SQL = f"SELECT {', '.join(BALANCES)} FROM balances ORDER BY fund, year"  # noqa: S608 - names, no values

TO_REVERSE_SQL = (
    f"SELECT {', '.join('e.' + name for name in ENTRY_FIELDS)}, r.entry FROM entries e"  # noqa: S608 - names, no values
    " LEFT JOIN entries r ON r.reverses = e.entry WHERE e.batch = ? AND e.kind = 'payment' ORDER BY e.entry"
)

ENTRIES_SQL = (
    f"SELECT {', '.join('e.' + name for name in list(ENTRIES)[:-1])}, r.entry FROM entries e"  # noqa: S608 - names
    " LEFT JOIN entries r ON r.reverses = e.entry{where} ORDER BY e.entry"
)
LAST_SQL = "SELECT entry FROM entries WHERE batch = (SELECT max(batch) FROM batches) ORDER BY entry"
