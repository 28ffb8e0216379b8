"""A frame as a file: xlsx or csv, for its owner alone, whole or not at all."""

from __future__ import annotations

import os
from pathlib import Path
from typing import IO, TYPE_CHECKING

from trainingcli.errors import OutputError, UsageError
from trainingcli.language import Text
from trainingcli.reports.data import frames

if TYPE_CHECKING:
    import pandas as pd


def export_frame(frame: pd.DataFrame, path: Path) -> None:
    """Write the frame; UsageError for another ending, OutputError (exit 5) where it cannot be written."""
    ending = path.suffix.lower()
    if ending not in (".xlsx", ".csv"):
        raise UsageError(
            Text(f"文件名应以 .xlsx 或 .csv 结尾：{path}", f"the file's name must end in .xlsx or .csv: {path}")
        )
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        with os.fdopen(os.open(temporary, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as target:
            if ending == ".csv":
                target.write(b"\xef\xbb\xbf" + frames.as_csv(frame).encode())
            else:
                _write_xlsx(frame, target)
            target.flush()
            os.fsync(target.fileno())
        temporary.replace(path)
    except OSError as error:
        temporary.unlink(missing_ok=True)
        why = error.strerror or type(error).__name__
        raise OutputError(Text(f"无法写出 {path}：{why}", f"cannot write {path}: {why}")) from None


def _write_xlsx(frame: pd.DataFrame, target: IO[bytes]) -> None:
    import xlsxwriter

    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    book = xlsxwriter.Workbook(target, options)
    sheet = book.add_worksheet()
    sheet.freeze_panes(1, 0)
    for column, name in enumerate(frame.columns):
        sheet.write_string(0, column, str(name))
    for number, row in enumerate(frames.records(frame), start=1):
        for column, value in enumerate(row.values()):
            if isinstance(value, (int, float)) and not isinstance(value, bool):
                sheet.write_number(number, column, value)
            elif value is not None:
                sheet.write_string(number, column, str(value))
    book.close()
