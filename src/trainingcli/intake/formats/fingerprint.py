"""A fingerprint of a workbook's cells: the same before and after another program only opened and saved it."""

from __future__ import annotations

import datetime as dt
import hashlib
import io

from trainingcli.intake.formats.cell_values import Special, is_blank
from trainingcli.intake.formats.open_book import open_book, read_bytes
from trainingcli.intake.gate.bounds import DEFAULT
from trainingcli.intake.gate.refusal import Refused
from trainingcli.stamp import read_stamp


def fingerprint(data: bytes) -> str:
    """Return a hash of every filled cell's place and value; empty where the package cannot be read."""
    found = hashlib.sha256()
    try:
        for grid in open_book(data, None, DEFAULT).grids:
            found.update(f"{grid.name}\0".encode("utf-8", "replace"))
            for number, row in enumerate(grid.rows):
                texts = (f"{number},{column}={_text(cell)}\0" for column, cell in enumerate(row) if _counts(cell))
                found.update("".join(texts).encode("utf-8", "replace"))
    except Refused:
        return ""
    return found.hexdigest()[:32]


def _counts(cell: object) -> bool:
    if isinstance(cell, str):
        return bool(cell) and not is_blank(cell)
    return cell is not None and not isinstance(cell, Special)


def _text(cell: object) -> str:
    if isinstance(cell, str):
        return " ".join(cell.split())
    if isinstance(cell, (int, float)):
        return f"{float(cell):.12g}"
    if isinstance(cell, (dt.datetime, dt.date)):
        return cell.isoformat().removesuffix("T00:00:00")
    return " ".join(str(cell).split())


def is_unchanged(path: str) -> bool:
    """Tell of a stamped workbook that was saved again whether its cells are what they were when it was written."""
    try:
        data = read_bytes(path, DEFAULT)
    except Refused:
        return False
    return is_unchanged_package(data)


def is_unchanged_package(data: bytes) -> bool:
    """The same of a workbook's bytes; one without a stamp is nobody's and counts as changed."""
    stamp = read_stamp(io.BytesIO(data))
    return stamp is not None and (stamp.as_written or (bool(stamp.cells) and stamp.cells == fingerprint(data)))
