"""xlsb: the gate's parts, a walk over the binary records for errors and hidden rows, and calamine's rows."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from dataclasses import dataclass, field
from struct import error, unpack_from

from python_calamine import SheetTypeEnum, SheetVisibleEnum

from trainingcli.intake.formats.biff import ERRORS
from trainingcli.intake.formats.calamine import filled_rows, merges_of, parsing, workbook_of
from trainingcli.intake.formats.cell_kinds import Kind
from trainingcli.intake.formats.cell_values import Special
from trainingcli.intake.formats.grid import Book, Grid, Merge
from trainingcli.intake.formats.xlsx import HIDDEN, OTHER_KIND, parse_xml
from trainingcli.intake.gate.bounds import MIB, Bounds
from trainingcli.intake.gate.package import Package, Vetted, refuse

_ROW, _ERROR, _FORMULA_ERROR, _SHEET, _PROPERTIES, _MERGE = 0, 3, 11, 156, 153, 176
_CELLS = range(1, 12)
_LAST_ROW, _LAST_COLUMN = 1 << 20, 1 << 14
_PART = 512 * MIB
_MEMORY = 24


@dataclass
class _Facts:
    specials: dict[int, dict[int, Special]] = field(default_factory=dict)
    hidden: set[int] = field(default_factory=set)
    merges: list[Merge] = field(default_factory=list)


def open_xlsb(package: Package, workbook_part: str, bounds: Bounds) -> Book:
    """Open a binary workbook that the gate's directory check has passed."""
    book = Book("xlsb", iter(()))
    book.grids = _grids(package, workbook_part, book, bounds)
    return book


def _grids(package: Package, workbook_part: str, book: Book, bounds: Bounds) -> Iterator[Grid]:
    workbook_part, relations_part = "xl/workbook.bin", "xl/_rels/workbook.bin.rels"
    targets = {
        relation.get("Id", ""): posixpath.normpath(posixpath.join("xl", relation.get("Target", "")))
        for relation in parse_xml(package, relations_part)
        if relation.get("TargetMode", "") != "External"
    }
    parts, date1904 = _outline(package.read(workbook_part, 8 * MIB))
    if len(parts) > bounds.sheets:
        raise refuse("工作表过多", "it has too many sheets")
    vetted = Vetted()
    keep = [name for name in ("[Content_Types].xml", "_rels/.rels", workbook_part, relations_part) if name in package]
    for part in dict.fromkeys([*keep, *(target for target in targets.values() if target in package)]):
        if part.endswith((".bin", ".xml", ".rels")):
            vetted.begin(part)
            for block in package.blocks(part):
                vetted.write(block)
    memory = _MEMORY * package.inflated
    with parsing(memory):
        workbook = workbook_of(vetted.close())
    for index, sheet in enumerate(workbook.sheets_metadata):
        if sheet.typ != SheetTypeEnum.WorkSheet or sheet.visible != SheetVisibleEnum.Visible:
            book.not_read.append((sheet.name, HIDDEN if sheet.typ == SheetTypeEnum.WorkSheet else OTHER_KIND))
            continue
        part = targets.get(parts[index], "") if index < len(parts) else ""
        facts = _scan(package.read(part, _PART)) if part in package else _Facts()
        with parsing(memory):
            found = workbook.get_sheet_by_index(index)
            merges, rows = merges_of(found) or facts.merges, filled_rows(found, bounds)
        yield Grid(sheet.name, rows, merges, facts.specials, frozenset(facts.hidden), date1904)


def _records(data: bytes) -> Iterator[tuple[int, int, int]]:
    """Yield (kind, start, length) of each record; kind and length are written in 7-bit groups."""
    position, end = 0, len(data)
    while position < end:
        kind, position = _varint(data, position, 2)
        length, position = _varint(data, position, 4)
        if position + length > end:
            return
        yield kind, position, length
        position += length


def _varint(data: bytes, position: int, longest: int) -> tuple[int, int]:
    value = 0
    for step in range(longest):
        if position >= len(data):
            return value, position
        byte = data[position]
        position += 1
        value |= (byte & 0x7F) << 7 * step
        if byte < 0x80:
            break
    return value, position


def _outline(data: bytes) -> tuple[list[str], bool]:
    """Return the sheets' relation ids in order, and whether dates count from 1904."""
    ids, date1904 = [], False
    try:
        for kind, start, length in _records(data):
            if kind == _PROPERTIES and length >= 4:
                date1904 = bool(data[start] & 1)
            elif kind == _SHEET and length >= 12:
                count = unpack_from("<I", data, start + 8)[0]
                ids.append(data[start + 12 : start + 12 + 2 * count].decode("utf-16-le") if count < length else "")
    except (error, UnicodeDecodeError):
        raise refuse("内容不合规范", "its contents are malformed") from None
    return ids, date1904


def _scan(data: bytes) -> _Facts:
    facts, row = _Facts(), 0
    for kind, start, length in _records(data):
        if kind == _ROW and length >= 12:
            row = unpack_from("<I", data, start)[0]
            if row >= _LAST_ROW:
                raise refuse("行号超出范围", "a row number is out of range")
            if data[start + 11] & 0x10:
                facts.hidden.add(row)
        elif kind in _CELLS and length >= 8 and unpack_from("<I", data, start)[0] >= _LAST_COLUMN:
            raise refuse("列号超出范围", "a column number is out of range")
        elif kind in (_ERROR, _FORMULA_ERROR) and length >= 9:
            column = unpack_from("<I", data, start)[0]
            text = ERRORS.get(data[start + 8], "#ERROR!")
            facts.specials.setdefault(row, {})[column] = Special(Kind.ERROR, text)
        elif kind == _MERGE and length >= 16:
            top, bottom, left, right = unpack_from("<4I", data, start)
            facts.merges.append(Merge(top, left, bottom, right))
    return facts
