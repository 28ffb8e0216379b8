"""Whether the program knows a command line: its command and options, read by click's own parser; nothing is run."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from enum import Enum
from functools import cache
from typing import Any

import typer.main

from trainingcli.cli import app

PLACEHOLDER = re.compile(r"[A-Z][A-Z]+…?|…")


@cache
def root() -> Any:
    """The program's click command."""
    return typer.main.get_command(app)


def walk(command: Any = None, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Every command and group below the program, by its words."""
    command = command or root()
    if path:
        yield path, command
    if hasattr(command, "list_commands"):
        context = command.context_class(command, info_name="trainingcli")
        for name in command.list_commands(context):
            yield from walk(command.get_command(context, name), (*path, name))


@cache
def known() -> dict[tuple[str, ...], Any]:
    """Commands and groups by their words."""
    return dict(walk())


def words(text: str) -> list[list[str]]:
    """A shell's line as its simple commands: split at pipes and conditions, comments and redirections off."""
    lexer = shlex.shlex(re.sub(r"(?<=\s)[12]>", ">", text), posix=True, punctuation_chars="|&<>;")
    lexer.whitespace_split, lexer.commenters = True, "#"
    found: list[list[str]] = [[]]
    skip = False
    for word in lexer:
        if word in {"|", "||", "&&", ";", "&"}:
            found.append([])
        elif set(word) <= set("<>&") or skip:
            skip = not skip
        else:
            found[-1].append(word)
    return [each for each in found if each]


def choices(parameter: Any) -> list[str]:
    """The values that a parameter takes, where they are a few; else none."""
    descriptor = getattr(parameter, "type_descriptor", None)
    kind = getattr(descriptor, "annotation", None)
    return [str(each.value) for each in kind] if isinstance(kind, type) and issubclass(kind, Enum) else []


def fault(arguments: list[str]) -> str | None:
    """What the program would say of these arguments as such, without running anything; None: nothing.

    A group's own words, options that are not there, options without a value, values that are no choice, too many
    arguments. Values in capitals or with … are placeholders.
    """
    command, rest, path = root(), list(arguments), ["trainingcli"]
    while True:
        context = command.context_class(command, info_name=path[-1], ignore_unknown_options=False)
        try:
            values, left, _ = command.make_parser(context).parse_args(list(rest))
        except Exception as error:  # click's usage errors have no common public base in typer's copy
            return f"{' '.join(path)}: {getattr(error, 'message', None) or error!r}"
        for parameter in command.params:
            text, names = values.get(parameter.name), choices(parameter)
            if isinstance(text, str) and names and text not in names and not PLACEHOLDER.fullmatch(text):
                return f"{' '.join(path)}: {text} is none of {names}"
        if not hasattr(command, "list_commands"):
            return f"{' '.join(path)}: too many arguments {left}" if left else None
        if not left:
            return None
        following = command.get_command(context, left[0])
        if following is None:
            return f"{' '.join(path)}: no command {left[0]}"
        command, rest = following, left[1:]
        path.append(left[0])
