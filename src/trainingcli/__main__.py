"""The program's entry: language first, then the commands; no traceback ever reaches a user."""

from __future__ import annotations

import gc
import os
import sys

from trainingcli import language
from trainingcli.errors import Exit


def main() -> None:
    """Run the command line and exit with the contract's code."""
    language.use(language.from_environment(sys.argv[1:]))
    _plain_when_piped()
    from trainingcli.cli import app

    try:
        app()
    except BrokenPipeError:  # a reader such as `head` had enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(Exit.OK)
    except Exception as error:  # the last fence: one line, a log, exit 70
        from trainingcli.cli.failure import internal

        sys.exit(internal(error))


def _plain_when_piped() -> None:
    """No colour where standard error is no terminal; UTF-8 on every stream, also under cron's bare environment."""
    if not sys.stderr.isatty():
        os.environ.setdefault("NO_COLOR", "1")
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]


def entry() -> None:
    """Run `main` and leave at once: taking pandas down piece by piece would cost a quarter of a small run.

    So would looking for garbage, an eighth, among what the imports make: all of it stays.
    """
    gc.set_threshold(100_000, 50, 1000)
    code: object = Exit.OK
    try:
        main()
    except SystemExit as done:
        code = done.code
    code = code if isinstance(code, int) else Exit.OK if code is None else Exit.FOUND
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    except BrokenPipeError:
        pass
    except OSError:  # the result did not arrive, on a full disk for example
        code = code or Exit.OUTPUT
    os._exit(code)


if __name__ == "__main__":
    entry()
