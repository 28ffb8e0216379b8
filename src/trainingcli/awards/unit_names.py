"""A base's or studio's name as it is compared: however it is spelled, one unit has one name (contract-2, section 3)."""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from trainingcli.awards.kinds import BASE, STUDIO, names_of
from trainingcli.compared import DOTS, folded_name

_BRACKETED = re.compile(r"\([^()]*\)")
_BRACKET_AT_END = re.compile(r"(.*)(\([^()]*\))", re.DOTALL)
_ENDINGS = ("市级", "省级", "国家级")
_BEGINNINGS = ("山西省", "太原市")
# What a name has to end in to tell its kind: 工作室 or 基地 alone may be anybody's.
_TELLING = {
    STUDIO: ("技能大师工作室", "大师工作室"),
    BASE: ("高技能人才实训基地", "高级技能人才实训基地", "实训基地"),
}


def kind_by_name(text: str) -> str | None:
    """Return the kind that the end of a unit's name tells, brackets with what stands in them off; None: no kind."""
    plain = _BRACKETED.sub("", folded_name(text))
    return next((kind for kind, endings in _TELLING.items() if plain.endswith(endings)), None)


@cache
def unit_name(text: str, kind: str) -> str:
    """Return a unit's name as compared.

    The longest name of its kind off the end, or off what stands before a bracket at the end; bracket marks and dots
    off; then the grade off the end, province and city off the beginning; never so that nothing is left.
    """
    plain = folded_name(text)
    found = _BRACKET_AT_END.fullmatch(plain)
    before, bracket = found.groups() if found else (plain, "")
    ending = next((name for name in names_of(kind) if before.endswith(name)), "")
    name = _bare(before.removesuffix(ending) + bracket) or _bare(plain) or plain
    while (shorter := _without_place(name)) != name:
        name = shorter
    return name


def _bare(text: str) -> str:
    """Return the text without bracket marks and dots."""
    return "".join(sign for sign in DOTS.sub("", text) if unicodedata.category(sign) not in ("Ps", "Pe"))


def _without_place(name: str) -> str:
    for ending in _ENDINGS:
        if name.endswith(ending) and name != ending:
            return name.removesuffix(ending)
    for beginning in _BEGINNINGS:
        if name.startswith(beginning) and name != beginning:
            return name.removeprefix(beginning)
    return name
