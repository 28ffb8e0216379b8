"""A fingerprint of a workbook's cells: the same before and after another program only opened and saved it."""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import itertools
from collections.abc import Iterable

from trainingcli.intake.formats.cell_values import Special, is_blank
from trainingcli.intake.formats.open_book import open_book, read_bytes
from trainingcli.intake.gate.bounds import DEFAULT
from trainingcli.intake.gate.refusal import Refused
from trainingcli.stamp import read_stamp


def fingerprint(data: bytes) -> str:
    """Return a hash of every filled cell's place and value; empty where the package cannot be read."""
    try:
        return digest(
            (grid.name, map(_row, itertools.count(), grid.rows)) for grid in open_book(data, None, DEFAULT).grids
        )
    except Refused:
        return ""


def digest(sheets: Iterable[tuple[str, Iterable[str]]]) -> str:
    """Return the hash of sheets: each one's name, and its cells in order, as `cell_form` writes them."""
    found = hashlib.sha256()
    for name, texts in sheets:
        found.update(f"{name}\0".encode("utf-8", "replace"))
        for text in texts:
            found.update(text.encode("utf-8", "replace"))
    return found.hexdigest()[:32]


def cell_form(row: int, column: int, text: str) -> str:
    """Return what is hashed of a cell. Row and column count from 0; `text`: of `cell_text`."""
    return f"{row},{column}={text}\0"


def _row(number: int, row: Iterable[object]) -> str:
    texts = enumerate(map(cell_text, row))
    return "".join(cell_form(number, column, text) for column, text in texts if text)


def cell_text(cell: object) -> str:
    """Return a cell's value in one form whatever program wrote it, "" for one that counts as empty."""
    if isinstance(cell, str):
        return "" if is_blank(cell) else " ".join(cell.split())
    if cell is None or isinstance(cell, Special):
        return ""
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
