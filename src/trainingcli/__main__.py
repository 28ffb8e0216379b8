"""The program's entry: streams and language first, then the commands; no traceback ever reaches a user."""

from __future__ import annotations

# Nothing else: an interrupt that comes before `entry` has set its handler would be a traceback of Python's own.
import os
import signal
import sys

_INTERRUPTED = 130
_IN_UTF8 = "_TRAININGCLI_UTF8"


def main() -> None:
    """Run the command line and exit with the contract's code."""
    from trainingcli import language
    from trainingcli.errors import Exit

    _plain_when_piped()
    try:
        language.use(_language(sys.argv[1:]))
        from trainingcli.cli import app

        app()
    except BrokenPipeError:  # a reader such as `head` had enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(Exit.OK)
    except Exception as error:  # the last fence: one line, a log, exit 70
        from trainingcli.cli.failure import internal

        sys.exit(internal(error))


def _language(arguments: list[str]) -> str:
    """Return the language of help pages, which are built before the command line is read."""
    from trainingcli import configuration, language

    said = language.from_environment(arguments)
    return said or configuration.language(configuration.given_in(arguments)) or "zh"


def _plain_when_piped() -> None:
    """No colour where standard error is no terminal; UTF-8 on every stream, also under cron's bare environment."""
    if not sys.stderr.isatty():
        os.environ.setdefault("NO_COLOR", "1")
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]


def _interrupted(*_: object) -> None:
    """Leave at once while nothing is opened yet, or everything is closed again; in a command `told` does it."""
    os.write(2, "已中断 / interrupted\n".encode())
    os._exit(_INTERRUPTED)


def _open_streams() -> None:
    """Put something where a standard stream is closed, before a file takes its number; writing to such output fails."""
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_WRONLY if name == "stderr" else os.O_RDONLY)
        if getattr(sys, name) is None:
            setattr(sys, name, open(number, "r" if name == "stdin" else "w", closefd=False))  # noqa: SIM115


def _in_utf8() -> None:
    """Start anew in UTF-8 mode where the locale knows no Chinese: names of files could not be written in it."""
    if sys.getfilesystemencoding() != "utf-8" and _IN_UTF8 not in os.environ:
        os.environ[_IN_UTF8] = os.environ["PYTHONUTF8"] = "1"  # the workers, too
        os.execv(sys.executable, [sys.executable, "-X", "utf8", "-m", "trainingcli", *sys.argv[1:]])  # noqa: S606


def entry() -> None:
    """Run `main` and leave at once: taking pandas down piece by piece would cost a quarter of a small run.

    So would looking for garbage, an eighth, among what the imports make: all of it stays.
    """
    signal.signal(signal.SIGINT, _interrupted)
    _open_streams()
    _in_utf8()
    # Arrow's own allocator gives every large piece back to the system and asks for it anew: a tenth of a large run.
    os.environ.setdefault("ARROW_DEFAULT_MEMORY_POOL", "system")
    import gc

    gc.set_threshold(1_000_000, 20, 1000)
    code: object = 0
    try:
        main()
    except SystemExit as done:
        code = done.code
    except KeyboardInterrupt:  # a second one, while the first was told
        code = _INTERRUPTED
    code = code if isinstance(code, int) else 0 if code is None else 1
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    except BrokenPipeError:
        pass
    except OSError:  # the result did not arrive, on a full disk for example
        code = code or 5
    os._exit(code)


if __name__ == "__main__":
    entry()
