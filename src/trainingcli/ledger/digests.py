"""One key for the inputs of a batch."""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import sha256


def inputs_key(hashes: Iterable[str]) -> bytes:
    """Return one key of a set of input hashes: order and repetition do not matter."""
    return sha256("\n".join(sorted({text.lower() for text in hashes})).encode()).digest()
