"""Which rows under the header are people, and which are blank, titles, footers or the header again."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from enum import Enum

from trainingcli.compared import squeeze
from trainingcli.intake.formats.cell_kinds import Kind
from trainingcli.intake.formats.cell_values import Cell, convert, is_filled, text_of
from trainingcli.intake.tables import values
from trainingcli.intake.tables.footers import Footers
from trainingcli.intake.tables.header import Header
from trainingcli.intake.tables.headings import Headings, holds_values
from trainingcli.intake.tables.titles import labels, title_lines
from trainingcli.vocabulary import heading_of

_DIGITS = re.compile("[0-9]{6}")
_DIGIT = frozenset("0123456789")
_SHORT_ID = 15
_FEW = 2  # other texts in a row that begins with a footer's word
_NUMBER = re.compile(r"[-+0-9.,%/]*")
# Made a pattern by the first row that needs it, as few do: that takes longer than to read a small roster.
_NAME = r"(?!第)[\u3400-\u9fff·]{2,4}(?<![班组期批队校部厂局司员单])|[\u3400-\u9fff]+·[\u3400-\u9fff·]+"
_DATED = frozenset({"填报日期", "填表日期", "制表日期", "申报日期"})  # stands in title lines as well as in footers
_SAMPLES = ("例", "示例", "样例")


class RowKind(Enum):
    """What a row under the header is."""

    DATA = "data"
    BLANK = "blank"
    HEADER = "header"
    FOOTER = "footer"
    NEW_TABLE = "new"  # the header of another table, in another layout
    TITLE = "title"  # says something of the rows below it
    TEXT = "text"  # a text alone that nothing is made of
    SAMPLE = "sample"  # shows how to fill in the form (例, 示例)


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
        self._people = bool(number)
        self._footers = Footers(vocabulary.footers, people=self._people)
        self._after_header = False

    @property
    def person(self) -> int | None:
        """The column that tells most rows to be data: the ID number's."""
        return self._id

    @property
    def name(self) -> int | None:
        """The column of names."""
        return self._name

    def suspects(self, column: Sequence[Cell]) -> Sequence[int]:
        """Return the rows of a chunk that need a look, by the column of ID numbers: mostly none; without it all."""
        if self._id is None:
            return range(len(column))
        return [
            index
            for index, cell in enumerate(column)
            if (len(cell) < _SHORT_ID or cell[0] not in _DIGIT if cell.__class__ is str else not _is_long_number(cell))
        ]

    def classify(self, row: Sequence[Cell], merged_person: bool = False) -> RowKind:
        """Say what a row is; `merged_person`: its name or ID number comes from a merged cell above it."""
        kind = self._classify(row, merged_person)
        self._after_header = kind is RowKind.HEADER
        return kind

    def is_title(self, row: Sequence[Cell]) -> bool:
        """Tell whether a row over a header reads as a title: it fills a column (培训机构：…) or names a programme."""
        return self._titles([text for text in map(text_of, row) if text])

    def _titles(self, texts: Sequence[str]) -> bool:
        vocabulary = self._headings.vocabulary
        if not texts or any(_DIGITS.search(text) and text.isalnum() for text in texts):
            return False
        if len(texts) == 1 and not self._footers.begins(squeeze(texts[0])) and self._headings.names_programme(texts[0]):
            return True
        signed = (
            self._footers.begins(squeeze(label)) and not self._fills(label) and heading_of(label) not in _DATED
            for label in labels(texts, vocabulary)
        )
        return bool(title_lines([texts], vocabulary)) and not any(signed)

    def _fills(self, label: str) -> bool:
        vocabulary = self._headings.vocabulary
        return vocabulary.headings.get(heading_of(label)) in vocabulary.title_keys

    def _speaks(self, texts: Sequence[str]) -> bool:
        """Tell whether a row between people speaks for those below: labels with values, nothing beside them."""
        filled = [text for text in texts if text]
        if not self._titles(filled):
            return False
        return len(filled) == 1 or all(labels(filled, self._headings.vocabulary))

    def _classify(self, row: Sequence[Cell], merged_person: bool) -> RowKind:
        if row.count("") == len(row):
            return RowKind.BLANK
        filled = [column for column in self._columns if column < len(row) and is_filled(row[column])]
        texts = [text_of(cell) for cell in row]
        if self._is_header_again(texts):
            return RowKind.HEADER
        if self._is_new_header(texts):
            return RowKind.NEW_TABLE
        if merged_person:
            return RowKind.DATA if filled else RowKind.BLANK
        if self._speaks(texts):
            return RowKind.TITLE
        alone = self._alone(row)
        if self._is_footer(texts, filled) or (alone and (self._footers.is_note(alone) or values.date(alone))):
            return RowKind.FOOTER
        if alone:
            return RowKind.TEXT
        return RowKind.DATA if filled else RowKind.BLANK

    def _alone(self, row: Sequence[Cell]) -> str:
        """Return the text of a row that holds nothing else and is no person: "" where there is none."""
        cells = [(column, cell) for column, cell in enumerate(row) if is_filled(cell)]
        if len(cells) != 1:
            return ""
        ((column, cell),) = cells
        text, kind = convert(cell)
        plain = squeeze(text or "")
        if kind != Kind.TEXT or _NUMBER.fullmatch(plain) or (column == self._id and _DIGITS.search(plain)):
            return ""
        if column == self._name and (ends := self._headings.vocabulary.alone):
            return "" if plain.endswith(ends) else plain
        is_named = column == self._name and (not self._people or re.fullmatch(_NAME, plain))
        return "" if is_named or (not self._people and column in self._columns) else plain

    def samples(self, columns: Iterable[Sequence[Cell]]) -> set[int]:
        """Return the rows of a chunk that are marked as samples: by what stands in one of these columns."""
        return {
            index
            for column in columns
            for index, cell in enumerate(column)
            if cell.__class__ is str and "例" in cell and squeeze(cell[:12]).startswith(_SAMPLES)
        }

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
        if footers.is_one(name) and not number and not said:  # a number may stand before it
            return True
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
        return not self._headings.lacks(map(self._headings.match, texts)) and not holds_values(texts)

    @staticmethod
    def _at(texts: Sequence[str], column: int | None) -> str:
        return squeeze(texts[column]) if column is not None and column < len(texts) else ""


def _key(header: Header, column: int) -> str:
    match = header.matches[column]
    return match.key if match else ""


def _is_long_number(cell: Cell) -> bool:
    return cell.__class__ is float and cell > 1e14
