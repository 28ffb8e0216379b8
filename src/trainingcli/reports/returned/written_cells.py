"""The fingerprint of a copy from the parts that are about to be written: to read it again costs as much as marking."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from itertools import pairwise

from trainingcli.intake.formats.fingerprint import cell_form, cell_text, digest
from trainingcli.intake.formats.laid_rows import DAY, NUMBER, BookLooks, days, read_otherwise
from trainingcli.intake.formats.strange_cells import column_of
from trainingcli.reports.returned.strings_part import read_alike
from trainingcli.reports.returned.xml_form import Unusual

# A cell that holds anything: its place, attributes, and a value or a text of its own.
_CELL = re.compile(
    rb'<c r="([A-Z]{1,3})([0-9]+)"([^>]*+)>(?:<v>|<is><t(?: xml:space="preserve")?+>)([^<]*+)</(?:v></c>|t></is></c>)'
)
_TYPE, _STYLE = re.compile(rb' t="(\w+)"'), re.compile(rb' s="([0-9]+)"')
_NUMBER, _DAY = re.compile(NUMBER), re.compile(DAY)
_BLOCK = 1 << 16  # bytes of a part that are taken at once
Reader = Callable[[bytes], str]  # a value as it is written → what is hashed of it


def fingerprint_of(sheets: Sequence[tuple[str, bytes]], told: Sequence[Sequence[str]], looks: BookLooks) -> str:
    """Return what `fingerprint` would read of a copy. `sheets`: each one's name and part; `told`: the last one's texts.

    Raises `Unusual` where a cell is of no plain form, so that the copy must be read to know it.
    """
    readers, (last, _) = _Readers(looks), sheets[-1]
    try:
        return digest([*((name, _cells(part, readers)) for name, part in sheets[:-1]), (last, _texts(told))])
    except (LookupError, ValueError):
        raise Unusual from None


def _cells(part: bytes, readers: _Readers) -> Iterator[str]:
    at, last = 0, (-1, -1, "")
    while at < len(part):
        end = part.find(b"<row", at + _BLOCK)
        end = len(part) if end < 0 else end
        found = _CELL.findall(part, at, end)
        if len(found) != part.count(b"</c>", at, end) - part.count(b'"></c>', at, end):
            raise Unusual
        cells = [
            (int(number) - 1, _column(letters), readers[attributes](value) if value else "")
            for letters, number, attributes, value in found
        ]
        if not all(one < other for one, other in pairwise([last, *cells])):
            raise Unusual
        yield "".join([cell_form(row, column, text) for row, column, text in cells if text])
        at, last = end, cells[-1] if cells else last


def _texts(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    shown = cache(_own)
    for number, texts in enumerate(rows):
        yield "".join([cell_form(number, column, shown(text)) for column, text in enumerate(texts) if shown(text)])


@cache
def _column(letters: bytes) -> int:
    return column_of(letters.decode())


class _Readers(dict[bytes, Reader]):
    """How a cell is read, by its attributes."""

    def __init__(self, looks: BookLooks) -> None:
        super().__init__()
        if looks.strings is None:
            raise Unusual
        strings: Sequence[str] = list(map(cell_text, looks.strings))
        self._looks = looks
        text, number = cache(_text), cache(_number)
        self._kinds: dict[bytes, Reader] = {
            b"s": lambda value: strings[int(value)], b"inlineStr": text, b"str": text, b"e": lambda _: "", b"b": number,
            b"n": number,
        }  # fmt: skip

    def __missing__(self, attributes: bytes) -> Reader:
        named, styled = _TYPE.search(attributes), _STYLE.search(attributes)
        kind, style = named[1] if named else b"n", int(styled[1]) if styled else 0
        if kind not in self._kinds or (kind == b"n" and style in self._looks.unsure):
            raise Unusual
        self[attributes] = found = _day if kind == b"n" and style in self._looks.days else self._kinds[kind]
        return found


def _own(text: str) -> str:
    return _unusual() if read_otherwise(text.encode()) else cell_text(text)


def _text(text: bytes) -> str:
    return cell_text(read_alike([text])[0])


def _number(value: bytes) -> str:
    return cell_text(float(value)) if _NUMBER.fullmatch(value) else _unusual()


def _day(value: bytes) -> str:
    return cell_text(days([value])[0]) if _DAY.fullmatch(value) else _unusual()


def _unusual() -> str:
    raise Unusual
