"""Failures that end a run, each with its exit code. A row's fault is never one of these: it is a finding."""

from __future__ import annotations

import errno
from collections.abc import Sequence
from enum import IntEnum
from typing import Any

from trainingcli.language import Text


class Exit(IntEnum):
    """The exit codes of the contract."""

    OK = 0
    FOUND = 1
    USAGE = 2
    INPUT = 3
    LEDGER = 4
    OUTPUT = 5
    INTERNAL = 70


class TrainingError(Exception):
    """A failure told in one line: what, why, and what to do next."""

    exit_code = Exit.INTERNAL

    def __init__(self, text: Text) -> None:
        super().__init__(text.en)
        self.text = text

    def __str__(self) -> str:
        return str(self.text)

    def lines(self) -> list[str]:
        """Return what is printed, a line each."""
        return [str(self)]

    def __reduce__(self) -> tuple[type[TrainingError], tuple[Any]]:
        return type(self), (self.text,)


class UsageError(TrainingError):
    """Wrong usage, or a policy or configuration file that does not hold (exit 2)."""

    exit_code = Exit.USAGE


class ManyUsageError(UsageError):
    """Everything that does not hold in one file or in what was asked, a line each (exit 2)."""

    def __init__(self, texts: Sequence[Text]) -> None:
        super().__init__(Text("\n".join(text.zh for text in texts), "\n".join(text.en for text in texts)))
        self.texts = tuple(texts)

    def lines(self) -> list[str]:
        """Return a line for each."""
        return [str(text) for text in self.texts]

    def __reduce__(self) -> tuple[type[TrainingError], tuple[Any]]:
        return type(self), (self.texts,)


class InputError(TrainingError):
    """An input that cannot be read (exit 3); every other input is processed."""

    exit_code = Exit.INPUT


class LedgerError(TrainingError):
    """A ledger that cannot be opened, is busy past the time-out, or fails verification (exit 4)."""

    exit_code = Exit.LEDGER


class OutputError(TrainingError):
    """An output that cannot be written; nothing was posted (exit 5)."""

    exit_code = Exit.OUTPUT


_SYSTEM = {
    errno.ENOENT: Text("没有这个文件或文件夹", "no such file or folder"),
    errno.EACCES: Text("没有权限", "permission denied"),
    errno.EPERM: Text("不允许这样做", "not permitted"),
    errno.EEXIST: Text("已有同名文件", "it is there already"),
    errno.ENOTDIR: Text("路径中有一段不是文件夹", "a part of the path is no folder"),
    errno.EISDIR: Text("这是文件夹", "it is a folder"),
    errno.ENOSPC: Text("磁盘已满", "the disk is full"),
    errno.EDQUOT: Text("磁盘配额已用完", "the disk quota is used up"),
    errno.EROFS: Text("文件系统只读", "the file system is read-only"),
    errno.ENAMETOOLONG: Text("名称太长", "the name is too long"),
    errno.ELOOP: Text("链接绕成了圈", "its links run in a circle"),
    errno.EMFILE: Text("打开的文件太多", "too many files are open"),
    errno.ENFILE: Text("系统打开的文件太多", "the system has too many files open"),
    errno.EIO: Text("磁盘读写出错", "the disk failed"),
    errno.EBADF: Text("输出已关闭", "it is closed"),
    errno.EBUSY: Text("正被占用", "it is in use"),
    errno.ETXTBSY: Text("正被占用", "it is in use"),
    errno.EFBIG: Text("文件太大", "the file is too large"),
    errno.ENOTEMPTY: Text("文件夹不是空的", "the folder is not empty"),
    errno.ENXIO: Text("没有这个设备", "there is no such device"),
    errno.EINVAL: Text("系统不接受", "the system does not accept it"),
    errno.ENOMEM: Text("内存不足", "there is no memory left"),
    errno.EXDEV: Text("不在同一个磁盘上", "it is on another disk"),
    errno.ESTALE: Text("网络磁盘上的文件已失效", "the file on the network disk is stale"),
    errno.ETIMEDOUT: Text("超时", "it timed out"),
    errno.ECONNREFUSED: Text("连接被拒绝", "the connection was refused"),
}


def own_words(error: OSError) -> Text:
    """Say what the system said of a file, in this program's words; an unknown failure by its number."""
    number = error.errno
    if number in _SYSTEM:
        return _SYSTEM[number]
    name = errno.errorcode.get(number, str(number)) if number is not None else type(error).__name__
    return Text(f"系统错误 {name}", f"system error {name}")
