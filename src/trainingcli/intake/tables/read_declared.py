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

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from trainingcli.errors import UsageError
from trainingcli.intake.tables.declared import SEVERAL, DeclaredTable
from trainingcli.intake.tables.declared_columns import ENDS, ColumnFault, sheet_columns, struck_rows
from trainingcli.intake.tables.distinct_cells import DistinctValues
from trainingcli.intake.tables.folders import expand
from trainingcli.intake.tables.reading import read_rosters
from trainingcli.intake.tables.sheet_tables import InputFile, SheetTable, Unread
from trainingcli.language import Text
from trainingcli.vocabulary import Vocabulary, load_vocabulary
from trainingcli.workers import WorkerPool

if TYPE_CHECKING:
    import pandas as pd

_DAYS, _NUMBERS = frozenset({"date", "span"}), frozenset({"yuan", "count", "year"})
_EMPTY_FOLDER = Text("文件夹里没有可读的文件", "the folder holds no file to read")


class Fault(NamedTuple):
    """Something wrong in a workbook: file, sheet and cell where they are known, and what to do.

    `code`: the finding's ("" where it has none). `position`: the row of the frame; `key`: the column; `value`: the
    cell as written, which may be a person's. `fen`: a merged amount's total. `is_error`: the row, or the file, cannot
    be used; else a warning.
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
    fen: int | None = None

    def line(self) -> Text:
        """Return the fault in one line with its place."""
        place = ", ".join(part for part in (self.file, self.sheet, self.cell) if part)
        return Text(f"{place}：{self.text.zh}", f"{place}: {self.text.en}")


@dataclass(frozen=True)
class ReadSheet:
    """Where rows come from. `input`: the file's place among `inputs`; `letters`: key → letter; `above`: the text over
    the header; `titles`: key → what a title line fills; `unread`: columns that are not read;
    `totals`: letter of an amount column → first and last row of each vertical merge in it."""

    input: int
    file: str
    sheet: str
    header_row: int
    letters: Mapping[str, str]
    above: str
    titles: Mapping[str, str]
    unread: Sequence[Unread]
    totals: Mapping[str, Sequence[tuple[int, int]]] = field(default_factory=dict)

    def cell(self, key: str, row: int) -> str | None:
        """Name a cell as the spreadsheet program does; None where the column is not there."""
        return f"{self.letters[key]}{row}" if key in self.letters else None


@dataclass
class TableRead:
    """What was read. `coded`: key → a column a block; `columns`: key → a list with a value a data row.

    A value is None (several values: ()) where there is none that holds. `places`: each row's position in `sheets`;
    `rows`: its number as the spreadsheet program shows it. `unreadable`: a fault for each file that could not be read
    or has no header. `struck`: rows of which the name, or what else says whose they are, is struck through. Order:
    file, sheet, row.
    """

    table: DeclaredTable
    inputs: list[InputFile]
    sheets: list[ReadSheet] = field(default_factory=list)
    places: list[int] = field(default_factory=list)
    rows: list[int] = field(default_factory=list)
    coded: dict[str, list[DistinctValues]] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    unreadable: list[Fault] = field(default_factory=list)
    struck: set[int] = field(default_factory=set)

    @cached_property
    def frame(self) -> pd.DataFrame:
        """The rows: `row`, `place` (in `sheets`), and a column a key.

        Days are datetime64[s]; fen, counts and years Int64; several values tuples; numbers Decimal; others str.
        """
        import numpy as np
        import pandas as pd

        data: dict[str, Any] = {
            "row": np.array(self.rows, dtype=np.int64),
            "place": np.array(self.places, dtype=np.int64),
        }
        for key, parts in self.coded.items():
            data[key] = _series(DistinctValues.joined(parts), *self._kind(key))
        return pd.DataFrame(data)

    @cached_property
    def columns(self) -> dict[str, list[Any]]:
        """The rows as Python's own values: key → a value a row."""
        return {key: [value for part in parts for value in part.each()] for key, parts in self.coded.items()}

    def _kind(self, key: str) -> tuple[str, bool]:
        """Return a column's kind (an end of a span that is no column of its own: a day), and whether it is several."""
        declared = self.table.columns.get(key)
        return ("date", False) if declared is None else (declared.kind, declared.several)

    def entries(self) -> Iterator[tuple[int, dict[str, Any]]]:
        """Yield each row's position and its values that are there, as Python's own."""
        for position, row in enumerate(zip(*self.columns.values(), strict=True)):
            values = zip(self.columns, row, strict=True)
            yield position, {key: value for key, value in values if value is not None and value != ()}

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
    without: Collection[str | Path] = (),
) -> TableRead:
    """Read files and folders as one declared table; a folder without a file is a fault.

    `words`: the roster's vocabulary, where `--words` adds to it. `walk`: folders are walked, else a folder is a fault;
    `without`: files and folders that are passed over in them.
    """
    vocabulary = table.vocabulary(words)
    files = [(path, expand([path], without) if walk else [path]) for path in paths]
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
        keys += [key for key in ENDS if key not in keys]
    read = TableRead(table, inputs, coded={key: [] for key in keys})
    words = vocabulary or table.vocabulary(load_vocabulary({}))
    for place, item in enumerate(inputs):
        if not item.sheets:
            read.unreadable.append(_unreadable(item, table))
        for block in (block for sheet in item.sheets for block in sheet.blocks()):
            _add(read, place, block, words)
    read.faults.sort(key=lambda fault: fault.position or 0)
    return read


def _add(read: TableRead, place: int, block: SheetTable, words: Vocabulary) -> None:
    """Add a block's rows, columns and faults to what was read."""
    there = {column.key for column in block.columns}
    for key, declared in read.table.columns.items():
        if declared.otherwise and key not in there:
            block = block.filled_by(key, declared.otherwise)
    letters: dict[str, str] = {}
    for column in block.columns:
        letters.setdefault(column.key, column.letter)
    for key in ENDS:
        if "date_range" in letters:
            letters.setdefault(key, letters["date_range"])
    file, first = read.inputs[place].file, len(read.rows)
    read.sheets.append(
        ReadSheet(
            place, file, block.sheet, block.header_row, letters, block.above, block.titles, block.unread, block.totals
        )
    )
    numbers = block.cells.column("row").to_pylist()
    read.rows += numbers
    read.places += [len(read.sheets) - 1] * len(numbers)
    read.struck |= {first + row for row in struck_rows(block, read.table.subject)}
    columns, faults = sheet_columns(block, read.table, words)
    for key, parts in read.coded.items():
        parts.append(columns[key])
    read.faults += [_fault(read, first, fault) for fault in faults]


def _fault(read: TableRead, first: int, fault: ColumnFault) -> Fault:
    return read.fault(first + fault.row, fault.key, fault.text, fault.code)._replace(value=fault.value, fen=fault.fen)


def _series(column: DistinctValues, kind: str, several: bool) -> Any:
    """Return a column's values as a series of its type: each distinct one is converted once."""
    import numpy as np
    import pandas as pd
    import pyarrow as pa

    if several or kind in SEVERAL or kind == "number":
        return pd.Series(column.each(), dtype="object")
    if kind in _DAYS:
        return pd.Series(np.array(column.values.tolist(), dtype="datetime64[s]")[column.places])
    is_number = kind in _NUMBERS
    values = pa.array(column.values.tolist(), pa.int64()) if is_number else column.texts()
    return pd.Series(pd.array(values.take(pa.array(column.places)), dtype="Int64" if is_number else "str"))


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
