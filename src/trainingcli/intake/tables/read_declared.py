"""Workbooks → the rows of a declared table, with every fault of their cells: behind gate and fence, as rosters are.

    read = read_declared(paths, declared_tables("people")["people"], pool)
    read.refuse("--people")            # UsageError where a file cannot be read or has no header (exit 2)
    read.frame                          # a row a data row, typed columns; see `TableRead`
    read.faults                         # what cannot be used: code, file, sheet, cell, text
    read.sheets[place]                  # where rows come from: file, sheet, header row, letters, texts above, unread

A folder is walked, hidden sheets and those without a header are named in `inputs[].not_read`, each block of a sheet
(its own header or title lines) is an entry of `sheets`. Nothing raises for bad data.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from trainingcli.errors import UsageError
from trainingcli.intake.formats.cell_kinds import Kind, Mark
from trainingcli.intake.tables import values
from trainingcli.intake.tables.declared import DeclaredColumn, DeclaredTable
from trainingcli.intake.tables.declared_cells import MERGED, BadCellError, RawCell, value_of
from trainingcli.intake.tables.folders import expand
from trainingcli.intake.tables.reading import read_rosters
from trainingcli.intake.tables.sheet_tables import InputFile, SheetTable
from trainingcli.language import Text
from trainingcli.vocabulary import Vocabulary, load_vocabulary
from trainingcli.workers import WorkerPool

if TYPE_CHECKING:
    import pandas as pd

_DTYPES = {"date": "datetime64[s]", "span": "datetime64[s]", "yuan": "Int64", "count": "Int64", "year": "Int64"}
_SEVERAL = frozenset({"names", "levels", "ids", "options"})
_EMPTY_FOLDER = Text("文件夹里没有可读的文件", "the folder holds no file to read")
_ENDS = ("start_date", "end_date")


@dataclass(frozen=True)
class Fault:
    """Something wrong in a workbook: file, sheet and cell where they are known, and what to do.

    `code`: the finding's ("" where it has none). `position`: the row of the frame; `key`: the column; `value`: the
    cell as written, which may be a person's. `is_error`: the row, or the file, cannot be used; else a warning.
    """

    file: str
    sheet: str | None
    cell: str | None
    text: Text
    is_error: bool = True
    code: str = ""
    key: str | None = None
    position: int | None = None
    value: str | None = None

    def line(self) -> Text:
        """Return the fault in one line with its place."""
        place = ", ".join(part for part in (self.file, self.sheet, self.cell) if part)
        return Text(f"{place}：{self.text.zh}", f"{place}: {self.text.en}")


@dataclass(frozen=True)
class ReadSheet:
    """Where rows come from. `input`: the file's place among `inputs`; `letters`: key → letter; `above`: the text over
    the header; `titles`: key → what a title line fills; `unread`: letter and heading of columns that are not read."""

    input: int
    file: str
    sheet: str
    header_row: int
    letters: Mapping[str, str]
    above: str
    titles: Mapping[str, str]
    unread: Sequence[tuple[str, str]]

    def cell(self, key: str, row: int) -> str | None:
        """Name a cell as the spreadsheet program does; None where the column is not there."""
        return f"{self.letters[key]}{row}" if key in self.letters else None


@dataclass
class TableRead:
    """What was read. `columns`: key → a value a data row, None (several values: ()) where there is none that holds.

    `places`: each row's position in `sheets`; `rows`: its number as the spreadsheet program shows it. `unreadable`: a
    fault for each file that could not be read or has no header. Order: file, sheet, row.
    """

    table: DeclaredTable
    inputs: list[InputFile]
    sheets: list[ReadSheet] = field(default_factory=list)
    places: list[int] = field(default_factory=list)
    rows: list[int] = field(default_factory=list)
    columns: dict[str, list[Any]] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    unreadable: list[Fault] = field(default_factory=list)

    @cached_property
    def frame(self) -> pd.DataFrame:
        """The rows: `file`, `sheet`, `row`, `place` (in `sheets`), and a column a key.

        Days are datetime64[s]; fen, counts and years Int64; several values tuples; numbers Decimal; others str.
        """
        import pandas as pd

        files = [self.sheets[place].file for place in self.places]
        names = [self.sheets[place].sheet for place in self.places]
        data: dict[str, Any] = {"file": files, "sheet": names, "row": self.rows, "place": self.places}
        for key, column in self.columns.items():
            declared = self.table.columns.get(key)
            kind = declared.kind if declared is not None else "date"
            is_object = kind in _SEVERAL or kind == "number" or (declared is not None and declared.several)
            data[key] = pd.Series(column, dtype="object" if is_object else _DTYPES.get(kind, "str"))
        return pd.DataFrame(data)

    def entries(self) -> Iterator[tuple[int, dict[str, Any]]]:
        """Yield each row's position and its values that are there, as Python's own."""
        for position in range(len(self.rows)):
            row = {key: column[position] for key, column in self.columns.items()}
            yield position, {key: value for key, value in row.items() if value not in (None, ())}

    def fault(self, position: int, key: str, text: Text, code: str = "", *, is_error: bool = True) -> Fault:
        """Return a fault of a row's cell, for what a consumer finds."""
        sheet = self.sheets[self.places[position]]
        cell = sheet.cell(key, self.rows[position])
        return Fault(sheet.file, sheet.sheet, cell, text, is_error, code, key, position)

    def refuse(self, option: str) -> None:
        """Raise UsageError (exit 2) for the first file that cannot be read or has no header."""
        for fault in self.unreadable:
            line = fault.line()
            raise UsageError(Text(f"{line.zh}（{option}）", f"{line.en} ({option})"))


