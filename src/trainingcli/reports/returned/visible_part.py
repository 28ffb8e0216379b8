"""What of an institution's package is given to openpyxl: visible sheets alone, and nothing that would run away."""

from __future__ import annotations

import io
import re
from zipfile import ZIP_STORED, BadZipFile, ZipFile

_WORKBOOK = "xl/workbook.xml"
_HIDDEN_SHEET = re.compile(rb'<sheet\b[^>]*\bstate="(?:hidden|veryHidden)"[^>]*?(?:/>|>\s*</sheet>)')
_NAMES = re.compile(rb"<definedNames\b.*?</definedNames>", re.DOTALL)
_RELATION = re.compile(rb'\br:id="([^"]*)"|\b\w+:id="([^"]*)"')
_TARGET = re.compile(rb"<(?:\w+:)?Relationship\b[^>]*>")
_MERGE = re.compile(rb'<(?:\w+:)?mergeCell\s+ref="\$?([A-Z]+)\$?(\d+):\$?([A-Z]+)\$?(\d+)"')
# openpyxl takes some 50 times a sheet's size in memory, and an object for each cell of a merged range.
_MOST_BYTES, _MOST_MERGED = 30_000_000, 200_000


def visible_part(data: bytes) -> tuple[bytes, int] | None:
    """Return the package without its hidden sheets, and how many those were.

    None where openpyxl cannot, or should not, be given it.
    """
    try:
        with ZipFile(io.BytesIO(data)) as package:
            book = package.read(_WORKBOOK)
            hidden = _HIDDEN_SHEET.findall(book)
            targets = _targets(package, [one for sheet in hidden for one in _ids(sheet)])
            parts = [name for name in package.namelist() if name not in targets]
            sizes = sum(package.getinfo(name).file_size for name in parts if name.startswith("xl/"))
            if sizes > _MOST_BYTES or _merged(package, parts) > _MOST_MERGED:
                return None
            if hidden:  # names of ranges count the sheets by number, which is another one now
                book = _NAMES.sub(b"", _HIDDEN_SHEET.sub(b"", book))
            return _copied(package, parts, book), len(hidden)
    except (KeyError, ValueError, BadZipFile, NotImplementedError, EOFError, OSError):
        return None


def _copied(package: ZipFile, parts: list[str], book: bytes) -> bytes:
    target = io.BytesIO()
    with ZipFile(target, "w", ZIP_STORED) as out:
        for name in dict.fromkeys(parts):
            out.writestr(name, book if name == _WORKBOOK else package.read(name))
    return target.getvalue()


def _ids(sheet: bytes) -> list[str]:
    return [(first or second).decode("utf-8", "replace") for first, second in _RELATION.findall(sheet)]


def _targets(package: ZipFile, ids: list[str]) -> set[str]:
    """The parts that these relations of the workbook point to."""
    if not ids:
        return set()
    found = set()
    for relation in _TARGET.findall(package.read("xl/_rels/workbook.xml.rels")):
        values = dict(re.findall(r'(\w+)="([^"]*)"', relation.decode("utf-8", "replace")))
        if values.get("Id") in ids:
            target = values.get("Target", "")
            found.add(target.lstrip("/") if target.startswith("/") else f"xl/{target}")
    return found


def _merged(package: ZipFile, parts: list[str]) -> int:
    from openpyxl.utils import column_index_from_string as number

    cells = 0
    for name in parts:
        if name.startswith("xl/worksheets/") and name.endswith(".xml"):
            for left, top, right, bottom in _MERGE.findall(package.read(name)):
                width = number(right.decode()) - number(left.decode()) + 1
                cells += width * (int(bottom) - int(top) + 1)
    return cells
