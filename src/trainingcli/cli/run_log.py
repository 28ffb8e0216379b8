"""The log of the runs (`--log FILE`): one line for a run's beginning, whatever it says, and its end; appended.

Nobody's number stands in it whole, `--unmask` or not; it is for its owner alone (0600).
"""

from __future__ import annotations

import contextlib
import datetime as dt
import os
import re
import shlex
import stat
import sys
from collections.abc import Iterator, Sequence
from contextvars import ContextVar
from pathlib import Path

import typer

from trainingcli import __version__
from trainingcli.drafts import cannot_write, private_folder
from trainingcli.errors import Exit, OutputError
from trainingcli.language import Text, tr
from trainingcli.masking import clean_terminal, mask_numbers, mask_place, without_password

_OWN = re.compile(rb"\d{4}-\d\d-\d\dT\S+ trainingcli\[\d+\] ")
_open: ContextVar[int | None] = ContextVar("run_log", default=None)


@contextlib.contextmanager
def kept(path: Path, arguments: Sequence[str]) -> Iterator[None]:
    """Keep the log of one run. Exit 5, and nothing is done, where it cannot be written or is another's file."""
    try:
        handle = _opened(path)
    except OutputError as error:
        from trainingcli.cli.failure import say_error

        say_error(str(error))
        raise typer.Exit(int(error.exit_code)) from None
    before = _open.set(handle)
    code: object = Exit.INTERNAL
    add(f"begin {__version__} {shlex.join(_shown(argument) for argument in arguments)}")
    try:
        yield
        code = Exit.OK
    except typer.Exit as left:
        code = left.exit_code
        raise
    except BrokenPipeError:
        code = Exit.OK
        raise
    finally:
        add(f"end exit {int(code)}")  # type: ignore[call-overload]
        _open.reset(before)
        os.close(handle)


def add(text: str) -> None:
    """Add a line to the log, if there is one; a full disk ends no run."""
    handle = _open.get()
    if handle is None:
        return
    now = dt.datetime.now().astimezone().isoformat(timespec="seconds")
    try:
        os.write(handle, f"{now} trainingcli[{os.getpid()}] {clean_terminal(text)}\n".encode(errors="replace"))
    except OSError:
        _open.set(None)  # said once
        print(tr("日志写不下去了；运行继续。", "the log takes no more; the run goes on."), file=sys.stderr)


def _shown(argument: str) -> str:
    """An argument as it may be kept: an address without its password, nobody's number, a path as it is."""
    return mask_numbers(mask_place(without_password(argument)))


def _opened(path: Path) -> int:
    """Open the file for appending (made 0600 where it is not there); `OutputError` for all that is no log of ours."""
    flags = os.O_RDWR | os.O_APPEND | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    try:
        private_folder(path.parent)
        handle = os.open(path, flags, 0o600)
    except OSError as error:
        raise cannot_write(path, error) from None
    try:
        _refuse_others(path, handle)
        if hasattr(os, "fchmod"):
            os.fchmod(handle, 0o600)
    except BaseException as error:
        os.close(handle)
        if isinstance(error, OSError):
            raise cannot_write(path, error) from None
        raise
    return handle


def _refuse_others(path: Path, handle: int) -> None:
    state = os.fstat(handle)
    if stat.S_ISREG(state.st_mode) and (state.st_size == 0 or _OWN.match(os.read(handle, 200))):
        return
    place = mask_place(str(path))
    raise OutputError(
        Text(
            f"{place} 不是本程序的日志，没有写入；请给 --log 换一个文件名",
            f"{place} is no log of this program and was left; name another file with --log",
        )
    )
