"""Workbooks that earlier runs left in `--out`, and this run did not write."""

from __future__ import annotations

import contextlib
from collections.abc import Collection
from pathlib import Path

from trainingcli.facts import RETURNS_FOLDER
from trainingcli.stamp import read_stamp

_KINDS = ("claim", "summary", "return")


def left_over(out: Path, written: Collection[str], *, clean: bool) -> list[str]:
    """Return the reports that other runs left in `out`, by name. `clean` removes them first, but for those that
    somebody changed since.
    """
    kept = []
    for path in sorted([*out.glob("*.xlsx"), *(out / RETURNS_FOLDER).glob("*.xlsx")]):
        stamp = None if path.is_symlink() or str(path) in written else read_stamp(path)
        if stamp is None or stamp.kind not in _KINDS:
            continue
        if clean and stamp.as_written:
            with contextlib.suppress(OSError):
                path.unlink()
                continue
        kept.append(str(path))
    return kept
