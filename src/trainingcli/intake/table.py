"""One sheet's rows → a `SheetTable`: header, titles, data rows by chunks, control totals."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from trainingcli.intake.bounds import Bounds
from trainingcli.intake.cells import Cell, convert_column, text_of
from trainingcli.intake.grid import Grid, letter
from trainingcli.intake.header import Header, Locator
from trainingcli.intake.headings import Headings
from trainingcli.intake.merges import Merges
from trainingcli.intake.rows import Classifier, Row
from trainingcli.intake.tables import Column, SheetTable
from trainingcli.intake.titles import title_lines

if TYPE_CHECKING:
    import pyarrow as pa

CHUNK = 4096


@dataclass
class RawCells:
    """A sheet's cells on their way out of a worker: Python lists for a small sheet, Arrow buffers for a large one.

    A small sheet needs no pyarrow in the worker, whose start is then cheap.
    """

    width: int
    rows: list[int] = field(default_factory=list)
    texts: list[list[str | None]] = field(default_factory=list)
    kinds: list[bytearray] = field(default_factory=list)
    stream: Any = None  # pa.Buffer: Arrow IPC stream of what came before

    def table(self) -> pa.Table:
        """Return the cells as the Arrow table that `SheetTable` promises."""
        import pyarrow as pa

        if self.stream is None:
            return pa.Table.from_batches([self._batch(pa)])
        with pa.ipc.open_stream(self.stream) as reader:
            return reader.read_all()

    def _batch(self, pa: Any) -> Any:
        arrays = [pa.array(self.rows, pa.int32())]
        names = ["row"]
        for number, (texts, kinds) in enumerate(zip(self.texts, self.kinds, strict=True)):
            names += [f"t{number}", f"k{number}"]
            arrays.append(pa.array(texts, pa.string()))
            arrays.append(pa.Array.from_buffers(pa.uint8(), len(kinds), [None, pa.py_buffer(bytes(kinds))]))
        return pa.RecordBatch.from_arrays(arrays, names)


class _Collector:
    """Gathers chunks: the first stays as lists; from the second on everything goes to an Arrow stream."""

    def __init__(self, width: int) -> None:
        self.raw = RawCells(width, texts=[[] for _ in range(width)], kinds=[bytearray() for _ in range(width)])
        self._sink: Any = None
        self._writer: Any = None

    def add(self, rows: list[int], columns: list[tuple[list[str | None], bytearray]]) -> None:
        if self.raw.rows:
            self._flush()
        self.raw.rows = rows
        self.raw.texts = [texts for texts, _ in columns]
        self.raw.kinds = [kinds for _, kinds in columns]

    def _flush(self) -> None:
        import pyarrow as pa

        batch = self.raw._batch(pa)
        if self._writer is None:
            self._sink = pa.BufferOutputStream()
            self._writer = pa.ipc.new_stream(self._sink, batch.schema)
        self._writer.write_batch(batch)

    def done(self) -> RawCells:
        if self._writer is not None:
            self._flush()
            self._writer.close()
            self.raw = RawCells(self.raw.width, stream=self._sink.getvalue())
        return self.raw


def read_sheet(grid: Grid, headings: Headings, bounds: Bounds) -> SheetTable | None:
    """Read one sheet; None where no header is found. `cells` of the result is still a `RawCells`."""
    top, rest, header = _locate(grid, headings, bounds)
    if header is None:
        return None
    texts = [[text_of(cell) for cell in row] for row in top[: header.lower + 1]]
    table = _describe(grid, header, texts, headings)
    data = itertools.chain(top[header.lower + 1 :], rest)
    _Reader(grid, header, texts, headings, table).run(data)
    return table


def _locate(
    grid: Grid, headings: Headings, bounds: Bounds
) -> tuple[list[list[Cell]], Iterator[list[Cell]], Header | None]:
    locator = Locator(headings, grid.merges)
    rows = _with_specials(grid)
    top: list[list[Cell]] = []
    texts: list[list[str]] = []
    while len(top) < bounds.header_rows:
        more = list(itertools.islice(rows, 64))
        seen = max(0, len(top) - 2)
        top += more
        texts += [[text_of(cell) for cell in row[: bounds.header_columns]] for row in more]
        header = locator.find(texts, seen)
        complete = header is not None and (header.lower + 2 < len(top) or len(more) < 64)
        if complete or len(more) < 64:
            return top, rows, header
    return top, rows, locator.find(texts)


def _with_specials(grid: Grid) -> Iterator[list[Cell]]:
    """Put what the parser does not show into its rows."""
    if not grid.specials:
        return iter(grid.rows)
    return _patched(grid)


def _patched(grid: Grid) -> Iterator[list[Cell]]:
    last = -1
    for last, row in enumerate(grid.rows):
        yield _put(row, grid, last)
    for number in range(last + 1, max(grid.specials) + 1):  # a sheet may end with nothing but errors
        yield _put([], grid, number)


def _put(row: list[Cell], grid: Grid, number: int) -> list[Cell]:
    for column, special in grid.specials.get(number, {}).items():
        if column >= len(row):
            row.extend([""] * (column + 1 - len(row)))
        row[column] = special
    return row


def _describe(grid: Grid, header: Header, texts: Sequence[Sequence[str]], headings: Headings) -> SheetTable:
    columns: list[Column] = []
    unused: list[tuple[str, str]] = []
    beside = any(match and match.programme == "enterprise-training" for match in header.matches)
    for number, (match, heading) in enumerate(zip(header.matches, header.headings, strict=True)):
        shown = " ".join(heading.split())
        if match is None:
            if shown:
                unused.append((letter(number), shown))
            continue
        programme = match.programme
        if programme == "training" and beside:
            programme = "vocational-training"
        columns.append(Column(match.key, letter(number), shown, programme, match.factor))
    above = texts[: header.upper]
    keys = {column.key for column in columns}
    lines = title_lines(above, headings.vocabulary)
    return SheetTable(
        sheet=grid.name,
        header_row=header.lower + 1,
        columns=columns,
        unused=unused,
        titles={key: text for key, text in lines.items() if key not in keys},
        above="\n".join(text for row in above for text in row if text),
        cells=None,
        date1904=grid.date1904,
        header=len(header.rows),
        skipped=header.upper,
    )


class _Reader:
    """Reads the rows under one header, a chunk at a time."""

    def __init__(
        self, grid: Grid, header: Header, texts: Sequence[Sequence[str]], headings: Headings, table: SheetTable
    ) -> None:
        self._grid = grid
        self._table = table
        self._columns = [column for column, match in enumerate(header.matches) if match]
        self._classifier = Classifier(header, texts, headings.vocabulary)
        self._first = header.lower + 1
        self._merges = Merges(grid.merges, self._columns, self._first)
        self._people = [c for c in self._columns if (m := header.matches[c]) and m.key in ("name", "id_number")]
        self._collector = _Collector(len(self._columns))

    def run(self, rows: Iterator[list[Cell]]) -> None:
        start = self._first
        while chunk := list(itertools.islice(rows, CHUNK)):
            self._chunk(chunk, start)
            start += len(chunk)
        self._table.cells = self._collector.done()
        self._table.total = start
        counted = self._table.read + self._table.blank + self._table.header + self._table.footer + self._table.skipped
        assert counted == self._table.total, "control totals"

    def _chunk(self, chunk: list[list[Cell]], start: int) -> None:
        width = max(map(len, chunk))
        if min(map(len, chunk)) != width:
            chunk = [row if len(row) == width else row + [""] * (width - len(row)) for row in chunk]
        transposed = list(zip(*chunk, strict=True))
        columns = [transposed[c] if c < width else ("",) * len(chunk) for c in self._columns]
        rows = list(range(start + 1, start + 1 + len(chunk)))
        dropped = self._drop(chunk, columns, start)
        if dropped:
            keep = [index for index in range(len(chunk)) if index not in dropped]
            rows = [rows[index] for index in keep]
            columns = [tuple(column[index] for index in keep) for column in columns]
        self._table.read += len(rows)
        self._table.hidden_rows += sum(1 for row in rows if row - 1 in self._grid.hidden) if self._grid.hidden else 0
        converted = [convert_column(column) for column in columns]
        self._merges.apply([row - 1 for row in rows], converted, start + len(chunk) - 1)
        if rows:
            self._collector.add(rows, converted)

    def _drop(self, chunk: list[list[Cell]], columns: Sequence[Sequence[Cell]], start: int) -> set[int]:
        """Count and return the rows of a chunk that are no data."""
        person = self._columns.index(self._classifier.person) if self._classifier.person is not None else 0
        dropped = set()
        for index in self._classifier.suspects(columns[person]):
            kind = self._classifier.classify(chunk[index], self._merges.covers(start + index, self._people))
            if kind is not Row.DATA:
                dropped.add(index)
                setattr(self._table, kind.value, getattr(self._table, kind.value) + 1)
        return dropped
