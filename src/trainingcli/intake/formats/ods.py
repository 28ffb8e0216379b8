"""OpenDocument spreadsheets: one pass over styles and contents, repeats bounded, errors, merges, hidden rows seen.

Not by calamine: it lays out repeated cells without bound and shows neither merges nor hidden rows of this format.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from xml.parsers import expat

from trainingcli.intake.formats.cell_kinds import Kind, Mark
from trainingcli.intake.formats.cell_values import Cell, Special
from trainingcli.intake.formats.grid import Grid, Merge, OpenedBook
from trainingcli.intake.formats.ods_styles import OdsStyles
from trainingcli.intake.gate.bounds import Bounds
from trainingcli.intake.gate.package import Package, refuse
from trainingcli.intake.gate.refusal import Refused
from trainingcli.language import Text

_SMALL = 4 << 20
_T, _O, _X = (
    "urn:oasis:names:tc:opendocument:xmlns:table:1.0 ",
    "urn:oasis:names:tc:opendocument:xmlns:office:1.0 ",
    "urn:oasis:names:tc:opendocument:xmlns:text:1.0 ",
)
_S = "urn:oasis:names:tc:opendocument:xmlns:style:1.0 "
_CALC = "urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0 "
_CELLS = (_T + "table-cell", _T + "covered-table-cell")
# What holds tables or cells that are none of the sheet: of another program's, drawn upon it, or taken out of it.
_ASIDE = (_T + "dde-links", _T + "shapes", _T + "tracked-changes")
_TIME = re.compile(r"(-?)P(?:(\d+)D)?T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)(?:\.\d+)?S)?")
_FLOAT = re.compile(r"\s*[-+]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][-+]?[0-9]{1,3})?\s*", re.ASCII)
_MOST_COLUMNS = 1024
_HIDDEN = Text("隐藏的工作表，未读取", "hidden sheet, not read")
_ENCRYPTED = Text(
    "ODS 文件有密码保护，不支持解密；请去掉密码后再试",
    "the ods file is password-protected, which is not supported; remove the password",
)


@dataclass
class _Sheet:
    name: str
    hidden: bool
    rows: list[list[Cell]] = field(default_factory=list)
    merges: list[Merge] = field(default_factory=list)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    marks: dict[int, dict[int, int]] = field(default_factory=dict)
    columns: list[str] = field(default_factory=list)  # each column's own style, for cells that name none
    empty: int = 0  # empty rows that wait for one that holds something


class _Content:
    """Handlers of the XML parser: builds sheets, keeps nothing of repeats that hold nothing."""

    def __init__(self, bounds: Bounds) -> None:
        self.sheets: list[_Sheet] = []
        self._bounds = bounds
        self._hidden_styles: set[str] = set()
        self._styles = OdsStyles()
        self._row_marks: dict[int, int] = {}
        self._struck = 0
        self._style = ""
        self._sheet: _Sheet | None = None
        self._row: list[Cell] = []
        self._gap = 0  # empty cells of the row that wait for one that holds something
        self._row_attributes: dict[str, str] = {}
        self._cell: dict[str, str] | None = None
        self._texts: list[str] = []
        self._paragraphs = 0
        self._aside = 0  # inside an annotation, a nested drawing or what else is no cell of the sheet
        self._total = 0
        self.date1904 = False  # for serials that were typed as numbers: dates are written out

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if self._sheet is None:
            self._styles.start(tag, attributes)
        if self._aside:
            self._aside += 1
        elif tag in _ASIDE:
            self._aside = 1
        elif tag == _S + "style":
            self._style = attributes.get(_S + "name", "")
        elif tag == _S + "table-properties":
            if attributes.get(_T + "display") == "false":
                self._hidden_styles.add(self._style)
        elif tag == _T + "table-column" and self._sheet is not None:
            repeat = min(_count(attributes.get(_T + "number-columns-repeated")), _MOST_COLUMNS)
            if attributes.get(_T + "visibility", "visible") != "visible":
                first = len(self._sheet.columns)
                self._sheet.hidden_columns.update(range(first, min(first + repeat, _MOST_COLUMNS)))
            self._sheet.columns += [attributes.get(_T + "default-cell-style-name", "")] * repeat
        elif tag == _T + "table":
            hidden = attributes.get(_T + "style-name", "") in self._hidden_styles
            self._sheet = _Sheet(attributes.get(_T + "name", ""), hidden)
            self.sheets.append(self._sheet)
            if len(self.sheets) > self._bounds.sheets:
                raise refuse("工作表过多", "it has too many sheets")
        elif tag == _T + "table-row":
            self._row, self._gap, self._row_attributes, self._row_marks = [], 0, attributes, {}
        elif tag == _T + "null-date":
            self.date1904 = attributes.get(_T + "date-value") == "1904-01-01"
        elif tag in _CELLS:
            self._cell, self._texts, self._paragraphs, self._struck = attributes, [], 0, 0
        elif self._cell is not None:
            self._inside(tag, attributes)

    def _inside(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == _X + "p":
            self._paragraphs += 1
            if self._paragraphs > 1:
                self._texts.append("\n")
        elif tag == _X + "span":
            self._struck |= self._styles.mark(attributes.get(_X + "style-name", "")) & Mark.STRUCK
        elif tag == _X + "s":
            self._texts.append(" " * min(_count(attributes.get(_X + "c")), 100))
        elif tag == _X + "tab":
            self._texts.append("\t")
        elif tag == _X + "line-break":
            self._texts.append("\n")
        elif tag == _O + "annotation" or tag.endswith((" frame", " custom-shape")):
            self._aside = 1

    def text(self, data: str) -> None:
        if self._sheet is None:
            self._styles.text(data)
        if self._cell is not None and self._paragraphs and not self._aside:
            self._texts.append(data)

    def end(self, tag: str) -> None:
        if self._sheet is None:
            self._styles.end(tag)
        if self._aside:
            self._aside -= 1
        elif tag in _CELLS and self._cell is not None and self._sheet is not None:
            self._end_cell(self._cell, self._sheet)
            self._cell = None
        elif tag == _T + "table-row" and self._sheet is not None:
            self._end_row(self._sheet)
        elif tag == _T + "table":
            self._sheet = None

    def _end_cell(self, attributes: dict[str, str], sheet: _Sheet) -> None:
        value = _value(attributes, "".join(self._texts) if self._paragraphs else None)
        repeat = _count(attributes.get(_T + "number-columns-repeated"))
        down = _count(attributes.get(_T + "number-rows-spanned"))
        across = _count(attributes.get(_T + "number-columns-spanned"))
        if down > 1 or across > 1:
            top, left = len(sheet.rows) + sheet.empty, len(self._row) + self._gap
            sheet.merges.append(Merge(top, left, top + down - 1, left + across - 1))
        if value == "":
            self._gap += repeat
            return
        self._spend(self._gap + repeat)
        self._row.extend([""] * self._gap)
        self._gap = 0
        mark = self._struck | self._styles.mark(self._style_of(attributes, sheet))
        if mark:
            self._row_marks.update(dict.fromkeys(range(len(self._row), len(self._row) + repeat), mark))
        self._row.extend([value] * repeat)

    def _style_of(self, attributes: dict[str, str], sheet: _Sheet) -> str:
        column = len(self._row)
        own = sheet.columns[column] if column < len(sheet.columns) else ""
        own = self._row_attributes.get(_T + "default-cell-style-name", own)
        return attributes.get(_T + "style-name", own)

    def _end_row(self, sheet: _Sheet) -> None:
        repeat = _count(self._row_attributes.get(_T + "number-rows-repeated"))
        if not self._row:
            sheet.empty += repeat
            return
        if sheet.empty + len(sheet.rows) + repeat > self._bounds.rows:
            raise refuse("行数过多", "it has too many rows")
        self._spend(repeat * len(self._row) + sheet.empty)
        sheet.rows.extend([] for _ in range(sheet.empty))
        sheet.empty = 0
        if self._row_attributes.get(_T + "visibility", "visible") != "visible":
            sheet.hidden_rows.update(range(len(sheet.rows), len(sheet.rows) + repeat))
        if self._row_marks:
            sheet.marks.update(dict.fromkeys(range(len(sheet.rows), len(sheet.rows) + repeat), self._row_marks))
        sheet.rows.extend(list(self._row) for _ in range(repeat))

    def _spend(self, cells: int) -> None:
        self._total += cells
        if self._total > self._bounds.ods_cells:
            raise refuse("单元格过多或重复次数异常", "it has too many cells, or repeats them without measure")


def open_ods(package: Package, bounds: Bounds) -> OpenedBook:
    """Open an OpenDocument spreadsheet that the gate's directory check has passed."""
    if b"spreadsheet" not in package.read("mimetype", 1024):
        from trainingcli.intake.formats.zip_kinds import no_spreadsheet

        raise no_spreadsheet(Text("OpenDocument 文档（不是表格）", "an OpenDocument file, but no spreadsheet"))
    if "META-INF/manifest.xml" in package and b"encryption-data" in package.read("META-INF/manifest.xml", _SMALL):
        raise Refused(_ENCRYPTED)
    content = _parse(package, bounds)
    book = OpenedBook("ods", iter(()))
    book.not_read = [(sheet.name, _HIDDEN) for sheet in content.sheets if sheet.hidden]
    book.grids = _grids(content, content.date1904)
    return book


