"""A frame as a file: xlsx or csv, for its owner alone, whole or not at all."""

from __future__ import annotations

import io
from functools import partial
from pathlib import Path
from typing import IO, TYPE_CHECKING

from trainingcli.drafts import write_file
from trainingcli.errors import UsageError
from trainingcli.language import Text
from trainingcli.reports.data import frames
from trainingcli.stamp import stamped

if TYPE_CHECKING:
    import pandas as pd


def export_frame(frame: pd.DataFrame, path: Path) -> None:
    """Write the frame; UsageError for another ending, OutputError (exit 5) where it cannot be written."""
    ending = path.suffix.lower()
    if ending not in (".xlsx", ".csv"):
        raise UsageError(
            Text(f"文件名应以 .xlsx 或 .csv 结尾：{path}", f"the file's name must end in .xlsx or .csv: {path}")
        )
    write_file(path, partial(_write_csv if ending == ".csv" else _write_xlsx, frame))


def _write_csv(frame: pd.DataFrame, target: IO[bytes]) -> None:
    target.write(b"\xef\xbb\xbf" + frames.as_csv(frame).encode())


def _write_xlsx(frame: pd.DataFrame, target: IO[bytes]) -> None:
    import xlsxwriter

    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    package = io.BytesIO()
    book = xlsxwriter.Workbook(package, options)
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
    stamped(package, target, "export")
