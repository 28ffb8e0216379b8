"""Which field a column that was not read may be (contract, `COLUMN_NOT_READ`), worked out in plain words."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from datetime import date

from . import words
from .headings import HEADINGS

#: The fields that a programme may need, and hardship, with the kind of value by which an unread column may be one.
DATE = "date"
KIND_OF = {
    "start_date": DATE, "end_date": DATE, "certificate_date": DATE, "category": "category", "hardship": "",
    "training_type": "training_type", "occupation": "", "level": "level", "certificate_type": "certificate_type",
    "certificate_no": "",
}  # fmt: skip
NEVER = ("出生日期", "出生年月", "毕业时间", "入职时间", "参保时间")
#: What rosters write above a column of a field that is no heading of the contract's.
STRANGE = {
    "category": ("人员类", "学员的类别", "属何群体"),
    "hardship": ("困难家庭类型", "家庭困难类别"),
    "training_type": ("培训的类型", "训类"),
    "occupation": ("培训的工种", "所学职业工种", "学什么"),
    "level": ("技能的等级", "评定"),
    "start_date": ("开班的日期", "何日开始", "入职时间"),
    "end_date": ("结业的日期", "何日结束"),
    "certificate_type": ("证书的类型", "何证"),
    "certificate_no": ("证书的编号", "证件编码"),
    "certificate_date": ("发证的日期", "何日拿到", "出生日期"),
}


def matched(heading: str) -> str:
    """A heading as it is matched: NFKC, blanks, what brackets hold and marks off."""
    return re.sub(r"\([^()]*\)|[\s*]", "", unicodedata.normalize("NFKC", heading))


def ratio(one: str, other: str) -> float:
    """rapidfuzz `ratio`: twice the longest common subsequence by both lengths, in percent."""
    row = [0] * (len(other) + 1)
    for sign in one:
        before = 0
        for at, met in enumerate(other, 1):
            before, row[at] = row[at], before + 1 if sign == met else max(row[at], row[at - 1])
    return 200 * row[-1] / (len(one) + len(other))


def headings_of(field: str) -> list[str]:
    """The contract's headings of a field; one for both dates is each date's."""
    texts = HEADINGS[field] + (f" {HEADINGS['span']}" if field in ("start_date", "end_date") else "")
    return [matched(text) for text in texts.split()]


def may_be(heading: str, values: Sequence[object], absent: Sequence[str]) -> set[str]:
    """Which of the fields that a sheet has no column for an unread column of these values may be."""
    plain = matched(heading)
    if plain in NEVER:
        return set()
    # CHOICE: a formula without a value shows nothing, so it fills no cell (else: it is a filled one of no valid value).
    shown = [value for value in values if value is not None and words.read_text(value) is not None]
    filled = [value for value in shown if value is not words.Mark.NO_VALUE]
    kinds = {kind for kind in KIND_OF.values() if kind and filled and _share(filled, kind) >= 0.8}
    return {
        field
        for field in absent
        if KIND_OF[field] in kinds or any(ratio(plain, known) >= 60 for known in headings_of(field))
    }


def _share(filled: Sequence[object], kind: str) -> float:
    return sum(_is_valid(value, kind) for value in filled) / len(filled)


def _is_valid(value: object, kind: str) -> bool:
    if kind == DATE:
        return isinstance(value, date)
    if kind == "category":
        return isinstance(words.read_categories(value), frozenset)
    if kind == "training_type":
        types = words.read_training_types(value)
        return isinstance(types, tuple) and set(types) <= set(words.TRAINING_TYPES)
    read = words.read_level(value) if kind == "level" else words.read_certificate_type(value)
    return isinstance(read, str)
