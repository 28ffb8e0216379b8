"""The chain (哈希链): each batch header and each entry carries SHA-256(the hash before it + its own fields as text).

A row as text: its fields in the order of its format's column lists, joined by U+001F. Whole numbers are written in
decimal, bytes in lower-case hex, no value as nothing at all. A batch says its format:

1 (ledgers of the first version): an empty text is U+0000; texts hold no U+001F of their own, as `posting` then saw to.
2: `v2` comes before the first field; in texts a backslash is `\\\\`, U+001F is `\\s`, and an empty text is `\\e`, so
   that no two rows give one text, whatever they hold, and no row of one format gives a text of the other.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from hashlib import sha256
from typing import Any

SEPARATOR = "\x1f"
GENESIS = bytes(32)
FORMAT = 2

_BATCH_1 = (
    "batch", "kind", "posted_at", "today", "policy", "policy_sha256", "trainings_a_year", "inputs", "inputs_key", "why",
    "program", "entries", "archive_sha256",
)  # fmt: skip
_ENTRY_1 = (
    "entry", "batch", "line", "kind", "reverses", "subject", "event", "event_year", "own", "place", "place_no",
    "programme", "occupation", "level", "training_type", "start_date", "end_date", "certificate_date", "certificate",
    "repeat_key", "approved", "fund", "payee", "waiver",
)  # fmt: skip
BATCH_FIELDS = (
    "format", "batch", "kind", "posted_at", "today", "operator", "policy", "policy_sha256", "rules", "inputs",
    "inputs_key", "why", "backdate", "program", "entries", "archive_sha256",
)  # fmt: skip
ENTRY_FIELDS = (*_ENTRY_1, "decision", "day", "year", "subject_kind", "once_key", "refers", "facts")
HASHED = {1: (_BATCH_1, _ENTRY_1), FORMAT: (BATCH_FIELDS, ENTRY_FIELDS)}
"""Format → the fields of a batch header and of an entry that its hashes cover."""

Value = int | str | bytes | None
_ESCAPED = str.maketrans({"\\": r"\\", SEPARATOR: r"\s"})
_EMPTY = {1: "\x00", FORMAT: r"\e"}
_BEGINS = {1: "", FORMAT: "v2" + SEPARATOR}


def _text(value: str, form: int) -> str:
    return (value if form == 1 else value.translate(_ESCAPED)) or _EMPTY[form]


def _as_text(value: Value, form: int) -> str:
    if value is None:
        return ""
    return (value.hex() or _EMPTY[form]) if isinstance(value, bytes) else _text(str(value), form)


def _column(values: Sequence[Any], form: int) -> list[str]:
    """Return a column as texts; asking its kind once, since asking every value costs most of the time."""
    kinds = set(map(type, values)) - {type(None)}
    if kinds == {int}:
        return ["" if value is None else str(value) for value in values]
    if kinds <= {str}:
        known = {value: _text(value, form) for value in set(values) if value is not None}
        return ["" if value is None else known[value] for value in values]
    return [_as_text(value, form) for value in values]


def texts(rows: Sequence[Sequence[Value]], form: int) -> Iterable[str]:
    """Return each row as its text; column by column, since that is several times faster than row by row."""
    columns = [_column(column, form) for column in zip(*rows, strict=True)]
    begin = _BEGINS[form]
    return (begin + SEPARATOR.join(row) for row in zip(*columns, strict=True))


def row_text(row: Sequence[Value], form: int = FORMAT) -> str:
    """Return one row as its text."""
    return _BEGINS[form] + SEPARATOR.join(_as_text(value, form) for value in row)


def link(previous: bytes, text: str) -> bytes:
    """Return the hash of one row, given the hash before it."""
    return sha256(previous + text.encode("utf-8", "surrogatepass")).digest()


def links(previous: bytes, rows: Sequence[Sequence[Value]], form: int = FORMAT) -> Iterator[bytes]:
    """Yield the hash of each row in turn."""
    for text in texts(rows, form):
        previous = link(previous, text)
        yield previous
