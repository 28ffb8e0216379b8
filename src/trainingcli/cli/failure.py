"""How a command ends: its result is rendered, a failure is one line on standard error; an exit code either way."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec

import typer

from trainingcli.errors import Exit, TrainingError
from trainingcli.language import tr
from trainingcli.result import Result

P = ParamSpec("P")


def told(function: Callable[P, Result]) -> Callable[P, None]:
    """Wrap a command: its `Result` is rendered as its options say, a `TrainingError` becomes one line and its code."""

    @wraps(function)
    def wrapped(*arguments: P.args, **options: P.kwargs) -> None:
        try:
            code = _rendered(function(*arguments, **options), options)
        except TrainingError as error:
            say_error(str(error))
            raise typer.Exit(int(error.exit_code)) from None
        except KeyboardInterrupt:
            say_error(tr("已中断；是否入账可看 ledger list。", "interrupted; ledger list tells what is posted."))
            raise typer.Exit(130) from None
        raise typer.Exit(int(code))

    return wrapped


def _rendered(result: Result, options: dict[str, Any]) -> Exit:
    from trainingcli.cli.render import render

    unmask, quiet = bool(options.get("unmask")), bool(options.get("quiet"))
    return render(result, options.get("format_"), unmask=unmask, quiet=quiet)


def say_error(text: str, place: str = "") -> None:
    """Print one line of error, as `say` does."""
    say(text, tr("错误：", "error: ") + place)


def say(text: str, place: str = "") -> None:
    """Print one line on standard error, safe for any terminal, numbers of people masked.

    `place`: what stands before the text and holds names of files and sheets, of which no more is masked than must be.
    """
    from trainingcli.masking import clean_terminal, mask_numbers, mask_place

    print(mask_place(clean_terminal(place)) + mask_numbers(clean_terminal(text)), file=sys.stderr)


def internal(error: BaseException) -> int:
    """Write where it happened (never a value) to a private log file, and say so in one line."""
    import tempfile
    import traceback

    handle, path = tempfile.mkstemp(prefix="trainingcli-", suffix=".log")
    with os.fdopen(handle, "w", encoding="utf-8") as log:
        log.write(f"{type(error).__module__}.{type(error).__qualname__}\n")
        for frame in traceback.extract_tb(error.__traceback__):
            log.write(f"  {frame.filename}:{frame.lineno} {frame.name}\n")
    say_error(
        tr(
            f"程序内部错误（{type(error).__name__}）；详情见 {path}，请连同版本号反馈；是否入账可看 ledger list。",
            f"internal error ({type(error).__name__}); details in {path}, please report it; "
            "ledger list tells what is posted.",
        )
    )
    return Exit.INTERNAL
