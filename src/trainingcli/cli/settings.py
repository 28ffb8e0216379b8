"""The options of every command, and where options come from beside its line: the environment, the configuration.

An option whose name stands in `VARIABLES` is read from TRAININGCLI_NAME, too.
"""

from __future__ import annotations

import inspect
import os
from collections.abc import Callable, Sequence
from contextvars import ContextVar
from functools import wraps
from pathlib import Path
from typing import Annotated, Any

import typer

from trainingcli import configuration
from trainingcli.cli.completion import batches
from trainingcli.cli.options import Lang, Output, Quiet, Unmask
from trainingcli.configuration import KEYS, Configuration
from trainingcli.language import tr

_CRON = ("config", "operator", "format", "jobs", "quiet", "password_file", "realname", "people", "engine", "scheduler")
VARIABLES = frozenset((*KEYS, *_CRON))
"""Options that a cron job sets: names of parameters, without `_` at the end."""

Config = Annotated[
    Path | None,
    typer.Option(
        "--config",
        help=tr(
            "配置文件（默认：当前文件夹的 trainingcli.toml，其次本人的）。",
            "The configuration (default: trainingcli.toml here, else your own).",
        ),
    ),
]
Log = Annotated[
    Path | None,
    typer.Option(
        "--log",
        help=tr(
            "运行情况和提示附记到这个文件（证件号等隐去）。", "Append what is done and said to this file (masked)."
        ),
    ),
]
COMMON: dict[str, tuple[Any, Any]] = {
    "format_": (Output, None), "unmask": (Unmask, False), "quiet": (Quiet, False), "lang": (Lang, None),
    "config": (Config, None), "log": (Log, None),
}  # fmt: skip
"""The options of every command, in the order of its help: parameter → annotation, default."""
_line: ContextVar[tuple[str, ...]] = ContextVar("line", default=())
_current: ContextVar[Configuration | None] = ContextVar("configuration", default=None)


def begin(arguments: Sequence[str]) -> None:
    """Keep the command line of the run that begins."""
    _line.set(tuple(arguments))
    _current.set(None)


def command_line() -> tuple[str, ...]:
    """Return the arguments of this run."""
    return _line.get()


def current() -> Configuration:
    """Return the configuration of this run. `UsageError` (exit 2) where it does not hold."""
    known = _current.get()
    if known is None:
        known = configuration.load(configuration.given_in(_line.get()))
        _current.set(known)
    return known


def defaults(params: Sequence[Any]) -> dict[str, Any]:
    """Return what the configuration says of a command's options, by parameter. `UsageError` as of `current`."""
    values = dict(current().values)
    if os.environ.get(KEYS["ledger"].variable, "x").strip() == "":
        values.pop("ledger", None)  # an empty variable is refused, whatever the file says
    return {
        param.name: [values[param.name]] if param.multiple else values[param.name]
        for param in params
        if param.param_type_name == "option" and param.name in values
    }


def completed(command: Any) -> Any:
    """Let options that `VARIABLES` names be read from TRAININGCLI_NAME; offer the ledger's batches for a `batch`."""
    for param in command.params:
        if param.name == "batch":
            param._custom_shell_complete = batches
        if param.param_type_name == "option" and param.name.rstrip("_") in VARIABLES:
            param.envvar = f"TRAININGCLI_{param.name.rstrip('_').upper()}"
    return command


def with_common(run: Callable[..., Any], *, is_public: bool = False) -> Callable[..., Any]:
    """Give a command the options of every command; it declares those that it asks for itself (`unmask: bool = False`).

    `is_public`: what it says is for everybody, never of a person: it has no `--unmask`.
    """
    signature = inspect.signature(run, eval_str=True)

    @wraps(run)
    def wrapped(*, config: Path | None = None, log: Path | None = None, **values: Any) -> Any:
        if log is None:
            return run(**values)
        from trainingcli.cli.run_log import kept

        with kept(log, command_line()):
            return run(**values)

    kind = inspect.Parameter.KEYWORD_ONLY
    common = {name: each for name, each in COMMON.items() if not (is_public and name == "unmask")}
    parameters = [each.replace(kind=kind) for name, each in signature.parameters.items() if name not in common]
    parameters += [
        inspect.Parameter(name, kind, default=default, annotation=annotation)
        for name, (annotation, default) in common.items()
    ]
    wrapped.__signature__ = signature.replace(parameters=parameters)  # type: ignore[attr-defined]
    wrapped.__annotations__ = {each.name: each.annotation for each in parameters}
    return wrapped
