"""What was published, read back plainly: the tables of a workbook and of a page, every byte of text in either."""

from __future__ import annotations

import zipfile
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import openpyxl


class Page(HTMLParser):
    """A page's tables by their headings: rows of texts, the header first. `tags`: every start tag with attributes.

    `links`: address and words of each.
    """

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.tables: dict[str, list[list[str]]] = {}
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.links: list[tuple[str, str]] = []
        self._is_in_link = False
        self.links: list[tuple[str, str]] = []  # address and words of each
        self._open: list[str] = []
        self._heading, self._is_in_heading = "", False
        self.feed(path.read_text("utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag == "a":
            self.links.append((str(dict(attrs)["href"]), ""))
        if tag == "a":
            self.links.append((str(dict(attrs)["href"]), ""))
            self._is_in_link = True
        elif tag == "h2":
            self._heading, self._is_in_heading = "", True
        elif tag == "table":
            self._rows = self.tables.setdefault(self._heading, [])
        elif tag == "tr":
            self._rows.append([])
        elif tag in ("td", "th"):
            self._rows[-1].append("")
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag == "a":
            self._is_in_link = False
        elif tag == "h2":
            self._is_in_heading = False
        elif tag in ("td", "th"):
            self._open.pop()

    def handle_data(self, data: str) -> None:
        if self._is_in_link:
            self.links[-1] = (self.links[-1][0], self.links[-1][1] + data)
        elif self._is_in_heading:
            self._heading += data
        elif self._open:
            self._rows[-1][-1] += data


def sheet_rows(path: Path, name: str) -> list[list[Any]]:
    """A sheet's rows below its title, the header first; texts and numbers."""
    rows = [list(row) for row in openpyxl.load_workbook(path)[name].iter_rows(values_only=True)]
    start = next(place for place, row in enumerate(rows) if all(cell is not None for cell in row))
    return rows[start:] if start else [row for row in rows[1:] if any(cell is not None for cell in row)]


def every_text(path: Path) -> str:
    """A file's name and everything in it: a workbook's parts one after the other."""
    if path.suffix == ".xlsx":
        with zipfile.ZipFile(path) as package:
            return path.name + "".join(
                part + package.read(part).decode("utf-8", "replace") for part in package.namelist()
            )
    return path.name + path.read_text("utf-8")
