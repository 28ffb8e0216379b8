"""A worksheet part, written anew as plain rows and cells; beside it, what those cannot say.

Nearly every row of nearly every file is plain already. A row that is not, whatever its reason (an error, a formula
without a value, single quotes, comments, no references …), is read by expat and written anew.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field

from trainingcli.intake.formats.cell_kinds import Mark
from trainingcli.intake.formats.cell_values import Special
from trainingcli.intake.formats.grid import Merge
from trainingcli.intake.formats.laid_rows import LaidRows
from trainingcli.intake.formats.rewriting import Rewriter
from trainingcli.intake.formats.row_forms import usual_row
from trainingcli.intake.formats.strange_cells import LAST_COLUMN, StrangeCell, column_of, reference_of
from trainingcli.intake.gate.package import refuse
from trainingcli.intake.gate.refusal import Refused

_FAR = 50_000  # empty row numbers before a row: then it is looked at whether it holds anything
_LAST_ROW = 1_048_576
_FIRST = 16  # rows taken one by one before the rest is tried as one
_FEW = 32  # looks that a pattern names one by one
_TRUE = ("1", "true")
_CELL = ("worksheet", "sheetData", "row", "c")


@dataclass
class SheetFacts:
    """What the plain rows cannot say. Rows and columns count from 0.

    `strings`: how many shared strings there are; `empty`, `struck`: the numbers of those that are empty, or struck
    through; `styles`: style → `Mark`. `values`: how many cells the reader must give.
    """

    strings: int = 0
    empty: Collection[int] = ()
    struck: Collection[int] = ()
    styles: Mapping[int, int] = field(default_factory=dict)
    specials: dict[int, dict[int, Special]] = field(default_factory=dict)
    marks: dict[int, dict[int, int]] = field(default_factory=dict)
    hidden: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    merges: list[Merge] = field(default_factory=list)
    values: int = 0


class PlainSheet(Rewriter):
    """Takes a worksheet part block by block; `facts` is complete after `close`.

    `laid` keeps what it can lay out of plain rows; `left`: whether any were written for calamine.
    """

    item, path = "row", ("worksheet", "sheetData")

    def __init__(self, write: Callable[[bytes], object], facts: SheetFacts, laid: LaidRows | None = None) -> None:
        super().__init__(write)
        self.facts = facts
        self.left = False
        self.laid = laid
        self._last = 0
        self._rows = 0
        self._datas = 0
        self._cell: StrangeCell | None = None
        self._cells: dict[int, str] = {}
        self._seen: set[int] = set()
        self._column = -1

    # --- plain rows

    def usual(self, prefix: bytes) -> re.Pattern[bytes]:
        """Return the pattern of a plain row."""
        start = b"<" + prefix
        self._hidden = re.compile(start + rb'row r="([0-9]+)"[^>]*? hidden="(?:1|true)"')
        self._valued = re.compile(start + rb"(?:v|is)>")
        self._counted = b"</" + prefix.replace(b"\\", b"") + b"v>", b"</" + prefix.replace(b"\\", b"") + b"is>"
        self._empty = _string_cells(start, self.facts.empty)
        self._styled = _styled_cells(start, self.facts.styles)
        self._struck = _string_cells(start, self.facts.struck)
        if self.laid is not None:
            self.laid.begin(prefix)
        return usual_row(prefix)

    def take_whole(self, data: bytes) -> bool:
        """Lay out plain rows whose numbers rise; False where one is not of the plainest forms."""
        laid = self.laid
        parts = laid.split(data) if laid is not None and laid.active else None
        if laid is None or parts is None:
            return False
        numbers = laid.numbers(parts)
        if self._is_far(numbers) or not laid.lay(parts, numbers):
            return False
        self._pass(data, numbers)
        return True

    def take(self, block: bytes, found: list[bytes]) -> None:
        """Take plain rows whose numbers rise."""
        numbers = list(map(int, found))
        laying, far = self.laid is not None and self.laid.active, self._is_far(numbers)
        if len(numbers) > 1 and (laying or far):
            self._take_rows(block)
            return
        if far:
            self._last, self._rows = numbers[-1], self._rows + 1
            if self._valued.search(block):
                raise _far(numbers[-1])
            return  # nothing but styles, far down
        if self.laid is not None and laying:
            self.laid.widen(block)
            if self.take_whole(block):
                return
            self.laid.leave()
        self._count(block)
        self._pass(block, numbers)
        self.left = True
        self.write(block)

    def _take_rows(self, block: bytes) -> None:
        """Take rows one by one, and from time to time all that are left: the first of a sheet show how wide it is."""
        rows, run = deque(self._usual.finditer(block) if self._usual else ()), _FIRST
        while rows and not self.take_whole(block[rows[0].start() :]):
            for _ in range(min(run, len(rows))):
                row = rows.popleft()
                self.take(row[0], [row[1]])
            run *= 2

    def _is_far(self, numbers: Sequence[int]) -> bool:
        """Tell whether rows lie far below the others. Raises `Refused` where they do not rise."""
        first, last, count = numbers[0], numbers[-1], len(numbers)
        rising = last - first == count - 1 == len(set(numbers)) - 1 or all(map(int.__lt__, numbers, numbers[1:]))
        if first <= self._last or not rising:
            raise _disorder()
        if last > _LAST_ROW:
            raise _out_of_range()
        return last - self._rows - count > _FAR

    def _pass(self, block: bytes, numbers: Sequence[int]) -> None:
        """Pass on from rows that were taken; remember what is said of them beside their values."""
        self._last, self._rows = numbers[-1], self._rows + len(numbers)
        if b"hidden" in block:
            self.facts.hidden.update(int(number) - 1 for number in self._hidden.findall(block))
        if self._styled is not None and _may_hold(block, b' s="%d"', self.facts.styles):
            for letters, row, style in self._styled.findall(block):
                self._mark(letters, row, self.facts.styles.get(int(style or 0), 0))
        if self._struck is not None and _may_hold(block, b"v>%d<", self.facts.struck):
            for letters, row, string in self._struck.findall(block):
                self._mark(letters, row, Mark.STRUCK if int(string) in self.facts.struck else 0)

    def _count(self, block: bytes) -> None:
        values = block.count(self._counted[0])
        if b"inlineStr" in block:
            values += block.count(self._counted[1])
        if self._empty is not None:
            values -= sum(int(string) in self.facts.empty for _, _, string in self._empty.findall(block))
        self.facts.values += values

    def _mark(self, letters: bytes, row: bytes, mark: int) -> None:
        if mark:
            marks = self.facts.marks.setdefault(int(row) - 1, {})
            column = column_of(letters.decode())
            marks[column] = marks.get(column, 0) | mark

    # --- rows that are not plain

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """Begin a row, a cell or a part of one; a sheet has its rows in one place."""
        stack = tuple(self.stack)
        if stack == ("worksheet",) and name == "sheetData":
            self._datas += 1
            if self._datas > 1:
                raise refuse("一张工作表内有两份数据", "a sheet holds its rows twice over")
        elif stack == ("worksheet", "cols") and name == "col":
            self.facts.hidden_columns.update(_hidden_columns(attributes))
        elif stack == ("worksheet", "mergeCells") and name == "mergeCell":
            self.facts.merges.append(_merge(attributes.get("ref", "")))
        elif stack == self.path and name == "row":
            self._begin_row(attributes)
        elif stack == _CELL[:-1] and name == "c":
            self._column, self._cell = (
                reference_of(attributes.get("r"), self._last, self._column),
                StrangeCell(attributes),
            )
        elif self._cell is not None:
            self._cell.start(stack[len(_CELL) :], name, attributes)

    def end(self, name: str) -> None:
        """End a cell or a row: what it holds is written in the plain form."""
        stack = tuple(self.stack)
        if self._cell is not None and stack == _CELL[:-1]:
            self._end_cell(self._cell)
            self._cell = None
        elif self._cell is not None:
            self._cell.end()
        elif stack == self.path and name == "row":
            prefix, number = self._prefix.decode(), self._last
            cells = "".join(self._cells[column] for column in sorted(self._cells))
            self.left = self.left or bool(cells)
            self.write(f'<{prefix}row r="{number}">{cells}</{prefix}row>'.encode())

    def text(self, data: str) -> None:
        """Take a cell's characters."""
        if self._cell is not None:
            self._cell.text(data)

    def _begin_row(self, attributes: dict[str, str]) -> None:
        written = attributes.get("r")
        if written is not None and not re.fullmatch("[0-9]{1,7}", written):
            raise refuse("工作表的行号不合规范", "a row number of a sheet is malformed")
        number = self._last + 1 if written is None else int(written)
        if not 1 <= number <= _LAST_ROW:
            raise _out_of_range()
        if number <= self._last:
            raise _disorder()
        self._last, self._rows = number, self._rows + 1
        if attributes.get("hidden", "0") in _TRUE:
            self.facts.hidden.add(number - 1)
        self._cells, self._seen, self._column = {}, set(), -1

    def _end_cell(self, cell: StrangeCell) -> None:
        facts, row, column = self.facts, self._last - 1, self._column
        if column >= LAST_COLUMN:
            raise refuse("列号超出范围", "a column number is out of range")
        if column in self._seen:
            raise refuse("同一单元格出现两次", "a cell stands twice in its row")
        self._seen.add(column)
        plain = cell.plain(self._prefix.decode(), column, self._last, facts.strings)
        if plain is None:
            return
        if self._last - self._rows > _FAR:
            raise _far(self._last)
        mark = facts.styles.get(cell.style, 0)
        if cell.struck or (cell.string is not None and cell.string in facts.struck):
            mark |= Mark.STRUCK
        if mark:
            facts.marks.setdefault(row, {})[column] = mark
        if isinstance(plain, Special):
            facts.specials.setdefault(row, {})[column] = plain
            return
        facts.values += cell.string is None or cell.string not in facts.empty
        self._cells[column] = plain


