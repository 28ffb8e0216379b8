"""The gate: a zip's directory, names, real sizes, checksums and XML declarations, before any parser sees a byte.

What passes is handed on as a fresh, stored archive of just the parts that are read, so that the parser sees the very
bytes that were checked: headers that lie, doubled names and odd compression cannot reach it.
"""

from __future__ import annotations

import io
import os
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO
from xml.etree.ElementTree import Element, ParseError, XMLParser
from xml.parsers import expat

from trainingcli.intake.gate.bounds import Bounds
from trainingcli.intake.gate.refusal import Refused
from trainingcli.language import Text

_BLOCK = 1 << 20
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_ENCRYPTED_FLAG = 0x1
_DECLARATION = re.compile(rb"<![A-Za-z]")
_ENCODING = re.compile(rb"""<\?xml[^>]*?encoding\s*=\s*["']([^"']*)["']""")
_GOOD_ENCODINGS = (b"utf-8", b"utf8", b"us-ascii", b"ascii")
_UTF8_NAME = 0x800
_LOCAL = struct.Struct("<4sHHHHHIIIHH")
_CENTRAL = struct.Struct("<4sHHHHHHIIIHHHHHII")
_END = struct.Struct("<4sHHHHIIH")

_TOO_LARGE = ("解压后过大", "it is too large once unpacked")
SAVE_AGAIN = Text(
    "请用 Excel 或 WPS 打开后另存为 .xlsx 再试", "open it in Excel or WPS, save it as a new .xlsx, and try again"
)


def refuse(zh: str, en: str) -> Refused:
    """Return a refusal with the usual next step."""
    return Refused(Text(f"{zh}；{SAVE_AGAIN.zh}", f"{en}; {SAVE_AGAIN.en}"))


@dataclass
class Package:
    """A zip whose directory has been checked; parts are inflated by `blocks` under every bound."""

    data: bytes
    parts: dict[str, zipfile.ZipInfo]
    bounds: Bounds
    inflated: int = 0

    @classmethod
    def open(cls, data: bytes, bounds: Bounds) -> Package:
        """Check the directory: readable, not too many entries, sound and different names."""
        try:
            with zipfile.ZipFile(io.BytesIO(data)) as archive:
                infos = archive.infolist()
        except (
            zipfile.BadZipFile,
            zipfile.LargeZipFile,
            NotImplementedError,
            ValueError,
            OverflowError,
            OSError,
            struct.error,
        ):
            raise refuse(
                "文件不完整或已损坏（压缩目录读不出）",
                "the file is truncated or damaged (its zip directory cannot be read)",
            ) from None
        if len(infos) > bounds.entries:
            raise refuse("文件内的部件过多", "the file has too many parts")
        parts: dict[str, zipfile.ZipInfo] = {}
        for info in infos:
            name = _name(info)
            if name.endswith("/"):
                continue
            if name.casefold() in parts:
                raise refuse("文件内有同名部件", "the file has two parts of one name")
            parts[name.casefold()] = info
        return cls(data, parts, bounds)

    def __contains__(self, name: str) -> bool:
        return name.casefold() in self.parts

    def size(self, name: str) -> int:
        """Return the size of a part when unpacked, as its directory entry says."""
        return self.parts[name.casefold()].file_size

    def read(self, name: str, limit: int) -> bytes:
        """Return one small part whole; refuse it above `limit` bytes."""
        blocks, size = [], 0
        for block in self.blocks(name):
            size += len(block)
            if size > limit:
                raise refuse("文件内的说明部件过大", "a description part of the file is too large")
            blocks.append(block)
        return b"".join(blocks)

    def blocks(self, name: str) -> Iterator[bytes]:
        """Inflate one part block by block: its real size bounded, its checksum and its XML declarations checked."""
        info = self.parts.get(name.casefold())
        if info is None:
            raise refuse("文件缺少必要的部件", "the file lacks a part that it needs")
        if info.file_size > self.bounds.part_bytes:
            raise refuse(*_TOO_LARGE)
        packed = self._packed(info)
        size, checksum, tail, is_xml = 0, 0, b"", name.casefold().endswith((".xml", ".rels"))
        strict = expat.ParserCreate() if is_xml and info.file_size <= self.bounds.strict_bytes else None
        for block in _inflate(packed, info.compress_type):
            size += len(block)
            self._check_size(size, len(packed))
            checksum = zlib.crc32(block, checksum)
            if is_xml:
                _check_xml(tail, block)
                tail = block[-2:]
            if strict is not None:
                _check_form(strict, block, False)
            yield block
        if strict is not None:
            _check_form(strict, b"", True)
        if size != info.file_size or checksum != info.CRC:
            raise refuse(
                "文件内容与校验和不符，已损坏", "the file is damaged: its contents do not match their checksum"
            )
        self.inflated += size

    def _check_size(self, size: int, packed: int) -> None:
        bounds = self.bounds
        if size > bounds.part_bytes or self.inflated + size > bounds.total_bytes:
            raise refuse(*_TOO_LARGE)
        if size > bounds.ratio_from and size > bounds.ratio * packed:
            raise refuse("压缩比异常（疑似压缩炸弹）", "its compression ratio is abnormal (it looks like a zip bomb)")

    def _packed(self, info: zipfile.ZipInfo) -> memoryview:
        """Return a part's packed bytes, by the local header that stands where the directory says."""
        damaged = ("文件不完整或已损坏", "the file is truncated or damaged")
        if info.flag_bits & _ENCRYPTED_FLAG:
            raise Refused(
                Text("压缩包已加密，请去掉密码后再试", "the archive is encrypted; remove the password and try again")
            )
        if info.compress_type not in _METHODS:
            raise refuse("压缩方式不受支持", "its compression method is not supported")
        header = self.data[info.header_offset : info.header_offset + _LOCAL.size]
        if len(header) < _LOCAL.size or not header.startswith(b"PK\x03\x04"):
            raise refuse(*damaged)
        fields = _LOCAL.unpack(header)
        start = info.header_offset + _LOCAL.size + fields[9] + fields[10]
        packed = memoryview(self.data)[start : start + info.compress_size]
        if len(packed) < info.compress_size:
            raise refuse(*damaged)
        return packed


