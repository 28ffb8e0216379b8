"""The command line: a file a command in this folder, a folder a group; adding a command is adding its file.

A command file is named as its command is, with `_` for `-` (and `import_` for `import`). It has `HELP` and `run`, which
returns a `Result`; `IS_BARE = True` where it runs whatever the configuration says. A group is a folder whose `__init__`
has `HELP`, and `run` where it does something by itself; `IS_PUBLIC = True` where its commands never show a person.
No logic here: a command builds a request, calls one function, returns the result.
Only the file of the command that is asked for is loaded; for the list of commands, each is, and none is built.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import wraps
from importlib import import_module
from inspect import Parameter, signature
from pathlib import Path
from types import ModuleType
from typing import Any

import typer
import typer.main

from trainingcli.cli.completion import InstallCompletion, ShowCompletion, prepare
from trainingcli.cli.options import VERSION, Lang
from trainingcli.cli.settings import Config, with_common
from trainingcli.cli.source_options import with_sources
from trainingcli.cli.wording import Command, Group
from trainingcli.language import tr

_HELPERS = {
    "assessed",
    "checked_tables",
    "completion",
    "failure",
    "options",
    "render",
    "run_log",
    "session",
    "settings",
    "source_options",
    "view_options",
    "wording",
}


def command_names(package: ModuleType | None = None) -> list[str]:
    """Return the names of the commands of a group (default: of the program): those of the files in its folder."""
    package = package or sys.modules[__name__]
    files = [file for folder in package.__path__ for file in Path(folder).iterdir()]
    modules = {file.stem for file in files if file.suffix == ".py" or (file / "__init__.py").is_file()}
    helpers = _HELPERS if package.__name__ == __name__ else set()
    names = {name for name in modules - helpers if not name.startswith("_")}
    return sorted(name.rstrip("_").replace("_", "-") for name in names)


class Folder(Group):
    """A group whose commands are the files of its package; a command is loaded when it is asked for."""

    package: ModuleType

    def invoke(self, ctx: Any) -> Any:
        """Run the command that is asked for; what the group does by itself, only where none is."""
        if ctx._protected_args:
            self.callback = None
        return super().invoke(ctx)

    def list_commands(self, ctx: Any) -> list[str]:
        """Return the names of the commands."""
        return command_names(self.package)

    def described(self, ctx: Any) -> list[tuple[str, str]]:
        """Return each command's name and help, without building it."""
        return [(name, str(self._module(name).HELP)) for name in self.list_commands(ctx)]

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """Load and build a command; None where there is none of that name."""
        if cmd_name not in command_names(self.package):
            return None
        module = self._module(cmd_name)
        return _group(cmd_name, module) if hasattr(module, "__path__") else self._command(cmd_name, module)

    def _command(self, name: str, module: Any) -> Any:
        run = with_common(with_sources(module.run, name), is_public=getattr(self.package, "IS_PUBLIC", False))
        single = typer.Typer(add_completion=False)
        single.command(name=name, help=module.HELP, cls=Command)(run)
        command: Any = typer.main.get_command(single)
        command.is_bare = getattr(module, "IS_BARE", False)
        return command

    def _module(self, name: str) -> ModuleType:
        plain = name.replace("-", "_")
        homes = [Path(folder) for folder in self.package.__path__]
        is_keyword = not any((home / f"{plain}.py").is_file() or (home / plain).is_dir() for home in homes)
        return import_module(f"{self.package.__name__}.{plain}{'_' if is_keyword else ''}")


def _group(name: str, module: Any) -> Any:
    own = getattr(module, "run", None)
    cls = type("OneFolder", (Folder,), {"package": module})
    group = typer.Typer(
        name=name, cls=cls, help=module.HELP, no_args_is_help=own is None, invoke_without_command=own is not None,
        add_completion=False,
    )  # fmt: skip
    group.callback()(_nothing if own is None else _unless_command(with_common(own)))
    return typer.main.get_command(group)


def _unless_command(own: Callable[..., None]) -> Callable[..., None]:
    """Return what a group does by itself, and leaves where one of its commands is named."""

    @wraps(own)
    def wrapped(ctx: typer.Context, **values: Any) -> None:
        if ctx.invoked_subcommand is None:
            own(**values)

    own_signature = signature(own, eval_str=True)
    context = Parameter("ctx", Parameter.POSITIONAL_OR_KEYWORD, annotation=typer.Context)
    parameters = [context, *own_signature.parameters.values()]
    wrapped.__signature__ = own_signature.replace(parameters=parameters)  # type: ignore[attr-defined]
    wrapped.__annotations__ = {each.name: each.annotation for each in parameters}
    return wrapped


def _nothing() -> None:
    """A group by itself does nothing."""


Folder.package = sys.modules[__name__]
prepare()
app = typer.Typer(
    name="trainingcli",
    cls=Folder,
    help=tr(
        "职业技能提升培训补贴核定：读花名册，按方案核定，写出申领工作簿。",
        "Settle vocational-training subsidies: rosters in, reconciled claim workbooks out.",
    ),
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


@app.callback()
def _root(
    version: VERSION = False,
    lang: Lang = None,
    config: Config = None,
    show: ShowCompletion = None,
    install: InstallCompletion = None,
) -> None:
    """Options before the command."""
