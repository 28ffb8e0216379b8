"""OLE files: .xls workbooks, encrypted workbooks, and what else may come in this container, said by name."""

from __future__ import annotations

import io
import struct
from collections.abc import Callable, Iterator

import olefile
from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from trainingcli.intake.formats.biff import BiffFacts, BiffSheet, scan_biff
from trainingcli.intake.formats.calamine import filled_rows, laid_out, merges_of, parsing, workbook_of
from trainingcli.intake.formats.grid import Grid, OpenedBook
from trainingcli.intake.formats.xlsx import HIDDEN, OTHER_KIND
from trainingcli.intake.formats.zip_kinds import no_spreadsheet, open_zip
from trainingcli.intake.gate.bounds import Bounds
from trainingcli.intake.gate.package import refuse
from trainingcli.intake.gate.refusal import PASSWORD_NEEDED, PASSWORD_WRONG, Refused
from trainingcli.language import Text

_OTHERS = (
    ("WordDocument", Text("Word 文档（.doc）", "a Word document (.doc)")),
    ("PowerPoint Document", Text("PowerPoint 文稿（.ppt）", "a PowerPoint file (.ppt)")),
    ("__properties_version1.0", Text("Outlook 邮件（.msg）", "an Outlook message (.msg)")),
)
_XLS_MEMORY = 24  # bytes of memory for a byte of the file: its cells are packed tightly


def open_ole(data: bytes, password: str | None, bounds: Bounds) -> OpenedBook:
    """Open an OLE file by the streams it holds."""
    try:
        with olefile.OleFileIO(io.BytesIO(data)) as container:
            return _by_streams(container, data, password, bounds)
    except Refused:
        raise
    except (OSError, ValueError, IndexError, KeyError, TypeError, AttributeError, RecursionError):
        raise refuse(
            "文件不完整或已损坏（OLE 结构读不出）",
            "the file is truncated or damaged (its OLE structure cannot be read)",
        ) from None


def _by_streams(container: olefile.OleFileIO, data: bytes, password: str | None, bounds: Bounds) -> OpenedBook:
    if container.exists("EncryptedPackage"):
        return open_zip(_decrypt(data, password, container), bounds)
    for name in ("Workbook", "Book"):
        if container.exists(name):
            stream = container.openstream(name).read()
            return _open_xls(data, stream, password, bounds)
    for name, what in _OTHERS:
        if container.exists(name):
            raise no_spreadsheet(what)
    raise no_spreadsheet(Text("没有工作簿的 OLE 文件", "an OLE file without a workbook"))


def _open_xls(data: bytes, stream: bytes, password: str | None, bounds: Bounds) -> OpenedBook:
    facts = scan_biff(stream)
    if facts.encrypted:
        data = _decrypt(data, password, None)
        with olefile.OleFileIO(io.BytesIO(data)) as container:
            facts = scan_biff(container.openstream("Workbook").read())
    memory = _XLS_MEMORY * len(data) + sum(laid_out(sheet.reach, bounds) for sheet in facts.sheets)
    with parsing(memory):
        workbook = workbook_of(data)
    book = OpenedBook("xls", iter(()))
    book.grids = _grids(workbook, facts, book, bounds, memory)
    return book


def _grids(
    workbook: CalamineWorkbook, facts: BiffFacts, book: OpenedBook, bounds: Bounds, memory: int
) -> Iterator[Grid]:
    for index, sheet in enumerate(workbook.sheets_metadata):
        if sheet.typ != SheetTypeEnum.WorkSheet or sheet.visible != SheetVisibleEnum.Visible:
            book.not_read.append((sheet.name, HIDDEN if sheet.typ == SheetTypeEnum.WorkSheet else OTHER_KIND))
            continue
        seen = facts.sheets[index] if index < len(facts.sheets) else BiffSheet()
        with parsing(memory):
            found = workbook.get_sheet_by_index(index)
            merges, rows = merges_of(found), filled_rows(found, bounds)
        hidden, columns = frozenset(seen.hidden), frozenset(seen.hidden_columns)
        yield Grid(sheet.name, rows, merges, seen.specials, hidden, facts.date1904, seen.marks, columns)


def _decrypt(data: bytes, password: str | None, container: olefile.OleFileIO | None) -> bytes:
    """Return the workbook without its password. Raises `Refused` where there is none, or a wrong one."""
    if password is None:
        raise Refused(PASSWORD_NEEDED)
    if container is not None and b"<!" in container.openstream("EncryptionInfo").read():
        raise refuse("加密说明不合规范", "its encryption description is malformed")
    import msoffcrypto
    from msoffcrypto.exceptions import DecryptionError, FileFormatError, InvalidKeyError, ParseError

    from trainingcli.intake.gate.xls_password import without_password

    malformed = (FileFormatError, ParseError, ValueError, KeyError, IndexError, TypeError, AttributeError, OSError)
    try:
        office = msoffcrypto.OfficeFile(io.BytesIO(data))
        _load_key(office.load_key, password)
        if container is None:
            return without_password(data, office)
        plain = io.BytesIO()
        office.decrypt(plain)
    except (InvalidKeyError, DecryptionError):
        raise Refused(PASSWORD_WRONG) from None
    except (*malformed, struct.error, AssertionError):
        raise refuse("无法解密", "it cannot be decrypted") from None
    return plain.getvalue()


def _load_key(load_key: Callable[..., None], password: str) -> None:
    try:
        load_key(password=password, verify_password=True)
    except TypeError:  # .xls has no separate check of the password
        load_key(password=password)
