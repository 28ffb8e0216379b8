"""A raw look at a worksheet's XML for what the fast reader does not show; a byte search, not a parser per cell.

A block of rows in the usual form is passed by one regular expression; only blocks that hold something else, and rows
that hold an error or a formula, are looked at one by one.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, field

from trainingcli.intake.formats.cell_kinds import Kind
from trainingcli.intake.formats.cell_values import Special
from trainingcli.intake.gate.bounds import Bounds
from trainingcli.intake.gate.package import refuse

_ROOT = re.compile(rb"<(?:([A-Za-z_][\w.-]*):)?worksheet\s[^>]*>")
_NAMESPACES = (
    b"http://schemas.openxmlformats.org/spreadsheetml/2006/main",
    b"http://purl.oclc.org/ooxml/spreadsheetml/main",
)
_FAR = 50_000  # empty row numbers before a row: then it is looked at whether it holds anything
_LAST_ROW = 1_048_576
_LAST_COLUMN = 16_384
_LONGEST_ROW = 64 << 20  # bytes: the last row's piece holds all that follows the rows, merges among it
_UNUSUAL = ("工作表的 XML 写法异常，无法可靠读取", "a sheet's XML is written in a way that cannot be read reliably")


@dataclass
class SheetFacts:
    """What the scan found. Rows and columns count from 0."""

    specials: dict[int, dict[int, Special]] = field(default_factory=dict)
    hidden: set[int] = field(default_factory=set)
    filtered: bool = False
    last_row: int = -1
    rows: int = 0


@dataclass(frozen=True)
class _Patterns:
    """The byte patterns for one namespace prefix."""

    row: bytes
    usual: re.Pattern[bytes]
    cell: re.Pattern[bytes]
    reference: re.Pattern[bytes]
    value: re.Pattern[bytes]
    formula: bytes
    without_value: re.Pattern[bytes]
    filled: re.Pattern[bytes]
    mistyped: re.Pattern[bytes]  # a text that its cell's type denies: readers differ
    misnumbered: re.Pattern[bytes]  # a shared string whose number is none

    @classmethod
    def of(cls, prefix: bytes) -> _Patterns:
        start, end = rb"<" + re.escape(prefix), rb"</" + re.escape(prefix)
        first_cell = rb"(?:" + start + rb'c r="[A-Z]{1,3}\1"|' + end + rb"row>)"
        return cls(
            row=b"<" + prefix + b"row",
            usual=re.compile(start + rb'row r="([1-9][0-9]*)"[^>]*?(?:/>|>\s*' + first_cell + rb")"),
            cell=re.compile(start + rb"c(\s[^>]*?)?(?:/>|>(.*?)" + end + rb"c\s*>)", re.DOTALL),
            reference=re.compile(start + rb"""c\s(?:[^>]*?\s)?r\s*=\s*["']([^"']*)"""),
            value=re.compile(start + rb"v(?:\s[^>]*)?>([^<]*)" + end + rb"v\s*>"),
            formula=b"<" + prefix + b"f",
            without_value=re.compile(
                start
                + rb"f(?:\s[^>]*?)?(?:/>|>[^<]*"
                + end
                + rb"f\s*>)\s*(?:"
                + end
                + rb"c|"
                + start
                + rb"v\s*(?:/|>"
                + end
                + rb"))"
            ),
            mistyped=re.compile(
                start
                + rb"""c(?=[\s>])(?![^>]*\st\s*=\s*["']inlineStr["'])[^>]*>\s*(?:[^<\s][^<]*)?"""
                + start
                + rb"is[\s/>]"
            ),
            misnumbered=re.compile(rb"""["']s["'][^>]*>\s*""" + start + rb"v>(?!\s*[0-9]+\s*<)"),
            filled=re.compile(start + rb"(?:v|is|f)[\s>/]"),
        )


_ATTRIBUTE = re.compile(rb"""\s([A-Za-z][\w:.-]*)\s*=\s*(?:"([^"]*)"|'([^']*)')""")
_REFERENCE = re.compile(rb"([A-Z]{1,3})([1-9][0-9]{0,6})")
_TRUE = (b"1", b"true")


