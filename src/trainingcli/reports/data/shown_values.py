"""A roster's values as they may be shown: personal data masked, unless it is asked for whole."""

from __future__ import annotations

import datetime as dt
from typing import Any

from trainingcli.masking import clean_terminal, mask_field, mask_place
from trainingcli.money import yuan_text


def shown(field: str | None, text: str | None, *, unmask: bool = False) -> str | None:
    """Return one value of a field; nothing stays nothing."""
    if text is None:
        return None
    plain = clean_terminal(text)
    return plain if unmask else mask_field(field, plain)


def shown_place(name: str, *, unmask: bool = False) -> str:
    """Return the name of a file, a folder, a sheet or a column."""
    return name if unmask else mask_place(name)


def yuan(fen: int | None) -> str | None:
    """Return whole fen as yuan with two decimals."""
    return None if fen is None else yuan_text(fen)


def as_text(value: Any) -> str:
    """Return a value of the roster as text: a day without its hour."""
    return value.date().isoformat() if isinstance(value, dt.datetime) else str(value)
