"""`registers template`: the workbooks, blank, as `schemas/registers.yaml` declares them."""

from __future__ import annotations

import io
import os
from functools import partial
from pathlib import Path
from typing import IO

from trainingcli.drafts import make_folder, write_file
from trainingcli.errors import UsageError
from trainingcli.evidence.register_contents import all_registers
from trainingcli.intake.tables.blank_table import add_blank_sheet
from trainingcli.intake.tables.declared import DeclaredTable
from trainingcli.language import Text
from trainingcli.stamp import stamped


def write_templates(folder: Path) -> list[Path]:
    """Write every register blank; one that is there already is never overwritten (UsageError). Return the paths."""
    paths = {folder / register.file: register for register in all_registers().values()}
    there = [path for path in paths if os.path.lexists(path)]
    if there:
        text = Text(
            f"{there[0]} 已存在，不覆盖；请换一个文件夹",
            f"{there[0]} is there and not overwritten; name another folder",
        )
        raise UsageError(text)
    make_folder(folder)
    for path, register in paths.items():
        write_file(path, partial(_write, register))
    return list(paths)


def _write(register: DeclaredTable, target: IO[bytes]) -> None:
    import xlsxwriter

    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        add_blank_sheet(book, register.title, register.note, list(register.columns.values()))
    stamped(buffer, target, "register")
