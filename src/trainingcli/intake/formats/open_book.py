"""A path → bytes → `Book`: the format by the first bytes, each format's reader imported only when a file needs it."""

from __future__ import annotations

from trainingcli.bounded_input import UnreadableFile, read_file
from trainingcli.intake.formats.grid import OpenedBook
from trainingcli.intake.formats.zip_kinds import no_spreadsheet, open_zip
from trainingcli.intake.gate.bounds import Bounds
from trainingcli.intake.gate.package import refuse
from trainingcli.intake.gate.refusal import Refused
from trainingcli.intake.gate.sniff import FileFormat, sniff
from trainingcli.language import Text


def read_bytes(path: str, bounds: Bounds) -> bytes:
    """Return a regular file's bytes; whatever else the path is, is refused."""
    try:
        return read_file(path, bounds.file_bytes)
    except UnreadableFile as error:
        raise Refused(error.text) from None


def open_book(data: bytes, password: str | None, bounds: Bounds) -> OpenedBook:
    """Open by the first bytes; each format's reader is imported only when a file needs it."""
    form, name = sniff(data[:4096])
    if form is FileFormat.EMPTY or not data.strip(b" \t\r\n\x00\xef\xbb\xbf\xff\xfe"):
        raise Refused(Text("文件是空的", "the file is empty"))
    if form is FileFormat.ZIP:
        return open_zip(data, bounds)
    if form is FileFormat.OLE:
        from trainingcli.intake.formats.ole import open_ole

        return open_ole(data, password, bounds)
    if form is FileFormat.HTML:
        from trainingcli.intake.formats.htmltable import open_html

        return open_html(data, bounds)
    if form is FileFormat.TEXT:
        from trainingcli.intake.formats.delimited import open_delimited

        return open_delimited(data, bounds)
    if form is FileFormat.BIFF:
        raise refuse("是 Excel 4.0 或更早的文件，不支持", "it is a file of Excel 4 or older, which is not supported")
    if name == "Excel 2003 XML":
        raise refuse("是 Excel 2003 XML 表格，不支持", "it is an Excel 2003 XML spreadsheet, which is not supported")
    raise no_spreadsheet(Text(f"{name} 文件", f"a file of kind {name}"))
