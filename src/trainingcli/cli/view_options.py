"""What commands that ask the ledger share: the period, the registers that say districts, writing a workbook."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import IO, TYPE_CHECKING, Annotated

import typer

from trainingcli.cli import options
from trainingcli.language import tr

if TYPE_CHECKING:
    from trainingcli.evidence.gathered import Sources
    from trainingcli.views.districts import Districts
    from trainingcli.views.period import Period

From = Annotated[
    str | None,
    typer.Option("--from", metavar="YYYY-MM-DD", help=tr("从这一天（入账日）起。", "From this day of posting.")),
]
To = Annotated[
    str | None, typer.Option("--to", metavar="YYYY-MM-DD", help=tr("到这一天（含）。", "To this day, included."))
]
Year = Annotated[
    int | None,
    typer.Option("--year", help=tr("这一年，代替 --from、--to。", "This year, in place of --from and --to.")),
]


def period(since: str | None, until: str | None, year: int | None) -> Period:
    """Return the period that is asked for; UsageError where an option is no day, or they contradict each other."""
    from trainingcli.views.period import Period

    first = None if since is None else options.day(since, "--from")
    return Period.asked(first, None if until is None else options.day(until, "--to"), year)


def registers(folder: Path | None) -> tuple[Sources, Districts]:
    """Return the registers that are named, and the districts that they say. UsageError where one does not hold."""
    from trainingcli.evidence.gathered import Sources
    from trainingcli.evidence.gathering import gather
    from trainingcli.evidence.source import Given
    from trainingcli.views.districts import Districts

    sources = Sources() if folder is None else gather(Given(folder))
    return sources, Districts(sources.contents.get("institutions"))


def write_workbook(
    out: Path, name: str, save: Callable[[IO[bytes]], None], named: list[str], *, force: bool
) -> list[str]:
    """Write one workbook into `--out`; return its path. OutputError (exit 5) where it cannot be, or must not.

    `named`: what the run reads, and never writes over.
    """
    from trainingcli.drafts import make_folder, write_file
    from trainingcli.replacing import refuse_replacing

    path = out / f"{name}.xlsx"
    refuse_replacing([path], named, force=force)
    make_folder(out)
    write_file(path, save)
    return [str(path)]
