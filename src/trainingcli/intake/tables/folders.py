"""The files of the inputs given: folders are walked without what is no roster, or this program's own."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path

from trainingcli.stamp import RETURNABLE, read_stamp
from trainingcli.workers import WorkerPool

_LITTER = ("thumbs.db", "desktop.ini")
_LITTER_STARTS = (".", "~$")  # dot-files (and `._` of a Mac), lock files of spreadsheet programs
_SQLITE = b"SQLite format 3\0"
_HEAD = 65_536  # bytes: a ledger's first page names its tables


def expand(paths: Sequence[str], without: Collection[str | Path] = ()) -> list[str]:
    """Return the files to read: folders walked in sorted order, as the contract says ('A folder').

    `without`: files and folders that an option or the configuration names; they are passed over inside a folder, not
    where they are given themselves. `-` (standard input) and a path that is not there stay: the latter becomes an
    `InputFile` with an error.
    """
    passed_over = {os.path.realpath(path) for path in without}
    files: list[str] = []
    for path in paths:
        files += _own_left_out(_walk(path, passed_over)) if path != "-" and Path(path).is_dir() else [path]
    return files


def _walk(folder: str, without: Collection[str]) -> Iterator[str]:
    """Yield the files below a folder; one that is linked in is walked too, none twice."""
    walked = {os.path.realpath(folder)}
    for place, folders, names in os.walk(folder, followlinks=True):
        inside = {name: os.path.realpath(Path(place, name)) for name in sorted(folders)}
        folders[:] = [
            name for name, real in inside.items() if _may_be_read(place, name, without) and real not in walked
        ]
        walked.update(inside[name] for name in folders)
        yield from (str(Path(place, name)) for name in sorted(names) if _may_be_read(place, name, without))


def _may_be_read(place: str, name: str, without: Collection[str]) -> bool:
    if name.startswith(_LITTER_STARTS) or name.casefold() in _LITTER:
        return False
    return not without or os.path.realpath(Path(place, name)) not in without


def _own_left_out(files: Iterator[str]) -> list[str]:
    """Leave out this program's workbooks, pages and ledgers; of templates and returns those stay that were changed."""
    kept, asked = [], []
    for path in files:
        head = _head(path)
        stamp = read_stamp(Path(path)) if head.startswith(_STAMPED) else None
        if _is_ledger(head) or (stamp is not None and (stamp.as_written or stamp.kind not in RETURNABLE)):
            continue
        if stamp is not None:
            asked.append(path)
        kept.append(path)
    if not asked:
        return kept
    with WorkerPool(1) as pool:  # reading cells is for behind the fence
        answers = pool.map("trainingcli.intake.formats.fingerprint:is_unchanged", [(path,) for path in asked])
        unchanged = {asked[index] for index, answer in answers if answer is True}
    return [path for path in kept if path not in unchanged]


_STAMPED = (b"PK", b"<!DOCTYPE html>")
"""How workbooks and pages of this program begin."""


def _is_ledger(head: bytes) -> bool:
    """A ledger or a backup of one, whatever its name."""
    return head.startswith(_SQLITE) and (head[68:72] == b"TCLG" or b"ledger_meta" in head)


def _head(path: str) -> bytes:
    try:
        if not Path(path).is_file():
            return b""
        with open(path, "rb") as stream:  # noqa: PTH123
            return stream.read(_HEAD)
    except OSError:
        return b""
