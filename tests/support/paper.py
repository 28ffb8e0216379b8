"""How large a sheet's texts are on paper, from its page set-up and widths."""

from __future__ import annotations

from openpyxl.utils import range_boundaries
from openpyxl.worksheet.worksheet import Worksheet

POINTS_ACROSS = 784  # A4 landscape, less the margins


def printed_points(sheet: Worksheet) -> float:
    """The points that the smallest text has on paper: all columns that are printed, on the pages side by side."""
    area = str(sheet.print_area or sheet.dimensions).split("!")[-1].replace("$", "")
    first, _, last, bottom = range_boundaries(area.split(",")[0])
    across = sum(_width(sheet, at) * 5.25 for at in range(first or 1, (last or 1) + 1))
    room = POINTS_ACROSS if sheet.page_setup.orientation == "landscape" else POINTS_ACROSS * 210 / 297
    cells = [cell for row in sheet[area.split(",")[0]] for cell in row if cell.value is not None]
    smallest = min((cell.font.sz or 10 for cell in cells), default=10)
    scale = min(1, room * int(sheet.page_setup.fitToWidth or 1) / across)
    if sheet.page_setup.fitToHeight in (None, 1):  # one page: its rows have to go into it, too
        height = POINTS_ACROSS if sheet.page_setup.orientation == "portrait" else POINTS_ACROSS * 210 / 297
        scale = min(scale, height / sum(sheet.row_dimensions[at].height or 15 for at in range(1, (bottom or 1) + 1)))
    return smallest * scale


def _width(sheet: Worksheet, column: int) -> float:
    """A column's width in digits, its edges in it; 0 where it is hidden. One entry may stand for several columns."""
    for each in sheet.column_dimensions.values():
        if (each.min or 0) <= column <= (each.max or 0):
            return 0 if each.hidden else each.width
    return 9.14
