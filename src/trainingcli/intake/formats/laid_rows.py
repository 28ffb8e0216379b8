"""The rows of a large sheet that are wholly of the plainest forms, laid out by one regular expression a sheet.

calamine takes three times as long for the same cells. The expression says what a row may hold: each column once, in
order, as a text, a shared string, a number or a day. A row of any other form is left to calamine (`split` is None).
"""

from __future__ import annotations

import datetime as dt
import itertools
import re
from collections import deque
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from trainingcli.intake.formats.cell_values import Cell
from trainingcli.intake.formats.grid import letter
from trainingcli.intake.formats.row_forms import ROW_ATTRIBUTES
from trainingcli.intake.formats.strange_cells import column_of
from trainingcli.intake.gate.package import refuse

_WIDEST = 256  # columns
_PATIENCE = 1000  # rows left to calamine before it is seen that most are
_STYLE = rb'(?: s="[0-9]++")?+'
_TEXT = rb"[^<&\s][^<&]*+(?:&(?:amp|lt|gt|quot|apos|#10);[^<&]*+)*+(?<!\s)"
NUMBER = rb"-?+[0-9]++(?:\.[0-9]++)?+(?:[eE][-+]?+[0-9]{1,3}+)?+"
DAY = b"[1-9][0-9]{4}"
_ESCAPE = re.compile(rb"_x[0-9A-Fa-f]{4}_")
_ENTITIES = (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&apos;", "'"), ("&#10;", "\n"), ("&amp;", "&"))
_DAY_0 = dt.date(1899, 12, 30).toordinal()  # so that 1 March 1900 is day 61


class _CellForm(NamedTuple):
    """How a cell may be written, one group within; what the group's texts mean."""

    pattern: bytes
    cells: Callable[[list[bytes]], list[Cell]]


class _LeftOver(Exception):  # noqa: N818 - no error: these rows are calamine's
    """A value that calamine shall read."""


@dataclass(frozen=True)
class BookLooks:
    """What laying out must know of the workbook: shared strings, the styles of days, styles that may mean anything."""

    strings: Sequence[str] | None = None
    days: Collection[int] = ()
    unsure: Collection[int] = ()


def read_otherwise(text: bytes) -> bool:
    """Tell whether a text holds what readers take for another character: a carriage return, an escape like _x000D_."""
    return b"\r" in text or (b"_x" in text and _ESCAPE.search(text) is not None)


def plain_texts(texts: list[bytes]) -> list[str]:
    """Return texts as a reader gives them. Raises `ValueError` where it might take one for another."""
    if not texts:
        return []
    joined = b"\0".join(texts)
    if joined.count(b"\0") != len(texts) - 1 or read_otherwise(joined):
        raise ValueError
    text = joined.decode()
    if "&" in text:
        for written, meant in _ENTITIES:
            text = text.replace(written, meant)
    return text.split("\0")


@dataclass
class LaidRows:
    """Takes rows block by block. `width`: columns that hold something; `most`: cells that a sheet may reach over."""

    looks: BookLooks
    most: int
    width: int = 0
    active: bool = True
    _blocks: deque[tuple[list[int], list[list[Cell] | None]]] = field(default_factory=deque)
    _forms: Sequence[_CellForm] = ()
    _prefix: bytes = b""
    _columns: int = 0
    _pattern: re.Pattern[bytes] | None = None
    _laid: int = 0
    _left: int = 0

    def begin(self, prefix: bytes) -> None:
        """Take the prefix of the elements' names, as a pattern."""
        self._prefix, self._forms = prefix, _forms(prefix, self.looks)

    def widen(self, row: bytes) -> None:
        """Take a row that may reach further than those before it."""
        _, _, cell = row.rpartition(b'c r="')
        letters = re.match(b"[A-Z]{1,3}", cell)
        columns = column_of(letters[0].decode()) + 1 if letters else 0
        if self._columns < columns <= _WIDEST:
            self._columns, self._pattern = columns, _row(self._prefix, columns, self._forms)

    def leave(self) -> None:
        """Count a row that is left to calamine; where most are, it is no use to try."""
        self._left += 1
        self.active = self._left < _PATIENCE or self._left < self._laid

    def split(self, block: bytes) -> list[bytes] | None:
        """Return what the pattern's groups find in a block of rows: None unless each row is of these forms."""
        if self._pattern is None:
            return None
        parts = self._pattern.split(block)
        return None if any(parts[:: self._pattern.groups + 1]) else parts

    def numbers(self, parts: list[bytes]) -> list[int]:
        """Return the rows' numbers."""
        return list(map(int, parts[1 :: self._columns * len(self._forms) + 2]))

    def lay(self, parts: list[bytes], numbers: list[int]) -> bool:
        """Keep the rows; False where a value of theirs is calamine's."""
        forms, step = len(self._forms), self._columns * len(self._forms) + 2
        try:
            columns = [self._column([parts[at + form :: step] for form in range(forms)])
                       for at in range(2, step, forms)]  # fmt: skip
        except _LeftOver:
            return False
        self.width = max(self.width, *(at + 1 for at, column in enumerate(columns) if column), 0)
        self._bound(numbers[-1], self.width)
        self._laid += len(numbers)
        self._blocks.append((numbers, columns))
        return True

    def _column(self, groups: list[list[bytes]]) -> list[Cell] | None:
        """Return a column's cells by what each form found in its rows; None where there is no cell."""
        for form, found in zip(self._forms, groups, strict=True):
            if all(found):
                return form.cells(found)
        if not any(map(any, groups)):
            return None
        cells: list[Cell] = [""] * len(groups[0])
        for form, found in zip(self._forms, groups, strict=True):
            filled = list(map(bool, found))
            places = itertools.compress(range(len(cells)), filled)
            for place, cell in zip(places, form.cells(list(itertools.compress(found, filled))), strict=True):
                cells[place] = cell
        return cells

    def _bound(self, height: int, width: int) -> None:
        if height * width > self.most:
            raise refuse("工作表范围过大", "a sheet reaches too far")

    def _last(self) -> int:
        """Return the number of the last row that holds a cell."""
        for numbers, columns in reversed(self._blocks):
            filled = [at for column in columns if column for at, cell in enumerate(column) if cell != ""]
            if filled:
                return numbers[max(filled)]
        return 0

    def rows(self, others: Iterator[list[Cell]]) -> Iterator[list[Cell]]:
        """Yield once all rows to the last that holds anything. `others`: calamine's, blank in the places of these."""
        first = list(itertools.islice(others, 1))
        others = itertools.chain(first, others)
        width, at, last = max([self.width, *map(len, first)]), 1, self._last()
        self._bound(last, width)
        blank = [""] * width
        while self._blocks and width:
            numbers, columns = self._blocks.popleft()
            filled = [column or [""] * len(numbers) for column in columns[:width]]
            filled += [[""] * len(numbers)] * (width - len(filled))
            rows = map(list, zip(*filled, strict=True))
            if not first and numbers[0] == at and numbers[-1] == at + len(numbers) - 1 <= last:
                yield from rows
                at += len(numbers)
                continue
            for number, row in zip(numbers, rows, strict=True):
                if number > last:
                    break
                for other in itertools.islice(others, number - at):
                    at += 1
                    yield other + blank[len(other) :]
                for _ in range(number - at):
                    yield blank.copy()
                next(others, None)
                at = number + 1
                yield row
        for other in others:
            yield other + blank[len(other) :]


def _forms(prefix: bytes, looks: BookLooks) -> Sequence[_CellForm]:
    start, end = b"<" + prefix, b"</" + prefix
    value, ended = b">" + start + b"v>(", b")" + end + b"v>"
    inline = b">" + start + b"is>" + start + rb't(?: xml:space="preserve")?+>('
    sure = [*looks.days, *looks.unsure]
    plain = rb'(?! s="(?:' + _either(sure) + rb')")' if sure else b""
    found = [
        _CellForm(_STYLE + b' t="inlineStr"' + inline + _TEXT + b")" + end + b"t>" + end + b"is>", _texts),
        _CellForm(plain + _STYLE + b'(?: t="n")?+' + value + NUMBER + ended, lambda texts: list(map(float, texts))),
    ]
    if looks.strings is not None:
        found.append(_CellForm(_STYLE + b' t="s"' + value + b"[0-9]{1,9}+" + ended, _SharedTexts(looks.strings)))
    if looks.days:
        styled = b' s="(?:' + _either(looks.days) + b')"'
        found.append(_CellForm(styled + b'(?: t="n")?+' + value + DAY + ended, days))
    return found


def _row(prefix: bytes, columns: int, forms: Sequence[_CellForm]) -> re.Pattern[bytes]:
    start, end = b"<" + prefix, b"</" + prefix
    either = b"|".join(form.pattern for form in forms)
    cells = b"".join(
        b"(?:" + start + b'c r="' + letter(column).encode() + rb'\1"'
        + b"(?:(?:" + either + b")" + end + b"c>|" + _STYLE + b"(?:/>|>" + end + b"c>)))?+"
        for column in range(columns)
    )  # fmt: skip
    attributes = rb"(?: (?:" + ROW_ATTRIBUTES + rb')="[^"<>&]*+")*+'
    return re.compile(start + rb'row r="([1-9][0-9]{0,6}+)"' + attributes + b"(?:/>|>" + cells + end + rb"row>)\s*+")


def _either(numbers: Collection[int]) -> bytes:
    return b"|".join(b"%d" % number for number in sorted(numbers))


def _texts(texts: list[bytes]) -> list[Cell]:
    try:
        return plain_texts(texts)
    except ValueError:
        raise _LeftOver from None


class _SharedTexts:
    def __init__(self, strings: Sequence[str]) -> None:
        self._strings = strings

    def __call__(self, texts: list[bytes]) -> list[Cell]:
        try:
            cells = list(map(self._strings.__getitem__, map(int, texts)))
        except IndexError:  # calamine says so
            raise _LeftOver from None
        if "" in cells:
            raise _LeftOver
        return cells


def days(texts: list[bytes]) -> list[Cell]:
    """Return days from their numbers of five digits, counted from 1900."""
    return [dt.date.fromordinal(_DAY_0 + int(text)) for text in texts]