def _grids(content: _Content, date1904: bool) -> Iterator[Grid]:
    for sheet in content.sheets:
        if not sheet.hidden:
            hidden, columns = frozenset(sheet.hidden_rows), frozenset(sheet.hidden_columns)
            yield Grid(sheet.name, iter(sheet.rows), sheet.merges, {}, hidden, date1904, sheet.marks, columns)


def _parse(package: Package, bounds: Bounds) -> _Content:
    content = _Content(bounds)
    for part in ("styles.xml", "content.xml"):
        if part in package or part == "content.xml":
            _take_part(package, part, content)
    return content


def _take_part(package: Package, part: str, content: _Content) -> None:
    parser: Any = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler = content.start, content.end
    parser.CharacterDataHandler = content.text
    try:
        for block in package.blocks(part):
            parser.Parse(block, False)
        parser.Parse(b"", True)
    except expat.ExpatError:
        raise refuse("内部 XML 不合规范", "its inner XML is malformed") from None


def _count(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 9 else 1


def _value(attributes: dict[str, str], shown: str | None) -> Cell:
    """Return one cell's value, by its type; a formula's error as an error. `shown`: its text; None: it has none."""
    text = shown or ""
    if attributes.get(_CALC + "value-type") == "error" or (
        text.startswith(("#", "Err:")) and _T + "formula" in attributes
    ):
        return Special(Kind.ERROR, text or "#ERROR!")
    kind = attributes.get(_O + "value-type")
    if kind is None:
        return Special(Kind.NO_VALUE) if _T + "formula" in attributes and shown is None else text
    try:
        return _typed(kind, attributes, text)
    except ValueError:
        return text


def _typed(kind: str, attributes: dict[str, str], text: str) -> Cell:
    if kind in ("float", "currency", "percentage"):
        written = attributes.get(_O + "value", "")
        return float(written) if _FLOAT.fullmatch(written) else text  # float() takes 1_000 and nan, too
    if kind == "date":
        written = attributes.get(_O + "date-value", "")
        return dt.datetime.fromisoformat(written) if "T" in written else dt.date.fromisoformat(written)
    if kind == "boolean":
        return attributes.get(_O + "boolean-value") == "true"
    if kind == "time":
        return _time(attributes.get(_O + "time-value", "")) or text
    return text or attributes.get(_O + "string-value", "")


def _time(written: str) -> dt.timedelta | None:
    found = _TIME.fullmatch(written)
    if found is None:
        return None
    days, hours, minutes, seconds = (int(part or 0) for part in found.groups()[1:])
    value = dt.timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds)
    return -value if found[1] else value
