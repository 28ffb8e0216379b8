"""Reading what a user names: never more than a bound, never waiting for a pipe or device that gives nothing."""

from __future__ import annotations

import contextlib
import os
import select
import stat
from pathlib import Path
from typing import IO

from trainingcli.language import Text

SMALL = 1 << 20
"""Bytes; what a policy, a word list or a password file may have."""
LARGEST_STREAM = 128 << 20
"""Bytes; what standard input may hold. A roster of 200,000 people has some 14 million."""
_BLOCK = 1 << 20
_PATIENCE = 10.0  # seconds that a pipe may be silent

TOO_LARGE = Text("文件过大", "the file is too large")


class UnreadableFile(Exception):  # noqa: N818 - a finding about an input, not a fault of the program
    """Why a file that was named cannot be read; `text` is for its user."""

    def __init__(self, text: Text) -> None:
        super().__init__(text.en)
        self.text = text


def read_file(path: str | Path, most: int, *, pipes: bool = False) -> bytes:
    """Return a file's bytes, `most` of them at the most. `pipes`: one is read as well, while it speaks.

    Raises `UnreadableFile` for all that is no such file; a device is never opened for reading.
    """
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | getattr(os, "O_NONBLOCK", 0))
    except FileNotFoundError:
        raise UnreadableFile(Text("找不到文件，请检查路径", "no such file; check the path")) from None
    except PermissionError:
        raise UnreadableFile(Text("没有读取权限", "no permission to read it")) from None
    except (OSError, ValueError) as error:
        raise _failed(error) from None
    try:
        status = os.fstat(descriptor)
        if stat.S_ISDIR(status.st_mode):
            raise UnreadableFile(Text("是文件夹，不是文件", "is a folder, not a file"))
        if pipes and stat.S_ISFIFO(status.st_mode):
            return _from_pipe(descriptor, most)
        if not stat.S_ISREG(status.st_mode):
            raise UnreadableFile(Text("不是普通文件", "is not a regular file"))
        if status.st_size > most:
            raise UnreadableFile(TOO_LARGE)
        with os.fdopen(os.dup(descriptor), "rb", buffering=0) as stream:
            found = stream.read(status.st_size + 1)  # a buffer of the bound's size would take a worker's memory
            if len(found) > status.st_size:
                found += stream.read(most + 1 - len(found))
        if len(found) > most:  # it grew meanwhile
            raise UnreadableFile(TOO_LARGE)
        return found
    except OSError as error:
        raise _failed(error) from None
    finally:
        os.close(descriptor)


def up_to(stream: IO[bytes], most: int) -> bytes:
    """Return a stream's first `most` bytes; of nothing but zeros the first block, which is enough to refuse it."""
    found = bytearray()
    while len(found) < most and (block := stream.read(min(_BLOCK, most - len(found)))):
        found += block
        if len(found) == len(block) == _BLOCK and not any(block):
            break
    return bytes(found)


def _from_pipe(descriptor: int, most: int) -> bytes:
    found = b""
    while True:
        if not select.select([descriptor], [], [], _PATIENCE)[0]:
            raise UnreadableFile(Text("等待管道超时", "the pipe gave nothing in time"))
        block = os.read(descriptor, _BLOCK)
        found += block
        if not block:
            return found
        if len(found) > most:
            raise UnreadableFile(TOO_LARGE)


def _failed(error: Exception) -> UnreadableFile:
    return UnreadableFile(Text("无法打开（{why}）", "cannot be opened ({why})").format(why=type(error).__name__))


def readable_name(path: str) -> str:
    """Return a path that can be shown and stored: bytes of its name that are no UTF-8 are taken for GB 18030."""
    return "/".join(map(_readable, path.split("/")))


def _readable(name: str) -> str:
    try:
        name.encode()
    except UnicodeEncodeError:
        for encoding in ("gb18030", "utf-8"):
            with contextlib.suppress(UnicodeError):
                return name.encode("utf-8", "surrogateescape").decode(encoding)
        return name.encode("utf-8", "replace").decode()
    return name
