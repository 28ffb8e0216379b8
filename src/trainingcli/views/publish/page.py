"""A published document as a static page: readable on a phone and on A4, no script, nothing from elsewhere.

Where a list is long, its rows are on pages behind (`page_parts`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, NamedTuple

import pyarrow as pa
from markupsafe import Markup, escape

from trainingcli.language import Text, current
from trainingcli.result import FIGURES, Column
from trainingcli.stamp import write_stamped_page
from trainingcli.views.publish.document import Document, Issue, Section, imprint, shown
from trainingcli.views.publish.page_parts import PagePart, address, links, parts_of, starts_of
from trainingcli.views.words import UNSTATED

if TYPE_CHECKING:
    from jinja2 import Template

KIND = "publication"
TEMPLATE = Path(__file__).with_name("page.html.j2")
_TAGS = {"zh": "zh-CN", "en": "en"}
_HAN = re.compile("[\u3400-\u9fff\U00020000-\U0003ffff]")
_PIECE = 500


class Workbook(NamedTuple):
    """The workbook beside the page: its name, and the SHA-256 of its bytes in hex."""

    name: str
    sha256: str


def write_page(document: Document, issue: Issue, workbook: Workbook, stem: str, number: int, target: IO[bytes]) -> None:
    """Write one page to an open binary file as UTF-8, stamped as this program's.

    `number`: 1 for the first, of `1 + len(parts_of(document))`; `stem`: what the files' names begin with.
    """
    parts = parts_of(document)
    own = _front(document, issue, stem, parts) if number == 1 else _behind(document, issue, stem, parts[number - 2])
    other = "en" if current() == "zh" else "zh"
    last = 1 + len(parts)
    place = Text(f"第 {number} 页，共 {last} 页", f"page {number} of {last}") if parts else None
    pieces = _template().generate(
        lang=_TAGS[current()],
        other_lang=_TAGS[other],
        title=str(document.title),
        other_title=_said_in(document.title, other),
        place=None if place is None else str(place),
        links=[(href, str(words)) for href, words in links(stem, number, last)],
        workbook=workbook,
        words={key: str(text) for key, text in _WORDS.items()},
        **own,
    )
    write_stamped_page((piece.encode() for piece in pieces), target, KIND)


def _front(document: Document, issue: Issue, stem: str, parts: Sequence[PagePart]) -> dict[str, Any]:
    """Return what the first page says: all but the rows of a long list."""
    other = "en" if current() == "zh" else "zh"
    return {
        "lead": str(document.lead),
        "other_lead": _said_in(document.lead, other),
        "facts": _facts([*document.facts, *imprint(issue)]),
        "notes": [str(note) for note in document.notes],
        "sections": [
            _section(
                section, place + 1, entries=_index(section, stem, [part for part in parts if part.section == place])
            )
            for place, section in enumerate(document.sections)
        ],
    }


def _behind(document: Document, issue: Issue, stem: str, part: PagePart) -> dict[str, Any]:
    """Return what a page behind says: some rows of one list."""
    section = document.sections[part.section]
    at_end = part.rows.stop == section.table.num_rows
    some = replace(
        section, table=section.table.slice(part.rows.start, len(part.rows)), total=section.total if at_end else None
    )
    anchors = {start.row - part.rows.start: start.row + 1 for start in starts_of(section) if start.row in part.rows}
    shown = _section(some, part.section + 1, anchors=anchors)
    return {"lead": "", "other_lead": "", "facts": _facts(imprint(issue)[:2]), "notes": [], "sections": [shown]}


def _facts(facts: Sequence[tuple[Text, Text | str]]) -> list[tuple[str, str, str]]:
    return [(str(label), str(value), _lang(str(value))) for label, value in facts]


def _index(section: Section, stem: str, parts: Sequence[PagePart]) -> list[tuple[str, str, str, str]]:
    """Return where each group of a long list begins: address, name and its language, how many rows on which page."""
    found = []
    for start in starts_of(section) if parts else ():
        page = next(part.page for part in parts if start.row in part.rows)
        name = str(UNSTATED) if start.name is None else start.name
        where = Text(f"{start.count:,} 笔，第 {page} 页", f"{start.count:,} lines, page {page}")
        found.append((address(stem, page, start.row), name, _lang(name), str(where)))
    return found


_WORDS = {
    "facts": Text("基本情况", "About"),
    "none": Text("没有内容。", "Nothing to list."),
    "notes": Text("说明", "Notes"),
    "file": Text("工作簿", "Workbook"),
    "check": Text("核对方法", "How to check"),
    "checked": Text("下载工作簿后计算 SHA-256，应与上列一致。", "The SHA-256 of the workbook must be the one above."),
    "pages": Text("翻页", "Pages"),
    "found": Text(
        "名单较长，分页列出；从下列各单位进入。",
        "The list is long and stands on pages of its own: enter by institution.",
    ),
}


def _said_in(text: Text, language: str) -> str:
    return text.en if language == "en" else text.zh


@cache
def _template() -> Template:
    """Every value is escaped; one that is not given is an error, never a blank."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    found = Environment(
        loader=FileSystemLoader(TEMPLATE.parent), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True,
    )  # fmt: skip
    return found.get_template(TEMPLATE.name)


