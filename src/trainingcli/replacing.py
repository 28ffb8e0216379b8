"""What an output may replace: what this program wrote and nobody touched since; anything else only with `--force`."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from trainingcli.errors import OutputError
from trainingcli.language import Text
from trainingcli.masking import mask_place
from trainingcli.stamp import read_stamp


def refuse_replacing(outputs: Iterable[Path], inputs: Iterable[str | Path], *, force: bool = False) -> None:
    """Raise `OutputError` (exit 5) for the first output that would replace an input or another program's file.

    `inputs`: whatever the run reads, folders too (a folder stands for itself, not for what is in it). A workbook of
    this program that was saved again since holds somebody's work and is another program's.
    """
    if force:
        return
    read = {found for found in map(_identity, inputs) if found is not None}
    for path in outputs:
        if not os.path.lexists(path):
            continue
        if _identity(path) in read:
            raise _refused(path, Text("是本次运行的输入文件", "is an input of this run"))
        stamp = None if path.is_symlink() else read_stamp(path)
        if stamp is None:
            raise _refused(path, Text("不是本程序写出的", "was not written by this program"))
        if not stamp.as_written:
            raise _refused(path, Text("写出后又被改动过", "was changed since this program wrote it"))


def _identity(path: str | Path) -> tuple[int, int] | None:
    try:
        found = os.stat(path)  # noqa: PTH116 - `-` and bytes that are no UTF-8 too
    except (OSError, ValueError):
        return None
    return found.st_dev, found.st_ino


def _refused(path: Path, why: Text) -> OutputError:
    return OutputError(
        Text(
            "{path} {why}，没有覆盖；请移走该文件或换一个输出位置，确要覆盖请加 --force",
            "{path} {why} and was left; move it or write elsewhere, or add --force to overwrite it",
        ).format(path=mask_place(str(path)), why=why)
    )