def read_declared(
    paths: Sequence[str],
    table: DeclaredTable,
    pool: WorkerPool,
    *,
    words: Vocabulary | None = None,
    stdin: bytes | None = None,
    password: str | None = None,
    progress: Callable[[int, int], None] | None = None,
    walk: bool = True,
) -> TableRead:
    """Read files and folders as one declared table; a folder without a file is a fault.

    `words`: the roster's vocabulary, where `--words` adds to it. `walk`: folders are walked, else a folder is a fault.
    """
    vocabulary = table.vocabulary(words)
    files = [(path, expand([path]) if walk else [path]) for path in paths]
    there = [file for _, found in files for file in found]
    inputs = read_rosters(there, vocabulary, pool, stdin=stdin, password=password, progress=progress)
    read = to_table(inputs, table, vocabulary)
    empty = [path for path, found in files if not found]
    read.unreadable += [Fault(path, None, None, _EMPTY_FOLDER) for path in empty]
    return read


def to_table(inputs: list[InputFile], table: DeclaredTable, vocabulary: Vocabulary | None = None) -> TableRead:
    """Convert what workers read; for those who read the files themselves."""
    keys = [key for key, column in table.columns.items() if column.kind != "span"]
    if any(column.kind == "span" for column in table.columns.values()):
        keys += [key for key in _ENDS if key not in keys]
    read = TableRead(table, inputs, columns={key: [] for key in keys})
    words = vocabulary or table.vocabulary(load_vocabulary({}))
    for place, item in enumerate(inputs):
        if not item.sheets:
            read.unreadable.append(_unreadable(item, table))
        for block in (block for sheet in item.sheets for block in sheet.blocks()):
            _Sheet(read, place, block, words).convert()
    read.faults.sort(key=lambda fault: fault.position or 0)
    return read


def _unreadable(item: InputFile, table: DeclaredTable) -> Fault:
    """Say why a file has no rows: it cannot be read, or which heading is missing in the row that comes nearest."""
    if item.error is not None:
        return Fault(item.file, None, None, item.error)
    rule = table.header
    wanted = [key for key in table.columns if key in rule.all_of or (not rule.all_of and key in rule.one_of)]
    if item.nearest is not None:
        sheet, row, keys = item.nearest
        lacking = [key for key in wanted if key not in keys] or [key for key in table.columns if key not in keys]
        names = "、".join(table.columns[key].headings[0] for key in lacking)
        text = Text(f"表头缺少列：{names}", f"the header lacks columns: {names}")
        return Fault(item.file, sheet, f"A{row}", text)
    names = "、".join(table.columns[key].headings[0] for key in wanted)
    return Fault(
        item.file, None, None, Text(f"找不到表头（需要：{names}）", f"no header row is found (needed: {names})")
    )


