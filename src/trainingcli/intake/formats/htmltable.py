"""HTML tables named .xls, as web systems export them: read by the standard library's parser, nothing fetched or run."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

from trainingcli.intake.formats.delimited import encoding_of
from trainingcli.intake.formats.grid import Grid, Merge, OpenedBook
from trainingcli.intake.gate.bounds import Bounds
from trainingcli.intake.gate.refusal import Refused
from trainingcli.language import Text

_CHARSET = re.compile(rb"""charset\s*=\s*["']?([A-Za-z0-9_-]+)""", re.IGNORECASE)
_GB = ("gb2312", "gbk", "gb18030", "x-gbk", "cp936")
_SPAN = 1000
_MALFORMED = Text("网页内容不合规范，请另存为 .xlsx", "the page is malformed; save it as .xlsx")
_WHAT = Text(
    "是网页（HTML）表格，不是真正的 Excel 文件；已按表格读取，隐藏行和错误值无从得知",
    "it is an HTML table, not a real Excel file; read as a table, hidden rows and error cells cannot be known",
)


@dataclass
class _Table:
    rows: list[list[str]] = field(default_factory=list)
    merges: list[Merge] = field(default_factory=list)
    covered: set[tuple[int, int]] = field(default_factory=set)


class _Tables(HTMLParser):
    """Collects the tables of a page; a table within a cell is a table of its own."""

    def __init__(self, bounds: Bounds) -> None:
        super().__init__(convert_charrefs=True)
        self.tables: list[_Table] = []
        self._open: list[_Table] = []
        self._texts: list[list[str]] = []
        self._cells = 0
        self._bounds = bounds
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "table":
            table = _Table()
            self.tables.append(table)
            self._open.append(table)
            self._texts.append([])
        elif tag in ("script", "style"):
            self._silent += 1
        elif not self._open:
            return
        elif tag == "tr":
            self._finish()
            self._open[-1].rows.append([])
        elif tag in ("td", "th"):
            self._cell(dict(attrs))
        elif tag == "br" and self._texts[-1]:
            self._texts[-1].append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in ("script", "style"):
            self._silent = max(0, self._silent - 1)
        elif self._open and tag in ("td", "th", "tr"):
            self._finish()
        elif self._open and tag == "table":
            self._finish()
            self._open.pop()
            self._texts.pop()

    def handle_data(self, data: str) -> None:
        if self._open and not self._silent and self._texts[-1]:
            self._texts[-1].append(data)

    def _cell(self, attributes: dict[str, str | None]) -> None:
        self._finish()
        table = self._open[-1]
        if not table.rows:
            table.rows.append([])
        row, number = table.rows[-1], len(table.rows) - 1
        while (number, len(row)) in table.covered:
            row.append("")
        across, down = _span(attributes.get("colspan")), _span(attributes.get("rowspan"))
        self._cells += across * down
        if self._cells > self._bounds.html_cells:
            raise Refused(Text("表格过大", "its tables are too large"))
        left = len(row)
        if across > 1 or down > 1:
            table.merges.append(Merge(number, left, number + down - 1, left + across - 1))
            table.covered |= {(number + y, left + x) for y in range(down) for x in range(across) if x or y}
        row.append("")
        self._texts[-1].append("\x00")

    def _finish(self) -> None:
        texts = self._texts[-1]
        if texts:
            lines = [" ".join(line.split()) for line in "".join(texts[1:]).split("\n")]
            self._open[-1].rows[-1][-1] = "\n".join(line for line in lines if line)
            texts.clear()


def open_html(data: bytes, bounds: Bounds) -> OpenedBook:
    """Open every table of a page as a sheet."""
    if data.count(b"<") > 4 * data.count(b">") + 1000:
        raise Refused(_MALFORMED)  # the parser's time would grow with the square of such a page
    parser = _Tables(bounds)
    try:
        parser.feed(data.decode(_encoding(data), "strict"))
        parser.close()
    except (UnicodeDecodeError, AssertionError):
        raise Refused(_MALFORMED) from None
    tables = [table for table in parser.tables if any(map(any, table.rows))]
    if not tables:
        raise Refused(
            Text("是网页（HTML），里面没有表格；请另存为 .xlsx", "it is an HTML page without a table; save it as .xlsx")
        )
    book = OpenedBook("html", iter(()), warnings=[_WHAT])
    book.grids = (
        Grid(f"table{number}", iter(table.rows), [merge for merge in table.merges if merge.bottom < len(table.rows)])
        for number, table in enumerate(tables, 1)
    )
    return book


def _encoding(data: bytes) -> str:
    declared = _CHARSET.search(data[:4096])
    if declared and declared[1].decode("ascii", "replace").lower() in _GB:
        return "gb18030"
    return encoding_of(data)


def _span(text: str | None) -> int:
    return max(1, min(int(text), _SPAN)) if text and text.isascii() and text.isdigit() and len(text) < 9 else 1
