"""The options of evidence: each piece declares its own, and the commands that take evidence get them unasked."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Annotated, Any

import typer

from trainingcli.cli.options import RegistersPath
from trainingcli.evidence.source import Given, Option

TAKES = "evidence"
"""The parameter by which a command says that it takes evidence: a `Given`."""


def with_sources(run: Callable[..., Any], command: str) -> Callable[..., Any]:
    """Give a command that takes evidence `--registers` and the options that pieces of evidence declare for it."""
    signature = inspect.signature(run, eval_str=True)
    if TAKES not in signature.parameters:
        return run
    from trainingcli.evidence.sources import all_sources

    declared = {source.name: source.option for source in all_sources() if source.option is not None}
    own = {name: option for name, option in declared.items() if command in option.commands}

    @wraps(run)
    def wrapped(*, registers: Path | None = None, **values: Any) -> Any:
        files = {name: tuple(values.pop(name, None) or ()) for name in own}
        return run(**values, evidence=Given(registers, files))

    kinds = {"registers": RegistersPath, **{name: _annotation(option) for name, option in own.items()}}
    added = [inspect.Parameter(name, _KIND, default=None, annotation=kind) for name, kind in kinds.items()]
    parameters: list[inspect.Parameter] = []
    for name, each in signature.parameters.items():
        parameters += added if name == TAKES else [each.replace(kind=_KIND)]
    wrapped.__signature__ = signature.replace(parameters=parameters)  # type: ignore[attr-defined]
    wrapped.__annotations__ = {each.name: each.annotation for each in parameters}
    return wrapped


_KIND = inspect.Parameter.KEYWORD_ONLY


def _annotation(option: Option) -> Any:
    said = typer.Option(option.flag, metavar=option.metavar, help=str(option.help))
    return Annotated[list[Path] | None, said]
