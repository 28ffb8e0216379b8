"""Renders the oracle's rows into messy workbooks, and says on which row of which sheet of which file each landed."""

from __future__ import annotations

import csv
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from itertools import groupby, pairwise
from pathlib import Path

from openpyxl import Workbook
from openpyxl.styles import Font
from openpyxl.utils.datetime import CALENDAR_MAC_1904, CALENDAR_WINDOWS_1900, to_excel
from openpyxl.worksheet.worksheet import Worksheet

from . import headings, unread, words
from .cells import Day, Error, Formula, Serial, Struck, Writer
from .compare import compare
from .lines import COLUMN, NAMED, NOTHING, WIDE, Row
from .words import Mark

__all__ = ["compare", "occupations_register", "render"]

FIELDS = (
    "name", "id_number", "sex", "phone", "category", "hardship", "employment_card", "employer", "institution",
    "class_no", "training_type", "occupation", "level", "attended_days", "certificate_type", "certificate_no",
    "certificate_date", "account", "remark",
)  # fmt: skip
DITTOS = ("同上", "同前", "〃", "″", " 同 上 ")
ALIKE = ("category", "hardship", "training_type", "level", "institution", "employer", "class_no", "occupation")
#: How many sheets have a column that is needed under a heading of nobody's.
UNREAD = 0.12
OTHER_SCHOOL = "晋源职业培训学校"
MERGEABLE = ("employer", "institution", "class_no", "occupation", "start_date", "end_date")


@dataclass
class Column:
    """One column: its heading (under a group's, where there is one), and what a row writes into it."""

    key: str
    heading: str
    cell: Callable[[Row], object]
    group: str | None = None
    is_group_total: Callable[[Row], bool] = lambda row: False


@dataclass
class Grid:
    """A sheet before it is written: rows of cells, merges (first row, last row, first column, last column; from 1)."""

    name: str
    rows: list[list[object]] = field(default_factory=list)
    merges: list[tuple[int, int, int, int]] = field(default_factory=list)
    hidden: list[int] = field(default_factory=list)
    is_hidden: bool = False

    def add(self, cells: list[object]) -> int:
        """Add a row and give its number."""
        self.rows.append(cells)
        return len(self.rows)


def render(rows: list[Row], folder: Path, seed: int, *, option: str | None = None) -> list[Row]:
    """Write the rows' files into a folder; give the rows back with the file, sheet and row they landed on.

    Rows that are NAMED are named by the sheet's title, the sheet's name or the file's name, or by nothing where the run
    names them with `option`. A csv has no sheets: its rows' sheet is "".
    """
    rng = random.Random(seed)
    landed: list[Row] = []
    for file, of_file in groupby(rows, key=lambda row: row.file):
        sheets = [list(of_sheet) for _, of_sheet in groupby(of_file, key=lambda row: row.sheet)]
        path, carriers = _name_file(folder, file, sheets, rng, option)
        is_csv = path.suffix == ".csv"
        grids = []
        for number, sheet_rows in enumerate(sheets, 1):
            grid, placed = _Sheet(rng, sheet_rows, is_csv, carriers[number - 1], number, option is None).build()
            grids.append(grid)
            landed += [replace(row, file=str(path), sheet="" if is_csv else grid.name) for row in placed]
        if is_csv:
            _write_csv(path, grids[0])
        else:
            _write_xlsx(path, grids + list(_decoys(rng, grids)), rng)
    return landed


def _name_file(
    folder: Path, file: str, sheets: list[list[Row]], rng: random.Random, option: str | None
) -> tuple[Path, list[str | None]]:
    """Choose what names the programme of each sheet: "title", "sheet" or "file" (None: nothing needs to)."""
    stem, _, ending = file.rpartition(".")
    asks = {(rows[0].ask, rows[0].named) for rows in sheets if rows[0].ask in (NAMED, NOTHING)}
    carriers: list[str | None] = []
    names_by_file = len(asks) == 1 and rng.random() < 0.4 and option is None
    if names_by_file and next(iter(asks))[0] == NAMED:
        return folder / f"{stem}{next(iter(asks))[1]}.{ending}", ["file" for _ in sheets]
    for rows in sheets:
        named = rows[0].ask == NAMED and option is None
        carriers.append(rng.choice(["title", "sheet"] if ending != "csv" else ["title"]) if named else None)
    return folder / file, carriers