def _string_cells(start: bytes, numbers: Collection[int]) -> re.Pattern[bytes] | None:
    """Return the pattern of cells of these shared strings."""
    if not numbers:
        return None
    reference = rb'c r="([A-Z]{1,3})([0-9]+)"[^>]*? t="s"[^>]*+>'
    return re.compile(start + reference + start + b"v>(" + _either(numbers) + b")<")


def _styled_cells(start: bytes, styles: Collection[int]) -> re.Pattern[bytes] | None:
    """Return the pattern of plain cells of these styles; a cell that names none has style 0."""
    if not styles:
        return None
    named = rb'(?=[^>]*? s="(' + _either(styles) + rb')")'
    either = b"(?:" + named + rb'|(?![^>]*? s="))' if 0 in styles else named
    return re.compile(start + rb'c r="([A-Z]{1,3})([0-9]+)"' + either)


def _may_hold(block: bytes, form: bytes, numbers: Collection[int]) -> bool:
    """Tell whether a look at each cell may find anything; a search for a few words costs a tenth of it."""
    return len(numbers) > _FEW // 8 or 0 in numbers or any(form % number in block for number in numbers)


def _either(numbers: Collection[int]) -> bytes:
    return b"|".join(b"%d" % number for number in sorted(numbers)) if len(numbers) <= _FEW else b"[0-9]++"


