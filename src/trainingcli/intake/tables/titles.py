"""Title lines above the header (填报单位：…) that fill columns which are not there."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import cache

from trainingcli.compared import squeeze
from trainingcli.intake.formats.cell_values import is_blank
from trainingcli.intake.tables.footers import Footers
from trainingcli.vocabulary import CLOSING, OPENING, Vocabulary, heading_of

_COLON = re.compile(r"\s*(?:(?<![0-9])[：:]|[：:](?![0-9]))\s*")  # not that of 08:30
_LABEL_TAIL = re.compile(r"[^\s：:,，;；。|]+(?:[(（][^)）：:]*[)）])?$")
_SEAL = re.compile(r"[(（]\s*(?:盖章|公章|签章|印章|加盖公章|单位盖章)\s*[)）]")
_SEALS = ("盖章", "公章", "签字", "签章", "印章", "加盖", "章)", "章）")
_ENDS = frozenset("，,；;。")
_RULES = re.compile(r"[_＿]+")
_LONGEST_LABEL = 12
# 填报单位（盖章）beside 2020年9月1日, or beside 年　月　日 to be filled in: nobody's name.
_NO_DATES = frozenset({"institution", "employer", "occupation", "level", "training_type"})
_DATE = re.compile(r"[0-9]*年[0-9]*月[0-9]*日?|[0-9]{4}[-./][0-9]{1,2}[-./][0-9]{1,2}|[0-9]{8}")
_NO_DAY = "年月日"  # a day that nobody filled in
_DATE_PART = re.compile("(?:[0-9〇零一二三四五六七八九十]*[年月日])+")
_LAST_WORD = re.compile(r"(.*\S)\s+(\S+)", re.DOTALL)
_REPORTING = ("填报", "申报")
REPORTING = "reporting"
"""What 填报单位 or 申报单位 names, beside the roster keys: who fills in the form need not be who trained."""
UNCLEAR = "unclear"
"""What 机构名称 names, beside the roster keys: the institution, if nothing else is, be it the assessor."""

Titles = Mapping[str, str]


def title_lines(rows: Sequence[Sequence[str]], vocabulary: Vocabulary) -> dict[str, str]:
    """Return roster key (or `REPORTING`, `UNCLEAR`) → text of title rows: several in one cell, or label beside value.

    The first of two that name one key counts.
    """
    found: dict[str, str] = {}
    for label, value in (pair for row in rows for pair in _pairs(row, vocabulary)):
        key = vocabulary.headings.get(heading_of(label)) if label else None
        if key is None or key not in vocabulary.title_keys:
            continue
        text = _RULES.sub(" ", _up_to_its_end(_SEAL.sub("", value))).strip()
        if squeeze(text) == _NO_DAY:
            text = ""
        if key in _NO_DATES:
            text = "" if _DATE.fullmatch(squeeze(text)) else _without_tail(text, vocabulary)
        if not is_blank(text):
            found.setdefault(_institution(label, vocabulary) if key == "institution" else key, text)
    return found


def _institution(label: str, vocabulary: Vocabulary) -> str:
    plain = heading_of(label)
    return REPORTING if plain.startswith(_REPORTING) else UNCLEAR if plain in vocabulary.unclear else "institution"


def carried(earlier: Titles, later: Titles) -> dict[str, str]:
    """Return what holds under later title rows: they change only what they name (contract, 'Blocks')."""
    kept = dict(earlier)
    if "date_range" in later:  # both days anew: those of a line of their own would win over it
        kept = {key: text for key, text in kept.items() if key not in ("start_date", "end_date")}
    if UNCLEAR in later:  # another institution, be it by its weaker label
        kept = {key: text for key, text in kept.items() if key != "institution"}
    return kept | dict(later)


def filling(titles: Titles, columns: Collection[str]) -> dict[str, str]:
    """Return the keys that no column has and a title fills.

    机构名称 is the institution where nothing else is (of title lines 填报单位 apart); 填报单位 where nothing else names
    one, and beside a column of it the employer.
    """
    filled = {key: text for key, text in titles.items() if key not in columns and key not in (REPORTING, UNCLEAR)}
    reporting, unclear = titles.get(REPORTING), titles.get(UNCLEAR)
    if unclear is not None and "institution" not in columns:
        filled.setdefault("institution", unclear)
    if reporting is not None and "institution" not in columns:
        filled.setdefault("institution", reporting)
    elif reporting is not None and "employer" not in columns:
        filled.setdefault("employer", reporting)
    return filled


def labels(texts: Sequence[str], vocabulary: Vocabulary) -> list[str]:
    """Return the labels of a row; "" for a text that has none and is no label's value."""
    return [label for label, _ in _pairs(texts, vocabulary)]


