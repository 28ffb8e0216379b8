"""A long list on pages of its own: the first says where each group's rows begin, each leads to its neighbours.

A phone opens no page of millions of cells. What has a list of up to `ROWS` rows stays one page.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING
from urllib.parse import quote

import pyarrow.compute as pc

from trainingcli.language import Text

if TYPE_CHECKING:
    from trainingcli.views.publish.document import Document, Section

ROWS = 1_000


@dataclass(frozen=True)
class Start:
    """Where a group's rows begin: its name (None: it has none), the row's place in the list, how many rows it has."""

    name: str | None
    row: int
    count: int


@dataclass(frozen=True)
class PagePart:
    """Some rows of a section (its place in the document) on a page of their own; the front is page 1."""

    section: int
    page: int
    rows: range


def parts_of(document: Document) -> list[PagePart]:
    """Return the pages behind the first one; none where no list is long."""
    found: list[PagePart] = []
    for place, section in enumerate(document.sections):
        count = section.table.num_rows
        for first in range(0, count, ROWS) if section.by is not None and count > ROWS else ():
            found.append(PagePart(place, len(found) + 2, range(first, min(first + ROWS, count))))
    return found


def starts_of(section: Section) -> list[Start]:
    """Return where each group begins: a run of rows of one value in the column that the rows are ordered by."""
    names = section.table[str(section.by)].combine_chunks()
    runs = pc.run_end_encode(names)
    ends = [0, *runs.run_ends.to_pylist()]
    return [
        Start(name, first, end - first)
        for name, (first, end) in zip(runs.values.to_pylist(), pairwise(ends), strict=True)
    ]


def file_name(stem: str, page: int) -> str:
    """Return a page's file: the document's own name is that of the first."""
    return f"{stem}.html" if page == 1 else f"{stem}-{page}.html"


def links(stem: str, page: int, last: int) -> Sequence[tuple[str, Text]]:
    """Return where a page leads: address and words."""
    if last == 1:
        return ()
    found = [] if page == 1 else [(1, Text("首页", "First page"))]
    found += [(page - 1, Text("上一页", "Previous page"))] if page > 2 else []
    found += [(page + 1, Text("下一页", "Next page"))] if page < last else []
    return [(address(stem, number), words) for number, words in found]


def address(stem: str, page: int, row: int | None = None) -> str:
    """Return the address of a page beside this one, or of a row of it."""
    return quote(file_name(stem, page)) + ("" if row is None else f"#row-{row + 1}")
