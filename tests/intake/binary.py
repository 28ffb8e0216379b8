"""Just enough of .xls (BIFF8 in an OLE container) and .xlsb for small test workbooks: no library writes them."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Sequence
from typing import Any

_FREE, _END, _FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
# What a cell `(look, value)` looks like: its place among the cell formats.
LOOKS = {"plain": 0, "date": 1, "struck": 2, "month": 3, "wan": 4}
_CODES = {165: 'yyyy"年"m"月"', 166: '0.00"万元"'}
_FORMATS = ((0, 0), (0, 14), (5, 0), (0, 165), (0, 166))  # font, number format; a fifth font has the number 5
ERROR_CODES = {"#N/A": 0x2A, "#DIV/0!": 0x07, "#REF!": 0x17}


def ole(name: str, stream: bytes) -> bytes:
    """Return an OLE container with one stream."""
    stream = stream.ljust(4096, b"\0")
    stream += b"\0" * (-len(stream) % 512)
    count = len(stream) // 512
    assert count < 126, "one FAT sector only"
    fat = [_FAT, _END, *range(3, count + 2), _END]
    fat += [_FREE] * (128 - len(fat))
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 16 + struct.pack("<HHHHH6x", 0x3E, 3, 0xFFFE, 9, 6)
    header += struct.pack("<IIIIIIIII", 0, 1, 1, 0, 4096, _END, 0, _END, 0) + struct.pack("<109I", 0, *[_FREE] * 108)
    root = _entry("Root Entry", 5, 1, _END, 0)
    entries = root + _entry(name, 2, _FREE, 2, len(stream)) + bytes(256)
    return header + struct.pack("<128I", *fat) + entries + stream


def _entry(name: str, kind: int, child: int, start: int, size: int) -> bytes:
    raw = (name + "\0").encode("utf-16-le")
    head = raw.ljust(64, b"\0") + struct.pack("<HBB", len(raw), kind, 1)
    return head + struct.pack("<III", _FREE, _FREE, child) + bytes(36) + struct.pack("<IQ", start, size)


def _record(kind: int, body: bytes) -> bytes:
    return struct.pack("<HH", kind, len(body)) + body


def _bof(kind: int) -> bytes:
    return _record(0x0809, struct.pack("<HHHHII", 0x0600, kind, 0x0DBB, 0x07CC, 0, 6))


def xls(
    *sheets: Sequence[Sequence[Any]],
    hidden_rows: Sequence[int] = (),
    hidden_columns: Sequence[int] = (),
    hidden_sheets: Sequence[int] = (),
    merges: Sequence[tuple[int, int, int, int]] = (),
    date1904: bool = False,
    password: bool = False,
    strings: Sequence[tuple[str, Sequence[tuple[int, int]]]] = (),
    cut: int = -1,
) -> bytes:
    """Return a BIFF8 workbook; numbers as cells of format General unless `(look, number)`, "#N/A" as errors.

    `strings`: shared ones, each with its runs (first character, font), which a cell `("shared", number)` shows; within
    string `cut` one record ends and the next goes on.
    """
    bodies = [_biff_sheet(rows, hidden_rows, merges, hidden_columns) for rows in sheets]
    start = _bof(5) + (_record(0x2F, b"\x01\x00" + bytes(52)) if password else b"")
    start += _record(0x22, struct.pack("<H", date1904))
    for strikeout in (0, 0, 0, 0, 0x08):
        start += _record(0x31, struct.pack("<HHHHHBBBxBB", 200, strikeout, 0, 400, 0, 0, 0, 0, 1, 0) + b"A")
    for number, code in _CODES.items():
        start += _record(0x41E, struct.pack("<HHB", number, len(code), 1) + code.encode("utf-16-le"))
    for font, number_format in _FORMATS:
        start += _record(0xE0, struct.pack("<HHH", font, number_format, 0) + bytes(14))
    bounds = [f"表{number}" for number in range(1, len(bodies) + 1)]
    shared = _shared(strings, cut) if strings else b""
    offset = len(start) + len(shared) + sum(len(_bound(0, 0, name)) for name in bounds) + 4
    for number, (name, body) in enumerate(zip(bounds, bodies, strict=True)):
        start += _bound(offset, int(number in hidden_sheets), name)
        offset += len(body)
    return ole("Workbook", start + shared + _record(0x0A, b"") + b"".join(bodies))


def _bound(offset: int, state: int, name: str) -> bytes:
    return _record(
        0x85, struct.pack("<IBB", offset, state, 0) + struct.pack("<BB", len(name), 1) + name.encode("utf-16-le")
    )


def _shared(strings: Sequence[tuple[str, Sequence[tuple[int, int]]]], cut: int) -> bytes:
    bodies = [struct.pack("<II", len(strings), len(strings))]
    for number, (text, runs) in enumerate(strings):
        bodies[-1] += struct.pack("<HB", len(text), 9 if runs else 1) + (struct.pack("<H", len(runs)) if runs else b"")
        half = len(text) // 2 if number == cut else len(text)
        bodies[-1] += text[:half].encode("utf-16-le")
        if half < len(text):
            bodies.append(b"\1" + text[half:].encode("utf-16-le"))
        bodies[-1] += b"".join(struct.pack("<HH", *run) for run in runs)
    return b"".join(_record(0x3C if number else 0xFC, body) for number, body in enumerate(bodies))


def _biff_sheet(
    rows: Sequence[Sequence[Any]],
    hidden: Sequence[int],
    merges: Sequence[tuple[int, int, int, int]],
    columns: Sequence[int],
) -> bytes:
    width = max(map(len, rows), default=0)
    body = _bof(0x10) + _record(0x0200, struct.pack("<IIHHH", 0, len(rows), 0, width, 0))
    for column in columns:
        body += _record(0x7D, struct.pack("<HHHHHH", column, column, 2000, 15, 0x01, 0))
    for number, row in enumerate(rows):
        flags = 0x20 if number + 1 in hidden else 0
        body += _record(0x0208, struct.pack("<HHHHHHHH", number, 0, len(row), 255, 0, 0, flags | 0x100, 15))
        for column, value in enumerate(row):
            body += _biff_cell(number, column, value)
    if merges:
        body += _record(0xE5, struct.pack("<H", len(merges)) + b"".join(struct.pack("<4H", *merge) for merge in merges))
    return body + _record(0x0A, b"")


def _biff_cell(row: int, column: int, value: Any) -> bytes:
    if value is None:
        return b""
    if isinstance(value, tuple) and value[0] == "shared":
        return _record(0xFD, struct.pack("<HHHI", row, column, 0, value[1]))
    if isinstance(value, tuple) and value[0] == "empty formula":  # and its flags
        return _record(6, struct.pack("<HHHB5xHHIH", row, column, 0, 3, 0xFFFF, value[1], 0, 0))
    look, value = (LOOKS[value[0]], value[1]) if isinstance(value, tuple) else (0, value)
    if value in ERROR_CODES:
        return _record(0x0205, struct.pack("<HHHBB", row, column, look, ERROR_CODES[value], 1))
    if isinstance(value, str):
        return _record(0x0204, struct.pack("<HHHHB", row, column, look, len(value), 1) + value.encode("utf-16-le"))
    return _record(0x0203, struct.pack("<HHHd", row, column, look, value))


# --- xlsb ------------------------------------------------------------------------------------------------------------

_TYPES = (
    '<?xml version="1.0" encoding="UTF-8"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="bin" ContentType="application/vnd.ms-excel.sheet.binary.macroEnabled.main"/></Types>'
)
_RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_RELS = (
    '<?xml version="1.0" encoding="UTF-8"?>'
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{}</Relationships>'
)


def xlsb(
    rows: Sequence[Sequence[Any]], hidden_rows: Sequence[int] = (), state: int = 0, hidden_columns: Sequence[int] = ()
) -> bytes:
    """Return a binary workbook of one sheet 表1."""
    name, relation = "表1", "rId1"
    bundle = struct.pack("<II", state, 1) + _wide(relation) + _wide(name)
    workbook = _brt(131) + _brt(153, bytes(12)) + _brt(143) + _brt(156, bundle) + _brt(144) + _brt(132)
    width = max(map(len, rows))
    sheet = _brt(129) + _brt(148, struct.pack("<4I", 0, len(rows) - 1, 0, width - 1))
    columns = (_brt(60, struct.pack("<4IH", column, column, 2000, 0, 0x01)) for column in hidden_columns)
    sheet += _brt(390) + b"".join(columns) + _brt(391) + _brt(145)
    for number, row in enumerate(rows):
        flags = 0x10 if number + 1 in hidden_rows else 0
        sheet += _brt(0, struct.pack("<IIHBBB", number, 0, 300, 0, flags, 0) + struct.pack("<I", 0))
        for column, value in enumerate(row):
            look, value = (LOOKS[value[0]], value[1]) if isinstance(value, tuple) else (0, value)
            head = struct.pack("<II", column, look)
            if value in ERROR_CODES:
                sheet += _brt(3, head + bytes([ERROR_CODES[value]]))
            elif isinstance(value, str):
                sheet += _brt(6, head + _wide(value))
            elif value is not None:
                sheet += _brt(5, head + struct.pack("<d", value))
    sheet += _brt(146) + _brt(130)
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", _TYPES)
        archive.writestr(
            "_rels/.rels",
            _RELS.format(f'<Relationship Id="r" Type="{_RELATION}/officeDocument" Target="xl/workbook.bin"/>'),
        )
        archive.writestr("xl/workbook.bin", workbook)
        archive.writestr(
            "xl/_rels/workbook.bin.rels",
            _RELS.format(
                f'<Relationship Id="{relation}" Type="{_RELATION}/worksheet" Target="worksheets/sheet1.bin"/>'
                f'<Relationship Id="rId2" Type="{_RELATION}/styles" Target="styles.bin"/>'
            ),
        )
        archive.writestr("xl/worksheets/sheet1.bin", sheet)
        archive.writestr("xl/styles.bin", _xlsb_styles())
    return target.getvalue()


def _xlsb_styles() -> bytes:
    formats = b"".join(_brt(44, struct.pack("<H", number) + _wide(code)) for number, code in _CODES.items())
    fonts = b"".join(_brt(43, struct.pack("<HH", 200, strikeout) + bytes(20)) for strikeout in (0, 0, 0, 0, 0, 0x08))
    cells = b"".join(_brt(47, struct.pack("<HHH", 0, number, font) + bytes(10)) for font, number in _FORMATS)
    base = _brt(626, struct.pack("<I", 1)) + _brt(47, bytes(16)) + _brt(627)
    formats = _brt(615, struct.pack("<I", len(_CODES))) + formats + _brt(616)
    cells = _brt(617, struct.pack("<I", len(_FORMATS))) + cells + _brt(618)
    fonts = _brt(611, struct.pack("<I", 6)) + fonts + _brt(612)
    return _brt(278) + formats + fonts + base + cells + _brt(279)


def _wide(text: str) -> bytes:
    return struct.pack("<I", len(text)) + text.encode("utf-16-le")


def _brt(kind: int, body: bytes = b"") -> bytes:
    head = bytes([kind]) if kind < 128 else bytes([kind & 0x7F | 0x80, kind >> 7])
    length, size = b"", len(body)
    while True:
        length += bytes([size & 0x7F | (0x80 if size > 127 else 0)])
        size >>= 7
        if not size:
            return head + length + body
