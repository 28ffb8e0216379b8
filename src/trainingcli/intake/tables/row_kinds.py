"""Which rows under the header are people, and which are blank, footers or the header again."""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import Enum

from trainingcli.compared import squeeze
from trainingcli.intake.formats.cell_values import Cell, is_filled, text_of
from trainingcli.intake.tables.header import Header
from trainingcli.intake.tables.headings import Headings
from trainingcli.vocabulary import heading_of

_SEALS = ("盖章", "公章")
_DIGITS = re.compile("[0-9]{6}")
_SIGNATORY = "(?:人员|人|员|者|单位|部门|领导|意见|签字|签章|签名|日期)*"
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
        self._columns = [column for column, match in enumerate(header.matches) if match]
        self._name = next((c for c in self._columns if _key(header, c) == "name"), None)
        self._id = next((c for c in self._columns if _key(header, c) == "id_number"), None)
        self.person = self._id if self._id is not None else self._name
        self._header_texts = [[heading_of(text) for text in above[row]] for row in header.rows]
        words = headings.vocabulary.footers
        self._footers = tuple(word for word in words if len(word) > 1)  # 注 alone begins 注塑工
        either = "|".join(sorted(map(re.escape, words), key=len, reverse=True))
        self._exact = re.compile(rf"(?:{either})(?:意事项|意|解|释)?{_SIGNATORY}(?:$|[:(].*)", re.DOTALL)
        self._beginnings = {word[0] for word in words} | {text[0] for row in self._header_texts for text in row if text}
        self._beginnings |= {text[0] for text in headings.vocabulary.headings} | set(" \u3000(（")
        self._after_header = False

    def suspects(self, column: Sequence[Cell]) -> list[int]:
        """Return the rows of a chunk that need a look, by the column of ID numbers (or names): mostly none."""
        if self._id is None:
            return [
                index
                for index, cell in enumerate(column)
                if cell.__class__ is not str or not cell or cell[0] in self._beginnings or cell.isspace()
            ]
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

    def _classify(self, row: Sequence[Cell], merged_person: bool) -> Row:
        if row.count("") == len(row):
            return Row.BLANK
        filled = [column for column in self._columns if column < len(row) and is_filled(row[column])]
        texts = [text_of(cell) for cell in row]
        if self._is_header_again(texts):
            return Row.HEADER
        if self._is_new_header(texts):
            return Row.NEW_TABLE
        if not merged_person and self._is_footer(texts, filled):
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
        first = squeeze(next((text for text in texts if text), ""))
        if not first:
            return False
        name, number = self._at(texts, self._name), self._at(texts, self._id)
        exact = self._exact.match(first) is not None
        if _DIGITS.search(number):
            return False
        if number and not exact and not self._begins(number) and not any(seal in number for seal in _SEALS):
            return False
        sealed = any(seal in text for text in texts for seal in _SEALS)
        if name and not self._begins(name) and not any(seal in name for seal in _SEALS):
            return exact and name != first
        if exact or sealed:
            return True
        written = sum(1 for column in filled if len(texts[column]) > 1 and not texts[column][0].isdigit())
        return self._begins(first) and written <= _FEW

    def _begins(self, text: str) -> bool:
        return text.startswith(self._footers) or self._exact.match(text) is not None

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