class _Sheet:
    """Lays out one sheet."""

    def __init__(
        self, rng: random.Random, rows: list[Row], is_csv: bool, carrier: str | None, number: int, may_name: bool
    ) -> None:
        self.rng, self.rows, self.is_csv, self.carrier, self.may_name = rng, rows, is_csv, carrier, may_name
        self.writer = Writer(rng, plain_text=is_csv)
        name = f"{rows[0].named}{number}" if carrier == "sheet" else f"名单{number}"
        self.grid = Grid(name)
        self.in_title: dict[str, str] = {}
        self.unit_line = rng.choice(["万元", "元"]) if rng.random() < 0.12 else ""
        self.second_block: int | None = None
        self.other_amounts: dict[int, int] = {}
        self.among: tuple[str, ...] = ()
        self.not_read: tuple[str, str, list[object]] | None = None

    def build(self) -> tuple[Grid, list[Row]]:
        """Lay out titles, header, data and footers; give the grid and the rows with their row numbers."""
        self._choose_title_lines()
        self._leave_unread()
        columns = self._columns()
        self._titles(len(columns))
        self._header(columns)
        placed = self._data(columns)
        for footer in headings.footers(self.rng):
            self.grid.add(footer)
        if placed and not self.is_csv and self.rng.random() < 0.15:
            self.grid.hidden.append(self.rng.choice(placed).row)
        return self.grid, placed

    def _choose_title_lines(self) -> None:
        for key in ("institution", "class_no"):
            values = {getattr(row, key) for row in self.rows}
            if len(values) == 1 and isinstance(value := values.pop(), str) and self.rng.random() < 0.5:
                self.in_title[key] = value
        if "institution" in self.in_title and len(self.rows) > 3 and self.rng.random() < 0.4:
            at = self.rng.randrange(1, len(self.rows))
            if any(Mark.MERGED in (row.claimed, *row.wide.values()) for row in self.rows[at - 1 : at + 1]):
                return  # a group with one total is not parted
            self.second_block = at
            later = [replace(row, institution=OTHER_SCHOOL) for row in self.rows[at:]]
            self.rows = [*self.rows[:at], *later]

    def _leave_unread(self) -> None:
        """Give a field that programmes need a heading of nobody's: the program cannot read the column."""
        if self.rng.random() >= UNREAD:
            return
        key = self.rng.choice([name for name in unread.KIND_OF if any(getattr(row, name) for row in self.rows)])
        values = [getattr(row, key) for row in self.rows]
        self.not_read = key, self.rng.choice(unread.STRANGE[key]), values
        self.rows = [replace(row, **{key: None}) for row in self.rows]

    def _titles(self, width: int) -> None:
        ask, rng = self.rows[0].ask, self.rng
        named: list[str] = []
        if self.carrier == "title":
            named = [str(self.rows[0].named)]
        elif ask == NOTHING and self.may_name and rng.random() < 0.1:
            named = rng.choice([["培训补贴", "取证补贴"], ["取证补贴", "生活费补贴"], ["职业培训补贴", "技师补贴"]])
            self.among = tuple(named)
        if named or rng.random() < 0.7:
            row = self.grid.add([headings.titles(rng, named)])
            if not self.is_csv and width > 1:
                self.grid.merges.append((row, row, 1, width))
        if rng.random() < 0.2:
            self.grid.add([])
        for line in headings.title_lines(rng, self.in_title, in_blocks=self.second_block is not None):
            self.grid.add([cell for part in line for cell in (part, None, None)])
        if self.unit_line:
            self.grid.add([None, None, rng.choice(["单位：{}", "金额单位:{}", "（单位：{}）"]).format(self.unit_line)])

    # --- columns ---

    def _columns(self) -> list[Column]:
        rng, breaks = self.rng, not self.is_csv
        blocks: list[list[Column]] = []
        for key in FIELDS:
            is_needed = key in ("name", "id_number", "category") or rng.random() < 0.1
            if (
                key not in self.in_title
                and not self._is_unread(key)
                and (is_needed or any(getattr(row, key) is not None for row in self.rows))
            ):
                blocks.append([self._field(key, headings.heading(rng, key, breaks=breaks))])
        blocks.append(self._dates())
        blocks += [[column] for column in self._asking()]
        if self.not_read:
            blocks.append([self._unread()])
        self.absent = [name for name in unread.KIND_OF if not any(_holds(name, block) for block in blocks)]
        rng.shuffle(blocks)
        if not self.is_csv and rng.random() < 0.2:
            blocks = self._under_a_group(blocks)
        if rng.random() < 0.6:
            numbers = iter(range(1, 10_000))
            blocks.insert(0, [Column("", "序号", lambda row: next(numbers))])
        if rng.random() < 0.3:
            blocks.append([Column("", rng.choice(headings.UNUSED), lambda row: rng.choice([None, "汉", "已核"]))])
        return [column for block in blocks for column in block]

    def _is_unread(self, key: str) -> bool:
        return self.not_read is not None and self.not_read[0] == key

    def _unread(self) -> Column:
        assert self.not_read is not None
        key, heading, values = self.not_read
        cells = [self.writer.write(key, value) for value in values]
        return Column("", heading, lambda row: cells[next(at for at, each in enumerate(self.rows) if each is row)])

    def _may_be(self) -> frozenset[str]:
        """The fields without a column that the unread one may be."""
        if self.not_read is None:
            return frozenset()
        return frozenset(unread.may_be(*self.not_read[1:], self.absent))

    def _field(self, key: str, text: str, group: str | None = None) -> Column:
        def cell(row: Row) -> object:
            written = self.writer.write(key, getattr(row, key))
            return Struck(written) if row.struck and key in ("name", "id_number") else written

        return Column(key, text, cell, group)

    def _under_a_group(self, blocks: list[list[Column]]) -> list[list[Column]]:
        """Put name and ID number under one merged heading of two rows."""
        inside = [block[0] for block in blocks if block and block[0].key in ("name", "id_number", "sex")]
        for column in inside:
            column.group = "基本信息"
        return [inside] + [block for block in blocks if block and block[0] not in inside]

    def _dates(self) -> list[Column]:
        rng, breaks = self.rng, not self.is_csv
        pairs = [(row.start_date, row.end_date) for row in self.rows]
        if all(pair == (None, None) for pair in pairs):
            return []
        if self._is_unread("start_date") or self._is_unread("end_date"):
            key = "end_date" if self._is_unread("start_date") else "start_date"
            return [self._field(key, headings.heading(rng, key, breaks=breaks))]
        both_or_none = all((isinstance(a, date) and isinstance(b, date)) or (a is None and b is None) for a, b in pairs)
        if both_or_none and rng.random() < 0.5:
            return [Column("span", headings.heading(rng, "span", breaks=breaks), self._span)]
        if not self.is_csv and rng.random() < 0.25:
            return [self._field("start_date", "开始", "培训时间"), self._field("end_date", "结束", "培训时间")]
        keys = ["start_date", "end_date"] if any(end is not None for _, end in pairs) else ["start_date"]
        return [self._field(key, headings.heading(rng, key, breaks=breaks)) for key in keys]

    def _span(self, row: Row) -> object:
        if row.start_date is None:
            return self.writer.empty("span")
        assert isinstance(row.start_date, date)
        assert isinstance(row.end_date, date)
        return self.writer.span(row.start_date, row.end_date)

    def _asking(self) -> list[Column]:
        rng, ask = self.rng, self.rows[0].ask
        if ask == WIDE:
            return [self._wide(name) for name in self.rows[0].wide]
        columns = []
        if ask == COLUMN:
            columns.append(self._field("programme", headings.heading(rng, "programme", breaks=not self.is_csv)))
        if any(row.claimed is not None for row in self.rows) or rng.random() < 0.3:
            name = rng.choice([*headings.HEADINGS["claimed"].split(), "补贴标准"])
            text, unit = self._amount_heading(name, is_wide=False)
            columns.append(self._amounts(text, unit, lambda row: row.claimed))
            if name != "补贴标准" and rng.random() < 0.15:
                columns.append(self._other_amounts(name))
        return columns

    def _amount_heading(self, name: str, *, is_wide: bool) -> tuple[str, int]:
        """A heading and the yuan in its 1: its own unit, else that of the line above the table."""
        text, unit = headings.amount_heading(self.rng, name, is_wide=is_wide)
        return text, 10_000 if self.unit_line == "万元" and "元" not in text else unit

    def _other_amounts(self, name: str) -> Column:
        """A second amount column: empty, the same sum, or another, which holds the row."""
        text, unit = self._amount_heading(
            self.rng.choice([each for each in headings.HEADINGS["claimed"].split() if each != name]), is_wide=False
        )
        for index, row in enumerate(self.rows):
            if isinstance(row.claimed, int) and row.claimed > 0 and self.rng.random() < 0.5:
                self.other_amounts[index] = row.claimed + self.rng.choice([0, 0, 100_00, -1])

        def other(row: Row) -> object:
            return self.other_amounts.get(next(at for at, each in enumerate(self.rows) if each is row))

        return Column("", text, lambda row: self.writer.write("claimed", other(row), unit))

    def _wide(self, name: str) -> Column:
        text, unit = self._amount_heading(name, is_wide=True)
        return self._amounts(text, unit, lambda row: row.wide[name])

    def _amounts(self, text: str, unit: int, amount: Callable[[Row], object]) -> Column:
        def cell(row: Row) -> object:
            # A merged amount is the total of its group; the writer of merges blanks all but the first.
            value = amount(row)
            return self.writer.write("claimed", 900_00 if value is Mark.MERGED else value, unit)

        return Column("claimed", text, cell, is_group_total=lambda row: amount(row) is Mark.MERGED)

    # --- rows ---

    def _header(self, columns: list[Column]) -> None:
        lower = [column.heading for column in columns]
        if not any(column.group for column in columns):
            self.header = self.grid.add(list(lower))
            self.may_repeat = True
            return
        upper: list[object] = [column.group or column.heading for column in columns]
        top = self.grid.add(upper)
        self.header = self.grid.add([column.heading if column.group else None for column in columns])
        self.may_repeat = False
        position = 0
        for group, members in groupby(columns, key=lambda column: column.group):
            width = len(list(members))
            if group is None:
                self.grid.merges += [(top, top + 1, position + at, position + at) for at in range(1, width + 1)]
            else:
                upper[position + 1 : position + width] = [None] * (width - 1)
                if width > 1:
                    self.grid.merges.append((top, top, position + 1, position + width))
            position += width

    def _data(self, columns: list[Column]) -> list[Row]:
        rng = self.rng
        placed: list[Row] = []
        self._sample(columns)
        for index, row in enumerate(self.rows):
            if index == self.second_block:
                self._begin_block()
            in_total = any(
                column.is_group_total(row) and index and column.is_group_total(self.rows[index - 1])
                for column in columns
            )
            if not in_total and rng.random() < 0.04:
                self.grid.add([rng.choice([None, " "])])
            if not in_total and index and self.may_repeat and rng.random() < 0.03:
                self.grid.add(list(self.grid.rows[self.header - 1]))
            number = self.grid.add([column.cell(row) for column in columns])
            claimed = Mark.DIFFERS if self.other_amounts.get(index, row.claimed) != row.claimed else row.claimed
            placed.append(replace(row, row=number, among=self.among, claimed=claimed, unread=self._may_be()))
        for position, column in enumerate(columns, 1):
            merges = len(self.grid.merges)
            if not self.is_csv:
                self._merge_down(position, column, placed)
            if len(self.grid.merges) == merges:
                self._ditto(position, column, placed)
        return placed

    def _sample(self, columns: list[Column]) -> None:
        """Now and then a row that shows how to fill in the form: no person, and passed over."""
        if self.rng.random() >= 0.1:
            return
        cells = [column.cell(self.rows[0]) for column in columns]
        marks = [at for at, column in enumerate(columns) if column.heading == "序号"]
        if marks and self.rng.random() < 0.5:
            cells[marks[0]] = self.rng.choice(["例", "示例", "样例"])
        else:
            cells[next(at for at, column in enumerate(columns) if column.key == "name")] = self.rng.choice(
                ["示例：张三", "例：李四", "样例"]
            )
        self.grid.add(cells)

    def _begin_block(self) -> None:
        """Title lines among the rows that speak for those below them, with the header again or without."""
        for line in headings.title_lines(self.rng, {"institution": OTHER_SCHOOL}, in_blocks=True):
            self.grid.add([cell for part in line for cell in (part, None, None)])
        if self.may_repeat and self.rng.random() < 0.5:
            self.grid.add(list(self.grid.rows[self.header - 1]))

    def _ditto(self, position: int, column: Column, placed: list[Row]) -> None:
        """Write 同上 and its like where a row says what the row above it says."""
        if column.key not in ALIKE or self.rng.random() >= 0.15:
            return
        for above, row in pairwise(placed):
            value = getattr(row, column.key)
            if isinstance(value, str) and value == getattr(above, column.key) and self.rng.random() < 0.6:
                self.grid.rows[row.row - 1][position - 1] = self.rng.choice(DITTOS)

    def _merge_down(self, position: int, column: Column, placed: list[Row]) -> None:
        """Merge neighbours: always a group's total, now and then cells of one value."""
        may_merge = column.key in MERGEABLE and self.rng.random() < 0.3

        def value(row: Row) -> object:
            if column.is_group_total(row):
                return Mark.MERGED
            of_field = getattr(row, column.key) if may_merge else None
            return of_field if isinstance(of_field, str | date) else None

        for what, run in groupby(placed, key=value):
            rows = [row.row for row in run]
            for first, last in _unbroken(rows):
                if what is None or first == last:
                    continue
                for number in range(first + 1, last + 1):
                    self.grid.rows[number - 1][position - 1] = None
                self.grid.merges.append((first, last, position, position))


