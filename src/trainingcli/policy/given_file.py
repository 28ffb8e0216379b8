"""A policy file or an overlay that somebody gives: read with its lines, laid over what it extends, checked."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

from trainingcli.bounded_input import SMALL, TOO_LARGE, UnreadableFile, read_file
from trainingcli.errors import UsageError
from trainingcli.language import Text
from trainingcli.lined_yaml import LinedDocument, fault, read_document
from trainingcli.policy.build import SHIPPED, merged
from trainingcli.policy.file_checks import check


def read_given(path: Path, shipped: Mapping[str, Any], codes: Collection[str]) -> LinedDocument:
    """Return the whole data of a file; UsageError names the file and every line at fault."""
    document = read_document(_bytes(path), str(path))
    if "extends" in document.data:
        _extend(document, shipped, path.stem)
    check(document, shipped, codes)
    return document


def _bytes(path: Path) -> bytes:
    try:
        return read_file(path, SMALL, pipes=True)
    except UnreadableFile as error:
        if error.text == TOO_LARGE:
            why = Text("文件过大，不是政策文件", "the file is too large for a policy file")
            raise fault(str(path), 1, why) from None
        zh, en = f"政策文件 {path} 无法读取：{error.text.zh}", f"policy file {path} cannot be read: {error.text.en}"
        raise UsageError(Text(zh, en)) from None


def _extend(document: LinedDocument, base: Mapping[str, Any], stem: str) -> None:
    over = dict(document.data)
    named = over.pop("extends")
    if named != SHIPPED:
        why = Text(f"只能扩展“{SHIPPED}”，不能扩展“{named}”", f"'{SHIPPED}' can be extended, not '{named}'")
        document.told.append((document.line(("extends",)), why))
    document.data = merged(base, {"id": f"{SHIPPED}+{stem}"} | over)
