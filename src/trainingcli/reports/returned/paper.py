"""How a returned sheet prints: A4 landscape, whole columns, as many pages across as 8 points ask for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties

_ROOM = 760.0  # points across A4 landscape within the margins that openpyxl writes, .25 inch and a little more
_DIGIT = 5.25  # points of a digit of a column's width
_SMALLEST, _USUAL = 8, 10  # points: the smallest print; what most rosters are written in
_MARGIN = 0.3  # inches
_MOST_NAMES = 0.25  # of a sheet's width that may be printed again on each page


def print_on_a4(sheet: Any, width: float, points: float = _USUAL, names: Sequence[float] = ()) -> None:
    """Set a sheet up. `width`: all its columns, in digits; where one page would print them too small, more across.

    `points`: its smallest text; what is smaller than is printed here stays as it is. `names`: the widths of the first
    columns up to the one that says whose row it is, which stand on each page then.
    """
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", 9
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.page_margins.left = sheet.page_margins.right = _MARGIN
    across = width * _DIGIT * min(1, _SMALLEST / points)
    pages = max(1, -int(-across // _ROOM))
    if pages > 1 and 0 < sum(names) <= _MOST_NAMES * width:
        sheet.print_title_cols = f"A:{get_column_letter(len(names))}"
        again = sum(names) * _DIGIT * min(1, _SMALLEST / points)
        pages = max(pages, -int(-(across - again) // (_ROOM - again)))
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = pages, 0