class _Sheet:
    """Converts one sheet's cells and adds them to what was read."""

    def __init__(self, read: TableRead, place: int, sheet: SheetTable, words: Vocabulary) -> None:
        self._read, self._sheet, self._words = read, sheet, words
        self._first = len(read.rows)
        self._numbers = sheet.cells.column("row").to_pylist()
        letters: dict[str, str] = {}
        for column in sheet.columns:
            letters.setdefault(column.key, column.letter)
        for key in _ENDS:
            if "date_range" in letters:
                letters.setdefault(key, letters["date_range"])
        self._file = read.inputs[place].file
        read.sheets.append(
            ReadSheet(
                place, self._file, sheet.sheet, sheet.header_row, letters, sheet.above, sheet.titles, sheet.unused
            )
        )
        read.rows += self._numbers
        read.places += [len(read.sheets) - 1] * len(self._numbers)

    def convert(self) -> None:
        """Convert column by column; of a `span` the ends that have no cell of their own."""
        spans: list[Any] = []
        for key, column in self._read.table.columns.items():
            found = self._values(key, column)
            if column.kind == "span":
                spans = found
            else:
                self._read.columns[key] += found
        for end, key in enumerate(_ENDS if spans else ()):
            own = self._read.columns[key]
            if len(own) < len(self._read.rows):
                own += [None] * len(self._numbers)
            for number, span in enumerate(spans):
                if span is not None and own[self._first + number] is None:
                    own[self._first + number] = span[end]

    def _values(self, key: str, column: DeclaredColumn) -> list[Any]:
        places = [number for number, found in enumerate(self._sheet.columns) if found.key == key]
        parts = [self._cells(key, column, place) for place in places] or [self._title(key, column)]
        found = parts[0]
        if column.several:
            found = [_joined(same, column) for same in zip(*parts, strict=True)]
        if column.needed:
            bad = {fault.position for fault in self._read.faults if fault.key == key}
            for number, value in enumerate(found):
                if value in (None, ()) and self._first + number not in bad:
                    name = column.headings[0]
                    text = Text(f"“{name}”未填写", f"'{name}' is empty")
                    self._fault(key, number, "MISSING_FIELD", text, None)
        return found

    def _title(self, key: str, column: DeclaredColumn) -> list[Any]:
        """Fill a column that is not there from a title line."""
        text = self._sheet.titles.get(key)
        found = None if text is None else self._outcome(RawCell(text, Kind.TEXT), column)
        return [self._said(found, text, key, column, number) for number in range(len(self._numbers))]

    def _cells(self, key: str, column: DeclaredColumn, place: int) -> list[Any]:
        """Convert one column's cells, each distinct one once; what does not hold is a fault and nothing."""
        texts = self._sheet.cells.column(f"t{place}").to_pylist()
        kinds = self._sheet.cells.column(f"k{place}").to_pylist()
        factor = self._sheet.columns[place].factor
        known: dict[tuple[str | None, int], Any] = {}
        found = []
        for number, (text, kind) in enumerate(zip(texts, kinds, strict=True)):
            if (text, kind) not in known:
                merged = column.kind == "yuan" and text is not None and bool(kind & Mark.MERGED)
                cell = RawCell(text, kind & 0x0F, factor)
                known[text, kind] = MERGED if merged else self._outcome(cell, column)
            found.append(self._said(known[text, kind], text, key, column, number))
        return found

    def _outcome(self, cell: RawCell, column: DeclaredColumn) -> Any:
        try:
            value = value_of(cell, column, self._words)
        except BadCellError as bad:
            return bad
        if value is None or column.kind not in ("date", "span"):
            return value
        *days, is_serial = value
        shift = dt.timedelta(values.DAYS_1904 if is_serial and self._sheet.date1904 else 0)
        moved = [day + shift for day in days]
        return moved[0] if column.kind == "date" else moved

    def _said(self, outcome: Any, text: str | None, key: str, column: DeclaredColumn, number: int) -> Any:
        if isinstance(outcome, BadCellError):
            self._fault(key, number, outcome.code, outcome.text, text)
            outcome = None
        return () if outcome is None and column.kind in _SEVERAL else outcome

    def _fault(self, key: str, number: int, code: str, text: Text, value: str | None) -> None:
        position = self._first + number
        fault = self._read.fault(position, key, text, code)
        self._read.faults.append(replace(fault, value=value))


def _joined(parts: Sequence[Any], column: DeclaredColumn) -> tuple[Any, ...]:
    """Join what several columns of one key hold in a row."""
    flat = [
        value for part in parts for value in (part if column.kind in _SEVERAL else [part]) if value not in (None, ())
    ]
    return tuple(dict.fromkeys(flat))
