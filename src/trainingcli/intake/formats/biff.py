"""A walk over the records of an .xls workbook for what calamine does not show: errors, hidden rows, passwords, 1904."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from struct import unpack_from

from trainingcli.intake.formats.cell_kinds import Kind
from trainingcli.intake.formats.cell_values import Special

_BOF, _EOF, _FILEPASS, _DATEMODE, _BOUNDSHEET = 0x0809, 0x000A, 0x002F, 0x0022, 0x0085
_ROW, _BOOLERR, _FORMULA = 0x0208, 0x0205, 0x0006
ERRORS = {0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!", 0x1D: "#NAME?", 0x24: "#NUM!", 0x2A: "#N/A"}


@dataclass
class BiffSheet:
    """What one sheet's records say; rows and columns count from 0."""

    specials: dict[int, dict[int, Special]] = field(default_factory=dict)
    hidden: set[int] = field(default_factory=set)


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
    for kind, start, length in _records(stream, 0):
        if kind == _FILEPASS:
            facts.encrypted = True
            return facts
        if kind == _DATEMODE and length >= 2:
            facts.date1904 = unpack_from("<H", stream, start)[0] == 1
        elif kind == _BOUNDSHEET and length >= 4:
            starts.append(unpack_from("<I", stream, start)[0])
    facts.sheets = [_scan_sheet(stream, start) for start in starts]
    return facts


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


def _scan_sheet(stream: bytes, position: int) -> BiffSheet:
    sheet = BiffSheet()
    for kind, start, length in _records(stream, position):
        if kind == _ROW and length >= 16:
            if stream[start + 12] & 0x20:
                sheet.hidden.add(unpack_from("<H", stream, start)[0])
        elif kind == _BOOLERR and length >= 8 and stream[start + 7] == 1:
            _put(sheet, stream, start, stream[start + 6])
        elif (
            kind == _FORMULA
            and length >= 14
            and stream[start + 12 : start + 14] == b"\xff\xff"
            and stream[start + 6] == 2
        ):
            _put(sheet, stream, start, stream[start + 8])
    return sheet


def _put(sheet: BiffSheet, stream: bytes, start: int, code: int) -> None:
    row, column = unpack_from("<HH", stream, start)
    sheet.specials.setdefault(row, {})[column] = Special(Kind.ERROR, ERRORS.get(code, "#ERROR!"))
