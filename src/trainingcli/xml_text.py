"""A text as XML, line breaks of every kind kept. `xml.sax.saxutils` has it, and loads an HTTP client for its sake."""

from __future__ import annotations

_SIGNS = {"&": "&amp;", "<": "&lt;", ">": "&gt;", "\r": "&#13;"}
_TEXT = str.maketrans(_SIGNS)
_ATTRIBUTE = str.maketrans({**_SIGNS, '"': "&quot;", "\n": "&#10;", "\t": "&#9;"})


def as_xml(text: str) -> str:
    """Return a text as it stands between tags."""
    return text.translate(_TEXT)


def as_attribute(text: str) -> str:
    """Return a text as an attribute's value, in its quotes."""
    return f'"{text.translate(_ATTRIBUTE)}"'
