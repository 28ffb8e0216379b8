"""One sheet's rows → a `SheetTable`: header, titles, data rows by chunks, control totals."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import replace

from trainingcli.intake.formats.cell_kinds import Kind
from trainingcli.intake.formats.cell_values import Cell, Converted, convert_column, text_of
from trainingcli.intake.formats.grid import Grid, letter
from trainingcli.intake.gate.bounds import Bounds
from trainingcli.intake.gate.package import refuse
from trainingcli.intake.tables.dittos import Dittos, Values
from trainingcli.intake.tables.header import Header, begins_two_rows
from trainingcli.intake.tables.header_place import Nearest, TablePlace, locate
from trainingcli.intake.tables.headings import Headings, named_unit
from trainingcli.intake.tables.likeness import fields_like, is_amount
from trainingcli.intake.tables.merges import Merges
from trainingcli.intake.tables.raw_columns import Collector
from trainingcli.intake.tables.row_kinds import Classifier, RowKind
from trainingcli.intake.tables.sheet_blocks import NOTHING, Above, Between
from trainingcli.intake.tables.sheet_tables import Block, RosterColumn, SheetTable
from trainingcli.intake.tables.titles import REPORTING, UNCLEAR, filling
from trainingcli.vocabulary import heading_of

_AMOUNTS = ("claimed", "standard", "amount")
CHUNK = 4096
_COUNTING = frozenset({"序号", "序", "NO", "项次"})  # looked at for the marks of samples, so they are not unread
_NUMBERINGS = _COUNTING | {"编号"}
_TOTALS = {RowKind.BLANK: "blank", RowKind.HEADER: "header", RowKind.FOOTER: "footer"}  # the others are skipped


def read_sheet(grid: Grid, headings: Headings, bounds: Bounds) -> list[SheetTable] | Nearest | None:
    """Read one sheet: its tables, a second one where another header follows in another layout.

    Each table counts its own rows: from the row after the table before it. `cells` of a result is still a `RawCells`.
    Where no header is found: the row that comes nearest to one, if any has a known heading.
    """
    rows, base = _with_specials(grid), 0
    tables: list[SheetTable] = []
    said, values = NOTHING, Values()
    while True:
        place = locate(rows, base, grid, headings, bounds)
        if not isinstance(place, TablePlace) and not tables:
            return place
        if not isinstance(place, TablePlace) or len(tables) >= bounds.tables:
            raise refuse("一张工作表内的表头过多", "a sheet has too many headers")
        texts = [[text_of(cell) for cell in row] for row in place.top[: place.header.lower + 1]]
        above = said.then(texts[: place.header.upper], headings)
        table = _describe(grid, place, above, headings)
        tables.append(table)
        reader = _Reader(grid, place, texts, headings, table, above, bounds, values)
        rows = itertools.chain(place.top[place.header.lower + 1 :], rows)
        left = reader.run(rows)
        said, values = reader.above, reader.values
        if left is None:
            return tables
        rows, base = itertools.chain(left, rows), base + table.total


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


def _describe(grid: Grid, place: TablePlace, above: Above, headings: Headings) -> SheetTable:
    """Describe a table, with what the lines above it say."""
    header = place.header
    unused = [
        (letter(number), shown)
        for number, (match, heading) in enumerate(zip(header.matches, header.headings, strict=True))
        if match is None and (shown := " ".join(heading.split())) and heading_of(shown).upper() not in _COUNTING
    ]
    block = _block(header, above, headings)
    hidden = {letter(column) for column in grid.hidden_columns}
    return SheetTable(
        sheet=grid.name,
        header_row=place.base + header.lower + 1,
        **vars(block),
        unused=unused,
        cells=None,
        date1904=grid.date1904,
        header=len(header.rows),
        skipped=header.upper,
        hidden_columns=[column for column in block.columns if column.letter in hidden],
    )


def _block(header: Header, above: Above, headings: Headings) -> Block:
    """Describe the rows that some lines speak for: columns with their units, what fills those that are not there."""
    columns: list[RosterColumn] = []
    for number, (match, heading) in enumerate(zip(header.matches, header.headings, strict=True)):
        if match is None:
            continue
        is_money = match.key == "amount" or match.key in headings.vocabulary.money
        factor = above.unit if is_money and named_unit(heading) is None else match.factor
        columns.append(RosterColumn(match.key, letter(number), " ".join(heading.split()), match.programme, factor))
    keys = {column.key for column in columns}
    is_open = "institution" not in keys | above.titles.keys()
    reporting = is_open and UNCLEAR not in above.titles and REPORTING in above.titles
    unclear = (is_open and UNCLEAR in above.titles) or any(
        match and match.key == "institution" and match.last in headings.vocabulary.unclear for match in header.matches
    )
    return Block(columns, filling(above.titles, keys), above.text, reporting, unclear)


class _Reader:
    """Reads the rows under one header, a chunk at a time."""

    def __init__(
        self,
        grid: Grid,
        place: TablePlace,
        texts: Sequence[Sequence[str]],
        headings: Headings,
        table: SheetTable,
        above: Above,
        bounds: Bounds,
        values: Values,
    ) -> None:
        matches = place.header.matches
        self._dittos = Dittos([match.identity for match in matches if match], values)
        self._header = place.header
        self._unit = above.unit
        self._headings = headings
        self._grid = grid
        self._table = table
        self._base = place.base
        self._columns = [column for column, match in enumerate(matches) if match]
        self._classifier = Classifier(place.header, texts, headings)
        self._first = place.base + place.header.lower + 1
        self._merges = Merges(grid.merges, self._columns, self._first)
        for merge in grid.merges:
            match = matches[merge.left] if merge.left < len(matches) else None
            if match and match.key in _AMOUNTS and merge.top >= self._first and merge.bottom > merge.top:
                table.totals.setdefault(letter(merge.left), []).append((merge.top + 1, merge.bottom + 1))
        self._people = [c for c in self._columns if (match := matches[c]) and match.key in headings.vocabulary.subject]
        self._collector = Collector(len(self._columns))
        headings_of = enumerate(place.header.headings)
        self._unread = [(c, text) for c, text in headings_of if text.strip() and c not in self._columns]
        self._vocabulary = headings.vocabulary
        self._is_roster = headings.is_roster
        self._looked = (
            not self._vocabulary.money & self._vocabulary.every
        )  # elsewhere no line is paid by what is not read
        self._between = Between(above, headings, self._classifier.is_title, bounds.blocks)
        self._marked = [c for c, text in enumerate(place.header.headings) if heading_of(text).upper() in _NUMBERINGS]

    @property
    def above(self) -> Above:
        """What the lines read so far say of a further table."""
        return self._between.above

    @property
    def values(self) -> Values:
        """The last row's, which a ditto mark in a further table stands for."""
        return self._dittos.above

    def run(self, rows: Iterator[list[Cell]]) -> list[list[Cell]] | None:
        """Read to the end, or to the header of another table: then return the rows taken too many, that one first."""
        start, left = self._first, None
        ahead: list[list[Cell]] = []  # the row after a chunk: with its last one it may be a header
        while left is None and (chunk := ahead + list(itertools.islice(rows, CHUNK + 1 - len(ahead)))):
            ahead = [chunk.pop()] if len(chunk) > CHUNK else []
            stop = self._chunk(chunk, start, ahead)
            start += stop
            left = [*chunk[stop:], *ahead] if stop < len(chunk) else None
        table = self._table
        if left is None:
            self._between.end()
        table.cells = self._collector.done()
        table.later = self._later()
        table.remarks = self._between.remarks
        table.total = start - self._base
        counted = table.read + table.blank + table.header + table.footer + table.skipped
        assert counted == table.total, "control totals"
        return left

    def _later(self) -> list[tuple[int, Block]]:
        """Describe the blocks that title lines between the rows begin."""
        last = Block(
            self._table.columns, self._table.titles, self._table.above, self._table.reporting, self._table.unclear
        )
        unit, found = self._unit, []
        for position, above in self._between.spoken:
            block = _block(self._header, above, self._headings)
            last = block if above.unit != unit else replace(block, columns=last.columns)  # the same list, kept once
            unit = above.unit
            found.append((position, last))
        return found

    def _chunk(self, chunk: list[list[Cell]], start: int, ahead: Sequence[list[Cell]]) -> int:
        """Read a chunk that begins at row `start`, before a row `ahead`; return how many rows are the table's."""
        width = max(map(len, chunk))
        if min(map(len, chunk)) != width:
            chunk = [row if len(row) == width else row + [""] * (width - len(row)) for row in chunk]
        transposed = list(zip(*chunk, strict=True))
        empty = ("",) * len(chunk)
        columns: list[Sequence[Cell]] = [transposed[c] if c < width else empty for c in self._columns]
        dropped, stop = self._drop(chunk, columns, start, ahead)
        keep: Sequence[int] = range(stop)
        if dropped or stop < len(chunk):
            keep = [index for index in keep if index not in dropped]
            columns = [[column[index] for index in keep] for column in columns]
        rows = [start + index for index in keep]
        self._table.read += len(rows)
        if self._grid.hidden:
            self._table.hidden_rows += len(self._grid.hidden.intersection(rows))
        converted = [convert_column(column) for column in columns]
        if self._grid.marks:
            self._mark(rows, converted)
        self._merges.apply(rows, converted, start + stop - 1)
        self._dittos.apply(converted)
        if rows and not self._looked:
            self._look(chunk, keep)
        if rows:
            self._collector.add([row + 1 for row in rows], converted)
        return stop

    def _mark(self, rows: Sequence[int], converted: Sequence[Converted]) -> None:
        """Put what cells look like (struck through, a format without a day, a unit) into their kinds."""
        for index, row in enumerate(rows):
            for column, mark in self._grid.marks.get(row, {}).items():
                kinds = converted[self._columns.index(column)].kinds if column in self._columns else bytearray()
                if kinds and kinds[index] != Kind.EMPTY:
                    kinds[index] |= mark

    def _look(self, chunk: Sequence[Sequence[Cell]], keep: Sequence[int]) -> None:
        """Ask what the columns that are not read may be, by the first chunk's rows."""
        self._looked = True
        for column, heading in self._unread:
            cells = [chunk[index][column] for index in keep if column < len(chunk[index])]
            like = fields_like(heading, cells, self._vocabulary) if self._is_roster else ()
            if like:
                self._table.like[letter(column)] = like
            if is_amount(heading, cells, self._vocabulary):
                self._table.amount_like |= {letter(column)}

    def _drop(
        self, chunk: list[list[Cell]], columns: Sequence[Sequence[Cell]], start: int, ahead: Sequence[list[Cell]]
    ) -> tuple[set[int], int]:
        """Count and return the rows of a chunk that are no data, and where another table begins, if one does."""
        person = self._columns.index(self._classifier.person) if self._classifier.person is not None else 0
        suspects, samples = self._classifier.suspects(columns[person]), self._samples(chunk, columns)
        dropped: dict[int, RowKind] = {}
        stop = len(chunk)
        for index in sorted({*suspects, *samples}) if samples else suspects:
            kind = self._classifier.classify(chunk[index], self._merges.covers(start + index, self._people))
            if kind is RowKind.NEW_TABLE or self._begins_header(
                [*chunk[index : index + 2], *ahead], start + index, kind
            ):
                stop = self._between.before_table(start + index, start) - start
                break
            if index in samples and kind in (RowKind.DATA, RowKind.TEXT):
                kind = RowKind.SAMPLE
            if kind is not RowKind.DATA:
                self._between.add(start + index, kind, chunk[index], self._table.read + index - len(dropped))
                dropped[index] = kind
        table = self._table
        for kind in (kind for index, kind in dropped.items() if index < stop):
            total = _TOTALS.get(kind, "skipped")
            setattr(table, total, getattr(table, total) + 1)
        return {index for index in dropped if index < stop}, stop

    def _begins_header(self, rows: Sequence[Sequence[Cell]], number: int, kind: RowKind) -> bool:
        """Tell whether the first of some rows, no header alone, is the upper one of another table's two."""
        if kind is not RowKind.DATA or len(rows) < 2:
            return False
        texts = [[text_of(cell) for cell in row] for row in rows[:2]]
        return begins_two_rows(texts, number, self._headings, self._grid.merges)

    def _samples(self, chunk: Sequence[Sequence[Cell]], columns: Sequence[Sequence[Cell]]) -> set[int]:
        """Return the rows whose number (序号) or name marks them as samples."""
        named = [columns[place] for place, c in enumerate(self._columns) if c == self._classifier.name]
        return self._classifier.samples(
            [*named, *([row[c] for row in chunk] for c in self._marked if c < len(chunk[0]))]
        )
