"""The command line: a file a command in this folder; adding a command is adding its file.

A command file has `COMMAND` (its name) and `run` (its function), or `APP` (a group) instead of `run`. No logic here:
a command builds a request, calls one function, renders the result.
"""

from __future__ import annotations

import pkgutil
from importlib import import_module

import typer

from trainingcli.cli.options import VERSION, Lang
from trainingcli.cli.wording import translate_help
from trainingcli.language import tr

_HELPERS = {"options", "failure", "output", "wording", "session"}

translate_help()
app = typer.Typer(
    name="trainingcli",
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


for _module in sorted(module.name for module in pkgutil.iter_modules(__path__) if module.name not in _HELPERS):
    _command = import_module(f"{__name__}.{_module}")
    if hasattr(_command, "APP"):
        app.add_typer(_command.APP, name=_command.COMMAND)
    else:
        app.command(name=_command.COMMAND, help=_command.HELP)(_command.run)
