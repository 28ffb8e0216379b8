"""Cells that a fast reader shows as empty though they are not: errors, and formulas whose result was not saved.

An empty date in a register is an open one, so these have to be told apart. The raw XML is scanned for them; only where
it has any is the workbook opened again by openpyxl.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

_SUSPECT = re.compile(rb"""<c[^>]*\st=["']e["']|<f(?:\s[^>]*)?(?:/>|>[^<]*</f>)\s*(?:<v\s*/>|<v></v>)?\s*</c>""")


def valueless_cells(path: Path, sheet: str) -> Iterator[tuple[str, int]]:
    """Yield column letter and row of each such cell of a sheet."""
    if not _is_suspect(path):
        return
    from openpyxl import load_workbook

    formulas, values = load_workbook(path)[sheet], load_workbook(path, data_only=True)[sheet]
    for row in formulas.iter_rows():
        for cell in row:
            value = values[cell.coordinate]
            if value.data_type == "e" or (cell.data_type == "f" and value.value is None):
                yield cell.column_letter, cell.row


def _is_suspect(path: Path) -> bool:
    if not zipfile.is_zipfile(path):
        return False
    with zipfile.ZipFile(path) as package:
        parts = [name for name in package.namelist() if name.startswith("xl/worksheets/") and name.endswith(".xml")]
        return any(_SUSPECT.search(package.read(name)) for name in parts)