def _up_to_its_end(value: str) -> str:
    """Cut a value at a sign that ends it, or at a bracket not its own: for a seal, or without its other half."""
    opened: list[int] = []
    for place, sign in enumerate(value):
        if sign in _ENDS or (sign in CLOSING and not opened):
            return value[: (opened or [place])[0]]
        if sign in OPENING and value[place + 1 :].lstrip().startswith(_SEALS):
            return value[: (opened or [place])[0]]
        if sign in OPENING:
            opened.append(place)
        elif sign in CLOSING:
            opened.pop()
    return value[: opened[0]] if opened else value


def _without_tail(value: str, vocabulary: Vocabulary) -> str:
    """Take off what stands behind a name, parted by blanks: a date or the places for one, 共40人, 第1页."""
    while found := _LAST_WORD.fullmatch(value):
        word = squeeze(found[2])
        if not (_DATE_PART.fullmatch(word) or _DATE.fullmatch(word) or _is_signed(word, vocabulary)):
            break
        value = found[1]
    return value


def _pairs(row: Sequence[str], vocabulary: Vocabulary) -> Iterator[tuple[str, str]]:
    """Yield label and value; a text that is neither as a value without label."""
    filled = [text for text in row if text]
    position = 0
    while position < len(filled):
        text = filled[position]
        following = filled[position + 1] if position + 1 < len(filled) else ""
        has_value = bool(following) and not _COLON.search(following) and not _is_signed(following, vocabulary)
        if _COLON.search(text):
            found = list(_labelled(text, vocabulary))
            if found and not found[-1][1] and has_value:
                found[-1] = (found[-1][0], following)
                position += 1
            yield from found
        elif _is_label(text, vocabulary) and has_value and not _is_label(following, vocabulary):
            yield text, following
            position += 1
        else:
            yield "", text
        position += 1


def _is_signed(text: str, vocabulary: Vocabulary) -> bool:
    """Tell whether a text is a place to sign or to sum up (负责人（签字）) beside a label, and not its value."""
    return _footers(vocabulary.footers).is_one(squeeze(text))


@cache
def _footers(words: tuple[str, ...]) -> Footers:
    return Footers(words, people=True)


def _is_label(text: str, vocabulary: Vocabulary) -> bool:
    return heading_of(text) in vocabulary.headings


def _labelled(text: str, vocabulary: Vocabulary) -> Iterator[tuple[str, str]]:
    """Split `甲：一 乙：二` into labels and values; a label glued to the value before it is cut off at a known word."""
    for line in text.splitlines():
        pieces = _COLON.split(line)
        labels = [_label_at_end(piece, vocabulary) for piece in pieces[:-1]]
        for position, label in enumerate(labels):
            value = pieces[position + 1]
            if position + 1 < len(labels):
                value = value[: len(value) - len(labels[position + 1])]
            yield label, value.strip()


def _label_at_end(piece: str, vocabulary: Vocabulary) -> str:
    found = _LABEL_TAIL.search(piece.rstrip())
    run = piece.rstrip()[found.start() :] if found else ""
    if heading_of(run) in vocabulary.headings:
        return piece[found.start() :] if found else ""
    for length in range(min(_LONGEST_LABEL, len(run)), 1, -1):
        if heading_of(run[-length:]) in vocabulary.headings:
            return run[-length:]
    return run if len(run) <= _LONGEST_LABEL else ""
