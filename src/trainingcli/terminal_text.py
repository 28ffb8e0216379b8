"""Plain text for a terminal, in both languages: Chinese breaks between characters, English between words."""

from __future__ import annotations

import os
import shutil
import sys
import unicodedata
from collections.abc import Iterable, Iterator

WIDEST = 100
"""Columns: longer lines are hard to read, whatever the terminal has."""

_FIRST_WIDE = "\u2e80"
_CLOSING = tuple("，。；：！？、）》”’…,.;:!?)]}>%")
_OPENING = tuple("（《“‘([{<")


def columns() -> int:
    """Return how many columns text may take on the terminal in use; COLUMNS counts, as it does everywhere."""
    return max(20, min(shutil.get_terminal_size((80, 24)).columns, WIDEST))


def has_styles() -> bool:
    """Say whether standard output shows bold and dim: a terminal, and NO_COLOR is not set."""
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR")


def width(text: str) -> int:
    """Return how many columns a text takes: Chinese characters take two."""
    return len(text) if text.isascii() else sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def wrap(text: str, room: int) -> list[str]:
    """Break a text into lines of at most `room` columns; a single word that is longer stands alone, uncut."""
    lines = [""]
    for piece in _pieces(text):
        if piece.isspace():
            lines[-1] += piece if lines[-1] else ""
        elif width(lines[-1]) + width(piece) <= room or not lines[-1].strip():
            lines[-1] += piece
        else:
            lines.append(piece)
    return [line.rstrip() for line in lines]


def _pieces(text: str) -> Iterator[str]:
    """Yield what must not be broken: words, characters with the marks that stand before or after them."""
    held = ""
    for token in _tokens(text):
        glued = held.endswith(_OPENING) or (bool(held.strip()) and token.startswith(_CLOSING))
        if glued and not token.isspace():
            held += token
            continue
        if held:
            yield held
        held = token
    if held:
        yield held


def _tokens(text: str) -> Iterator[str]:
    """Yield runs of blanks and of letters, each Chinese character alone. (A pattern of it compiles slowly.)"""
    run, kind = "", ""
    for character in text:
        of = "blank" if character.isspace() else "wide" if character >= _FIRST_WIDE else "letter"
        if run and (of != kind or of == "wide"):
            yield run
            run = ""
        run, kind = run + character, of
    if run:
        yield run


def paragraph(text: str, room: int, indent: int = 0) -> str:
    """Return a text as lines under one another, each indented."""
    return "\n".join(" " * indent + line for line in wrap(text, room - indent))


def listing(pairs: Iterable[tuple[str, str]], room: int, most: int = 26) -> str:
    """Return terms with their texts beside them; a term wider than `most` columns has its text below it."""
    entries = list(pairs)
    fitting = [width(term) for term, _ in entries if width(term) <= most]
    left = max(fitting, default=most) + 4
    lines = []
    for term, text in entries:
        wrapped = wrap(text, room - left)
        if width(term) > left - 4:
            lines.append("  " + term)
        else:
            lines.append(("  " + term + " " * (left - 2 - width(term)) + wrapped.pop(0)).rstrip())
        lines += [(" " * left + line).rstrip() for line in wrapped]
    return "\n".join(lines)
