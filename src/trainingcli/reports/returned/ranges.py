"""Which ranges and formulas of a workbook point at nothing but what goes back."""

from __future__ import annotations

import re
from collections.abc import Collection

# A name for a range of this workbook: no other workbook, no program (DDE), no formula.
_SHEET_OF = re.compile(r"('(?:[^']|'')+'|[^'!(),+*/=<>&\s]+)!")
_CELLS = r"\$?[A-Z]{1,3}\$?\d+(?::\$?[A-Z]{1,3}\$?\d+)?"
_PLAIN_RANGE = re.compile(rf"('[^'\[\]|]+'|[^'\[\]|!(),\s]+)!{_CELLS}")

_ROWS_COLUMNS = r"\$?\d+:\$?\d+|\$?[A-Z]{1,3}:\$?[A-Z]{1,3}"
_PRINTED = re.compile(rf"('(?:[^'\[\]|]|'')+'|[^'\[\]|!(),\s]+)!(?:{_CELLS}|{_ROWS_COLUMNS})")


def quoted(sheet: str) -> str:
    """Return a sheet's name as formulas write it."""
    return "'" + sheet.replace("'", "''") + "'"


def is_plain(text: str, sheets: Collection[str]) -> bool:
    """Tell whether a text is one range of one of these sheets."""
    found = _PLAIN_RANGE.fullmatch(text)
    return found is not None and _named(found[1]) in sheets


def is_printed(text: str, sheets: Collection[str]) -> bool:
    """Tell whether a text is ranges, rows or columns of these sheets, as print areas and titles are written."""
    found = [_PRINTED.fullmatch(one) for one in text.split(",")]
    return all(one is not None and _named(one[1]) in sheets for one in found)


def stays_inside(formula: str, sheets: Collection[str]) -> bool:
    """Tell whether a formula looks at no other workbook, no other program, no sheet but these."""
    if "[" in formula or "|" in formula:
        return False
    return all(_named(name) in sheets for name in _SHEET_OF.findall(formula))


def _named(written: str) -> str:
    return written.strip("'").replace("''", "'")
