"""How the sample workbooks are drawn (版式): titles, borders, merges; the same bytes each time."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

BOX = Border(*(Side("thin", "808080"),) * 4)
CENTRE = Alignment("center", "center", wrap_text=True)
LEFT = Alignment("left", "center")
TITLE = Font("宋体", 16, bold=True)
HEAD = Font("宋体", 10, bold=True)
BODY = Font("宋体", 10)
SHADE = PatternFill("solid", "DDEBF7")


@dataclass(frozen=True)
class Column:
    """One column of a roster: the key of its values, its heading (`upper` over `lower` where two rows), its width."""

    key: str
    heading: str
    width: float = 10
    upper: str | None = None
    format: str = "General"


@dataclass
class Drawing:
    """A sheet being drawn from top to bottom; `row` is the next free row."""

    sheet: Worksheet
    columns: Sequence[Column]
    row: int = 1
    drawn: list[int] = field(default_factory=list)

    def title(self, text: str, font: Font = TITLE, height: float = 28) -> None:
        """Draw one title line, merged over the whole width."""
        self._across(text, 1, len(self.columns), font, CENTRE)
        self.sheet.row_dimensions[self.row].height = height
        self.row += 1

    def line(self, *texts: tuple[int, int, str]) -> None:
        """Draw a line of texts, each merged from its first to its last column (`填报单位：…`, footers)."""
        for first, last, text in texts:
            self._across(text, first, last, BODY, LEFT)
        self.row += 1

    def header(self, bands: bool = False) -> None:
        """Draw the header: one row, or two merged ones where columns have an upper heading."""
        height = 2 if any(column.upper for column in self.columns) else 1
        for place, column in enumerate(self.columns, start=1):
            self._cell(place, self.row, column.upper or column.heading, HEAD, SHADE)
            if height == 2:
                self._cell(place, self.row + 1, column.heading if column.upper else None, HEAD, SHADE)
                if not column.upper:
                    self.sheet.merge_cells(None, self.row, place, self.row + 1, place)
        for first, last in self._bands() if height == 2 else ():
            self.sheet.merge_cells(None, self.row, first, self.row, last)
        self.sheet.row_dimensions[self.row].height = 30
        self.row += height

    def record(self, values: Mapping[str, Any]) -> int:
        """Draw one data row and return its number."""
        for place, column in enumerate(self.columns, start=1):
            cell = self._cell(place, self.row, values.get(column.key), BODY)
            if column.format != "General" and not (column.format == "@" and isinstance(cell.value, int)):
                cell.number_format = column.format
        self.drawn.append(self.row)
        self.row += 1
        return self.row - 1

    def merge_down(self, key: str, first: int, last: int) -> None:
        """Merge a column's cells from row to row; the first one's value stays."""
        place = next(place for place, column in enumerate(self.columns, start=1) if column.key == key)
        self.sheet.merge_cells(None, first, place, last, place)

    def finish(self, freeze: bool = True) -> None:
        """Set widths, paper and panes."""
        for place, column in enumerate(self.columns, start=1):
            self.sheet.column_dimensions[get_column_letter(place)].width = column.width
        self.sheet.page_setup.orientation = "landscape"
        self.sheet.page_setup.paperSize = 9
        self.sheet.page_setup.fitToHeight = 0
        self.sheet.sheet_properties.pageSetUpPr.fitToPage = True
        if freeze and self.drawn:
            self.sheet.freeze_panes = self.sheet.cell(self.drawn[0], 3)

    def _bands(self) -> list[tuple[int, int]]:
        bands: list[tuple[int, int]] = []
        for place, column in enumerate(self.columns, start=1):
            if column.upper and bands and self.columns[bands[-1][0] - 1].upper == column.upper:
                bands[-1] = (bands[-1][0], place)
            elif column.upper:
                bands.append((place, place))
        return [band for band in bands if band[0] < band[1]]

    def _across(self, text: str, first: int, last: int, font: Font, alignment: Alignment) -> None:
        cell = self.sheet.cell(self.row, first, text)
        cell.font, cell.alignment = font, alignment
        if last > first:
            self.sheet.merge_cells(None, self.row, first, self.row, last)

    def _cell(self, place: int, row: int, value: Any, font: Font, fill: PatternFill | None = None) -> Cell:
        cell = self.sheet.cell(row, place, value)
        cell.font, cell.alignment, cell.border = font, CENTRE, BOX
        if fill:
            cell.fill = fill
        return cell


def save(book: Workbook, path: Path) -> None:
    """Write a workbook so that the same cells give the same bytes: no time of writing, in parts or in the zip."""
    raw = BytesIO()
    book.save(raw)
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(raw) as parts, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as out:
        for name in sorted(parts.namelist(), key=lambda name: (name != "[Content_Types].xml", name)):
            content = parts.read(name)
            if name == "docProps/core.xml":
                content = re.sub(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", b"2020-01-01T00:00:00Z", content)
            info = zipfile.ZipInfo(name, (2020, 1, 1, 0, 0, 0))
            info.compress_type, info.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
            out.writestr(info, content)
