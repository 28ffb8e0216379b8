"""The words of rosters (表头与用语): headings, values, footers, read from `schemas/vocabulary.yaml` and the policy."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any, NamedTuple

from trainingcli.bureau_words import OWN_WORDS, OwnWords
from trainingcli.compared import squeeze
from trainingcli.published import document

TRAINING, EMPLOYEES_TRAINING = "training", "employees-training"
"""What 培训补贴 alone names (the training programme that fits the row), and what it names behind 企业职工."""

OPENING, CLOSING = "(（﹙[［【〔〖{｛﹛<＜《〈「｢『", ")）﹚]］】〕〗}｝﹜>＞》〉」｣』"
"""Brackets as they are written; NFKC makes fewer of them."""

BRACKETS = re.compile(f"[{re.escape(OPENING)}][^{re.escape(CLOSING)}]*[{re.escape(CLOSING)}]")
# Signs that say how a cell is filled in, or end a label: every punctuation and symbol but those that part two headings
# (/) or are a part of one (-, +, &).
_MARKS = re.compile(r"(?:[^\w/\-+&~%|=]|_)+")
_LAST_BRACKET = re.compile(rf"{BRACKETS.pattern}(?:{_MARKS.pattern})?$")
_NOTE_SIGNS = re.compile("[①-⑳❶-❿⁰-⁹¹²³]+$")  # of a note below the table


def heading_of(text: str, *, whole: bool = False) -> str:
    """Return a heading as it is matched: NFKC, no blanks, no brackets with their contents, no marks such as `*`.

    `whole`: the brackets' contents stay.
    """
    plain = squeeze(_NOTE_SIGNS.sub("", text))
    if whole:
        return _MARKS.sub("", plain)
    return _MARKS.sub("", BRACKETS.sub("", plain)) or _MARKS.sub("", plain)


def heading_forms(text: str) -> Iterator[str]:
    """Yield a heading with its brackets' contents, then with the last bracket off, the last two, and so on.

    培训时间(天) is a heading, and 培训时间(天)(必填) is it, too.
    """
    plain = squeeze(_NOTE_SIGNS.sub("", text))
    yield _MARKS.sub("", plain)
    while found := _LAST_BRACKET.search(plain):
        plain = plain[: found.start()]
        yield _MARKS.sub("", plain)


class HeaderRule(NamedTuple):
    """What makes a row a table's header: `known` different known headings, all of `all_of`, one of `one_of`."""

    known: int = 3
    one_of: frozenset[str] = frozenset({"name", "id_number"})
    all_of: frozenset[str] = frozenset()

    def lacks(self, keys: frozenset[str]) -> bool:
        """Tell whether these keys make no header."""
        return len(keys) < self.known or not self.all_of <= keys or bool(self.one_of and self.one_of.isdisjoint(keys))


class Vocabulary(NamedTuple):
    """Every word that reading one kind of table needs; small and picklable, so that each worker gets one copy.

    `headings`: matched heading → key. `programmes`: programme name → programme code, with the code `TRAINING` for
    培训补贴 alone. `values`: field → squeezed value → canonical term. `money`: keys whose heading may name a unit.
    `last`: headings that count only where no other column has their key; `beside_another`: what they mean then.
    `unclear`: headings of an institution that may be the assessor's.
    `every`: keys of which all columns are read (备注; amounts, which must agree; 专家1, 专家2 …). `subject`: those that
    say what a row is about: a name, an ID number ("": none). `slight`: those that make no row of a text beside a name.
    `in_brackets`: what stands in a heading's brackets counts, but a unit. `named`: what else a title asks for by name.
    `alone`: how a text ends that is a row though it stands alone in the subject's column ((): any is).
    """

    headings: Mapping[str, str]
    programmes: Mapping[str, str]
    values: Mapping[str, Mapping[str, str]]
    footers: tuple[str, ...]
    empty_words: frozenset[str]
    title_keys: frozenset[str]
    header: HeaderRule = HeaderRule()
    money: frozenset[str] = frozenset({"claimed", "standard"})
    every: frozenset[str] = frozenset({"remark", "claimed", "amount"})
    last: frozenset[str] = frozenset()
    beside_another: Mapping[str, str] = {}
    unclear: frozenset[str] = frozenset()
    subject: tuple[str, str] = ("name", "id_number")
    slight: frozenset[str] = frozenset({"claimed", "amount", "standard", "attended_days", "phone", "remark"})
    in_brackets: bool = False
    named: tuple[str, ...] = ()
    alone: tuple[str, ...] = ()


@cache
def _file() -> dict[str, Any]:
    return document("vocabulary.yaml")


def canonical_headings() -> dict[str, Sequence[str]]:
    """Return roster key → headings as published (the first is the one that templates write)."""
    headings: dict[str, Sequence[str]] = _file()["headings"]
    return headings


def known_terms(field: str) -> frozenset[str]:
    """Return the terms of a field, whatever the policy makes of them."""
    return frozenset(_file()["values"][field])


def level_words(own: OwnWords) -> Mapping[str, str]:
    """Return squeezed word → level, as `load_vocabulary` has them."""
    return _values(own)["level"]


def double_terms(field: str) -> dict[str, dict[str, str]]:
    """Return a field's values that say a value of another field as well: word → field → term."""
    found: dict[str, dict[str, str]] = _file()["implies"].get(field, {})
    return found


def headings_of(entries: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """Return matched heading → key: a word with brackets as it stands, and without them where no other has that."""
    pairs = [(word, key) for key, words in entries.items() for word in words]
    found = {heading_of(word): key for word, key in pairs if not BRACKETS.search(word)}
    for word, key in pairs:
        found.setdefault(heading_of(word), key)
        found[heading_of(word, whole=True)] = key
    return found


@cache
def _values(own: OwnWords) -> Mapping[str, Mapping[str, str]]:
    """Return field → squeezed value → term, a bureau's own beside the published ones."""
    found = {
        field: {squeeze(word): term for term, words in terms.items() for word in (term, *words)}
        for field, terms in _file()["values"].items()
    }
    for key, word, term in own.values:
        found[key] |= {squeeze(term): term, squeeze(word): term}
    return found


@cache
def _headings(own: OwnWords) -> Mapping[str, str]:
    """Return matched heading → key, a bureau's own beside the published ones."""
    further = {key: [word for word, meant in own.headings if meant == key] for key in canonical_headings()}
    return headings_of({key: [*words, *further[key]] for key, words in canonical_headings().items()})


def load_vocabulary(programme_names: Mapping[str, str], own: OwnWords | None = None) -> Vocabulary:
    """Build the vocabulary from the published file, `own` words (default: `OWN_WORDS`) and the policy's programme
    names (name → code)."""
    data, own = _file(), OWN_WORDS.get() if own is None else own
    return Vocabulary(
        headings=_headings(own),
        programmes=dict(programme_names),
        values=_values(own),
        footers=tuple(data["footers"]),
        empty_words=frozenset(data["empty_words"]),
        title_keys=frozenset(data["title_lines"]),
        last=frozenset(map(heading_of, data["last"])),
        unclear=frozenset(map(heading_of, data["unclear"])),
        beside_another={heading_of(word): key for word, key in data["beside_another"].items()},
    )
