"""A roster's values as they may be shown: personal data masked, unless it is asked for whole."""

from __future__ import annotations

import datetime as dt
from typing import Any

from trainingcli.masking import clean_terminal, mask_field


def shown(field: str | None, text: str | None, *, unmask: bool = False) -> str | None:
    """Return one value of a field; nothing stays nothing."""
    if text is None:
        return None
    plain = clean_terminal(text)
    return plain if unmask else mask_field(field, plain)


def yuan(fen: int | None) -> str | None:
    """Return whole fen as yuan with two decimals."""
    return None if fen is None else f"{'-' if fen < 0 else ''}{abs(fen) // 100}.{abs(fen) % 100:02d}"


def as_text(value: Any) -> str:
    """Return a value of the roster as text: a day without its hour."""
    return value.date().isoformat() if isinstance(value, dt.datetime) else str(value)
