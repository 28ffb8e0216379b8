"""xlsb: the gate's parts, a walk over the binary records for errors and hidden rows, and calamine's rows."""

from __future__ import annotations

import posixpath
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from struct import error, unpack_from

from python_calamine import SheetTypeEnum, SheetVisibleEnum

from trainingcli.intake.formats.biff import ERRORS
from trainingcli.intake.formats.calamine import filled_rows, laid_out, merges_of, parsing, workbook_of
from trainingcli.intake.formats.cell_kinds import Kind, Mark
from trainingcli.intake.formats.cell_styles import Styles, format_code
from trainingcli.intake.formats.cell_values import Special
from trainingcli.intake.formats.grid import Grid, Merge, OpenedBook, Reach
from trainingcli.intake.formats.xlsx import HIDDEN, OFFICE, OTHER_KIND, RELATIONSHIPS, relations
from trainingcli.intake.gate.bounds import Bounds
from trainingcli.intake.gate.package import Package, Vetted, refuse
from trainingcli.memory import MIB
from trainingcli.xml_text import as_attribute

_ROW, _COLUMNS, _ERROR, _FORMULA_ERROR, _SHEET, _PROPERTIES, _MERGE = 0, 60, 3, 11, 156, 153, 176
_CELLS, _BLANK, _SHARED = range(1, 12), 1, 7
_FONT, _FORMAT, _CELL_FORMAT, _FORMATS, _FORMATS_END, _STRING = 43, 44, 47, 617, 618, 19
_STRIKEOUT = 0x08
_LAST_ROW, _LAST_COLUMN = 1 << 20, 1 << 14
_PART = 512 * MIB
_MEMORY = 24


@dataclass
class _Facts:
    styles: Mapping[int, int]
    struck: Collection[int]
    specials: dict[int, dict[int, Special]] = field(default_factory=dict)
    hidden: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    merges: list[Merge] = field(default_factory=list)
    marks: dict[int, dict[int, int]] = field(default_factory=dict)
    reach: Reach = field(default_factory=Reach)


def open_xlsb(package: Package, workbook_part: str, bounds: Bounds) -> OpenedBook:
    """Open a binary workbook that the gate's directory check has passed."""
    book = OpenedBook("xlsb", iter(()))
    book.grids = _grids(package, workbook_part, book, bounds)
    return book


def _grids(package: Package, workbook_part: str, book: OpenedBook, bounds: Bounds) -> Iterator[Grid]:
    folder, name = posixpath.split(workbook_part)
    targets = relations(package, posixpath.join(folder, "_rels", f"{name}.rels"), folder)
    parts, date1904 = _outline(package.read(workbook_part, 8 * MIB))
    if len(parts) > bounds.sheets:
        raise refuse("工作表过多", "it has too many sheets")
    vetted = _vetted(package, workbook_part, targets)
    memory = _MEMORY * package.inflated
    with parsing(memory):
        workbook = workbook_of(vetted.close())
    styles, struck = _looks(package, {kind: part for part, kind in targets.values() if part in package})
    for index, sheet in enumerate(workbook.sheets_metadata):
        if sheet.typ != SheetTypeEnum.WorkSheet or sheet.visible != SheetVisibleEnum.Visible:
            book.not_read.append((sheet.name, HIDDEN if sheet.typ == SheetTypeEnum.WorkSheet else OTHER_KIND))
            continue
        part, _ = targets.get(parts[index], ("", "")) if index < len(parts) else ("", "")
        facts = _Facts(styles, struck)
        if part in package:
            _scan(package.read(part, _PART), facts)
        with parsing(memory + laid_out(facts.reach, bounds)):
            found = workbook.get_sheet_by_index(index)
            merges, rows = merges_of(found) or facts.merges, filled_rows(found, bounds)
        hidden, columns = frozenset(facts.hidden), frozenset(facts.hidden_columns)
        yield Grid(sheet.name, rows, merges, facts.specials, hidden, date1904, facts.marks, columns)


