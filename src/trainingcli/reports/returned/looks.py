"""Styles of a workbook's cells, each worked out once: openpyxl hashes and compares a style anew for every cell."""

from __future__ import annotations

from collections.abc import Callable
from copy import copy
from typing import Any


class Looks:
    """What became of each look that a change of this workbook's cells met."""

    def __init__(self) -> None:
        self._changed: dict[tuple[str, bytes], Any] = {}

    def put(self, cell: Any, name: str, change: Callable[[Any], None]) -> None:
        """Change the look of a cell. `name` tells changes apart: one name, one outcome for cells that look alike."""
        key = name, cell._style.tobytes() if cell._style else b""
        if key not in self._changed:
            change(cell)
            self._changed[key] = cell._style
        cell._style = copy(self._changed[key])
