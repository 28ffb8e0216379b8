"""A walk over the records of an .xls workbook for what calamine does not show: errors, hidden rows, passwords, 1904."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from struct import unpack_from

from trainingcli.intake.formats.biff_strings import struck_strings
from trainingcli.intake.formats.cell_kinds import Kind, Mark
from trainingcli.intake.formats.cell_styles import Styles, format_code
from trainingcli.intake.formats.cell_values import Special
from trainingcli.intake.formats.grid import Reach

_BOF, _EOF, _FILEPASS, _DATEMODE, _BOUNDSHEET = 0x0809, 0x000A, 0x002F, 0x0022, 0x0085
_ROW, _COLUMNS, _BOOLERR, _FORMULA, _MULRK = 0x0208, 0x007D, 0x0205, 0x0006, 0x00BD
_VALUES = frozenset({0x0203, 0x027E, 0x00FD, 0x0204, 0x00D6, _BOOLERR, _FORMULA})  # each one cell: row, column, format
_FONT, _FORMAT, _XF = 0x0031, 0x041E, 0x00E0
_STRINGS, _CONTINUE, _STRING_CELL = 0x00FC, 0x003C, 0x00FD
_STRIKEOUT = 0x08
# A formula's result that is no number; a program that computes nothing writes 'empty', to be computed when opened.
_IS_ERROR, _IS_EMPTY, _TO_BE_COMPUTED = 2, 3, 0x02
ERRORS = {0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!", 0x1D: "#NAME?", 0x24: "#NUM!", 0x2A: "#N/A"}


@dataclass
class BiffSheet:
    """What one sheet's records say; rows and columns count from 0."""

    specials: dict[int, dict[int, Special]] = field(default_factory=dict)
    hidden: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    marks: dict[int, dict[int, int]] = field(default_factory=dict)
    reach: Reach = field(default_factory=Reach)


@dataclass
class BiffFacts:
    """What the workbook's records say; `sheets` in the workbook's order."""

    encrypted: bool = False
    date1904: bool = False
    sheets: list[BiffSheet] = field(default_factory=list)


def scan_biff(stream: bytes) -> BiffFacts:
    """Walk the globals, then each sheet from where the globals say it begins."""
    facts = BiffFacts()
    starts: list[int] = []
    look = _Look()
    strings: list[bytes] = []
    last = 0
    for kind, start, length in _records(stream, 0):
        if kind == _FILEPASS:
            facts.encrypted = True
            return facts
        if kind == _DATEMODE and length >= 2:
            facts.date1904 = unpack_from("<H", stream, start)[0] == 1
        elif kind == _BOUNDSHEET and length >= 4:
            starts.append(unpack_from("<I", stream, start)[0])
        elif kind == _STRINGS or (kind == _CONTINUE and last == _STRINGS):
            strings.append(stream[start : start + length])
        else:
            look.add(kind, stream[start : start + length])
        last = last if kind == _CONTINUE else kind
    marks = look.styles().marks()
    struck = struck_strings(strings, look.struck) if any(look.struck) else ()
    facts.sheets = [_scan_sheet(stream, start, marks, struck) for start in starts]
    return facts


class _Look:
    """Gathers fonts and formats from the globals. `struck`: whether each font strikes through."""

    def __init__(self) -> None:
        self.struck: list[bool] = []
        self._codes: dict[int, str] = {}
        self._formats: list[tuple[int, int]] = []  # font, number format

    def add(self, kind: int, body: bytes) -> None:
        if kind == _FONT and len(body) >= 4:
            self.struck.append(bool(body[2] & _STRIKEOUT))
            if len(self.struck) == 4:
                self.struck.append(False)  # there is no font 4
        elif kind == _XF and len(body) >= 4:
            self._formats.append(unpack_from("<HH", body))
        elif kind == _FORMAT and len(body) >= 5:
            number, count, wide = unpack_from("<HHB", body)
            raw = body[5 : 5 + (2 * count if wide & 1 else count)]
            self._codes[number] = raw.decode("utf-16-le" if wide & 1 else "latin-1", "replace")

    def styles(self) -> Styles:
        struck = [font < len(self.struck) and self.struck[font] for font, _ in self._formats]
        return Styles([format_code(number, self._codes) for _, number in self._formats], struck)


def _records(stream: bytes, position: int) -> Iterator[tuple[int, int, int]]:
    """Yield (kind, start, length) of one substream's records; those of charts within it are passed over."""
    depth, end = 0, len(stream) - 4
    while 0 <= position <= end:
        kind, length = unpack_from("<HH", stream, position)
        position += 4
        if position + length > len(stream):
            return
        if kind == _BOF:
            depth += 1
        elif kind == _EOF:
            depth -= 1
            if depth <= 0:
                return
        elif depth == 1:
            yield kind, position, length
        position += length


def _scan_sheet(stream: bytes, position: int, marks: Mapping[int, int], struck: Collection[int]) -> BiffSheet:
    sheet = BiffSheet()
    for kind, start, length in _records(stream, position):
        if kind in _VALUES and length >= 6:
            row, column, style = unpack_from("<HHH", stream, start)
            sheet.reach.add(row, column)
            if marks and style in marks:
                sheet.marks.setdefault(row, {})[column] = marks[style]
            if struck and kind == _STRING_CELL and length >= 10 and unpack_from("<I", stream, start + 6)[0] in struck:
                of_row = sheet.marks.setdefault(row, {})
                of_row[column] = of_row.get(column, 0) | Mark.STRUCK
        elif kind == _MULRK and length >= 12:
            row, first = unpack_from("<HH", stream, start)
            count = (length - 6) // 6
            sheet.reach.add(row, first, first + count - 1)
            for number in range(count) if marks else ():
                style = unpack_from("<H", stream, start + 4 + 6 * number)[0]
                if style in marks:
                    sheet.marks.setdefault(row, {})[first + number] = marks[style]
        if kind == _ROW and length >= 16:
            if stream[start + 12] & 0x20:
                sheet.hidden.add(unpack_from("<H", stream, start)[0])
        elif kind == _COLUMNS and length >= 10 and stream[start + 8] & 0x01:
            first, last = unpack_from("<HH", stream, start)
            sheet.hidden_columns.update(range(first, min(last, 255) + 1))
        elif kind == _BOOLERR and length >= 8 and stream[start + 7] == 1:
            _put(sheet, stream, start, stream[start + 6])
        elif kind == _FORMULA and length >= 16 and stream[start + 12 : start + 14] == b"\xff\xff":
            if stream[start + 6] == _IS_ERROR:
                _put(sheet, stream, start, stream[start + 8])
            elif stream[start + 6] == _IS_EMPTY and stream[start + 14] & _TO_BE_COMPUTED:
                row, column = unpack_from("<HH", stream, start)
                sheet.specials.setdefault(row, {})[column] = Special(Kind.NO_VALUE)
    return sheet


def _put(sheet: BiffSheet, stream: bytes, start: int, code: int) -> None:
    row, column = unpack_from("<HH", stream, start)
    sheet.specials.setdefault(row, {})[column] = Special(Kind.ERROR, ERRORS.get(code, "#ERROR!"))
