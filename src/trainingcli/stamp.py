"""The stamp in every workbook and page that this program writes: what it is, and whether it was changed since.

In a workbook a custom document property, so that spreadsheet programs keep it. It is the package's last part, and so
it and the parts right before it can be put in again without writing the workbook anew. In a page a comment at the end.
"""

from __future__ import annotations

import hashlib
import os
import re
import zlib
from collections.abc import Callable, Collection, Iterable, Mapping
from pathlib import Path
from typing import IO, NamedTuple
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from trainingcli.xml_text import as_xml

PART = "docProps/custom.xml"
RETURNABLE = ("template", "return")  # kinds that are meant to come back, filled in or mended
_SMALL = 16384  # bytes of a part of a return: setting a compressor up costs as much as all else of writing it
_LEVEL = 2  # zlib: costs what 1 costs and is a tenth smaller; 3 costs a third more, 6 more than twice as much
_MOST_BYTES = 100_000  # of the stamp's part: larger ones are nobody's stamp
_NAMES = ("kind", "parts", "cells", "late")
_TEXT = b' t="inlineStr"><is><t>'
_PROPERTY = re.compile(r'name="trainingcli-(\w+)"[^>]*>\s*<(?:\w+:)?lpwstr[^>]*>([^<]*)<')
_PAGE_END = "<!-- trainingcli {} {} -->\n"
_PAGE_STAMP = re.compile(rb"<!-- trainingcli (?P<kind>[a-z]+) (?P<digest>[0-9a-f]{64}) -->\n\Z")
_END_BYTES = 200
_PROPERTIES = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<Properties '
    'xmlns="http://schemas.openxmlformats.org/officeDocument/2006/custom-properties" '
    'xmlns:vt="http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes">{}</Properties>'
)
_ONE = (
    '<property fmtid="{{D5CDD505-2E9C-101B-9397-08002B2CF9AE}}" pid="{}" name="trainingcli-{}">'
    "<vt:lpwstr>{}</vt:lpwstr></property>"
)
_TYPE = (
    b'<Override PartName="/docProps/custom.xml" '
    b'ContentType="application/vnd.openxmlformats-officedocument.custom-properties+xml"/></Types>'
)
_RELATION = (
    b'<Relationship Id="rIdStamp" Target="docProps/custom.xml" Type="http://schemas.openxmlformats.org/'
    b'officeDocument/2006/relationships/custom-properties"/></Relationships>'
)


class Stamp(NamedTuple):
    """What a stamped workbook says of itself. `as_written`: no program saved it again since this one wrote it.

    `cells`: the fingerprint of its cells when it was written, empty where none was taken.
    """

    kind: str
    as_written: bool
    cells: str = ""


def read_stamp(source: Path | IO[bytes]) -> Stamp | None:
    """Return a workbook's or page's stamp, None for any other file. Of a workbook a part is read."""
    try:
        with ZipFile(source) as package:
            part = package.getinfo(PART)
            if part.file_size > _MOST_BYTES:
                return None
            found = dict(_PROPERTY.findall(package.read(part).decode("utf-8", "replace")))
            if "kind" not in found:
                return None
            return Stamp(found["kind"], found.get("parts") == _parts(package.infolist()), found.get("cells", ""))
    except BadZipFile:
        return _page_stamp(source) if isinstance(source, Path) else None
    except (OSError, ValueError, KeyError, NotImplementedError, RuntimeError, EOFError, zlib.error):
        return None


def write_stamped_page(pieces: Iterable[bytes], target: IO[bytes], kind: str) -> None:
    """Write a page, its stamp as a comment at the end: kind, and the digest of all that stands before it."""
    digest = hashlib.sha256()
    for piece in pieces:
        digest.update(piece)
        target.write(piece)
    target.write(_PAGE_END.format(kind, digest.hexdigest()).encode())


def _page_stamp(path: Path) -> Stamp | None:
    """Return a page's stamp; of a file without one only the end is read."""
    try:
        with path.open("rb") as page:
            page.seek(max(path.stat().st_size - _END_BYTES, 0))
            found = _PAGE_STAMP.search(page.read())
            if found is None:
                return None
            page.seek(0)
            before = page.read(path.stat().st_size - len(found[0]))
    except OSError:
        return None
    return Stamp(found["kind"].decode(), hashlib.sha256(before).hexdigest() == found["digest"].decode())


