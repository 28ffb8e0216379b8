"""What a cell's look says of its value (`Mark`): the unit of a number, a date without its day; for all tables."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from trainingcli.intake.formats.cell_kinds import Kind, Mark


def unit_factors(kinds: npt.NDArray[np.uint8], heading: Any) -> npt.NDArray[np.int64]:
    """Return fen for one unit of each cell: by its number format where that names one, else by its heading.

    0 where the format names a unit that is neither 元 nor 万元: what such a cell claims is not known.
    """
    said, number = kinds & Mark.FORMAT, (kinds & 0x0F) == Kind.NUMBER
    if not said.any():
        return np.broadcast_to(np.asarray(heading, dtype=np.int64), kinds.shape)
    wan, yuan = number & (said == Mark.UNIT_WAN), number & (said == Mark.UNIT_YUAN)
    named = np.where(wan, 1_000_000, np.where(yuan, 100, heading))
    return np.where(number & (said == Mark.UNIT_OTHER), 0, named).astype(np.int64)


def shows_no_day(kinds: Any) -> Any:
    """Say whether cells (or one cell) are dates, serials too, whose format shows no day."""
    kind = kinds & 0x0F
    return ((kind == Kind.DATE) | (kind == Kind.NUMBER)) & ((kinds & Mark.FORMAT) == Mark.NO_DAY)
