"""In the worker: one path → `InputFile`. Format by first bytes, gate, parser, tables."""

from __future__ import annotations

import gc
import hashlib
import os
import stat
from pathlib import Path

from trainingcli.intake.archive import not_a_roster, open_zip
from trainingcli.intake.bounds import DEFAULT, Bounds
from trainingcli.intake.grid import Book
from trainingcli.intake.header import PERSON
from trainingcli.intake.headings import Headings
from trainingcli.intake.package import refuse
from trainingcli.intake.refusal import Refused
from trainingcli.intake.sniff import Format, sniff
from trainingcli.intake.table import read_sheet
from trainingcli.intake.tables import InputFile, SheetTable
from trainingcli.language import Text
from trainingcli.vocabulary import Vocabulary

NO_HEADER = Text(
    "未找到表头：至少要有三个认识的列名，其中之一是姓名或身份证号",
    "no header found: it takes three known headings, one of them name or ID number",
)


def read_one(
    path: str, data: bytes | None, vocabulary: Vocabulary, password: str | None, bounds: Bounds = DEFAULT
) -> InputFile:
    """Read one input. `data`: standard input's bytes where the path is `-`. Whatever is wrong ends in `error`."""
    gc.disable()  # millions of cells and no cycles among them
    found = InputFile(path)
    try:
        data = _bytes(path, bounds) if data is None else data
        found.sha256 = hashlib.sha256(data).hexdigest()
        book = _open(data, password, bounds)
        found.format = book.format
        _read_grids(book, found, Headings.of(vocabulary), bounds)
    except Refused as refusal:
        found.error = refusal.text
        found.sheets.clear()
    finally:
        gc.enable()
    return found


def _read_grids(book: Book, found: InputFile, headings: Headings, bounds: Bounds) -> None:
    for grid in book.grids:
        tables = read_sheet(grid, headings, bounds)
        if not tables:
            found.not_read.append((grid.name, NO_HEADER))
        for table in tables:
            found.sheets.append(table)
            found.warnings += remarks(table)
    found.not_read = book.not_read + found.not_read
    found.warnings = book.warnings + found.warnings


def remarks(table: SheetTable) -> list[Text]:
    """Return what a clerk should know of a sheet that was read."""
    said = []
    if table.hidden_rows:
        said.append(
            Text(
                "工作表“{sheet}”有 {rows} 行被隐藏或筛选掉，已照常读取",
                "sheet “{sheet}”: {rows} hidden or filtered rows were read like any others",
            ).format(sheet=table.sheet, rows=table.hidden_rows)
        )
    names = {column.heading for column in table.columns if column.key in PERSON}
    doubled = [letter for letter, heading in table.unused if heading in names]
    if doubled:
        said.append(
            Text(
                "工作表“{sheet}”的 {columns} 列又出现姓名或身份证号，只读取了第一处；并排的第二组人员请移到下方",
                "sheet “{sheet}”: column {columns} holds names or ID numbers a second time; only the first was read, "
                "so move people listed side by side below the others",
            ).format(sheet=table.sheet, columns="、".join(doubled))
        )
    return said


def _bytes(path: str, bounds: Bounds) -> bytes:
    try:
        status = os.stat(path)  # noqa: PTH116
        if stat.S_ISDIR(status.st_mode):
            raise Refused(Text("是文件夹，不是文件", "is a folder, not a file"))
        if not stat.S_ISREG(status.st_mode):
            raise Refused(Text("不是普通文件", "is not a regular file"))
        if status.st_size > bounds.file_bytes:
            raise Refused(Text("文件过大", "the file is too large"))
        return Path(path).read_bytes()
    except FileNotFoundError:
        raise Refused(Text("找不到文件，请检查路径", "no such file; check the path")) from None
    except PermissionError:
        raise Refused(Text("没有读取权限", "no permission to read it")) from None
    except (OSError, ValueError) as error:
        reason = type(error).__name__
        raise Refused(Text("无法打开（{why}）", "cannot be opened ({why})").format(why=reason)) from None


def _open(data: bytes, password: str | None, bounds: Bounds) -> Book:
    """Open by the first bytes; each format's reader is imported only when a file needs it."""
    form, name = sniff(data[:4096])
    if form is Format.EMPTY or not data.strip(b" \t\r\n\x00\xef\xbb\xbf\xff\xfe"):
        raise Refused(Text("文件是空的", "the file is empty"))
    if form is Format.ZIP:
        return open_zip(data, bounds)
    if form is Format.OLE:
        from trainingcli.intake.ole import open_ole

        return open_ole(data, password, bounds)
    if form is Format.HTML:
        from trainingcli.intake.htmltable import open_html

        return open_html(data, bounds)
    if form is Format.TEXT:
        from trainingcli.intake.delimited import open_delimited

        return open_delimited(data, bounds)
    if form is Format.BIFF:
        raise refuse("是 Excel 4.0 或更早的文件，不支持", "it is a file of Excel 4 or older, which is not supported")
    if name == "Excel 2003 XML":
        raise refuse("是 Excel 2003 XML 表格，不支持", "it is an Excel 2003 XML spreadsheet, which is not supported")
    raise not_a_roster(Text(f"{name} 文件", f"a file of kind {name}"))