class SheetScan:
    """Takes a worksheet part block by block; `facts` is complete after `close`."""

    def __init__(self, bounds: Bounds, size: int) -> None:
        self.facts = SheetFacts()
        self._strict = size <= bounds.strict_bytes
        self._rest = b""
        self._patterns: _Patterns | None = None
        self._last = 0

    def feed(self, block: bytes) -> None:
        """Scan the rows that are complete; keep the rest."""
        data = self._rest + block
        if self._patterns is None:
            root = _ROOT.search(data)
            if root is None:
                self._keep(data, 1 << 16)
                return
            if not any(namespace in root[0] for namespace in _NAMESPACES):
                raise refuse(*_UNUSUAL)
            self._patterns = _Patterns.of(root[1] + b":" if root[1] else b"")
            self._rest = b""
        row = self._patterns.row
        cut = data.rfind(row, max(0, len(self._rest) - len(row)))
        if cut < 0:
            self._keep(data, _LONGEST_ROW)
            return
        self._scan(data[:cut])
        self._rest = data[cut:]

    def _keep(self, data: bytes, bound: int) -> None:
        if len(data) > bound:
            raise refuse(*_UNUSUAL)
        self._rest = data

    def close(self) -> SheetFacts:
        """Scan what is left; return what was found."""
        if self._patterns is None:
            raise refuse(*_UNUSUAL)
        self._scan(self._rest)
        return self.facts

    def _scan(self, block: bytes) -> None:
        patterns = self._patterns
        assert patterns is not None
        if b"!" in block and b"<!" in block:
            raise refuse(*_UNUSUAL)  # a comment or CDATA: no spreadsheet program writes one here
        if self._strict and (
            patterns.misnumbered.search(block) or (b"is>" in block and patterns.mistyped.search(block))
        ):
            raise refuse(*_UNUSUAL)
        if b"filterMode" in block:
            self.facts.filtered = True
        numbers = patterns.usual.findall(block)
        quoted = b"'" in block and re.search(rb"=\s*'", block) is not None
        rows = block.count(patterns.row)
        if len(numbers) == rows and not quoted and self._pass(numbers):
            if self._interesting(block):
                self._each_row(block, renumber=False)
            return
        self._each_row(block, renumber=True)

    def _pass(self, found: list[bytes]) -> bool:
        """Take a block of usual rows whose numbers rise by no large step."""
        if not found:
            return True
        numbers = list(map(int, found))
        first, last = numbers[0], numbers[-1]
        rising = first > self._last and (
            last - first == len(numbers) - 1 == len(set(numbers)) - 1 or all(map(int.__lt__, numbers, numbers[1:]))
        )
        if not rising or last > _LAST_ROW or last - self.facts.rows - len(numbers) > _FAR:
            return False
        self._last = last
        self.facts.rows += len(numbers)
        self.facts.last_row = last - 1
        return True

    def _interesting(self, block: bytes) -> bool:
        """Tell whether a block holds a hidden row, an error or a formula without a value."""
        if b"d" in block and b"hidden" in block:
            return True
        return self._has_specials(block)

    def _has_specials(self, block: bytes) -> bool:
        patterns = self._patterns
        assert patterns is not None
        if b"e" in block and (b'"e"' in block or b"'e'" in block):
            return True
        return b"f" in block and patterns.formula in block and patterns.without_value.search(block) is not None

    def _each_row(self, block: bytes, renumber: bool) -> None:
        patterns = self._patterns
        assert patterns is not None
        for piece in block.split(patterns.row)[1:]:
            if piece[:1] not in (b" ", b">", b"/", b"\n", b"\t", b"\r"):
                continue  # rowBreaks
            opening, _, cells = piece.partition(b">")
            attributes = _attributes(opening)
            number = self._number(attributes, cells) if renumber else int(attributes[b"r"])
            if attributes.get(b"hidden", b"0") in _TRUE:
                self.facts.hidden.add(number - 1)
            if self._has_specials(cells):
                self._cells(cells, number)

    def _number(self, attributes: dict[bytes, bytes], cells: bytes) -> int:
        written = attributes.get(b"r")
        if written is None:
            number = self._last + 1
        elif written.isdigit() and len(written) <= 7:
            number = int(written)
        else:
            raise refuse("工作表的行号不合规范", "a row number of a sheet is malformed")
        if number <= self._last:
            raise refuse("工作表内行号重复或次序颠倒", "a sheet has row numbers that are doubled or out of order")
        if number > _LAST_ROW or number < 1:
            raise refuse("工作表的行号超出范围", "a row number of a sheet is out of range")
        self._check_cells(cells, number)
        self._last = number
        self.facts.rows += 1
        self.facts.last_row = number - 1
        return number

    def _check_cells(self, cells: bytes, number: int) -> None:
        """Refuse a cell that says it lies in another row, and one with a value far below everything else."""
        patterns = self._patterns
        assert patterns is not None
        references = patterns.reference.findall(cells)
        if references and len(references) < sum(1 for _ in patterns.cell.finditer(cells)):
            raise refuse(*_UNUSUAL)  # some cells say where they lie, others do not
        for reference in references:
            parts = _REFERENCE.fullmatch(reference)
            if parts is None or int(parts[2]) != number:
                raise refuse("单元格位置与所在行不符", "a cell does not lie in the row that holds it")
        if number - self.facts.rows > _FAR and patterns.filled.search(cells):
            raise refuse(
                f"第 {number} 行有远离数据的内容，请删除后再试",
                f"row {number} holds something far below the data; delete it",
            )

    def _cells(self, cells: bytes, number: int) -> None:
        patterns = self._patterns
        assert patterns is not None
        column = -1
        for found in patterns.cell.finditer(cells):
            attributes, content = _attributes(found[1] or b""), found[2] or b""
            parts = _REFERENCE.fullmatch(attributes.get(b"r", b""))
            column = _column(parts[1]) if parts else column + 1
            special = self._special(attributes.get(b"t", b"n"), content)
            if special is not None and column < _LAST_COLUMN:
                self.facts.specials.setdefault(number - 1, {})[column] = special

    def _special(self, kind: bytes, content: bytes) -> Special | None:
        patterns = self._patterns
        assert patterns is not None
        value = patterns.value.search(content)
        if kind == b"e":
            return Special(
                Kind.ERROR, html.unescape(value[1].decode("utf-8", "replace")) if value and value[1] else "#ERROR!"
            )
        if patterns.formula in content and (value is None or (not value[1] and kind != b"str")):
            return Special(Kind.NO_VALUE)
        return None


def _attributes(text: bytes) -> dict[bytes, bytes]:
    return {name: double or single for name, double, single in _ATTRIBUTE.findall(text)}


def _column(letters: bytes) -> int:
    number = 0
    for byte in letters:
        number = number * 26 + byte - 64
    return number - 1
