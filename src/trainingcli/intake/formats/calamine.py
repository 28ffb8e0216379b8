"""What every calamine format shares: opening, errors without a cell's text, rows from the sheet's first cell."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, Any

from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    WorksheetNotFound,
    XmlError,
    ZipError,
)

from trainingcli.fence import fenced
from trainingcli.intake.formats.grid import Merge, Reach, letter
from trainingcli.intake.gate.bounds import Bounds
from trainingcli.intake.gate.package import refuse
from trainingcli.intake.gate.refusal import PASSWORD_NEEDED, Refused
from trainingcli.memory import MIB

_BASE = 160 * MIB
_ERRORS = (CalamineError, XmlError, ZipError, WorksheetNotFound, ValueError, OSError, OverflowError)


@contextmanager
def parsing(memory: int) -> Iterator[None]:
    """Let the parser work within a memory of its own; turn its errors into a refusal.

    `memory`: bytes that an honest file of this size takes. An error's text may quote a cell: it is not told.
    """
    try:
        with fenced(_BASE + memory):
            yield
    except PasswordError:
        raise Refused(PASSWORD_NEEDED) from None
    except (MemoryError, Refused, KeyboardInterrupt):
        raise
    except BaseException as error:
        if not isinstance(error, _ERRORS) and type(error).__name__ != "PanicException":  # which has no importable name
            raise
        raise refuse("内容不合规范，无法解析", "its contents are malformed and cannot be parsed") from None


def workbook_of(source: str | IO[bytes] | bytes) -> CalamineWorkbook:
    """Open a path, a stream or bytes."""
    if isinstance(source, str):
        return CalamineWorkbook.from_path(source)
    return CalamineWorkbook.from_filelike(io.BytesIO(source) if isinstance(source, bytes) else source)


def merges_of(sheet: CalamineSheet) -> list[Merge]:
    """Return the merged ranges, none where calamine does not know them for the format."""
    return [Merge(top, left, bottom, right) for (top, left), (bottom, right) in sheet.merged_cell_ranges or ()]


def filled_rows(sheet: CalamineSheet, bounds: Bounds) -> Iterator[list[Any]]:
    """Return a sheet's rows from its first row and column."""
    if sheet.start is None:
        return iter(())
    if sheet.total_height * sheet.total_width > bounds.cells:
        raise refuse("工作表范围过大", "a sheet reaches too far")
    left = sheet.start[1]
    if not left:
        return iter(sheet.iter_rows())
    padding = [""] * left
    return (padding + row for row in sheet.iter_rows())


_CELL = 48  # bytes of memory that a laid-out cell takes, filled or not; measured 32


def laid_out(reach: Reach, bounds: Bounds) -> int:
    """Return the memory that a sheet takes as the parser lays it out; refuse one that reaches too far, by its cell."""
    cells = (reach.bottom + 1) * (reach.right + 1)
    if cells > bounds.cells:
        place = f"{letter(reach.right)}{reach.bottom + 1}"
        raise refuse(
            f"工作表的内容一直伸到 {place}，远离其他数据，请删除后再试",
            f"the sheet reaches as far as {place}, far from all else; delete what stands there",
        )
    return _CELL * cells


def counted(rows: Iterator[list[Any]], values: int) -> Iterator[list[Any]]:
    """Pass rows on; refuse the file at their end unless they hold just as many values as went into the parser."""
    found = 0
    for row in rows:
        found += len(row) - row.count("")
        yield row
    if found != values:
        raise refuse(
            f"工作表内的值有 {values} 个，只读出 {found} 个（有重复的单元格）",
            f"a sheet holds {values} values, of which {found} were read (a cell stands twice)",
        )
