"""What cannot be used in another office's workbook (导出表、名单): a finding a cell, kept as plain values."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from trainingcli.intake.tables.sheet_tables import InputFile
from trainingcli.language import Text
from trainingcli.masking import mask_field
from trainingcli.reasons import reason

BadRow = dict[str, Any]
"""file, sheet, row, cell, field, value (masked), code, clause, message."""


def bad_row(code: str, place: Mapping[str, Any], field: str, label: Text, value: str | None) -> BadRow:
    """Return one finding. `place`: file, sheet, row, cell."""
    entry, shown = reason(code), mask_field(field, value) if value else None
    message = entry.message.format(field=label, value=shown or Text("空白", "blank"), detail="")
    return {
        **place, "field": field, "value": shown, "code": code, "clause": entry.cited(None), "message": message,
    }  # fmt: skip


def notes_of(item: InputFile) -> Iterator[Text]:
    """Yield what a reader should know of how a workbook was read: columns given twice, what was not read of it.

    Columns by letter and heading: one of them may be what was looked for.
    """
    yield from item.warnings
    columns = dict.fromkeys(column for sheet in item.sheets for column in sheet.unused)
    if columns:
        named = "、".join(f"{letter} {heading}" for letter, heading in columns)
        yield Text(f"没有读取的列：{named}", f"columns that are not read: {named}")
    for sheet, why in item.not_read:
        yield Text(f"工作表“{sheet}”未读取：{why.zh}", f"sheet '{sheet}' not read: {why.en}")
