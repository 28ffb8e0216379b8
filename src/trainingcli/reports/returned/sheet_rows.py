"""A sheet's rows in one plain form, and some of them changed: the others go back byte for byte."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from xml.etree.ElementTree import Element

from trainingcli.intake.formats.grid import letter
from trainingcli.intake.formats.row_forms import usual_row
from trainingcli.intake.formats.strange_cells import column_of
from trainingcli.reports.returned.xml_form import Unusual, as_attribute, local, parsed, tag, written

_PLAIN = re.compile(b"(?:" + usual_row(b"").pattern + b")*+")
_ROWS = re.compile(rb"<(?:(\w+):)?sheetData\b[^>]*?(?:/>|>(.*)</(?:\w+:)?sheetData\s*>)", re.DOTALL)
_START = re.compile(rb'<row r="([0-9]+)"([^>]*?)(/?)>')
_CELL = re.compile(rb'<c r="([A-Z]{1,3})[0-9]+"([^>]*?)(?:/>|>.*?</c>)', re.DOTALL)
_REFERENCE = re.compile(rb'<c r="[A-Z]{1,3}[0-9]+"')
_ROW_END = re.compile(rb"</row>\s*|<row\b[^>]*/>\s*")
_STYLE, _HEIGHT = re.compile(rb' s="([0-9]+)"'), re.compile(rb' ht="([0-9.]+)"')
_SPANS = re.compile(rb' spans="[^"]*"')
_UNSPANNED = re.compile(rb' (?:spans|ht|customHeight)="[^"]*"')
_FORMULA = re.compile(rb"<f(?: [^<>]*)?(?:/>|>[^<]*</f>)")
_OF_METADATA = re.compile(rb'(<c r="[A-Z0-9]+"[^>]*?) (?:cm|vm)="[0-9]+"')
_FILLED = re.compile(rb'<c r="([A-Z]{1,3})[0-9]+"[^>]*+(?<!/)>(?!</c>)')
_STRING = re.compile(rb' t="s"[^>]*><v>\s*([0-9]+)\s*</v>')
_ROW_ATTRIBUTES = ("s", "customFormat", "ht", "customHeight", "hidden", "outlineLevel", "collapsed")


@dataclass
class RowChange:
    """What becomes of a row. Columns count from 1.

    `styles`: column → the cell's new style; `texts`: column → (text, as XML; style) of a cell that is written anew;
    `height`: what the row needs at least, in points.
    """

    styles: dict[int, int] = field(default_factory=dict)
    texts: dict[int, tuple[str, int]] = field(default_factory=dict)
    height: float = 0.0


def parted(data: bytes) -> tuple[Element, bytes]:
    """Return a sheet without its rows, and its rows in the plain form: without formulas, and with references.

    Raises `Unusual`.
    """
    found = None if b"<!" in data or data.count(b"<?") > 1 else _ROWS.search(data)
    if found is None or found[1] is not None or (found[2] or b"").count(b"sheetData"):
        root = parsed(data)
        rows = [row for group in root if local(group) == "sheetData" for row in group]
        for group in root:
            if local(group) == "sheetData":
                group.clear()
        return root, "".join(_rows(rows)).encode()
    root = parsed(data[: found.start()] + b"<sheetData/>" + data[found.end() :])
    if [local(one) for one in root].count("sheetData") != 1:
        raise Unusual
    return root, _plain(found[2] or b"", data[: found.start()])


def _plain(rows: bytes, head: bytes) -> bytes:
    usual = _PLAIN.match(rows)
    end = usual.end() if usual else 0
    if end < len(rows):
        rows = b"".join(_pieces(rows, head))
    if b"<f" in rows:
        rows = _FORMULA.sub(b"", rows)
    if b' cm="' in rows or b' vm="' in rows:
        rows = _OF_METADATA.sub(rb"\1", _OF_METADATA.sub(rb"\1", rows))
    return rows


def _pieces(rows: bytes, head: bytes) -> Iterator[bytes]:
    """Yield runs of plain rows as they are, and what stands between them read and written anew."""
    start = re.search(rb"<(?!\?)[^>]*>", head)
    if start is None:
        raise Unusual
    name = re.match(rb"<([\w:.-]+)", start[0])
    end = b"</" + (name[1] if name else b"") + b">"
    at = last = 0
    while at < len(rows):
        found = _PLAIN.match(rows, at)
        if found is not None and found.end() > at:
            yield found[0]
            at = found.end()
            begun = _START.match(rows, rows.rfind(b"<row", 0, at))
            last = int(begun[1]) if begun else last
            continue
        following = _ROW_END.search(rows, at)
        stop = following.end() if following else len(rows)
        for text, number in _numbered(parsed(start[0] + rows[at:stop] + end), last):
            yield text.encode()
            last = number
        at = stop


def _rows(rows: Iterable[Element]) -> Iterator[str]:
    return (text for text, _ in _numbered(rows, 0))


def _numbered(rows: Iterable[Element], last: int) -> Iterator[tuple[str, int]]:
    for row in rows:
        if local(row) != "row":
            continue
        number = row.get("r", str(last + 1))
        if not number.isdecimal() or int(number) <= last:
            raise Unusual
        last = int(number)
        attributes = {"r": number} | {name: row.attrib[name] for name in _ROW_ATTRIBUTES if name in row.attrib}
        yield tag("row", attributes, "".join(_cells(row, last))), last


def _cells(row: Element, number: int) -> Iterator[str]:
    column = -1
    for cell in row:
        if local(cell) != "c":
            continue
        letters = cell.get("r", "").rstrip("0123456789")
        column = column_of(letters.upper()) if letters.isascii() and letters.isalpha() else column + 1
        attributes = "".join(
            f' {name}="{as_attribute(cell.attrib[name])}"' for name in ("s", "t") if name in cell.attrib
        )
        inner = "".join(map(_value, cell))
        start = f'<c r="{letter(column)}{number}"{attributes}'
        yield f"{start}>{inner}</c>" if inner else f"{start}/>"


def _value(element: Element) -> str:
    if local(element) == "v":
        return f"<v>{as_attribute(''.join(element.itertext()))}</v>"
    return written(element) if local(element) == "is" else ""


class SheetRows:
    """A sheet's rows in the plain form. Rows and columns count from 1."""

    def __init__(self, rows: bytes) -> None:
        self.rows = rows
        self._places: dict[int, tuple[int, int]] | None = None

    def _become(self, rows: bytes) -> None:
        self.rows, self._places = rows, None

    def _index(self) -> dict[int, tuple[int, int]]:
        """Where each row begins and ends."""
        if self._places is None:
            starts = [(int(found[1]), found.start()) for found in _START.finditer(self.rows)]
            ends = [*(start for _, start in starts[1:]), len(self.rows)]
            self._places = {number: (start, end) for (number, start), end in zip(starts, ends, strict=True)}
        return self._places

    def _place(self, first: int) -> int:
        """Where the first row from this one on begins."""
        return next((start for number, (start, _) in self._index().items() if number >= first), len(self.rows))

    def last_filled(self) -> int:
        """Return the last row that holds a value."""
        for number, (start, end) in reversed(self._index().items()):
            if _FILLED.search(self.rows, start, end):
                return number
        return 0

    def cut(self, last: int) -> None:
        """Take the rows below `last` off."""
        place = self._place(last + 1)
        if place < len(self.rows):
            self._become(self.rows[:place])

    def filled_columns(self, first: int, below: int | None = None) -> set[int]:
        """Return the columns that hold a value from this row on, as far as the one before `below`."""
        end = len(self.rows) if below is None else self._place(below)
        return {column_of(found.decode()) + 1 for found in set(_FILLED.findall(self.rows, self._place(first), end))}

    def styled_columns(self, styles: Collection[int]) -> set[int]:
        """Return the columns in which a filled cell has one of these styles."""
        if not styles:
            return set()
        either = b"|".join(b"%d" % style for style in sorted(styles))
        pattern = re.compile(rb'<c r="([A-Z]{1,3})[0-9]+"[^>]*? s="(?:' + either + rb')"[^>]*+(?<!/)>(?!</c>)')
        return {column_of(found.decode()) + 1 for found in set(pattern.findall(self.rows))}

    def strings(self) -> set[int]:
        """Return the numbers of the shared strings that the rows show."""
        return set(map(int, set(_STRING.findall(self.rows))))

    def cells(self, number: int) -> dict[int, bytes]:
        """Return a row's cells, as they are written, by their columns."""
        start, end = self._index().get(number, (0, 0))
        return {column_of(cell[1].decode()) + 1: cell[0] for cell in _CELL.finditer(self.rows, start, end)}

    def style(self, number: int, column: int) -> int:
        """Return the style of a cell; 0 where it names none, or is not there."""
        start, end = self._index().get(number, (0, 0))
        at = self.rows.find(b'<c r="%b%d"' % (_letters(column), number), start, end)
        style = _STYLE.search(self.rows, at, self.rows.index(b">", at)) if at >= 0 else None
        return int(style[1]) if style else 0

    def clear_column(self, column: int, above: int) -> None:
        """Take the cells of a column off the rows below `above`."""
        place = self._place(above + 1)
        gone = re.compile(rb'<c r="' + letter(column - 1).encode() + rb'[0-9]+"(?:[^>]*/>|[^>]*>.*?</c>)', re.DOTALL)
        self._become(self.rows[:place] + gone.sub(b"", self.rows[place:]))

    def change(self, changes: Mapping[int, RowChange]) -> None:
        """Change these rows; one that is not there is put in."""
        places = self._index()
        pieces, at = [], 0
        for number in sorted(changes):
            start, end = places.get(number) or (self._place(number),) * 2
            pieces += [self.rows[at:start], _changed_row(number, self.rows[start:end], changes[number])]
            at = end
        self._become(b"".join([*pieces, self.rows[at:]]))


