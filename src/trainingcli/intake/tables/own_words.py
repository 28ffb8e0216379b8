"""A bureau's own words (`--words FILE`): headings and values beside the published ones, none of which changes.

    headings:
      occupation: [实训工种]        # a roster key → headings that mean it
    values:
      category:
        企业职工: [本厂工人]         # a field → a term → words that mean it

The keys, fields and terms are those of `schemas/vocabulary.yaml`. A word that means something else already, or that no
cell could ever be matched by, is a fault with its line (exit 2).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Any

from trainingcli.bounded_input import SMALL, UnreadableFile, read_file
from trainingcli.bureau_words import OwnWords
from trainingcli.compared import squeeze
from trainingcli.errors import UsageError
from trainingcli.intake.tables import values
from trainingcli.intake.tables.dittos import is_ditto
from trainingcli.intake.tables.headings import Headings
from trainingcli.language import Text
from trainingcli.lined_yaml import LinedDocument, Path_, faults, read_document
from trainingcli.vocabulary import (
    Vocabulary,
    canonical_headings,
    double_terms,
    heading_of,
    known_terms,
    load_vocabulary,
)  # fmt: skip

_WHAT = Text("用语文件", "words file")
_OPEN = frozenset({"training_type"})  # any other text is kept as it is, so a term of one's own is no fault


def read_own_words(path: Path, programmes: Mapping[str, str]) -> OwnWords:
    """Read a words file; UsageError where it cannot be read, or telling every line of it that does not hold.

    `programmes`: name → code; they head wide amount columns.
    """
    try:
        raw = read_file(path, SMALL, pipes=True)
    except UnreadableFile as error:
        zh, en = f"用语文件 {path} 无法读取：{error.text.zh}", f"words file {path} cannot be read: {error.text.en}"
        raise UsageError(Text(zh, en)) from None
    reader = _Reader(read_document(raw, str(path), _WHAT), programmes)
    own = reader.read()
    if reader.told:
        raise faults(str(path), reader.told, _WHAT)
    return own


class _Reader:
    """Reads a document's words; each must be new, or mean what it means already. `told`: lines that do not hold."""

    def __init__(self, document: LinedDocument, programmes: Mapping[str, str]) -> None:
        self.told = list(document.told)
        self._document = document
        self._programmes = programmes
        self._published = load_vocabulary(programmes, OwnWords())
        self._seen: dict[tuple[str, str], str] = {}

    def read(self) -> OwnWords:
        """Return the words, those that do not hold among them."""
        sections = dict(self._entries(self._document.data, (), {"headings", "values"}))
        headings = [*self._words(sections.get("headings"), ("headings",), canonical_headings())]
        terms = [
            (path, field, word, term)
            for field, entry in self._entries(sections.get("values"), ("values",), self._published.values)
            for path, word, term in self._words(
                entry, ("values", field), None if field in _OPEN else known_terms(field)
            )
        ]
        own = OwnWords(
            tuple((word, key) for _, word, key in headings),
            tuple((field, word, term) for _, field, word, term in terms),
        )
        extended = load_vocabulary(self._programmes, own)
        published, matched = Headings.of(self._published), Headings.of(extended)
        for path, word, key in headings:
            self._check_heading(path, word, key, published, matched)
        for path, field, word, term in terms:
            self._check_value(path, field, word, term, extended)
        return own

    def _entries(self, found: Any, path: Path_, known: Collection[str] | None) -> Iterator[tuple[str, Any]]:
        """Yield the entries of a mapping whose keys are known; nothing at all is an empty one."""
        if found is None or path in self._document.spoiled:
            return
        if not isinstance(found, dict):
            self._tell(path, Text("应是“键: 值”的结构", "this should be a mapping of keys to values"))
            return
        for key, entry in found.items():
            if known is None or key in known:
                yield key, entry
            else:
                zh, en = f"没有“{key}”；可写：{'、'.join(known)}", f"there is no '{key}'; there are {', '.join(known)}"
                self._tell((*path, key), Text(zh, en))

    def _words(self, found: Any, path: Path_, known: Collection[str] | None) -> Iterator[tuple[Path_, str, str]]:
        """Yield where a word stands, the word, and what it shall mean."""
        for meant, listed in self._entries(found, path, known):
            if not isinstance(listed, list):
                self._tell((*path, meant), Text("应是列表，例如 [甲, 乙]", "this should be a list, such as [one, two]"))
                continue
            for number, word in enumerate(listed):
                place = (*path, meant, number)
                if isinstance(word, str) and squeeze(word):
                    yield place, word, meant
                elif place not in self._document.spoiled:
                    self._tell(place, Text("应是文字；数字请加引号", "this should be text; put a number in quotes"))

    def _check_heading(self, path: Path_, word: str, key: str, published: Headings, matched: Headings) -> None:
        plain, before, now = heading_of(word, whole=True), published.match(word), matched.match(word)
        if not plain:
            self._tell(path, _never(word))
        elif before is not None and before.key != key:
            meant = before.programme or canonical_headings()[before.key][0]
            self._tell(path, _taken(word, meant))
        elif self._first_meaning("", plain, word, key, path) and (now is None or now.key != key):
            self._tell(path, _never(word))

    def _check_value(self, path: Path_, field: str, word: str, term: str, extended: Vocabulary) -> None:
        plain, words = squeeze(word), self._published.values[field]
        parse = values.level if field == "level" else values.terms
        before = double_terms(field).get(plain, {}).get(field) or parse(word, words)
        if not values.clean(word, extended.empty_words) or is_ditto(word):
            self._tell(path, _taken(word, "空、同上" if is_ditto(word) else "空"))
        elif before != term and (before in words.values() or plain in double_terms(field)):
            self._tell(path, _taken(word, before))
        elif self._first_meaning(field, plain, word, term, path) and parse(word, extended.values[field]) != term:
            self._tell(path, _never(word))

    def _first_meaning(self, field: str, plain: str, word: str, meant: str, path: Path_) -> bool:
        """Tell whether the file itself gives a word one meaning; the second is a fault."""
        first = self._seen.setdefault((field, plain), meant)
        if first != meant:
            self._tell(path, _taken(word, first))
        return first == meant

    def _tell(self, path: Path_, why: Text) -> None:
        self.told.append((self._document.line(path), why))


def _taken(word: str, meant: str) -> Text:
    return Text(f"“{word}”已有别的意思：{meant}", f"'{word}' means something else already: {meant}")


def _never(word: str) -> Text:
    return Text(f"“{word}”不会与任何单元格相符，请改写", f"no cell is ever matched by '{word}'; write it otherwise")