def _hidden_columns(attributes: dict[str, str]) -> range:
    """Return the columns that an entry of `cols` hides; what is malformed there hides nothing that is read."""
    first, last = attributes.get("min", ""), attributes.get("max", "")
    if attributes.get("hidden", "0") not in _TRUE or not (first.isdecimal() and last.isdecimal()):
        return range(0)
    return range(min(int(first), LAST_COLUMN) - 1, min(int(last), LAST_COLUMN))


def _merge(reference: str) -> Merge:
    found = re.fullmatch(
        r"\$?([A-Za-z]{1,3})\$?([1-9][0-9]{0,6})(?::\$?([A-Za-z]{1,3})\$?([1-9][0-9]{0,6}))?", reference
    )
    if found is None:
        raise refuse("合并单元格的范围不合规范", "a merged range is malformed")
    left, top = column_of(found[1].upper()), int(found[2]) - 1
    right, bottom = (column_of(found[3].upper()), int(found[4]) - 1) if found[3] else (left, top)
    if bottom < top or right < left or bottom >= _LAST_ROW or right >= LAST_COLUMN:
        raise refuse("合并单元格的范围不合规范", "a merged range is malformed")
    return Merge(top, left, bottom, right)


def _disorder() -> Refused:
    return refuse("工作表内行号重复或次序颠倒", "a sheet has row numbers that are doubled or out of order")


def _out_of_range() -> Refused:
    return refuse("工作表的行号超出范围", "a row number of a sheet is out of range")


def _far(number: int) -> Refused:
    return refuse(
        f"第 {number} 行有远离数据的内容，请删除后再试", f"row {number} holds something far below the data; delete it"
    )
