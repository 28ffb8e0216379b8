"""What a bureau adds to the words of rosters by `--words` (另加的用语), and what of it the command that runs has."""

from __future__ import annotations

from contextvars import ContextVar
from typing import NamedTuple


class OwnWords(NamedTuple):
    """(heading, key), and (field, word, term). Small, hashable, picklable."""

    headings: tuple[tuple[str, str], ...] = ()
    values: tuple[tuple[str, str, str], ...] = ()


NO_WORDS = OwnWords()
OWN_WORDS: ContextVar[OwnWords] = ContextVar("own_words", default=NO_WORDS)
"""The words that the command that runs was given; a cluster's tasks are given them too."""
