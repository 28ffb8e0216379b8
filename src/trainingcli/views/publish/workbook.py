"""A published document as a workbook: a first page with its facts and notes, then a sheet a table."""

from __future__ import annotations

from typing import IO, Any

import pyarrow as pa
import pyarrow.compute as pc

from trainingcli.language import Text, tr
from trainingcli.reports.workbooks.style import Book, Page, TableColumn, sheets_needed
from trainingcli.result import Column
from trainingcli.views.publish.document import Document, Issue, Section, imprint

KIND = "publication"
_STYLES = {"yuan": "money", "percent": "money", "count": "count", "date": "middle", "code": "middle"}
_LABEL, _VALUE = 22, 76
_LONGEST_NAME = 31


def write_workbook(document: Document, issue: Issue, target: IO[bytes]) -> None:
    """Write the workbook to an open binary file, stamped as this program's."""
    book = Book(str(document.title), issue.day.isoformat())
    _front(book.page(tr("说明", "About")), document, issue)
    taken: set[str] = set()
    for section in document.sections:
        parts = sheets_needed(section.table.num_rows)
        for number, rows in enumerate(parts, 1):
            name = f"{section.heading}{number if len(parts) > 1 else ''}"[:_LONGEST_NAME]
            assert name not in taken, "two tables of one name"
            taken.add(name)
            _sheet(book.page(name), section, rows, is_last=number == len(parts))
    book.save(target, KIND)


def _front(page: Page, document: Document, issue: Issue) -> None:
    page.widths((_LABEL, _VALUE))
    page.title(str(document.title), 2)
    rows = [*((label, str(value)) for label, value in (*document.facts, *imprint(issue)))]
    page.short_table((Text("项目", "Item"), Text("内容", "Says")), [[str(a), b] for a, b in rows], ("label", "wrap"))
    page.row += 1
    for text in (document.lead, *document.notes):
        page.paragraph(0, 1, str(text))
        page.row += 1
    page.sheet.print_area(0, 0, page.row, 1)


def _sheet(page: Page, section: Section, rows: range, *, is_last: bool) -> None:
    width = len(section.columns)
    page.title(str(section.heading), width)
    for note in section.notes:
        page.line(str(note), width, "note")
    table = section.table.slice(rows.start, len(rows))
    styles = [_style(column, table[column.key]) for column in section.columns]
    page.long_table(
        [
            TableColumn(column.heading, table[column.key], style, *((10, 40) if style == "wrap" else (6, 24)))
            for column, style in zip(section.columns, styles, strict=True)
        ]
    )
    if is_last and section.total is not None:
        page.cells(page.row, [section.total.get(column.key) for column in section.columns], styles, total=True)
        page.row += 1
    page.sheet.print_area(0, 0, page.row - 1, width - 1)


def _style(column: Column, values: Any) -> str:
    if pa.types.is_string(values.type):
        return "middle" if column.kind != "text" else "wrap" if _is_long(values) else "text"
    return _STYLES[column.kind]


def _is_long(values: Any) -> bool:
    return bool((pc.max(pc.utf8_length(values)).as_py() or 0) > 8)
