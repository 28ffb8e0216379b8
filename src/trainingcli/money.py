"""Money and shares as text: whole fen inside the program, yuan with two decimals to people."""

from __future__ import annotations


def yuan_text(fen: int) -> str:
    """Return one sum of whole fen as yuan: 30000 → `300.00`, exactly, by integers alone."""
    return f"{'-' if fen < 0 else ''}{abs(fen) // 100}.{abs(fen) % 100:02d}"


def grouped_yuan(fen: int) -> str:
    """Return one sum with its thousands apart: 123456789 → `1,234,567.89`."""
    whole, _, cents = yuan_text(abs(fen)).partition(".")
    return f"{'-' if fen < 0 else ''}{int(whole):,}.{cents}"


def percent_text(part: int, whole: int) -> str:
    """Return a share as percent with two decimals, half up, by integers alone; both are 0 or more, `whole` above 0."""
    return yuan_text((part * 20000 + whole) // (2 * whole))
