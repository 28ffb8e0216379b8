"""Title lines above the header (填报单位：…) that fill columns which are not there."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from trainingcli.intake.formats.cell_values import is_blank
from trainingcli.vocabulary import Vocabulary, heading_of

_COLON = re.compile(r"\s*(?:(?<![0-9])[：:]|[：:](?![0-9]))\s*")  # not that of 08:30
_LABEL_TAIL = re.compile(r"[^\s：:,，;；。|]+(?:[(（][^)）：:]*[)）])?$")
_SEAL = re.compile(r"[(（]\s*(?:盖章|公章|签章|印章|加盖公章|单位盖章)\s*[)）]")
_SEALS = ("盖章", "公章", "签字", "签章", "印章", "加盖")
_RULES = re.compile(r"[_＿]+")
_LONGEST_LABEL = 12
_REPORTING = ("填报", "申报")


def title_lines(rows: Sequence[Sequence[str]], vocabulary: Vocabulary) -> dict[str, str]:
    """Return roster key → text from the rows above the header; several in one cell, or label and value side by side.

    培训机构 wins over 填报单位, wherever it stands: who fills in the form need not be who trained.
    """
    found: dict[str, str] = {}
    weak: set[str] = set()
    for label, value in _pairs(rows, vocabulary):
        key = vocabulary.headings.get(heading_of(label))
        if key is None or key not in vocabulary.title_keys:
            continue
        text = _RULES.sub(" ", _up_to_its_end(_SEAL.sub("", value))).strip()
        reporting = label.startswith(_REPORTING)
        if is_blank(text) or (key in found and (reporting or key not in weak)):
            continue
        found[key] = text
        (weak.add if reporting else weak.discard)(key)
    return found


def _up_to_its_end(value: str) -> str:
    """Cut a value at a comma, or at a bracket that does not belong to it: for a seal, or without its other half."""
    opened: list[int] = []
    for place, sign in enumerate(value):
        if sign in "，,":
            value = value[:place]
            break
        if sign in "(（" and value[place + 1 :].lstrip().startswith(_SEALS):
            value = value[:place]
            break
        if sign in "(（":
            opened.append(place)
        elif sign in ")）" and not opened:
            value = value[:place]
            break
        elif sign in ")）":
            opened.pop()
    unclosed = [place for place in opened if place < len(value) and not _closed(value, place)]
    return value[: unclosed[0]] if unclosed else value


def _closed(value: str, place: int) -> bool:
    depth = 0
    for sign in value[place:]:
        depth += (sign in "(（") - (sign in ")）")
        if depth == 0:
            return True
    return False


def _pairs(rows: Sequence[Sequence[str]], vocabulary: Vocabulary) -> Iterator[tuple[str, str]]:
    for row in rows:
        filled = [text for text in row if text]
        for position, text in enumerate(filled):
            following = filled[position + 1] if position + 1 < len(filled) else ""
            if _COLON.search(text):
                for label, value in _labelled(text, vocabulary):
                    beside = not value and following and not _COLON.search(following)
                    yield label, following if beside else value
            elif _is_label(text, vocabulary) and not (_COLON.search(following) or _is_label(following, vocabulary)):
                yield text, following


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
