"""A document to be published: its title, facts, tables; the workbook and the page are two forms of the same one.

Nothing is in a document that the public may not see: every text that came from a file goes through `public` (numbers
of people masked, signs that nobody sees taken off) before it is put into a table, and the forms add nothing of it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from trainingcli.facts import Head
from trainingcli.language import Text
from trainingcli.masking import clean_terminal, mask_numbers
from trainingcli.money import grouped_yuan, yuan_text
from trainingcli.result import FIGURES, Column


@dataclass(frozen=True)
class Office:
    """Who publishes, and where an objection goes; each may be unknown."""

    name: str | None = None
    phone: str | None = None
    address: str | None = None


@dataclass(frozen=True)
class Issue:
    """One publication: its number among all that this ledger has, its day, and the head of what it was made from."""

    number: int
    day: dt.date
    head: Head
    office: Office = Office()


@dataclass(frozen=True)
class Section:
    """One table under a heading. `table`: a column a column; yuan are whole fen, percent are hundredths of one.

    A figure's column may be of texts: figures already shown, such as `<5`. `total`: key → what stands below it.
    `by`: the column that the rows are ordered by; a long list is found by it, and its page is parted.
    """

    heading: Text
    columns: tuple[Column, ...]
    table: pa.Table
    total: Mapping[str, Any] | None = None
    notes: tuple[Text, ...] = ()
    by: str | None = None


@dataclass(frozen=True)
class Document:
    """The whole document. `facts`: label and value each; `lead`: one paragraph; `notes`: what a reader must know.

    `said`: what the one who publishes must know, and the public need not; `counts`: keys for the command's document.
    """

    kind: str
    name: str
    title: Text
    lead: Text
    facts: Sequence[tuple[Text, Text | str]]
    sections: Sequence[Section]
    notes: Sequence[Text] = ()
    said: Sequence[Text] = ()
    counts: Mapping[str, Any] | None = None


def imprint(issue: Issue) -> list[tuple[Text, Text | str]]:
    """Return what every publication says of itself: number, day, who, where, the ledger's head."""
    office, head = issue.office, issue.head
    named = [
        (Text("发布单位", "Published by"), office.name),
        (Text("联系电话", "Phone"), office.phone),
        (Text("地址", "Address"), office.address),
    ]
    entries = Text(f"{head.entries} 条，末条 {head.hash}", f"{head.entries} entries, head {head.hash}")
    return [
        (Text("编号", "Number"), Text(f"第 {issue.number} 号", f"No. {issue.number}")),
        (Text("日期", "Date"), day_text(issue.day)),
        *((label, text) for label, text in named if text is not None),
        (Text("台账", "Ledger"), entries),
    ]


def day_text(day: dt.date) -> Text:
    """Return a day as documents write it."""
    return Text(f"{day.year}年{day.month}月{day.day}日", day.isoformat())


def public(text: str) -> str:
    """Return a text that came from a file as it may be published: no number of a person, no sign that is not seen."""
    return mask_numbers(clean_terminal(text))


def public_column(values: Any, show: Callable[[str], str] = public) -> Any:
    """Return a column of texts as it may be published; `show` is asked once for each distinct text."""
    whole = values.combine_chunks() if isinstance(values, pa.ChunkedArray) else values
    coded = whole.cast(pa.string()).dictionary_encode()
    return pa.array([show(text) for text in coded.dictionary.to_pylist()], pa.string()).take(coded.indices)


def table_of(columns: Sequence[Column], rows: Sequence[Mapping[str, Any]]) -> pa.Table:
    """Return rows of plain values as a section's table; texts as they may be published."""
    data = {}
    for column in columns:
        values = [row.get(column.key) for row in rows]
        is_figure = column.kind in FIGURES and not any(isinstance(value, str) for value in values)
        texts = [None if value is None else public(shown(value, column)) for value in values]
        data[column.key] = pa.array(values, pa.int64()) if is_figure else pa.array(texts, pa.string())
    return pa.table(data)


def shown(value: object, column: Column) -> str:
    """Return a cell as the page shows it; nothing for nothing."""
    if value is None:
        return ""
    if isinstance(value, int):
        forms: dict[str, Callable[[int], str]] = {"yuan": grouped_yuan, "percent": yuan_text, "count": "{:,}".format}
        return forms.get(column.kind, str)(value)
    return str(value)
