"""What commands that settle rosters open alike: policy, registers, ledger, workers, standard input, progress."""

from __future__ import annotations

import contextlib
import datetime as dt
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from trainingcli.bounded_input import LARGEST_STREAM, SMALL, UnreadableFile, read_file, up_to
from trainingcli.cli import options, settings
from trainingcli.cli.failure import IS_QUIET, say
from trainingcli.errors import UsageError
from trainingcli.language import Text, tr
from trainingcli.places import LEDGER_KEY_FILE, ledger_file, server

if TYPE_CHECKING:
    from trainingcli.claims.request import Request
    from trainingcli.evidence.gathered import Sources
    from trainingcli.evidence.source import Given
    from trainingcli.ledger import Ledger
    from trainingcli.policy import Policy
    from trainingcli.workers import WorkerPool


def open_pool(jobs: int | None, *, ready: bool = True) -> WorkerPool:
    """Make the worker pool and start one worker, so that it is ready once the main program is (`ready`)."""
    from trainingcli.workers import WorkerPool

    pool = WorkerPool(jobs or os.cpu_count() or 1)
    if ready:
        pool.start(1)
    return pool


@contextlib.contextmanager
def open_ledger(address: str | None, *, writing: bool, create: bool = True) -> Iterator[Ledger | None]:
    """Open the ledger; where nothing is to be written, or none is to be made, and none is there, there is none."""
    _refuse_empty(address)
    place: str | Path = address or ledger_file()
    making = writing and create
    if not making and server(str(place)) is None and not Path(place).exists():
        yield None
        return
    with _opened(place, making=making, writing=writing) as opened:
        note("", tr(f"台账：{opened.name}", f"ledger: {opened.name}"))
        yield opened


def _opened(place: str | Path, *, making: bool, writing: bool) -> Ledger:
    """Open the ledger; an older one is upgraded first, whoever asks."""
    from trainingcli.claims.batch_index import EarlierArchives
    from trainingcli.ledger import open_ledger as opening
    from trainingcli.ledger.opening import OlderLedgerError

    reader = EarlierArchives()
    try:
        return opening(place, create=making, read_only=not writing, reader=reader)
    except OlderLedgerError:
        opening(place, create=False, reader=reader).close()
        return opening(place, create=making, read_only=not writing, reader=reader)


@contextlib.contextmanager
def existing_ledger(address: str | None, *, writing: bool = False, create: bool = False) -> Iterator[Ledger]:
    """Open a ledger that is there, or (`create`) is made; LedgerError (exit 4) with its place where there is none."""
    from trainingcli.errors import LedgerError
    from trainingcli.masking import without_password

    with open_ledger(address, writing=writing, create=create) as opened:
        if opened is None:
            place = without_password(str(address or ledger_file()))
            zh, en = f"没有台账 {place}；请用 --ledger 指定，或先用 claims --post 入账", f"there is no ledger {place}"
            raise LedgerError(Text(zh, f"{en}; name one with --ledger, or post one with claims --post"))
        yield opened


def _refuse_empty(address: str | None) -> None:
    """An unset variable under cron is no wish for a new ledger, into which everything would be paid again."""
    given = os.environ.get("TRAININGCLI_LEDGER") if address is None else address
    if given is not None and not given.strip():
        raise UsageError(
            Text(
                "台账地址是空的（--ledger 或 TRAININGCLI_LEDGER）；请写明台账，或去掉该选项和变量",
                "the ledger's address is empty (--ledger or TRAININGCLI_LEDGER); name a ledger, or drop both",
            )
        )


def operator(given: str | None) -> str | None:
    """Return who does this (操作人): `--operator`, `TRAININGCLI_OPERATOR`, else the login name, where there is one."""
    import getpass

    if given:
        return given
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return None


def why(text: str | None, option: str = "--why") -> str | None:
    """Return a reason as it is kept; a `UsageError` for one that says nothing."""
    if text is not None and not text.strip():
        raise UsageError(Text(f"{option} 是空的；请写明原因", f"{option} says nothing; give the reason"))
    return None if text is None else text.strip()


