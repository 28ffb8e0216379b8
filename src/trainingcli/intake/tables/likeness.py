"""Columns that were not read: which field each may be, by its heading or by what stands in it (`COLUMN_NOT_READ`)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial

from trainingcli.intake.formats.cell_kinds import Kind
from trainingcli.intake.formats.cell_values import Cell, convert
from trainingcli.intake.tables import values
from trainingcli.vocabulary import Vocabulary, heading_of

LIKE = 60
_NEVER = frozenset({"出生日期", "出生年月", "毕业时间", "入职时间", "参保时间"})
_BY_VALUES = ("category", "training_type", "level", "certificate_type")
_DATES = ("start_date", "end_date", "date_range", "certificate_date")
_MONEY = ("金额", "补贴", "补助", "资金")
_SMALLEST_DATE = 10_000


def fields_like(heading: str, cells: Sequence[Cell], vocabulary: Vocabulary) -> tuple[str, ...]:
    """Return the keys that a column may be, the likeliest first: `cells` are its first data rows'."""
    plain = heading_of(heading)
    if plain in _NEVER:
        return ()
    from rapidfuzz.fuzz import ratio  # a roster of which every column is read has no need of it

    scores = {word: ratio(plain, word) for word in vocabulary.headings}
    words = sorted((word for word in scores if scores[word] >= LIKE), key=lambda word: -scores[word])
    by_heading = [vocabulary.headings[word] for word in words]
    return tuple(dict.fromkeys([*by_heading, *_by_values(cells, vocabulary)]))


def is_amount(heading: str, cells: Sequence[Cell], vocabulary: Vocabulary) -> bool:
    """Tell whether a column looks like one of amounts: named as money, and all that is filled in are numbers."""
    plain = heading_of(heading)
    if "补贴标准" in plain or not any(word in plain for word in _MONEY):
        return False
    texts = [text for text, _ in map(convert, cells) if text and values.clean(text, vocabulary.empty_words)]
    return bool(texts) and all(values.amount(text, 100) is not None for text in texts)


def _by_values(cells: Sequence[Cell], vocabulary: Vocabulary) -> list[str]:
    found = [(text, kind) for text, kind in map(convert, cells) if text and values.clean(text, vocabulary.empty_words)]
    if not found:
        return []
    keys: list[str] = []
    if _mostly(found, lambda cell: _is_date(*cell)):
        keys += _DATES
    for key in _BY_VALUES:
        words = vocabulary.values.get(key, {})
        if _mostly(found, partial(_says, words, set(words.values()), values.level if key == "level" else values.terms)):
            keys.append(key)
    return keys


def _mostly(found: Sequence[tuple[str, int]], test: Callable[[tuple[str, int]], bool]) -> bool:
    """Tell whether four fifths of the filled cells pass; the rest is not looked at once they cannot."""
    most = len(found) - 0.8 * len(found)
    failed = 0
    for cell in found:
        failed += not test(cell)
        if failed > most:
            return False
    return True


def _says(words: Mapping[str, str], terms: set[str], parse: Callable[..., str], cell: tuple[str, int]) -> bool:
    return set(parse(cell[0], words).split("、")) <= terms


def _is_date(text: str, kind: int) -> bool:
    if kind == Kind.NUMBER and float(text) < _SMALLEST_DATE:
        return False
    return kind == Kind.DATE or values.date_range(text) is not None