def _changed_row(number: int, row: bytes, change: RowChange) -> bytes:
    start = _START.match(row)
    attributes = start[2] if start else b""
    cells = row[start.end() : row.rfind(b"</row>")] if start and not start[3] else b""
    height = _HEIGHT.search(attributes)
    if change.height:
        needed = max(change.height, float(height[1]) if height else 0.0)
        attributes = _UNSPANNED.sub(b"", attributes) + b' ht="%.2f" customHeight="1"' % min(needed, 409.0)
    else:
        attributes = _SPANS.sub(b"", attributes)
    for column, style in change.styles.items():
        before, cell, after = _parted(cells, number, column)
        cells = before + _styled(cell, b"%b%d" % (_letters(column), number), style) + after
    for column, (text, style) in change.texts.items():
        before, _, after = _parted(cells, number, column)
        cells = before + text_cell(f"{letter(column - 1)}{number}", text, style).encode() + after
    return b'<row r="%d"%b>%b</row>' % (number, attributes, cells)


def _parted(cells: bytes, number: int, column: int) -> tuple[bytes, bytes, bytes]:
    """Part a row's cells into those before one, the one itself, empty where it is not there, and those after it."""
    start = cells.find(b'<c r="%b%d"' % (_letters(column), number))
    if start >= 0:
        end = cells.index(b">", start) + 1
        end = end if cells.startswith(b"/>", end - 2) else cells.index(b"</c>", end) + 4
        return cells[:start], cells[start:end], cells[end:]
    last = _CELL.match(cells, cells.rfind(b"<c r="))
    if last is None or column_of(last[1].decode()) < column:
        return cells, b"", b""
    after = (cell.start() for cell in _CELL.finditer(cells) if column_of(cell[1].decode()) >= column)
    start = next(after, len(cells))
    return cells[:start], b"", cells[start:]


@cache
def _letters(column: int) -> bytes:
    return letter(column - 1).encode()


def _styled(cell: bytes, reference: bytes, style: int) -> bytes:
    if not cell:
        return b'<c r="%b" s="%d"/>' % (reference, style)
    start, close, rest = cell.partition(b">")
    return _REFERENCE.sub(b'\\g<0> s="%d"' % style, _STYLE.sub(b"", start), count=1) + close + rest


def text_cell(reference: str, text: str, style: int) -> str:
    """Return a cell of text, whatever the text looks like; `text`: as XML."""
    return f'<c r="{reference}" s="{style}" t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>'
