"""A blank workbook of a declared table (教学计划、教育经费), to be filled in and read back."""

from __future__ import annotations

import io
import os
from collections.abc import Sequence
from pathlib import Path

from trainingcli.drafts import write_file
from trainingcli.errors import OutputError
from trainingcli.intake.formats.fingerprint import fingerprint
from trainingcli.intake.tables.blank_table import add_blank_sheet
from trainingcli.intake.tables.declared import DeclaredTable
from trainingcli.language import Text
from trainingcli.masking import mask_place
from trainingcli.stamp import stamped

Sheets = Sequence[tuple[Text, Sequence[str]]]
"""Title and column keys of each sheet."""


def write_table_template(path: Path, table: DeclaredTable, sheets: Sheets = (), *, force: bool = False) -> None:
    """Write a table blank, on one sheet or parted; for its owner alone. OutputError where it cannot be, or is there."""
    import xlsxwriter

    if os.path.lexists(path) and not force:
        place = mask_place(str(path))
        raise OutputError(
            Text(
                f"{place} 已经存在，没有覆盖；要覆盖请加 --force",
                f"{place} is there already and was left; add --force to overwrite it",
            )
        )
    package = io.BytesIO()
    with xlsxwriter.Workbook(package, {"in_memory": True}) as book:
        for title, keys in sheets or ((table.title, tuple(table.columns)),):
            add_blank_sheet(book, title, table.note, [table.columns[key] for key in keys])
    write_file(path, lambda target: stamped(package, target, "template", cells=fingerprint(package.getvalue())))
