"""What is written for one input: the reasons of its rows, and all that a worker needs."""

from __future__ import annotations

from typing import NamedTuple


class RowFinding(NamedTuple):
    """One reason of one row of an input. `cell`: "F5", None where the column is not there."""

    sheet: str
    row: int
    cell: str | None
    severity: str
    message: str
    remedy: str


class ReturnTask(NamedTuple):
    """One return workbook to write. `data`: the file's bytes where it came by standard input.

    `headers`, `names`: of each sheet the header rows, and the column of the names, from 1.
    """

    source: str
    data: bytes | None
    sha256: str | None
    keep: bool
    headers: dict[str, tuple[int, ...]]
    names: dict[str, int]
    findings: tuple[RowFinding, ...]
    password: str | None
    today: str
    language: str