def _holds(name: str, block: list[Column]) -> bool:
    span = name in ("start_date", "end_date")
    return any(column.key == name or (span and column.key == "span") for column in block)


def _unbroken(numbers: list[int]) -> Iterator[tuple[int, int]]:
    for _, run in groupby(enumerate(numbers), key=lambda pair: pair[1] - pair[0]):
        members = [number for _, number in run]
        yield members[0], members[-1]


def _decoys(rng: random.Random, grids: list[Grid]) -> Iterator[Grid]:
    """Add what must not be read: a sheet without a header, a hidden sheet with a roster."""
    if rng.random() < 0.2:
        yield Grid("填表说明", [["填表说明"], ["一、身份证号按文本填写。"], ["二、日期按年-月-日填写。"]])
    if rng.random() < 0.15:
        person = "14010519800101" + "001"
        rows: list[list[object]] = [["姓名", "身份证号", "人员类别", "工种"]]
        yield Grid("旧表", [*rows, ["赵旧", person + words.check_digit(person), "农民工", "电工"]], is_hidden=True)


def _write_csv(path: Path, grid: Grid) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows([["" if cell is None else cell for cell in row] or [""] for row in grid.rows])


def _write_xlsx(path: Path, grids: list[Grid], rng: random.Random) -> None:
    book = Workbook()
    book.remove(book.active)
    book.epoch = CALENDAR_MAC_1904 if rng.random() < 0.1 else CALENDAR_WINDOWS_1900
    for grid in grids:
        sheet = book.create_sheet(grid.name)
        sheet.sheet_state = "hidden" if grid.is_hidden else "visible"
        _fill(sheet, grid, book.epoch)
    book.save(path)


