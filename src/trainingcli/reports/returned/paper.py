"""How a returned sheet prints: A4 landscape, whole columns, as many pages across as 8 points ask for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

_ROOM = 760.0  # points across A4 landscape within the margins, .3 inch
_DIGIT = 5.25  # points of a digit of a column's width
_SMALLEST, _USUAL = 8, 10  # points: the smallest print; what most rosters are written in
_MOST_NAMES = 0.25  # of a sheet's width that may be printed again on each page


@dataclass(frozen=True)
class Paper:
    """How many pages across; how many first columns stand on each of them. `margin`: left and right, in inches."""

    across: int
    repeated: int
    margin: str = "0.3"


def paper_for(width: float, points: float = _USUAL, names: Sequence[float] = ()) -> Paper:
    """Return the paper of a sheet. `width`: all its columns, in digits; what one page would print too small has more.

    `points`: its smallest text; what is smaller than is printed here stays as it is. `names`: the widths of the first
    columns up to the one that says whose row it is, which stand on each page then.
    """
    across = width * _DIGIT * min(1, _SMALLEST / points)
    pages, repeated = max(1, -int(-across // _ROOM)), 0
    if pages > 1 and 0 < sum(names) <= _MOST_NAMES * width:
        repeated = len(names)
        again = sum(names) * _DIGIT * min(1, _SMALLEST / points)
        pages = max(pages, -int(-(across - again) // (_ROOM - again)))
    return Paper(pages, repeated)
