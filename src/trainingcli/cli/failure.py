"""How a command ends: its result is rendered, a failure is one line on standard error; an exit code either way."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextvars import ContextVar
from functools import wraps
from inspect import signature
from typing import Any

import typer

from trainingcli.bureau_words import NO_WORDS, OWN_WORDS
from trainingcli.cli import run_log
from trainingcli.errors import Exit, OutputError, TrainingError, UsageError, own_words
from trainingcli.language import Text, tr
from trainingcli.result import Result

IS_QUIET: ContextVar[bool] = ContextVar("is_quiet", default=False)
"""Whether the command that runs was given `--quiet`."""


def told(function: Callable[..., Result]) -> Callable[..., None]:
    """Wrap a command: its `Result` is rendered as its options say, a `TrainingError` becomes its lines and code.

    Of the options of every command (`settings.COMMON`) it is given those that it declares.
    """
    declared = signature(function).parameters

    @wraps(function)
    def wrapped(**options: Any) -> None:
        IS_QUIET.set(bool(options.get("quiet")))
        OWN_WORDS.set(NO_WORDS)
        try:
            with _interruptible():
                _refuse_closed_output()
                own = {name: value for name, value in options.items() if name in declared}
                code = _rendered(function(**own), options)
        except TrainingError as error:
            raise _told(error) from None
        except UnicodeEncodeError:
            if not (undecoded := _undecoded(options)):
                raise
            raise _told(UsageError(undecoded)) from None
        except KeyboardInterrupt:
            say_error(tr("已中断；是否入账可看 ledger list。", "interrupted; ledger list tells what is posted."))
            raise typer.Exit(130) from None
        raise typer.Exit(int(code))

    return wrapped


def _told(error: TrainingError) -> typer.Exit:
    for line in error.lines():
        say_error(line)
    return typer.Exit(int(error.exit_code))


def _undecoded(options: dict[str, Any]) -> Text | None:
    """Say which options are no UTF-8: the name of a file may be other bytes, what is kept or looked for may not."""
    named = [name.rstrip("_") for name, value in options.items() if any(map(_is_undecoded, _texts(value)))]
    if not named:
        return None
    return Text(
        f"{'、'.join(named)} 不是 UTF-8 编码的文字，请重新输入", f"{', '.join(named)}: no text in UTF-8; type it again"
    )


def _texts(value: Any) -> list[str]:
    return [text for text in (value if isinstance(value, list) else [value]) if isinstance(text, str)]


def _is_undecoded(text: str) -> bool:
    return any("\udc80" <= sign <= "\udcff" for sign in text)


@contextlib.contextmanager
def _interruptible() -> Iterator[None]:
    """Let an interrupt unwind a command that has opened something, where the program's entry would just leave."""
    before = signal.getsignal(signal.SIGINT)
    if before is signal.default_int_handler or threading.current_thread() is not threading.main_thread():
        yield
        return
    signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _refuse_closed_output() -> None:
    """Do nothing at all where the result could not be printed: nothing is posted, then, whose result nobody sees."""
    with contextlib.suppress(ValueError):  # a stream without a file beneath it takes everything
        try:
            os.write(sys.stdout.fileno(), b"")
        except OSError as error:
            if isinstance(error, ValueError):
                raise
            why = own_words(error)
            raise OutputError(
                Text(
                    f"标准输出不能写（{why.zh}），什么也没有做",
                    f"standard output cannot be written ({why.en}); nothing was done",
                )
            ) from None


def _rendered(result: Result, options: dict[str, Any]) -> Exit:
    from trainingcli.cli.render import render

    unmask, quiet = bool(options.get("unmask")), bool(options.get("quiet"))
    if result.posted is not None:
        run_log.add(tr(f"入账：批次 {result.posted}", f"posted: batch {result.posted}"))
    return render(result, options.get("format_"), unmask=unmask, quiet=quiet)


def say_error(text: str, place: str = "") -> None:
    """Print one line of error, as `say` does."""
    say(text, tr("错误：", "error: ") + place)


def say(text: str, place: str = "", *, is_shown: bool = True) -> None:
    """Print one line on standard error, safe for any terminal, numbers of people masked; the log has it, too.

    `place`: what stands before the text and holds names of files and sheets, of which no more is masked than must be.
    `is_shown`: False for what the log alone is told.
    """
    from trainingcli.masking import clean_terminal, mask_numbers, mask_place

    told = mask_place(clean_terminal(place)) + mask_numbers(clean_terminal(text))
    run_log.add(told)
    if is_shown:
        print(told, file=sys.stderr)


def internal(error: BaseException) -> int:
    """Write where it happened (never a value) to a private log file, and say so in one line."""
    path = tr("（写不出日志）", "(no log could be written)")
    with contextlib.suppress(OSError):
        path = _log_of(error)
    say_error(
        tr(
            f"程序内部错误（{type(error).__name__}）；详情见 {path}，请连同版本号反馈；是否入账可看 ledger list。",
            f"internal error ({type(error).__name__}); details in {path}, please report it; "
            "ledger list tells what is posted.",
        )
    )
    return Exit.INTERNAL


def _log_of(error: BaseException) -> str:
    """Write a private log file (0600) and return its name."""
    import tempfile
    import traceback

    handle, path = tempfile.mkstemp(prefix="trainingcli-", suffix=".log")
    with os.fdopen(handle, "w", encoding="utf-8") as log:
        log.write(f"{type(error).__module__}.{type(error).__qualname__}\n")
        for frame in traceback.extract_tb(error.__traceback__):
            log.write(f"  {frame.filename}:{frame.lineno} {frame.name}\n")
    return path
