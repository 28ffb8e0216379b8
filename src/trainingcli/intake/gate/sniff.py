"""What a file is, by its first bytes, never by its name."""

from __future__ import annotations

import re
from enum import Enum


class FileFormat(Enum):
    """A format that first bytes tell. What a zip or an OLE file holds is found out inside it."""

    EMPTY = "empty"
    ZIP = "zip"
    OLE = "ole"
    BIFF = "biff"
    HTML = "html"
    XML = "xml"
    TEXT = "text"
    OTHER = "other"


_MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"%PDF", "PDF"),
    (b"\x89PNG", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"GIF8", "GIF"),
    (b"II*\x00", "TIFF"),
    (b"MM\x00*", "TIFF"),
    (b"BM", "BMP"),
    (b"Rar!", "RAR"),
    (b"7z\xbc\xaf\x27\x1c", "7-Zip"),
    (b"\x1f\x8b", "gzip"),
    (b"BZh", "bzip2"),
    (b"\xfd7zXZ", "xz"),
    (b"{\\rtf", "RTF"),
    (b"SQLite format 3", "SQLite"),
    (b"MZ", "EXE"),
    (b"\x7fELF", "ELF"),
    (b"PAR1", "Parquet"),
    (b"ARROW1", "Arrow"),
    (b"RIFF", "RIFF"),
    (b"OggS", "Ogg"),
    (b"ID3", "MP3"),
    (b"\x00\x00\x00\x18ftyp", "MP4"),
    (b"\x00\x00\x00 ftyp", "MP4"),
)
_BOMS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
_HTML = (b"html", b"head", b"body", b"table", b"meta", b"style", b"div", b"tr")
# The first element, after declarations and comments; a DOCTYPE of HTML counts as one.
_ROOT = re.compile(
    rb"(?:\s*(?:<\?[^>]*>|<!--.*?-->|<!doctype\s+(?!html)[^>]*>))*\s*<(?:!doctype\s+)?([A-Za-z][\w:.-]*)", re.S | re.I
)
_BIFF_STARTS = (b"\x09\x00\x04\x00", b"\x09\x02\x06\x00", b"\x09\x04\x06\x00", b"\x09\x08")


def sniff(head: bytes) -> tuple[FileFormat, str]:
    """Return the format of a file from its first 4 KiB, and the name of what it is where it is no spreadsheet."""
    if not head:
        return FileFormat.EMPTY, ""
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")):
        return FileFormat.ZIP, ""
    if head.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return FileFormat.OLE, ""
    for magic, name in _MAGIC:
        if head.startswith(magic) and not (len(magic) == 2 and _looks_like_text(head)):
            return FileFormat.OTHER, name
    if head.startswith(_BIFF_STARTS):
        return FileFormat.BIFF, ""
    start = plain_start(head)
    root = _ROOT.match(start)
    if root is not None and root[1].lower() in _HTML:
        return FileFormat.HTML, ""
    if start.startswith(b"<?xml"):
        return FileFormat.XML, _xml_kind(head)
    if start.startswith(b"MIME-Version"):
        return FileFormat.OTHER, "MHTML"
    return FileFormat.TEXT, ""


def plain_start(head: bytes) -> bytes:
    """Return a text's start as ASCII-like bytes: byte order mark, leading blanks and UTF-16's zero bytes taken off."""
    for mark, name in _BOMS:
        if head.startswith(mark):
            head = head[len(mark) :]
            if name.startswith("utf-16"):
                head = head.replace(b"\x00", b"")
            break
    return head.lstrip(b" \t\r\n\x00")


def _xml_kind(head: bytes) -> str:
    if b"urn:schemas-microsoft-com:office:spreadsheet" in head or b"Excel.Sheet" in head:
        return "Excel 2003 XML"
    if b"urn:oasis:names:tc:opendocument" in head:
        return "flat OpenDocument (.fods)"
    if b"<svg" in head:
        return "SVG"
    return "XML"


def _looks_like_text(head: bytes) -> bool:
    return b"\x00" not in head and not any(byte < 9 or 13 < byte < 32 for byte in head)
