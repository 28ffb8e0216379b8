"""Occupations as they are compared (contract, 'Compared' and 'Levels'): one form of the name, a level behind it apart.

A number of a person in it is starred, since the ledger keeps none to compare with.

`中式烹调师（五级）` is 中式烹调师 at 初级工; a text in brackets that is no level belongs to the occupation.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

from trainingcli.bureau_words import OWN_WORDS, OwnWords
from trainingcli.masking import kept

_BEHIND = re.compile(r"(.+)\(([^()]+)\)")


def parted(text: str) -> tuple[str, str | None]:
    """Return the occupation as compared, and the level in the last bracket behind it; None where that is no level."""
    return _parted(text, OWN_WORDS.get())


def bare(text: str) -> str:
    """Return the occupation as compared, without the level behind it."""
    return parted(text)[0]


@lru_cache(maxsize=1 << 16)
def _parted(text: str, own: OwnWords) -> tuple[str, str | None]:
    name, level = kept(text), None
    if not name.endswith(")"):
        return name, None
    from trainingcli.intake.tables.values import level as level_of  # `explain CODE` and completion part nothing
    from trainingcli.vocabulary import known_terms, level_words

    words = level_words(own)
    while found := _BEHIND.fullmatch(name):
        word = level_of(found[2], words)
        if word not in known_terms("level"):
            break
        name, level = found[1], level or word
    return name, level


def occupation_of(text: str, aliases: Mapping[str, str]) -> str:
    """Return the occupation as compared, a register's alias (别名) replaced; `aliases` are in compared form."""
    name = bare(text)
    return aliases.get(name, name)