def _name(info: zipfile.ZipInfo) -> str:
    """Return a part's name with forward slashes; refuse one that points outside the archive."""
    name = info.orig_filename.replace("\\", "/")
    if "\x00" in name or name.startswith("/") or ".." in name.split("/") or re.match("[A-Za-z]:", name):
        raise refuse("文件内有越界的部件名", "the file has a part whose name points outside it")
    return name


def _inflate(packed: memoryview, method: int) -> Iterator[bytes]:
    if method == zipfile.ZIP_STORED:
        for start in range(0, len(packed), _BLOCK):
            yield bytes(packed[start : start + _BLOCK])
        return
    inflater = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        for start in range(0, len(packed), _BLOCK // 8):
            rest: bytes | memoryview = packed[start : start + _BLOCK // 8]
            while len(rest) and not inflater.eof:
                block = inflater.decompress(rest, _BLOCK)
                rest = inflater.unconsumed_tail
                if block:
                    yield block
        while block := inflater.decompress(inflater.unconsumed_tail, _BLOCK):
            yield block
    except zlib.error:
        raise refuse("压缩内容已损坏", "its packed contents are damaged") from None
    if not inflater.eof:
        raise refuse("文件不完整（压缩内容中断）", "the file is truncated (its packed contents end early)")


def _check_xml(before: bytes, block: bytes) -> None:
    """Refuse a declaration, also one that lies over the edge of two blocks, and any encoding but UTF-8."""
    if not before:
        _check_encoding(block)
    if b"!" in block or b"!" in before or before.endswith(b"<"):
        _check_declarations(before + block)


def _check_form(parser: expat.XMLParserType, block: bytes, last: bool) -> None:
    """Refuse what is not well-formed: lenient readers would each make something else of it."""
    try:
        parser.Parse(block, last)
    except expat.ExpatError:
        raise refuse("内部 XML 不合规范", "its inner XML is malformed") from None


def _check_encoding(block: bytes) -> None:
    if block.startswith((b"\xff\xfe", b"\xfe\xff", b"<\x00", b"\x00<")):
        raise refuse("内部 XML 不是 UTF-8 编码", "its inner XML is not in UTF-8")
    encoding = _ENCODING.match(block.removeprefix(b"\xef\xbb\xbf")[:256])
    if encoding and encoding[1].strip().lower() not in _GOOD_ENCODINGS:
        raise refuse("内部 XML 不是 UTF-8 编码", "its inner XML is not in UTF-8")


def _check_declarations(block: bytes) -> None:
    if b"<!" in block and _DECLARATION.search(block):
        raise Refused(
            Text(
                "内含 DOCTYPE 或实体声明，出于安全拒绝读取；" + SAVE_AGAIN.zh,
                "it carries a DOCTYPE or entity declaration and is refused for safety; " + SAVE_AGAIN.en,
            )
        )


def root_of(data: bytes) -> Element:
    """Parse a small part in UTF-8, whatever its name; refuse what is malformed, or declares anything."""
    _check_declarations(data)
    parser = XMLParser(encoding="utf-8")  # noqa: S314 - nothing is declared, so there is no entity to expand
    try:
        parser.feed(data)
        return parser.close()
    except (ParseError, ValueError):
        raise refuse("内部 XML 不合规范", "its inner XML is malformed") from None


class Vetted:
    """A stored archive of checked parts, in memory that has no name, for a parser to open."""

    def __init__(self) -> None:
        self._descriptor = os.memfd_create("workbook") if hasattr(os, "memfd_create") else -1
        self._stream: IO[bytes] = io.BytesIO() if self._descriptor < 0 else os.fdopen(self._descriptor, "w+b")
        self._entries: list[bytes] = []
        self._name, self._start, self._size, self._checksum = b"", -1, 0, 0

    def begin(self, name: str) -> None:
        """Begin a part; what is written from here on is its contents."""
        self._end()
        self._name, self._start, self._size, self._checksum = name.encode(), self._stream.tell(), 0, 0
        self._stream.write(bytes(_LOCAL.size) + self._name)

    def write(self, block: bytes) -> None:
        """Write to the part that was begun last."""
        self._stream.write(block)
        self._size += len(block)
        self._checksum = zlib.crc32(block, self._checksum)

    def _end(self) -> None:
        """Write the part's local header, now that size and checksum are known."""
        if self._start < 0:
            return
        common = (20, _UTF8_NAME, 0, 0, 0, self._checksum, self._size, self._size, len(self._name), 0)
        self._stream.seek(self._start)
        self._stream.write(_LOCAL.pack(b"PK\x03\x04", *common))
        self._stream.seek(0, os.SEEK_END)
        self._entries.append(_CENTRAL.pack(b"PK\x01\x02", 20, *common, 0, 0, 0, 0, self._start) + self._name)

    def close(self) -> str | IO[bytes]:
        """Finish the archive; return a path or a stream for the parser."""
        self._end()
        start, directory, count = self._stream.tell(), b"".join(self._entries), len(self._entries)
        self._stream.write(directory + _END.pack(b"PK\x05\x06", 0, 0, count, count, len(directory), start, 0))
        self._stream.flush()
        self._stream.seek(0)
        return self._stream if self._descriptor < 0 else f"/proc/self/fd/{self._descriptor}"
