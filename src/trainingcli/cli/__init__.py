"""The command line: a file a command in this folder; adding a command is adding its file.

A command file is named as its command is, with `_` for `-`. It has `HELP` and `run` (the function), or `APP` (a group)
instead of `run`. No logic here: a command builds a request, calls one function, renders the result.
Only the file of the command that is asked for is loaded; for the list of commands, each is, and none is built.
"""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import Any

import typer
import typer.main

from trainingcli.cli.options import VERSION, Lang
from trainingcli.cli.wording import Group, translate_help
from trainingcli.language import tr

_HELPERS = {"__init__", "options", "failure", "output", "wording", "session"}


def command_names() -> list[str]:
    """Return the names of all commands: those of the files in this folder."""
    modules = {file.stem for folder in __path__ for file in Path(folder).glob("*.py")}
    return sorted(module.replace("_", "-") for module in modules - _HELPERS)


def _module(name: str) -> Any:
    return import_module(f"{__name__}.{name.replace('-', '_')}")


class _Program(Group):
    """The program's own group, which loads a command when it is asked for."""

    def list_commands(self, ctx: Any) -> list[str]:
        return command_names()

    def described(self, ctx: Any) -> list[tuple[str, str]]:
        return [(name, _help(_module(name))) for name in command_names()]

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        if cmd_name not in command_names():
            return None
        module = _module(cmd_name)
        if hasattr(module, "APP"):
            single = module.APP
            single._add_completion = False
        else:
            single = typer.Typer(add_completion=False)
            single.command(name=cmd_name, help=module.HELP)(module.run)
        command = typer.main.get_command(single)
        command.name = cmd_name
        return command


def _help(module: Any) -> str:
    return str(module.APP.info.help if hasattr(module, "APP") else module.HELP)


translate_help()
app = typer.Typer(
    name="trainingcli",
    cls=_Program,
    help=tr(
        "职业技能提升培训补贴核定：读花名册，按方案核定，写出申领工作簿。",
        "Settle vocational-training subsidies: rosters in, reconciled claim workbooks out.",
    ),
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


@app.callback()
def _root(version: VERSION = False, lang: Lang = None) -> None:
    """Options before the command."""
