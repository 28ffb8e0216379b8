"""The gate's second half for xlsx: a part is written anew in one plain form, so that the fast reader cannot misread it.

What stands in the plain form already, as almost everything does, is recognised whole by one regular expression and
passes as it is. Everything between is read by expat, as the XML standard says, and written anew by a subclass.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Any
from xml.parsers import expat

from trainingcli.intake.gate.package import refuse

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_MAINS = (MAIN, "http://purl.oclc.org/ooxml/spreadsheetml/main")  # the second: strict OOXML
_LONGEST = 64 << 20  # bytes between two items; what follows the rows, merges among it, is one
_PROLOG = re.compile(rb"(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]*\?>)?")
UNUSUAL = (
    "内部 XML 的写法不合规范，无法可靠读取",
    "its inner XML breaks the format's rules and cannot be read reliably",
)


class Rewriter(ABC):
    """Takes a part block by block and writes it anew to `write`. The path of an element: local names from the root.

    An element of another name space has the name "" and, like all within it, says nothing.
    """

    item: str  # the element that is repeated
    path: tuple[str, ...]  # where it stands

    def __init__(self, write: Callable[[bytes], object]) -> None:
        self.write = write
        self.stack: list[str] = []
        self._rest = b""
        self._prefix = b""
        self._usual: re.Pattern[bytes] | None = None
        self._tag = b""
        self._exact = False  # comments and the like: from there on expat reads everything
        self._here = self._matching = False
        self._parser: Any = expat.ParserCreate("UTF-8", namespace_separator=" ")
        self._parser.namespace_prefixes = True
        self._parser.buffer_text = True
        self._parser.StartElementHandler, self._parser.EndElementHandler = self._start, self._end
        self._parser.CharacterDataHandler = self.text

    # --- for a subclass

    @abstractmethod
    def usual(self, prefix: bytes) -> re.Pattern[bytes]:
        """Return the pattern of one item in the plain form; `prefix`: of its elements, a colon behind it."""

    @abstractmethod
    def take(self, block: bytes, found: list[bytes]) -> None:
        """Take a run of plain items. `found`: what the pattern's group matched in each."""

    def take_whole(self, data: bytes) -> bool:
        """Take items that are plain in a way of the subclass's own; False where they are not."""
        return False

    @abstractmethod
    def start(self, name: str, attributes: dict[str, str]) -> None:
        """Take an element that expat saw; `stack` ends with its parent."""

    @abstractmethod
    def end(self, name: str) -> None:
        """Take its end; `stack` ends with its parent."""

    @abstractmethod
    def text(self, data: str) -> None:
        """Take characters."""

    # --- the way through

    def feed(self, block: bytes) -> None:
        """Take the items that are complete; keep the rest."""
        data = self._rest + block
        if self._usual is None:
            if not self._begin(data):
                return
            data = self._rest
        cut = data.rfind(self._tag)
        if cut < 0:
            self._keep(data)
            return
        self._read(data[:cut])
        self._rest = data[cut:]

    def close(self) -> None:
        """Read what is left, and end the new part."""
        if self._usual is None:
            self.write(self.opening("").encode())
            self._parse(self._rest)
        else:
            self._read(self._rest)
        self._parse(b"", True)
        self.write(b"".join(b"</" + self._prefix + name.encode() + b">" for name in reversed(self.path)))

    def _begin(self, data: bytes) -> bool:
        """Find the prefix of the items' elements; a guess that expat confirms where the items begin."""
        prolog = _PROLOG.match(data)
        first = re.search(rb"<(?:([A-Za-z_][\w.-]*):)?" + self.path[-1].encode() + rb"[\s/>]", data)
        if first is None or prolog is None:
            self._keep(data)
            return False
        self._prefix = first[1] + b":" if first[1] else b""
        self._tag = b"<" + self._prefix + self.item.encode()
        self._usual = self.usual(re.escape(self._prefix))
        self.write(self.opening(self._prefix.decode()).encode())
        self._parse(prolog[0])
        self._rest = data[prolog.end() :]
        return True

    def opening(self, prefix: str) -> str:
        """Return the start tags of the new part."""
        space = f"xmlns:{prefix[:-1]}" if prefix else "xmlns"
        tags = "".join(f"<{prefix}{name}>" for name in self.path[1:])
        return f'<{prefix}{self.path[0]} {space}="{MAIN}">{tags}'

    def _keep(self, data: bytes) -> None:
        if len(data) > _LONGEST:
            raise refuse(*UNUSUAL)
        self._rest = data

    def _read(self, data: bytes) -> None:
        if not data:
            return
        assert self._usual is not None
        self._exact = self._exact or (b"!" in data and b"<!" in data) or (b"?" in data and b"<?" in data)
        if self._exact:
            self._parse(data)
            return
        if self._here and self.take_whole(data):
            return
        groups = self._usual.groups
        parts = self._usual.split(data)
        if self._here and not any(parts[:: groups + 1]):
            self.take(data, parts[1 :: groups + 1] if groups else [b""] * (len(parts) - 1))
            return
        start = at = 0
        run: list[bytes] = []  # plain items that follow one another, from `start` on
        for found in self._usual.finditer(data):
            if found.start() > at:
                self._take(data[start:at], run)
                self._parse(data[at : found.start()])
                start, run = found.start(), []
            run.append(found[1] if groups else b"")
            at = found.end()
        self._take(data[start:at], run)
        if at < len(data):
            self._parse(data[at:])

    def _take(self, block: bytes, run: list[bytes]) -> None:
        """Take plain items that follow one another where items are; elsewhere they say nothing."""
        if run and self._here:
            self.take(block, run)
        elif run:
            self._parse(block)

    def _parse(self, data: bytes, last: bool = False) -> None:
        try:
            self._parser.Parse(data, last)
        except expat.ExpatError:
            raise refuse("内部 XML 不合规范", "its inner XML is malformed") from None

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        space, _, rest = tag.partition(" ")
        name, _, prefix = rest.partition(" ")
        if space not in _MAINS:
            name = ""
        if not self.stack and name != self.path[0]:
            raise refuse(*UNUSUAL)
        if len(self.stack) < 100:
            self.start(name, attributes)
        elif len(self.stack) > 1000:
            raise refuse(*UNUSUAL)
        self.stack.append(name)
        at_items = tuple(self.stack) == self.path
        self._matching = prefix.encode() == self._prefix[:-1] if at_items else self._matching
        self._here = at_items and self._matching

    def _end(self, tag: str) -> None:
        name = self.stack.pop()
        self.end(name)
        self._here = self._matching and tuple(self.stack) == self.path
