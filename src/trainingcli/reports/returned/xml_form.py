"""XML of an institution's package, read and written anew in one plain form: what is not known here does not go back.

Elements and attributes of other name spaces (extensions, other programs' own), comments and processing instructions
are left out; the strict form's name spaces become the usual ones.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from xml.etree.ElementTree import Element, ParseError, XMLParser

OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_DRAWING = "http://schemas.openxmlformats.org/drawingml/2006/"
SPACES = {
    MAIN: "",
    OFFICE: "r:",
    f"{_DRAWING}spreadsheetDrawing": "xdr:",
    f"{_DRAWING}main": "a:",
    f"{_DRAWING}chart": "c:",
    "http://www.w3.org/XML/1998/namespace": "xml:",
}
_STRICT = {
    "http://purl.oclc.org/ooxml/spreadsheetml/main": "",
    "http://purl.oclc.org/ooxml/officeDocument/relationships": "r:",
    "http://purl.oclc.org/ooxml/drawingml/spreadsheetDrawing": "xdr:",
    "http://purl.oclc.org/ooxml/drawingml/main": "a:",
    "http://purl.oclc.org/ooxml/drawingml/chart": "c:",
}
_PREFIXES = SPACES | _STRICT
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_DECLARATION = re.compile(rb"<![A-Za-z]")
_LEFT_OUT = "extLst"
_ESCAPED = re.compile('[&<>"\r\n\t]')
_ESCAPES = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "\r": "&#13;", "\n": "&#10;", "\t": "&#9;"}


class Unusual(Exception):  # noqa: N818 - no error: the file gets a fresh copy
    """The package is not what is marked as it is."""


def parsed(data: bytes) -> Element:
    """Parse a part that the gate has passed. Raises `Unusual` where it is malformed, or declares anything."""
    if b"<!" in data and _DECLARATION.search(data):
        raise Unusual
    parser = XMLParser(encoding="utf-8")  # noqa: S314 - nothing is declared, so there is no entity to expand
    try:
        parser.feed(data)
        return parser.close()
    except (ParseError, ValueError):
        raise Unusual from None


def local(element: Element) -> str:
    """Return an element's name where it is known to the main part's name space, else ""."""
    space, _, name = str(element.tag).rpartition("}")
    return name if _PREFIXES.get(space[1:]) == "" else ""


def attribute(element: Element, name: str) -> str | None:
    """Return an attribute of the relations' name space (`id`, `embed`)."""
    return next((value for key, value in element.items() if prefixed(key) == f"r:{name}"), None)


def prefixed(tag: str) -> str:
    """Return a name with its prefix in the plain form; "" where its name space is not known."""
    if not tag.startswith("{"):
        return tag
    space, _, name = tag[1:].rpartition("}")
    prefix = _PREFIXES.get(space)
    return "" if prefix is None else f"{prefix}{name}"


def as_attribute(text: str) -> str:
    """Return a text as it stands within quotes, or between tags."""
    return _ESCAPED.sub(lambda found: _ESCAPES[found[0]], text)


def written(element: Element) -> str:
    """Return an element and what is in it, in the plain form; "" for one that is left out."""
    name = prefixed(str(element.tag)) if isinstance(element.tag, str) else ""
    if not name or name.rpartition(":")[2] == _LEFT_OUT:
        return ""
    start = name + "".join(
        f' {key}="{as_attribute(value)}"' for full, value in element.items() if (key := prefixed(full))
    )
    inner = as_attribute(element.text) if element.text and (element.text.strip() or not len(element)) else ""
    inner += "".join(map(written, element))
    return f"<{start}>{inner}</{name}>" if inner else f"<{start}/>"


def tag(name: str, attributes: dict[str, str], inner: str = "") -> str:
    """Return an element of the plain form; `inner` is XML already."""
    start = name + "".join(f' {key}="{as_attribute(value)}"' for key, value in attributes.items())
    return f"<{start}>{inner}</{name}>" if inner else f"<{start}/>"


def part(root: str, inner: str | Iterable[str]) -> bytes:
    """Return a part whose root has the main name space and the relations'."""
    body = inner if isinstance(inner, str) else "".join(inner)
    return f'{HEAD}<{root} xmlns="{MAIN}" xmlns:r="{OFFICE}">{body}</{root}>'.encode()