def named(ledger_address: str | None, *paths: str | Path | None) -> list[str]:
    """Return the files and folders that options or the configuration name: no rosters within a folder of rosters.

    Of a ledger in a file its key, its backups and what SQLite keeps beside it are part.
    """
    found = [str(path) for path in (*paths, os.environ.get(LEDGER_KEY_FILE)) if path] + settings.current().paths
    ledger = Path(ledger_address or ledger_file())
    found += [f"{ledger}{ending}" for ending in ("", ".key", "-wal", "-shm", "-journal")]  # some are made later
    with contextlib.suppress(OSError):
        found += [str(path) for path in ledger.parent.iterdir() if path.name.startswith(ledger.name)]
    return found


def password(path: Path | None) -> str | None:
    """Return the first line of `--password-file`."""
    if path is None:
        return None
    try:
        return read_file(path, SMALL, pipes=True).decode("utf-8-sig").splitlines()[0]
    except (UnreadableFile, UnicodeDecodeError, IndexError):
        raise UsageError(
            Text(f"密码文件 {path} 无法读取或是空的", f"the password file {path} cannot be read or is empty")
        ) from None


def standard_input(paths: list[str]) -> bytes | None:
    """Return standard input's bytes where `-` is among the paths; as many more than may be read as tell that."""
    if "-" not in paths or sys.stdin is None:
        return b"" if "-" in paths else None
    return up_to(sys.stdin.buffer, LARGEST_STREAM + 1)


@contextlib.contextmanager
def progress(what: str) -> Iterator[Callable[[int, int], None] | None]:
    """Show a bar on standard error for long work on a terminal; nothing elsewhere, or with `--quiet` or NO_COLOR."""
    if IS_QUIET.get() or not sys.stderr.isatty() or "NO_COLOR" in os.environ:
        yield None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(what, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


def note(text: str, place: str = "") -> None:
    """Say something on standard error that is not an error; `place` as in `failure.say`."""
    say(text, place, is_shown=not IS_QUIET.get())


def sources(
    evidence: Given, policy: Policy, pool: WorkerPool, today: dt.date, named: Sequence[str | Path] = ()
) -> Sources:
    """Gather the evidence that the command line names. UsageError where a file of it does not hold.

    `named`: what else options name, which is passed over in its folders.
    """
    from trainingcli.evidence.gathering import gather
    from trainingcli.evidence.source import Means

    return gather(evidence, Means(policy, pool, today, named=named))


def use_words(path: Path | None, law: Policy) -> None:
    """Read with a bureau's own words (`--words`) from here on. UsageError where a line of them does not hold."""
    if path is not None:
        from trainingcli.bureau_words import OWN_WORDS
        from trainingcli.intake.tables.own_words import read_own_words

        OWN_WORDS.set(read_own_words(path, law.programme_names()))


READING = Text("读取花名册", "Reading rosters")


def request(
    files: list[str],
    today: str | None,
    programme: str | None,
    law: Policy,
    password_file: Path | None,
    progress: Callable[[int, int], None] | None = None,
    *,
    named: Sequence[str] = (),
    force: bool = False,
    clean: bool = False,
    return_reduced: bool = False,
    words: Path | None = None,
) -> Request:
    """Turn the options that every command on rosters has into a request; UsageError where one does not hold.

    `words` are in use from here on.
    """
    from trainingcli.claims.request import Request

    use_words(words, law)
    return Request(
        files=files,
        today=options.day(today),
        programme=options.programme(programme, law),
        password=password(password_file),
        stdin=standard_input(files),
        named=[*named, *(str(path) for path in (password_file, words) if path)],
        force=force,
        clean=clean,
        return_reduced=return_reduced,
        progress=progress,
    )


def dated(request: Request, ledger: Ledger, today: str | None, backdate: str | None) -> Request:
    """Return the request with the day of posting as its today; `today`: `--today`. UsageError where it may not be."""
    from trainingcli.claims.post import posting_day

    given = None if today is None else request.today
    return request._replace(today=posting_day(ledger, given, why(backdate, "--backdate")))
