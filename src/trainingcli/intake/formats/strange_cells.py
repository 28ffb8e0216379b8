"""One cell that is not written plainly, as the standard reads it (ECMA-376 18.3.1.4), and as a plain cell."""

from __future__ import annotations

import re

from trainingcli.intake.formats.cell_kinds import Kind
from trainingcli.intake.formats.cell_values import Special
from trainingcli.intake.formats.grid import letter
from trainingcli.intake.formats.rewriting import UNUSUAL
from trainingcli.intake.gate.package import refuse
from trainingcli.xml_text import as_xml

LAST_COLUMN = 16_384
_REFERENCE = re.compile("([A-Za-z]{1,3})([1-9][0-9]{0,6})")
_NUMBER = re.compile(r"[-+]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][-+]?[0-9]{1,3})?")
_NOT_FINITE = re.compile(r"[-+]?(?:inf(?:inity)?|nan)", re.IGNORECASE)
_WHITE = " \t\r\n"  # what XML calls white space
_TEXTS = (("is",), ("is", "r"))
_TRUE, _FALSE = ("1", "true"), ("0", "false")
_TYPES = ("n", "s", "str", "inlineStr", "b", "e", "d")


class StrangeCell:
    """Gathers what expat sees of one cell. Known at its end: `string`, a shared one; `struck`."""

    def __init__(self, attributes: dict[str, str]) -> None:
        self.type = attributes.get("t", "n")
        if self.type not in _TYPES:
            raise refuse(*UNUSUAL)
        self.style = _count(attributes.get("s", "0"))
        self.string: int | None = None
        self.struck = False
        self._value: str | None = None
        self._inline: str | None = None
        self._formula = False
        self._texts: list[str] | None = None
        self._inside = 0  # depth within an element that holds nothing but text
        self._run_struck = False

    def start(self, within: tuple[str, ...], name: str, attributes: dict[str, str]) -> None:
        """Begin an element; `within`: its ancestors within the cell."""
        if self._inside:
            raise refuse(*UNUSUAL)  # an element within a value: readers differ
        if within == () and name in ("v", "is", "f"):
            if (name == "v" and self._value is not None) or (name == "is" and self._inline is not None):
                raise refuse("同一单元格有两个值", "a cell holds two values")
            self._formula = self._formula or name == "f"
            self._inline = "" if name == "is" else self._inline
        if (within == () and name == "v") or (within in _TEXTS and name == "t"):
            self._texts, self._inside = [], 1
        elif within == ("is",) and name == "r":
            self._run_struck = False
        elif within == ("is", "r", "rPr") and name == "strike":
            self._run_struck = attributes.get("val", "1") not in _FALSE

    def end(self) -> None:
        """End an element."""
        if self._texts is None:
            return
        text, self._texts, self._inside = "".join(self._texts), None, 0
        if self._inline is None:
            self._value = text
        else:
            self._inline += text
            self.struck = self.struck or (self._run_struck and bool(text.strip()))

    def text(self, data: str) -> None:
        """Take characters of a value or a text; of all else they say nothing."""
        if self._texts is not None:
            self._texts.append(data)

    def plain(self, prefix: str, column: int, row: int, strings: int) -> str | Special | None:
        """Return the cell as plain XML, as what no plain cell says, or None where it is empty."""
        if self._inline is not None and (self.type != "inlineStr" or (self._value or "").strip(_WHITE)):
            raise refuse("单元格的文本与其类型不符", "a cell holds a text that its type denies")
        value = self._value if self.type in ("str", "inlineStr") else (self._value or "").strip(_WHITE)
        if self.type == "inlineStr":
            value = self._inline
        if self.type == "e":
            return Special(Kind.ERROR, value or "#ERROR!")
        if not value:
            no_value = self._formula and (value is None or self.type != "str")
            return Special(Kind.NO_VALUE) if no_value else None
        kind, body = self._body(value, prefix, strings)
        if isinstance(body, Special):
            return body
        style = f' s="{self.style}"' if self.style else ""
        return f'<{prefix}c r="{letter(column)}{row}"{style} t="{kind}">{body}</{prefix}c>'

    def _body(self, value: str, prefix: str, strings: int) -> tuple[str, str | Special]:
        if self.type == "s":
            self.string = _count(value)
            if self.string >= strings:
                raise refuse("单元格引用了不存在的文本", "a cell points at a text that is not there")
            return "s", f"<{prefix}v>{self.string}</{prefix}v>"
        if self.type == "b":
            if value not in _TRUE + _FALSE:
                raise refuse(*UNUSUAL)
            return "b", f"<{prefix}v>{int(value in _TRUE)}</{prefix}v>"
        if self.type == "n" and _NOT_FINITE.fullmatch(value):
            return "e", Special(Kind.ERROR, "#NUM!")
        if self.type == "d" or (self.type == "n" and _NUMBER.fullmatch(value)):
            return self.type, f"<{prefix}v>{as_xml(value)}</{prefix}v>"
        return "inlineStr", f'<{prefix}is><{prefix}t xml:space="preserve">{as_xml(value)}</{prefix}t></{prefix}is>'


def reference_of(written: str | None, row: int, before: int) -> int:
    """Return a cell's column: what its reference says, which must lie in this row, else the one after `before`."""
    if written is None:
        return before + 1
    found = _REFERENCE.fullmatch(written)
    if found is None or int(found[2]) != row:
        raise refuse("单元格位置与所在行不符", "a cell does not lie in the row that holds it")
    return column_of(found[1].upper())


def column_of(letters: str) -> int:
    """Return a column's number from its letters, counted from 0."""
    number = 0
    for sign in letters:
        number = number * 26 + ord(sign) - 64
    return number - 1


def _count(text: str) -> int:
    if not re.fullmatch("[0-9]{1,9}", text, re.ASCII):
        raise refuse(*UNUSUAL)
    return int(text)
