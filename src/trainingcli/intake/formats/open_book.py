"""A path → bytes → `Book`: the format by the first bytes, each format's reader imported only when a file needs it."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from trainingcli.intake.formats.grid import Book
from trainingcli.intake.formats.zip_kinds import not_a_roster, open_zip
from trainingcli.intake.gate.bounds import Bounds
from trainingcli.intake.gate.package import refuse
from trainingcli.intake.gate.refusal import Refused
from trainingcli.intake.gate.sniff import Format, sniff
from trainingcli.language import Text


def read_bytes(path: str, bounds: Bounds) -> bytes:
    """Return a regular file's bytes; whatever else the path is, is refused."""
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


def open_book(data: bytes, password: str | None, bounds: Bounds) -> Book:
    """Open by the first bytes; each format's reader is imported only when a file needs it."""
    form, name = sniff(data[:4096])
    if form is Format.EMPTY or not data.strip(b" \t\r\n\x00\xef\xbb\xbf\xff\xfe"):
        raise Refused(Text("文件是空的", "the file is empty"))
    if form is Format.ZIP:
        return open_zip(data, bounds)
    if form is Format.OLE:
        from trainingcli.intake.formats.ole import open_ole

        return open_ole(data, password, bounds)
    if form is Format.HTML:
        from trainingcli.intake.formats.htmltable import open_html

        return open_html(data, bounds)
    if form is Format.TEXT:
        from trainingcli.intake.formats.delimited import open_delimited

        return open_delimited(data, bounds)
    if form is Format.BIFF:
        raise refuse("是 Excel 4.0 或更早的文件，不支持", "it is a file of Excel 4 or older, which is not supported")
    if name == "Excel 2003 XML":
        raise refuse("是 Excel 2003 XML 表格，不支持", "it is an Excel 2003 XML spreadsheet, which is not supported")
    raise not_a_roster(Text(f"{name} 文件", f"a file of kind {name}"))
