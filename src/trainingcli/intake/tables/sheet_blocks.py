"""Blocks: what stands above rows and between them, and what it says of the rows below it (contract, 'Blocks')."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from trainingcli.intake.formats.cell_values import Cell, text_of
from trainingcli.intake.gate.package import refuse
from trainingcli.intake.tables.headings import Headings, unit_above
from trainingcli.intake.tables.row_kinds import RowKind
from trainingcli.intake.tables.titles import Titles, carried, title_lines


class Above(NamedTuple):
    """What holds for rows by the lines above them: titles, all text, the last text that names a programme, fen in one
    unit."""

    titles: Titles
    text: str
    naming: str
    unit: int

    def then(self, rows: Sequence[Sequence[str]], headings: Headings) -> Above:
        """Return what holds under further title rows: what they leave unsaid goes on being said."""
        own = "\n".join(text for row in rows for text in row if text)
        names = headings.names_programme(own)
        before = self.naming or self.text[-_LONGEST:]
        text = own if names else "\n".join(filter(None, (before, own)))
        titles = carried(self.titles, title_lines(rows, headings.vocabulary))
        unit = unit_above(rows, self.unit)
        return Above(titles, text, own if names else self.naming, unit)


NOTHING = Above({}, "", "", 100)
_DAYS_PAID = frozenset({"paid_on", "allotted_on"})
_LONGEST = 2000  # characters that go on from block to block


class Remark(NamedTuple):
    """A row that was passed over and is said: its number as the spreadsheet program shows it, its kind, its text."""

    row: int
    kind: RowKind
    text: str


class _Waiting(NamedTuple):
    row: int
    kind: RowKind
    texts: list[str]
    is_title: bool


class Between:
    """Gathers the rows between data rows, which come in their order, chunk after chunk.

    `spoken`: positions among the data rows (from 0), and what holds from there on. `remarks`: the rows that are said.
    """

    def __init__(self, above: Above, headings: Headings, is_title: Callable[[Sequence[Cell]], bool], most: int) -> None:
        self.above = above
        self.spoken: list[tuple[int, Above]] = []
        self.remarks: list[Remark] = []
        self._headings = headings
        self._is_title = is_title
        self._most = most
        self._waiting: list[_Waiting] = []
        self._last = -1
        self._position = 0

    def add(self, row: int, kind: RowKind, cells: Sequence[Cell], position: int) -> None:
        """Take a row (from 0) that is no data; `position`: the number of data rows before it."""
        if row != self._last + 1:
            self.settle()
        self._last, self._position = row, position
        if kind is RowKind.HEADER:
            self._speak(self._over_header())
            self._remark(RowKind.SAMPLE)
            self._waiting = []
            return
        texts = [text_of(cell) for cell in cells]
        is_title = kind in (RowKind.TITLE, RowKind.TEXT) or (kind is RowKind.FOOTER and self._is_title(cells))
        self._waiting.append(_Waiting(row, kind, texts, is_title))

    def settle(self) -> None:
        """Settle what waits, once data rows follow, or nothing: a text alone is said, a title speaks."""
        self._speak([each.texts for each in self._waiting if each.kind is RowKind.TITLE])
        self._remark(RowKind.SAMPLE, RowKind.TEXT)
        self._waiting = []

    def end(self) -> None:
        """Settle what waits behind the last row: a day of payment there, where lists are signed, speaks for no row."""
        vocabulary = self._headings.vocabulary
        for place, each in enumerate(self._waiting):
            if each.kind is RowKind.TITLE and not _DAYS_PAID.isdisjoint(title_lines([each.texts], vocabulary)):
                self._waiting[place] = each._replace(kind=RowKind.TEXT)
        self.settle()

    def before_table(self, row: int, first: int) -> int:
        """Return where another table begins whose header is at `row`: at its first title row, if at or after `first`.

        Title rows before `first` are spoken here, and `above` goes on to that table.
        """
        if row != self._last + 1:
            self.settle()
        titles = [each for each in self._waiting if each.is_title]
        self._speak([each.texts for each in titles if each.row < first])
        self._remark(RowKind.SAMPLE)
        return next((each.row for each in titles if each.row >= first), row)

    def _over_header(self) -> list[list[str]]:
        return [each.texts for each in self._waiting if each.is_title]

    def _speak(self, rows: Sequence[Sequence[str]]) -> None:
        for row in rows:
            self.above = self.above.then([row], self._headings)
        if rows:
            self.spoken.append((self._position, self.above))
            if len(self.spoken) > self._most:
                raise refuse("一张工作表内的标题行过多", "a sheet has too many title lines")

    def _remark(self, *kinds: RowKind) -> None:
        """Say rows of these kinds; a line among the rows that names their programme is said too."""
        for each in self._waiting:
            text = " ".join(filter(None, each.texts))
            names = each.kind is RowKind.TITLE and RowKind.TEXT in kinds and self._headings.names_programme(text)
            if each.kind in kinds or names:
                self.remarks.append(Remark(each.row + 1, each.kind, text))