def _vetted(package: Package, workbook_part: str, targets: dict[str, tuple[str, str]]) -> Vetted:
    """Copy the parts to where the parser looks for them, wherever the file has them."""
    vetted = Vetted()
    tags = []
    for number, (relation, (part, kind)) in enumerate(targets.items()):
        if part not in package or not part.casefold().endswith(".bin"):
            continue
        target = f"{kind}.bin" if kind in ("sharedStrings", "styles") else f"worksheets/part{number}.bin"
        tags.append(f'<Relationship Id={as_attribute(relation)} Type="{OFFICE}/{kind}" Target="{target}"/>')
        vetted.begin(f"xl/{target}")
        for block in package.blocks(part):
            vetted.write(block)
    vetted.begin("xl/_rels/workbook.bin.rels")
    vetted.write(f'<Relationships xmlns="{RELATIONSHIPS}">{"".join(tags)}</Relationships>'.encode())
    vetted.begin("xl/workbook.bin")
    for block in package.blocks(workbook_part):
        vetted.write(block)
    return vetted


def _looks(package: Package, beside: dict[str, str]) -> tuple[dict[int, int], set[int]]:
    """Return style → `Mark`, and the numbers of the shared strings that are struck through wholly or in part."""
    codes: dict[int, str] = {}
    fonts: list[bool] = []
    formats: list[tuple[int, int]] = []
    within = False
    data = package.read(beside["styles"], _PART) if "styles" in beside else b""
    for kind, start, length in _records(data):
        if kind in (_FORMATS, _FORMATS_END):
            within = kind == _FORMATS
        elif kind == _FORMAT and length >= 6:
            codes[unpack_from("<H", data, start)[0]] = _wide_text(data, start + 2, start + length)
        elif kind == _FONT and length >= 4:
            fonts.append(bool(data[start + 2] & _STRIKEOUT))
        elif kind == _CELL_FORMAT and within and length >= 6:
            formats.append(unpack_from("<HH", data, start + 2))
    struck = [font < len(fonts) and fonts[font] for _, font in formats]
    marks = Styles([format_code(number, codes) for number, _ in formats], struck).marks()
    if not any(fonts) or "sharedStrings" not in beside:
        return marks, set()
    return marks, _struck_strings(package.read(beside["sharedStrings"], _PART), fonts)


def _struck_strings(data: bytes, fonts: list[bool]) -> set[int]:
    found, number = set(), 0
    for kind, start, length in _records(data):
        if kind != _STRING:
            continue
        if length >= 5 and data[start] & 1:
            runs = start + 5 + 2 * unpack_from("<I", data, start + 1)[0]
            count = unpack_from("<I", data, runs)[0] if runs + 4 <= start + length else 0
            for run in range(min(count, (start + length - runs - 4) // 4)):
                font = unpack_from("<H", data, runs + 6 + 4 * run)[0]
                if font < len(fonts) and fonts[font]:
                    found.add(number)
        number += 1
    return found


def _wide_text(data: bytes, start: int, end: int) -> str:
    count = unpack_from("<I", data, start)[0]
    return data[start + 4 : min(end, start + 4 + 2 * count)].decode("utf-16-le", "replace")


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


def _scan(data: bytes, facts: _Facts) -> None:
    row = -1
    for kind, start, length in _records(data):
        if kind == _ROW and length >= 12:
            row = unpack_from("<I", data, start)[0]
            if row >= _LAST_ROW:
                raise refuse("行号超出范围", "a row number is out of range")
            if data[start + 11] & 0x10:
                facts.hidden.add(row)
        elif kind == _COLUMNS and length >= 18 and data[start + 16] & 0x01:
            first, last = unpack_from("<2I", data, start)
            facts.hidden_columns.update(range(first, min(last + 1, _LAST_COLUMN)))
        elif kind in _CELLS and length >= 8:
            _cell(data, kind, start, length, row, facts)
        elif kind == _MERGE and length >= 16:
            top, bottom, left, right = unpack_from("<4I", data, start)
            facts.merges.append(Merge(top, left, bottom, right))


def _cell(data: bytes, kind: int, start: int, length: int, row: int, facts: _Facts) -> None:
    column, style = unpack_from("<II", data, start)
    if column >= _LAST_COLUMN:
        raise refuse("列号超出范围", "a column number is out of range")
    if kind != _BLANK:
        facts.reach.add(row, column)
    mark = facts.styles.get(style & 0xFFFFFF, 0)
    if kind == _SHARED and length >= 12 and unpack_from("<I", data, start + 8)[0] in facts.struck:
        mark |= Mark.STRUCK
    if mark:
        facts.marks.setdefault(row, {})[column] = mark
    if kind in (_ERROR, _FORMULA_ERROR) and length >= 9:
        facts.specials.setdefault(row, {})[column] = Special(Kind.ERROR, ERRORS.get(data[start + 8], "#ERROR!"))