def _section(
    section: Section,
    number: int,
    *,
    entries: Sequence[tuple[str, str, str, str]] = (),
    anchors: Mapping[int, int] | None = None,
) -> dict[str, Any]:
    """Return what the template asks of a table; its rows are made as they are written.

    `entries`: where its rows are, in place of them; `anchors`: row of the table → the number by which it is found.
    """
    heads = [(str(column.heading), column.kind in FIGURES) for column in section.columns]
    total = None if section.total is None else next(_rows(section, pa.RecordBatch.from_pylist([{**section.total}])))
    return {
        "id": f"table-{number}",
        "heading": str(section.heading),
        "notes": [str(note) for note in section.notes],
        "heads": heads,
        "count": section.table.num_rows,
        "rows": (row for batch in section.table.to_batches(max_chunksize=_PIECE) for row in _rows(section, batch)),
        "total": total,
        "entries": entries,
        "anchors": anchors or {},
    }


def _rows(section: Section, batch: pa.RecordBatch) -> Iterator[Markup]:
    """Yield the cells of each row; the first text of a row names it. Millions of cells: made column by column."""
    head = next((column.key for column in section.columns if column.kind not in FIGURES), None)
    there = batch.schema.names
    drawn = [
        _cells(
            column, batch[column.key].to_pylist() if column.key in there else [None] * len(batch), column.key == head
        )
        for column in section.columns
    ]
    yield from map(Markup("").join, zip(*drawn, strict=True))


def _cells(column: Column, values: list[Any], is_head: bool) -> list[Markup]:
    """Return the cells of a column; every text is escaped."""
    form = "figure" if column.kind in FIGURES else "whole" if column.kind in ("code", "date") else ""
    tag, role = ("th", Markup('"rowheader" scope="row"')) if is_head else ("td", Markup('"cell"'))
    opening = Markup("<{} role={}").format(tag, role) + Markup(' data-label="{}"').format(column.heading)
    kind = Markup(' class="{}">').format(form) if form else Markup(">")
    start, end = opening + kind, Markup("</{}>").format(tag)
    foreign = opening + Markup(' lang="{}"').format(_TAGS["zh"]) + kind
    empty = opening + Markup(' class="{}">').format(f"{form} empty".strip()) + end
    texts = (shown(value, column) for value in values)
    return [(foreign if _lang(text) else start) + escape(text) + end if text else empty for text in texts]


def _lang(text: str) -> str:
    """The language of a text where it is not the page's: names are Chinese, whatever the page is in."""
    return _TAGS["zh"] if current() != "zh" and _HAN.search(text) else ""