def _fill(sheet: Worksheet, grid: Grid, epoch: datetime) -> None:
    for number, row in enumerate(grid.rows, 1):
        for position, value in enumerate(row, 1):
            if value is not None:
                _put(sheet.cell(number, position), value, epoch)
    for first, last, left, right in grid.merges:
        sheet.merge_cells(start_row=first, end_row=last, start_column=left, end_column=right)
    for number in grid.hidden:
        sheet.row_dimensions[number].hidden = True


def _put(cell: object, value: object, epoch: datetime) -> None:
    if isinstance(value, Struck):
        cell.font = Font(strike=True)
        value = value.value
    if isinstance(value, Day):
        cell.value = value.on
        cell.number_format = "yyyy-mm-dd"
    elif isinstance(value, Serial):
        cell.value = int(to_excel(datetime.combine(value.on, time()), epoch))
    elif isinstance(value, Error | Formula):
        cell.value = value.text
    else:
        cell.value = value
        if isinstance(value, str):
            cell.data_type = "s"


def occupations_register(path: Path, standards: dict[tuple[str, str | None], int | None]) -> None:
    """Write the occupation register (职业(工种)目录) of the contract's columns; standards in fen."""
    book = Workbook()
    sheet = book.active
    sheet.append(["职业(工种)", "等级", "补贴标准", "准入类", "紧缺", "别名", "生效日期", "失效日期"])
    for (occupation, level), fen in standards.items():
        sheet.append([occupation, level, None if fen is None else fen / 100, None, None, None, None, None])
    book.save(path)
