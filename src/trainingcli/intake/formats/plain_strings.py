"""The shared strings' part, written anew as plain strings; which of them are empty, and which are struck through."""

from __future__ import annotations

import re
from collections.abc import Callable

from trainingcli.intake.formats.laid_rows import plain_texts, read_otherwise
from trainingcli.intake.formats.rewriting import Rewriter
from trainingcli.xml_text import as_xml

_TEXTS = (("sst", "si"), ("sst", "si", "r"))
_FALSE = ("0", "false")


class PlainStrings(Rewriter):
    """Takes the part block by block. `count`: strings so far; `empty`, `struck`: numbers, counted from 0.

    `texts`: the strings themselves where they are asked for (`keep`) and every reader takes them alike.
    """

    item, path = "si", ("sst",)

    def __init__(self, write: Callable[[bytes], object], *, keep: bool = False) -> None:
        super().__init__(write)
        self.count = 0
        self.texts: list[str] | None = [] if keep else None
        self.empty: set[int] = set()
        self.struck: set[int] = set()
        self._texts: list[str] = []
        self._open = self._run_struck = False

    def usual(self, prefix: bytes) -> re.Pattern[bytes]:
        """Return the pattern of a plain string: one text, not empty, without what readers may take otherwise."""
        start, end = b"<" + prefix, b"</" + prefix
        text = rb"[^<&\s][^<&]*+(?:&(?:amp|lt|gt|quot|apos|#10);[^<&]*+)*+"
        opening = start + b"si>" + start + rb't(?: xml:space="preserve")?+>'
        self._trimmed = re.compile(start + rb"t>[^<]*+(?<=\s)" + end + b"t>")
        return re.compile(opening + b"(" + text + b")" + end + b"t>" + end + rb"si>\s*+")

    def take(self, block: bytes, found: list[bytes]) -> None:
        """Count plain strings and pass them on."""
        self.count += len(found)
        self.write(block)
        if self.texts is not None:
            try:
                self.texts += plain_texts(found)
            except ValueError:
                self.texts = None
            if self._trimmed.search(block):
                self.texts = None

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """Begin a string, a run, or a text (a phonetic run's is none of the string's)."""
        stack = tuple(self.stack)
        if stack == self.path and name == "si":
            self._texts, self._run_struck = [], False
        elif stack == ("sst", "si") and name == "r":
            self._run_struck = False
        elif stack == ("sst", "si", "r", "rPr") and name == "strike":
            self._run_struck = attributes.get("val", "1") not in _FALSE
        self._open = stack in _TEXTS and name == "t"

    def end(self, name: str) -> None:
        """End a string: write it as one text."""
        self._open = False
        if tuple(self.stack) != self.path or name != "si":
            return
        text, prefix = "".join(self._texts), self._prefix.decode()
        if not text:
            self.empty.add(self.count)
        self.count += 1
        if self.texts is not None:
            self.texts.append(text)
            if read_otherwise(text.encode()):
                self.texts = None
        body = f'<{prefix}t xml:space="preserve">{as_xml(text)}</{prefix}t>'
        self.write(f"<{prefix}si>{body}</{prefix}si>".encode())

    def text(self, data: str) -> None:
        """Take a text's characters."""
        if self._open:
            self._texts.append(data)
            if self._run_struck and data.strip():
                self.struck.add(self.count)
