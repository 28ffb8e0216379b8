"""Which rows under the header are people, and which are blank, footers or the header again."""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import Enum

from trainingcli.compared import squeeze
from trainingcli.intake.formats.cell_values import Cell, is_filled, text_of
from trainingcli.intake.tables.footers import Footers
from trainingcli.intake.tables.header import Header
from trainingcli.intake.tables.headings import Headings
from trainingcli.intake.tables.titles import title_lines
from trainingcli.vocabulary import heading_of

_DIGITS = re.compile("[0-9]{6}")
_DIGIT = frozenset("0123456789")
_SHORT_ID = 15
_FEW = 2  # other texts in a row that begins with a footer's word


class Row(Enum):
    """What a row under the header is."""

    DATA = "read"
    BLANK = "blank"
    HEADER = "header"
    FOOTER = "footer"
    NEW_TABLE = "new"  # the header of another table, in another layout


class Classifier:
    """Decides for one row under one header. In doubt a row is data: no person may be lost in silence."""

    def __init__(self, header: Header, above: Sequence[Sequence[str]], headings: Headings) -> None:
        self._headings = headings
        vocabulary = headings.vocabulary
        self._columns = [column for column, match in enumerate(header.matches) if match]
        about, number = vocabulary.subject
        self._name = next((c for c in self._columns if _key(header, c) == about), None)
        self._id = next((c for c in self._columns if _key(header, c) == number), None)
        slight = vocabulary.slight | {about, number}
        self._slight = {c for c in self._columns if _key(header, c) in slight}
        self._header_texts = [[heading_of(text) for text in above[row]] for row in header.rows]
        self._footers = Footers(vocabulary.footers, people=bool(number))
        self._after_header = False

    @property
    def person(self) -> int | None:
        """The column that tells most rows to be data: the ID number's."""
        return self._id

    def suspects(self, column: Sequence[Cell]) -> Sequence[int]:
        """Return the rows of a chunk that need a look, by the column of ID numbers: mostly none; without it all."""
        if self._id is None:
            return range(len(column))
        return [
            index
            for index, cell in enumerate(column)
            if (len(cell) < _SHORT_ID or cell[0] not in _DIGIT if cell.__class__ is str else not _is_long_number(cell))
        ]

    def classify(self, row: Sequence[Cell], merged_person: bool = False) -> Row:
        """Say what a row is; `merged_person`: its name or ID number comes from a merged cell above it."""
        kind = self._classify(row, merged_person)
        self._after_header = kind is Row.HEADER
        return kind

    def is_title(self, row: Sequence[Cell]) -> bool:
        """Tell whether a row reads as a title: it fills a column (培训机构：…) or names a programme, alone."""
        texts = [text for text in map(text_of, row) if text]
        if not texts or any(_DIGITS.search(text) and text.isalnum() for text in texts):
            return False
        alone = len(texts) == 1 and self._headings.names_programme(texts[0])
        return alone or bool(title_lines([texts], self._headings.vocabulary))

    def _classify(self, row: Sequence[Cell], merged_person: bool) -> Row:
        if row.count("") == len(row):
            return Row.BLANK
        filled = [column for column in self._columns if column < len(row) and is_filled(row[column])]
        texts = [text_of(cell) for cell in row]
        if self._is_header_again(texts):
            return Row.HEADER
        if self._is_new_header(texts):
            return Row.NEW_TABLE
        if not merged_person and (self._is_footer(texts, filled) or (len(filled) == 1 and self.is_title(row))):
            return Row.FOOTER
        return Row.DATA if filled else Row.BLANK

    def _is_header_again(self, texts: Sequence[str]) -> bool:
        for number, heading_row in enumerate(self._header_texts):
            lower_only = number > 0
            cells = [(heading_of(text), column) for column, text in enumerate(texts) if text]
            same = all(column < len(heading_row) and heading_row[column] == text for text, column in cells)
            if same and (len(cells) > 1 or (cells and lower_only)) and (not lower_only or self._after_header):
                return True
        return False

    def _is_footer(self, texts: Sequence[str], filled: Sequence[int]) -> bool:
        """Tell a footer: a row with a name, and an ID number or anything else that counts, is a person."""
        footers = self._footers
        first = squeeze(next((text for text in texts if text), ""))
        name, number = self._at(texts, self._name), self._at(texts, self._id)
        if not first or _DIGITS.search(number):
            return False
        if footers.begins(number) or footers.is_sealed(number):
            number = ""
        if first.endswith(":") and not number:
            return True
        # A number is nobody's name: a sum may stand under any column.
        named = any(map(str.isalpha, name)) and not footers.is_one(name) and not footers.is_sealed(name)
        said = self._said(texts, filled)
        if (named and (number or said)) or (number and not footers.is_one(first)):
            return False
        if footers.is_one(first) or any(map(footers.is_sealed, texts)):
            return not named or name != first
        return not named and footers.begins(first) and len(said) <= _FEW

    def _said(self, texts: Sequence[str], filled: Sequence[int]) -> list[int]:
        """Return the columns that speak of a person: not what is slight, a footer's word, or the value beside one."""
        found = []
        for column in filled:
            before = next((text for text in reversed(texts[:column]) if text), "")
            words = (squeeze(texts[column]), squeeze(before))
            signs = any(self._footers.begins(word) or self._footers.is_sealed(word) for word in words)
            if column not in self._slight and not signs:
                found.append(column)
        return found

    def _is_new_header(self, texts: Sequence[str]) -> bool:
        return not self._headings.lacks(map(self._headings.match, texts))

    @staticmethod
    def _at(texts: Sequence[str], column: int | None) -> str:
        return squeeze(texts[column]) if column is not None and column < len(texts) else ""


def _key(header: Header, column: int) -> str:
    match = header.matches[column]
    return match.key if match else ""


def _is_long_number(cell: Cell) -> bool:
    return cell.__class__ is float and cell > 1e14
