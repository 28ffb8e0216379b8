"""What a worker hands back of one input: sheets as columns of cell texts with kinds, and everything that was not read.

Nothing here is converted yet: a cell is a text and a kind. `intake.convert` turns it into typed columns.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, NamedTuple

from trainingcli.bounded_input import readable_name
from trainingcli.language import Text

if TYPE_CHECKING:
    import pyarrow as pa

    from trainingcli.intake.tables.sheet_blocks import Remark


@dataclass(frozen=True)
class RosterColumn:
    """One recognised column. `key` is a roster key, or `amount` for a wide amount column.

    `programme`: for `amount`, the programme's code, or `training` for 培训补贴 alone. `factor`: fen for one unit of
    the heading (100 for 元 or none, 1_000_000 for 万元). `part`: of a `date_range` split by a two-row header never set;
    those arrive as `start_date` and `end_date`.
    """

    key: str
    letter: str
    heading: str
    programme: str | None = None
    factor: int = 100


@dataclass(frozen=True)
class Block:
    """What a block's own title lines change; the attributes are `SheetTable`'s."""

    columns: Sequence[RosterColumn]
    titles: Mapping[str, str]
    above: str
    reporting: bool
    unclear: bool


class Unread(NamedTuple):
    """A column that was not read: `like`: the fields that it may be; `is_amount`: it looks like an amount's."""

    letter: str
    heading: str
    like: frozenset[str] = frozenset()
    is_amount: bool = False

    @property
    def named(self) -> Text:
        """Name the column for people."""
        return Text(f"{self.letter}列“{self.heading}”", f"column {self.letter}, '{self.heading}',")


@dataclass
class SheetTable:
    """One sheet that was read.

    `cells`: an Arrow table with `row` (int32, as the spreadsheet program shows it) and, for column number i,
    `t{i}` (string, null when empty) and `k{i}` (uint8: `Kind` | `Mark`). Rows are data rows only, top to bottom.
    `titles`: roster key → text of a title line, only for keys that no column has (填报单位：… → institution).
    `reporting`: the institution is one that a title line 填报单位 or 申报单位 names. `unclear`: its heading or label
    may mean the assessor.
    `like`: letter of an unused column → the keys that it may be; `amount_like`: those that look like amounts.
    `totals`: letter of an amount column → first and last row of each vertical merge in it.
    `above`: all text above the header, joined by line breaks. `later`: blocks whose own titles change these two or the
    columns' units, each with the position of its first row; `blocks` gives the sheet in parts. `remarks`: rows passed
    over that are said. Control totals: `total` (rows up to the last one that holds anything) = `read` + `blank` +
    `header` + `footer` + `skipped` (titles, texts alone, samples).
    """

    sheet: str
    header_row: int
    columns: Sequence[RosterColumn]
    unused: Sequence[tuple[str, str]]
    titles: Mapping[str, str]
    above: str
    cells: pa.Table
    date1904: bool = False
    total: int = 0
    read: int = 0
    blank: int = 0
    header: int = 0
    footer: int = 0
    skipped: int = 0
    hidden_rows: int = 0
    hidden_columns: Sequence[RosterColumn] = ()
    like: dict[str, tuple[str, ...]] = field(default_factory=dict)
    amount_like: frozenset[str] = frozenset()
    totals: dict[str, list[tuple[int, int]]] = field(default_factory=dict)
    reporting: bool = False
    unclear: bool = False
    later: Sequence[tuple[int, Block]] = ()
    remarks: Sequence[Remark] = ()

    def filled_by(self, key: str, another: str) -> SheetTable:
        """Return the sheet with its columns of another key as those of this one, which it has none of."""
        columns = [replace(column, key=key) if column.key == another else column for column in self.columns]
        return replace(self, columns=columns)

    @property
    def unread(self) -> tuple[Unread, ...]:
        """The columns that are not used, and what each may be."""
        return tuple(
            Unread(letter, heading, frozenset(self.like.get(letter, ())), letter in self.amount_like)
            for letter, heading in self.unused
        )

    def blocks(self) -> Iterator[SheetTable]:
        """Yield the rows block by block, each with its own titles; one without rows only where there is no other."""
        parts = [(0, Block(self.columns, self.titles, self.above, self.reporting, self.unclear)), *self.later]
        ends = [position for position, _ in parts[1:]] + [self.read]
        for (first, block), end in zip(parts, ends, strict=True):
            if end > first or len(parts) == 1:
                yield replace(self, **vars(block), cells=self.cells.slice(first, end - first), later=())


@dataclass
class InputFile:
    """One input as given, its bytes' hash, and what came of it; `error` is set where it could not be read at all.

    `file`: its name for people and for every output, a name in bytes that are no UTF-8 read as GBK; `path`: as given,
    for opening it. `nearest`: where no header was found, the row that comes nearest to one: sheet, row from 1, its
    known keys.
    """

    file: str
    sha256: str | None = None
    format: str = ""
    sheets: list[SheetTable] = field(default_factory=list)
    not_read: list[tuple[str, Text]] = field(default_factory=list)  # (sheet, why): hidden, no header, chart …
    warnings: list[Text] = field(default_factory=list)
    error: Text | None = None
    nearest: tuple[str, int, frozenset[str]] | None = None
    path: str = ""

    def __post_init__(self) -> None:
        """Keep the path as given beside its readable form."""
        self.path = self.path or self.file
        self.file = readable_name(self.file)

    @property
    def failure(self) -> Text | None:
        """Why the input counts as not read: it could not be, or no sheet of it has a header; None where it was."""
        return self.error or (None if self.sheets else NO_HEADER)

    def drop_cells(self) -> None:
        """Forget the cells, which weigh the most, once nobody asks for them any more; a slice would keep them all."""
        for sheet in self.sheets:
            sheet.cells = sheet.cells.schema.empty_table()


NO_HEADER = Text("没有一张工作表有认得的表头，一行也没有读", "no sheet has a header that is known, so no row was read")