def stamped(
    package: IO[bytes],
    target: IO[bytes],
    kind: str,
    *,
    cells: str = "",
    contents: Mapping[str, Callable[[bytes], Iterable[bytes | memoryview]]] | None = None,
    large: Collection[str] = (),
    late: Mapping[str, str] | None = None,
) -> None:
    """Copy a finished workbook and stamp it.

    `contents`: part → what its bytes become, in pieces; `large`: those that may be above 2 GB then. `late`: part → what
    its one cell with a text of its own says (`refill`); these parts stand right before the stamp.
    """
    changed = {**_STAMPED, **(contents or {})}
    with ZipFile(package) as source, ZipFile(target, "w", ZIP_DEFLATED, compresslevel=_LEVEL) as out:
        late = late or {}
        for name in sorted(source.namelist(), key=lambda name: name in late):
            if name == PART:
                continue
            data = source.read(name)
            pieces = changed[name](data) if name in changed else (data,)
            with out.open(_entry(name), "w", force_zip64=name in large) as entry:
                for piece in pieces:
                    entry.write(piece)
        named = " ".join(f"{name}:{what}" for name, what in late.items())
        _put_stamp(out, {"kind": kind, "cells": cells, "late": named})


def write_stamped(parts: Mapping[str, bytes], target: IO[bytes], kind: str, *, cells: str) -> None:
    """Write a workbook of these parts, stamped."""
    with ZipFile(target, "w") as out:
        for name, data in parts.items():
            entry = _entry(name, ZIP_STORED if len(data) < _SMALL else ZIP_DEFLATED)
            out.writestr(entry, b"".join(_STAMPED[name](data)) if name in _STAMPED else data)
        _put_stamp(out, {"kind": kind, "cells": cells, "late": ""})


def refill(path: Path, texts: Mapping[str, str]) -> None:
    """Put in a stamped workbook's late cells what was not known when it was written, and see it on the disk.

    `texts`: what a late cell says (`stamped`) → its text. Only the parts at the package's end are written again. Raises
    `OSError`; the workbook is not whole then.
    """
    with path.open("r+b") as file:
        with ZipFile(file, "a", ZIP_DEFLATED, compresslevel=_LEVEL) as package:
            found = dict(_PROPERTY.findall(package.read(PART).decode()))
            late = dict(one.split(":") for one in found["late"].split())
            parts = {name: _with_text(package.read(name), texts[what]) for name, what in late.items()}
            _cut(package, len(parts) + 1)
            for name, data in parts.items():
                package.writestr(_entry(name), data)
            _put_stamp(package, {name: found[name] for name in ("kind", "cells", "late")})
        file.flush()
        os.fsync(file.fileno())


def _put_stamp(package: ZipFile, facts: Mapping[str, str]) -> None:
    values = {**facts, "parts": _parts(package.infolist())}
    properties = (_ONE.format(number, name, values[name]) for number, name in enumerate(_NAMES, 2))
    package.writestr(_entry(PART), _PROPERTIES.format("".join(properties)))


def _with_text(sheet: bytes, text: str) -> bytes:
    before, rest = sheet.split(_TEXT, 1)
    return before + _TEXT + as_xml(text).encode() + rest[rest.index(b"</t>") :]


def _cut(package: ZipFile, count: int) -> None:
    """Take a package's last entries off; what is written next stands in their place."""
    package.start_dir = min(entry.header_offset for entry in package.filelist[-count:])
    for entry in package.filelist[-count:]:
        del package.NameToInfo[entry.filename]
    del package.filelist[-count:]
    package._didModify = True  # type: ignore[attr-defined]  # the directory is written anew even if nothing follows


def _entry(name: str, method: int = ZIP_DEFLATED) -> ZipInfo:
    info = ZipInfo(name)  # 1980-01-01: the same workbook has the same bytes
    info.compress_type = method
    info._compresslevel = _LEVEL  # type: ignore[attr-defined]  # the archive's own level is for names alone
    return info


def _parts(entries: Iterable[ZipInfo]) -> str:
    """A digest of the parts that hold cells, by their check sums: told from the package's directory alone."""
    held = sorted(
        (entry.filename, entry.CRC)
        for entry in entries
        if entry.filename.startswith("xl/worksheets/") or entry.filename == "xl/sharedStrings.xml"
    )
    return hashlib.sha256(repr(held).encode()).hexdigest()[:32]


def _with_type(data: bytes) -> Iterable[bytes]:
    if b"/docProps/custom.xml" not in data:
        data = data.replace(b"</Types>", _TYPE)
    yield data


def _with_relation(data: bytes) -> Iterable[bytes]:
    if b"custom-properties" not in data:
        data = data.replace(b"</Relationships>", _RELATION)
    yield data


_STAMPED: dict[str, Callable[[bytes], Iterable[bytes | memoryview]]] = {
    "[Content_Types].xml": _with_type, "_rels/.rels": _with_relation,
}  # fmt: skip
