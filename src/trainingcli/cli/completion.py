"""Completion: the script for a shell (named, or the one in use), and the numbers of the ledger's batches.

Nothing heavy is imported: the batches are asked of the ledger's file itself. A ledger on PostgreSQL is not asked.
"""

from __future__ import annotations

import contextlib
import os
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from trainingcli.errors import Exit
from trainingcli.language import tr

_FLAGS = ("--show-completion", "--install-completion")
_MOST = 200  # batches offered, the latest first


class Shell(StrEnum):
    """Shells that completion is written for."""

    bash = "bash"
    zsh = "zsh"
    fish = "fish"
    powershell = "powershell"
    pwsh = "pwsh"


def _show(ctx: typer.Context, value: Shell | None) -> None:
    if value is not None and not ctx.resilient_parsing:
        from typer._completion_shared import get_completion_script

        name = str(ctx.info_name)
        typer.echo(get_completion_script(prog_name=name, complete_var=f"_{name.upper()}_COMPLETE", shell=value.value))
        raise typer.Exit


def _install(ctx: typer.Context, value: Shell | None) -> None:
    if value is not None and not ctx.resilient_parsing:
        from typer._completion_shared import install

        _, path = install(shell=value.value, prog_name=ctx.info_name)
        typer.echo(tr(f"补全已写入 {path}；重新打开终端后生效。", f"completion is in {path}; open a new terminal."))
        raise typer.Exit


ShowCompletion = Annotated[
    Shell | None,
    typer.Option(
        "--show-completion", callback=_show, is_eager=True, expose_value=False,
        help=tr(
            "显示补全脚本；不写 shell 则为当前的。", "Show the completion script; without a name, of this shell."
        ),
    ),
]  # fmt: skip
InstallCompletion = Annotated[
    Shell | None,
    typer.Option(
        "--install-completion", callback=_install, is_eager=True, expose_value=False,
        help=tr("安装补全；不写 shell 则为当前的。", "Install completion; without a name, for this shell."),
    ),
]  # fmt: skip


def prepare() -> None:
    """Make the shells' ways of asking known, where one asks."""
    if "_TRAININGCLI_COMPLETE" in os.environ:
        from typer._completion_classes import completion_init

        completion_init()


def with_shell(arguments: list[str]) -> list[str]:
    """Return the arguments with the shell in use behind a last `--show-completion`; exit 2 where it is not known."""
    if arguments[-1:] not in ([_FLAGS[0]], [_FLAGS[1]]):
        return arguments
    import shellingham  # Typer's own

    try:
        name = str(shellingham.detect_shell()[0])
    except Exception:  # under cron, in a container; whatever it says, it does not know
        name = ""
    if name not in list(Shell):
        from trainingcli.cli.failure import say_error

        shells, flag = tr("、", ", ").join(Shell), arguments[-1]
        say_error(tr(f"看不出是什么 shell；请写明，如 {flag} zsh（可写 {shells}）",
                     f"the shell is not known; name it: {flag} zsh (one of {shells})"))  # fmt: skip
        raise typer.Exit(int(Exit.USAGE))
    return [*arguments, name]


def batches(ctx: Any, _: Any, incomplete: str) -> list[Any]:
    """Return the numbers of the ledger's batches that begin so, with day and kind, the latest first."""
    from trainingcli.cli import settings
    from trainingcli.places import ledger_file

    found: list[Any] = []
    with contextlib.suppress(Exception):  # completion never says anything but what completes
        place = ctx.params.get("ledger") or settings.current().in_force("ledger") or ledger_file()
        import sqlite3

        address = f"{Path(place).resolve().as_uri()}?mode=ro"
        with contextlib.closing(sqlite3.connect(address, uri=True, timeout=0.2)) as book:
            asked = "SELECT batch, substr(posted_at, 1, 10), kind FROM batches ORDER BY batch DESC LIMIT ?"
            rows = book.execute(asked, [_MOST]).fetchall()
        from typer._click.shell_completion import CompletionItem

        found = [CompletionItem(str(number), help=f"{day} {kind}") for number, day, kind in rows]
    return [each for each in found if each.value.startswith(incomplete)]
