"""A roster's values as they may be shown: personal data masked, unless it is asked for whole."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from trainingcli.language import Text
from trainingcli.masking import clean_terminal, mask_field, mask_numbers, mask_place
from trainingcli.money import yuan_text

if TYPE_CHECKING:
    from trainingcli.intake.tables.sheet_tables import InputFile


def shown(field: str | None, text: str | None, *, unmask: bool = False) -> str | None:
    """Return one value of a field; nothing stays nothing."""
    if text is None:
        return None
    plain = clean_terminal(text)
    return plain if unmask else mask_field(field, plain)


def shown_place(name: str, *, unmask: bool = False) -> str:
    """Return the name of a file, a folder, a sheet or a column."""
    return name if unmask else mask_place(name)


def shown_inputs(inputs: Sequence[InputFile], *, unmask: bool = False) -> list[InputFile]:
    """Return the inputs with the names of files and sheets, and what is said of them, as they may be shown."""
    return list(inputs) if unmask else [_shown_input(item) for item in inputs]


def _shown_input(item: InputFile) -> InputFile:
    return replace(
        item,
        file=mask_place(item.file),
        sheets=[replace(table, sheet=mask_place(table.sheet)) for table in item.sheets],
        not_read=[(mask_place(sheet), _shown_text(why)) for sheet, why in item.not_read],
        warnings=[_shown_text(text) for text in item.warnings],
        error=None if item.error is None else _shown_text(item.error),
    )


def _shown_text(text: Text) -> Text:
    return Text(mask_numbers(text.zh), mask_numbers(text.en))


def yuan(fen: int | None) -> str | None:
    """Return whole fen as yuan with two decimals."""
    return None if fen is None else yuan_text(fen)


def as_text(value: Any) -> str:
    """Return a value of the roster as text: a day without its hour."""
    return value.date().isoformat() if isinstance(value, dt.datetime) else str(value)
