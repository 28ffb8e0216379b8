"""An .xls with a password → the same workbook without it, in memory; MS-XLS 2.2.10, MS-OFFCRYPTO 2.3.5 to 2.3.7.

msoffcrypto checks the password and deciphers. Its own walk over the records is not used: it puts the plain workbook
into a temporary file, and stumbles over the zeros that may stand behind the last record.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from struct import pack_into, unpack_from
from typing import Any

import olefile
from msoffcrypto.method.rc4 import DocumentRC4
from msoffcrypto.method.rc4_cryptoapi import DocumentRC4CryptoAPI
from msoffcrypto.method.xor_obfuscation import DocumentXOR

_FILEPASS, _BOUNDSHEET = 0x002F, 0x0085
_NEVER_SEALED = frozenset({0x0809, _FILEPASS, 0x0194, 0x0195, 0x00E1, 0x0196, 0x0138})  # BOF, UsrExcl, FileLock …
_BLOCK = 1024


def without_password(data: bytes, office: Any) -> bytes:
    """Return the workbook in the plain; `office`: msoffcrypto's view of it, with a key that was checked."""
    with olefile.OleFileIO(io.BytesIO(data), write_mode=True) as container:
        stream = container.openstream("Workbook").read()
        container.write_stream("Workbook", bytes(_plain(stream, office)))
        found: bytes = container.fp.getvalue()
    return found


def _plain(stream: bytes, office: Any) -> bytearray:
    spans = list(_sealed(stream))
    plain = bytearray(stream)
    deciphered = _deciphered(stream, spans, office)
    for start, end, _ in spans:
        plain[start:end] = deciphered[start:end]
    for kind, start, _ in _records(stream):
        if kind == _FILEPASS:
            pack_into("<H", plain, start - 4, 0)  # a record of no kind
    return plain


def _deciphered(stream: bytes, spans: list[tuple[int, int, bool]], office: Any) -> bytes:
    """Decipher the whole stream; only the spans of it mean anything."""
    source = io.BytesIO(stream)
    if office.type == "rc4":
        target = DocumentRC4.decrypt(office.key, office.salt, source, blocksize=_BLOCK)
    elif office.type == "rc4_cryptoapi":
        target = DocumentRC4CryptoAPI.decrypt(office.key, office.salt, office.keySize, source, blocksize=_BLOCK)
    else:
        marks = [0] * len(stream)
        for start, end, is_sheet in spans:
            marks[start:end] = [-2 if is_sheet else -1] * (end - start)
        target = DocumentXOR.decrypt(office.key, source, marks, [], 10)
    found: bytes = target.read()
    return found


def _sealed(stream: bytes) -> Iterator[tuple[int, int, bool]]:
    """Yield start and end of each record's enciphered bytes, and whether it names a sheet (whose place stays plain)."""
    for kind, start, length in _records(stream):
        if kind not in _NEVER_SEALED:
            is_sheet = kind == _BOUNDSHEET
            yield start + 4 * is_sheet, start + length, is_sheet


def _records(stream: bytes) -> Iterator[tuple[int, int, int]]:
    """Yield (kind, start, length) of every record that is whole."""
    at = 0
    while at + 4 <= len(stream):
        kind, length = unpack_from("<HH", stream, at)
        if at + 4 + length > len(stream):
            return
        yield kind, at + 4, length
        at += 4 + length
