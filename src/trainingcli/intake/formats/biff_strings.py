"""The shared strings of an .xls workbook as far as they are struck through: wholly or in part, by runs of fonts."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from struct import error, unpack

_WIDE, _EXTENDED, _RICH = 0x01, 0x04, 0x08


class _Segments:
    """A record and those that go on with it. Characters that go on begin with a byte that says how wide they are."""

    def __init__(self, parts: Sequence[bytes]) -> None:
        self._parts, self._part, self._at = parts, 0, 0

    def take(self, count: int) -> bytes:
        found = b""
        while count and self._part < len(self._parts):
            piece = self._parts[self._part][self._at : self._at + count]
            found, count, self._at = found + piece, count - len(piece), self._at + len(piece)
            if count:
                self._part, self._at = self._part + 1, 0
        return found

    def pass_characters(self, count: int, width: int) -> None:
        while count and self._part < len(self._parts):
            here = min(count, (len(self._parts[self._part]) - self._at) // width)
            count, self._at = count - here, self._at + here * width
            if count:
                self._part, self._at = self._part + 1, 0
                width = 2 if self.take(1) in (b"\1",) else 1


def struck_strings(parts: Sequence[bytes], struck: Sequence[bool]) -> Collection[int]:
    """Return the numbers of the strings in which a run of characters has a font that strikes through.

    `parts`: the bodies of the record of shared strings and of those that go on with it; `struck`: whether each font
    does. What is cut short is read as far as it goes.
    """
    found: set[int] = set()
    segments = _Segments(parts)
    try:
        _, strings = unpack("<II", segments.take(8))
        for number in range(min(strings, sum(map(len, parts)) // 3)):
            characters, flags = unpack("<HB", segments.take(3))
            runs = unpack("<H", segments.take(2))[0] if flags & _RICH else 0
            extended = unpack("<I", segments.take(4))[0] if flags & _EXTENDED else 0
            segments.pass_characters(characters, 2 if flags & _WIDE else 1)
            fonts = unpack(f"<{2 * runs}H", segments.take(4 * runs))
            segments.take(extended)
            ends = [*fonts[2::2], characters]
            if any(
                start < end and font < len(struck) and struck[font]
                for start, font, end in zip(fonts[::2], fonts[1::2], ends, strict=False)
            ):
                found.add(number)
    except error:
        pass
    return found
