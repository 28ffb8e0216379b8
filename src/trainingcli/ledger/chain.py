"""The chain (哈希链): each batch header and each entry carries SHA-256(the hash before it + its own fields as text).

A row as text: its fields in the order of the column lists below, joined by U+001F. Whole numbers are written in
decimal, bytes in lower-case hex, no value as nothing at all. Texts of an entry are never empty and hold neither U+0000
nor U+001F (`posting` sees to it), so that two different rows never give one text.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from hashlib import sha256
from typing import Any

SEPARATOR = "\x1f"
EMPTY = "\x00"  # stands for a value that is there but empty: no row that was posted holds one
GENESIS = bytes(32)

BATCH_FIELDS = (
    "batch",
    "kind",
    "posted_at",
    "today",
    "policy",
    "policy_sha256",
    "trainings_a_year",
    "inputs",
    "inputs_key",
    "why",
    "program",
    "entries",
    "archive_sha256",
)
ENTRY_FIELDS = (
    "entry",
    "batch",
    "line",
    "kind",
    "reverses",
    "person",
    "event",
    "event_year",
    "own",
    "place",
    "place_no",
    "programme",
    "occupation",
    "level",
    "training_type",
    "start_date",
    "end_date",
    "certificate_date",
    "certificate",
    "repeat_key",
    "approved",
    "fund",
    "payee",
    "waiver",
)

Value = int | str | bytes | None


def _as_text(value: Value) -> str:
    if value is None:
        return ""
    return (value.hex() if isinstance(value, bytes) else str(value)) or EMPTY


def _column(values: Sequence[Any]) -> list[str]:
    """Return a column as texts; asking its kind once, since asking every value costs most of the time."""
    kinds = set(map(type, values)) - {type(None)}
    if kinds <= {str}:
        return ["" if value is None else value or EMPTY for value in values]
    if kinds == {int}:
        return ["" if value is None else str(value) for value in values]
    if kinds == {bytes}:
        return ["" if value is None else value.hex() or EMPTY for value in values]
    return [_as_text(value) for value in values]


def texts(rows: Sequence[Sequence[Value]]) -> Iterable[str]:
    """Return each row as its text; column by column, since that is several times faster than row by row."""
    return map(SEPARATOR.join, zip(*map(_column, zip(*rows, strict=True)), strict=True))


def row_text(row: Sequence[Value]) -> str:
    """Return one row as its text."""
    return SEPARATOR.join(map(_as_text, row))


def link(previous: bytes, text: str) -> bytes:
    """Return the hash of one row, given the hash before it."""
    return sha256(previous + text.encode("utf-8", "surrogatepass")).digest()


def links(previous: bytes, rows: Sequence[Sequence[Value]]) -> Iterator[bytes]:
    """Yield the hash of each row in turn."""
    for text in texts(rows):
        previous = sha256(previous + text.encode("utf-8", "surrogatepass")).digest()
        yield previous
