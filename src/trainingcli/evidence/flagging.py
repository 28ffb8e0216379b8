"""What a flag (疑点) is: something for the bureau to look into. It touches no money and is no reason of a line."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain
from typing import TYPE_CHECKING, Any

from trainingcli.evidence.raised_flags import Raised
from trainingcli.flag_words import all_flag_words

if TYPE_CHECKING:
    from trainingcli.evidence.seen_rows import SeenRows


class Flag:
    """A flag: one file of the folder `flags`, with an instance of its class as `FLAG`.

    A batch may be looked at in parts, each with all rows of its people: `facts` of each part, then `raised` of all. A
    flag about single people alone leaves `raised` as it is: its facts are what it raises.
    """

    code: str

    def facts(self, seen: SeenRows) -> Any:
        """Return what these rows contribute."""
        raise NotImplementedError

    def raised(self, parts: Sequence[Any]) -> Iterator[Raised]:
        """Yield the flags of the whole batch."""
        yield from chain.from_iterable(parts)


def document_of(flag: Flag, raised: Raised) -> dict[str, Any]:
    """Return a flag as it is kept: with its clause, its first side's institution and class, and its cells."""
    words = all_flag_words()[flag.code]
    places = sorted(raised.places, key=lambda place: place.order)
    return {
        "code": flag.code,
        "clause": words.clause,
        "institution": places[0].institution,
        "class_no": places[0].class_no,
        "message": words.message.format(detail=raised.detail),
        "cells": [{"file": place.file, "sheet": place.sheet, "cell": place.cell} for place in places],
    }
