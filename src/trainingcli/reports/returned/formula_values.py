"""Formulas keep their last results through openpyxl, which writes a formula without one.

A workbook that is returned and sent back unopened would else read as formulas without values.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import IO, Any
from xml.sax.saxutils import escape
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from openpyxl.utils.datetime import to_excel
from openpyxl.workbook import Workbook

# As openpyxl writes a formula cell: no type, an empty value.
_FORMULA = re.compile(rb'<c r="([A-Z]+[0-9]+)"([^>]*)>(<f(?:[^>]*/>|.*?</f>))<v ?/></c>', re.DOTALL)

Values = Mapping[str, Mapping[str, Any]]


def formula_results(formulas: Workbook, values: Workbook) -> dict[str, dict[str, Any]]:
    """Return the last result of each formula that has one: sheet part of the saved package → cell → value.

    The two are one file, loaded with formulas and loaded with values alone.
    """
    results: dict[str, dict[str, Any]] = {}
    for number, sheet in enumerate(formulas.worksheets, start=1):
        shown = values[sheet.title]
        results[f"xl/worksheets/sheet{number}.xml"] = {
            cell.coordinate: shown[cell.coordinate].value
            for row in sheet.iter_rows()
            for cell in row
            if cell.data_type == "f" and shown[cell.coordinate].value is not None
        }
    return results


def save_with_results(package: IO[bytes], results: Values, target: IO[bytes], epoch: datetime) -> None:
    """Copy a package that openpyxl saved, each formula's last result put beside it."""
    with ZipFile(package) as source, ZipFile(target, "w", ZIP_DEFLATED, compresslevel=2) as out:
        for name in source.namelist():
            info = ZipInfo(name)
            info.compress_type = ZIP_DEFLATED
            data = source.read(name)
            found = results.get(name)
            out.writestr(info, _filled(data, found, epoch) if found else data)


def _filled(data: bytes, found: Mapping[str, Any], epoch: datetime) -> bytes:
    def put(match: re.Match[bytes]) -> bytes:
        reference = match.group(1).decode()
        if reference not in found:
            return match.group()
        kind, text = _cached(found[reference], epoch)
        value = escape(text).encode("utf-8")
        return b'<c r="%s"%s%s>%s<v>%s</v></c>' % (*match.group(1, 2), kind, match.group(3), value)

    return _FORMULA.sub(put, data)


def _cached(value: Any, epoch: datetime) -> tuple[bytes, str]:
    """A result's type attribute and text."""
    if isinstance(value, bool):
        return b' t="b"', str(int(value))
    if isinstance(value, (datetime, date, time, timedelta)):
        return b"", repr(to_excel(value, epoch))
    if isinstance(value, (int, float)):
        return b"", repr(value)
    text = str(value)
    return (b' t="e"' if re.fullmatch(r"#[A-Z/0]+[!?]?", text) else b' t="str"'), text
