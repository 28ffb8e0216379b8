"""XML of an institution's package, read and written anew in one plain form: what is not known here does not go back.

Elements and attributes of other name spaces (extensions, other programs' own), comments and processing instructions
are left out; the strict form's name spaces become the usual ones.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from xml.etree.ElementTree import Element

from trainingcli.intake.gate.package import root_of
from trainingcli.intake.gate.refusal import Refused

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
_LEFT_OUT = "extLst"
_NAMES = 4096  # of elements and attributes that are remembered: a workbook has some hundred
_ESCAPED = re.compile('[&<>"\r\n\t]')
_ESCAPES = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "\r": "&#13;", "\n": "&#10;", "\t": "&#9;"}


class Unusual(Exception):  # noqa: N818 - no error: the file gets a fresh copy
    """The package is not what is marked as it is."""


def parsed(data: bytes) -> Element:
    """Parse a part that the gate has passed. Raises `Unusual` where it is malformed, or declares anything."""
    try:
        return root_of(data)
    except Refused:
        raise Unusual from None


def local(element: Element) -> str:
    """Return an element's name where it is known to the main part's name space, else ""."""
    return _local(str(element.tag))


@lru_cache(_NAMES)
def _local(tag: str) -> str:
    space, _, name = tag.rpartition("}")
    return name if _PREFIXES.get(space[1:]) == "" else ""


def attribute(element: Element, name: str) -> str | None:
    """Return an attribute of the relations' name space (`id`, `embed`)."""
    return next((value for key, value in element.items() if prefixed(key) == f"r:{name}"), None)


@lru_cache(_NAMES)
def prefixed(tag: str) -> str:
    """Return a name with its prefix in the plain form; "" where its name space is not known."""
    if not tag.startswith("{"):
        return tag
    space, _, name = tag[1:].rpartition("}")
    prefix = _PREFIXES.get(space)
    return "" if prefix is None else f"{prefix}{name}"


def as_attribute(text: str) -> str:
    """Return a text as it stands within quotes, or between tags."""
    return _ESCAPED.sub(_escape, text)


def _escape(found: re.Match[str]) -> str:
    return _ESCAPES[found[0]]


def written(element: Element) -> str:
    """Return an element and what is in it, in the plain form; "" for one that is left out."""
    start = name = prefixed(element.tag) if isinstance(element.tag, str) else ""
    if not name or name.endswith(_LEFT_OUT):
        return ""
    for full, value in element.items():
        key = prefixed(full)
        if key:
            start += f' {key}="{as_attribute(value)}"'
    text = element.text
    inner = as_attribute(text) if text and (not len(element) or text.strip()) else ""
    if len(element):
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
