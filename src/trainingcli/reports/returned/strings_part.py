"""The shared strings that go back: those that the sheets show which go back."""

from __future__ import annotations

import re
from collections.abc import Collection

from trainingcli.intake.formats.laid_rows import plain_texts
from trainingcli.reports.returned.xml_form import local, parsed, part, written

_ITEM = re.compile(rb"<si>.*?</si>|<si/>", re.DOTALL)
_OTHER = re.compile(rb"<(?:!|\w+:|si\s)")
_TEXT = re.compile(rb"<t(?: [^>]*)?>([^<]*)</t>")
_VALUE = re.compile(rb"<v>\s*([^<]*?)\s*</v>")
_PHONETIC = re.compile(rb"<rPh\b.*?</rPh>", re.DOTALL)
_ODD = re.compile(rb"&(?!(?:amp|lt|gt|quot|apos|#10);)")
_NONE = b"<si><t/></si>"


class SharedStrings:
    """The strings by their numbers, each as it is written."""

    def __init__(self, data: bytes) -> None:
        plain = data and not _OTHER.search(data) and data.count(b"<?") <= 1
        if plain:
            self._items = _ITEM.findall(data)
        else:
            self._items = [written(one).encode() for one in parsed(data) if local(one) == "si"] if data else []

    def text(self, number: int) -> str:
        """Return a string as it is read."""
        return text_of(self._items[number]) if number < len(self._items) else ""

    def shown(self, cell: bytes) -> str:
        """Return the text that a cell shows; of one that holds a number, the number."""
        value = _VALUE.search(cell)
        if value is None:
            return text_of(cell)
        return self.text(int(value[1])) if b' t="s"' in cell.partition(b">")[0] else value[1].decode()

    def texts(self, shown: Collection[int]) -> list[str] | None:
        """Return the strings as they are read, those that are shown; None where readers may differ."""
        items = (item if number in shown else b"" for number, item in enumerate(self._items))
        try:
            return read_alike([b"".join(_TEXT.findall(item)) for item in map(_without_phonetic, items)])
        except ValueError:
            return None

    def part(self, shown: Collection[int]) -> bytes:
        """Return the part with those strings alone that are shown."""
        items = self._items
        if len(shown) < len(items):
            items = [item if number in shown else _NONE for number, item in enumerate(items)]
        before, after = part("sst", "<si/>").split(b"<si/>")
        return before + b"".join(items) + after


def _without_phonetic(item: bytes) -> bytes:
    return _PHONETIC.sub(b"", item) if b"<rPh" in item else item


def read_alike(texts: list[bytes]) -> list[str]:
    """Return texts from XML as every reader takes them. Raises `ValueError` where one might take another."""
    if any(map(_ODD.search, texts)):
        raise ValueError
    return plain_texts(texts)


def text_of(item: bytes) -> str:
    """Return the text of a string, or of a cell with one of its own."""
    text = b"".join(_TEXT.findall(item))
    return parsed(b"<t>%b</t>" % text).text or "" if b"&" in text else text.decode("utf-8", "replace")
