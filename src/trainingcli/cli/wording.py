"""What Typer itself would say (help pages, usage errors), in the language in use; Typer's values, without pydantic.

Typer draws help with rich's mark-up, which cuts Chinese text at the column's end and takes longer to import than the
program to start; and it reads every option's value by pydantic, which takes longer still.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Sequence
from enum import Enum
from pathlib import Path
from typing import Any, NoReturn, get_args, get_origin

import typer
import typer.main
from typer.core import TyperCommand, TyperGroup

from trainingcli import terminal_text as plain
from trainingcli.cli import settings
from trainingcli.cli.completion import with_shell
from trainingcli.errors import Exit, UsageError
from trainingcli.language import Text, tr

_OWN_HELP = {
    "--help": Text("显示这页说明。", "Show this page."),
}
_KINDS = {str: Text("文字", "TEXT"), int: Text("数", "N"), Path: Text("路径", "PATH")}
_PHRASES = (
    (r"Missing command\.", "缺少命令"),
    (r"Got unexpected extra argument\(?s?\)? \((.*)\)", r"多余的参数：\1"),
    (r"Option '?(.+?)'? does not take a value\.?", r"选项 \1 不带值"),
    (r"Option '?(.+?)'? requires (?:an argument|\d+ arguments)\.?", r"选项 \1 后面要写值"),
    (r"Argument '?(.+?)'? takes (\d+) values\.?", r"参数 \1 要写 \2 个值"),
)


class _Spoken:
    """Help in the language in use, values read plainly: for commands and groups alike."""

    is_bare = False
    """Whether the command runs whatever the configuration says."""

    def __init__(self, *arguments: Any, **values: Any) -> None:
        super().__init__(*arguments, **values)
        settings.completed(self)

    def format_help(self, ctx: Any, formatter: Any) -> None:
        formatter.write(help_page(self, ctx))

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        params = self.get_params(ctx)  # type: ignore[attr-defined]
        for param in params:
            _read_plainly(param)
        if ctx.parent is None:
            args = with_shell(args)
            settings.begin(args)
        elif not (ctx.resilient_parsing or self.is_bare or {"-h", "--help"} & set(args)):
            ctx.default_map = _configured(params)
        try:
            parsed: list[str] = super().parse_args(ctx, args)  # type: ignore[misc]
        except Exception as error:
            if getattr(error, "ctx", ctx) is None:  # the parser's own do not say which command they are of
                error.ctx = ctx  # type: ignore[attr-defined]
            raise
        return parsed


def _configured(params: Sequence[Any]) -> dict[str, Any]:
    """Return the options that the configuration gives; told and left with exit 2 where it does not hold."""
    try:
        return settings.defaults(params)
    except UsageError as error:
        from trainingcli.cli.failure import say_error

        for line in error.lines():
            say_error(line)
        raise typer.Exit(int(error.exit_code)) from None


class Command(_Spoken, TyperCommand):
    """A command."""


class Group(_Spoken, TyperGroup):
    """A group of commands; the outermost one is the program."""

    def described(self, ctx: Any) -> list[tuple[str, str]]:
        """Return each command's name and help."""
        found = [(name, self.get_command(ctx, name)) for name in self.list_commands(ctx)]
        return [(name, command.help or "") for name, command in found if command is not None and not command.hidden]

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """Find the command; one that is not there is said with those that are near."""
        if self.get_command(ctx, args[0]) is None and not ctx.resilient_parsing and not args[0].startswith("-"):
            import difflib

            near = difflib.get_close_matches(args[0], self.list_commands(ctx))
            hint = tr(f"；是不是 {'、'.join(near)}？", f"; did you mean {', '.join(near)}?") if near else ""
            ctx.fail(tr(f"没有命令 {args[0]}", f"there is no command {args[0]}") + hint)
        return super().resolve_command(ctx, args)

    def main(self, args: Sequence[str] | None = None, *, standalone_mode: bool = True, **extra: Any) -> Any:  # type: ignore[override]
        """Run and leave with the exit code; wrong usage is told in the language in use."""
        if not standalone_mode:
            return super().main(args, standalone_mode=False, **extra)
        try:
            code = super().main(args, standalone_mode=False, **extra)
        except SystemExit as left:
            if isinstance(left.__context__, BrokenPipeError):  # a reader that had enough is no failure
                raise left.__context__ from None
            raise
        except Exception as error:
            if not hasattr(error, "format_message"):
                raise
            _leave(error)
        sys.exit(code if isinstance(code, int) else Exit.OK)


def help_page(command: Any, ctx: Any) -> str:
    """Return a command's help: usage, what it does, arguments, options, commands."""
    room = plain.columns()
    params = [param for param in command.get_params(ctx) if not getattr(param, "hidden", False)]
    arguments = [param for param in params if param.param_type_name == "argument"]
    options = [param for param in params if param.param_type_name == "option"]
    parts = [usage(command, ctx), plain.paragraph((command.help or "").strip(), room)]
    sections = (
        (Text("参数", "Arguments"), [(_argument(param), _text(param)) for param in arguments]),
        (Text("命令", "Commands"), _commands(command, ctx)),
        (Text("选项", "Options"), [(_option(param), _text(param)) for param in options]),
    )
    parts += [f"{title}{tr('：', ':')}\n{plain.listing(pairs, room)}" for title, pairs in sections if pairs]
    return "\n\n".join(part for part in parts if part) + "\n"


def _commands(command: Any, ctx: Any) -> list[tuple[str, str]]:
    return [(name, _first_sentence(text)) for name, text in command.described(ctx)] if _is_group(command) else []


def _is_group(command: Any) -> bool:
    return isinstance(command, Group)


def usage(command: Any, ctx: Any) -> str:
    """Return the one line that says how a command is written."""
    pieces = [ctx.command_path.split(" [")[0], tr("[选项]", "[OPTIONS]")]
    for param in command.get_params(ctx):
        if param.param_type_name == "argument":
            pieces.append(_argument(param) if param.required else f"[{_argument(param)}]")
    if _is_group(command):
        pieces.append(tr("命令 …", "COMMAND …"))
    return tr("用法：", "Usage: ") + " ".join(pieces)


def _argument(param: Any) -> str:
    name = str(param.metavar or param.name.upper())
    return name if param.nargs == 1 or name.endswith("…") else f"{name}…"


def _option(param: Any) -> str:
    names = ", ".join(sorted(param.opts, key=len)) + "".join(f" / {other}" for other in param.secondary_opts)
    value = "" if param.is_flag or param.count else _value(param)
    return f"{names} {value}".rstrip()


def _value(param: Any) -> str:
    """Say what an option takes: its choices, or a word for them."""
    choices = _choices(param)
    if choices and not param.metavar:
        return "|".join(choices)
    return str(param.metavar or _KINDS.get(_kind(param), _KINDS[str]))


def _text(param: Any) -> str:
    own = [str(text) for name, text in _OWN_HELP.items() if name in param.opts]
    notes = []
    if getattr(param, "envvar", None):
        notes.append(tr(f"[环境变量：{param.envvar}]", f"[env: {param.envvar}]"))
    default = param.default.value if isinstance(param.default, Enum) else param.default
    if default not in (None, False, "", ()) and not callable(default) and not own:
        notes.append(tr(f"[默认：{default}]", f"[default: {default}]"))
    if param.param_type_name == "option" and param.required:
        notes.append(tr("[必填]", "[required]"))
    return " ".join([*(own or [param.help or ""]), *notes])


def _first_sentence(text: str) -> str:
    return re.split(r"(?<=。)|(?<=\.)\s", text.strip(), maxsplit=1)[0]


def _leave(error: Any) -> NoReturn:
    """Tell wrong usage on standard error, and how to find help."""
    ctx = getattr(error, "ctx", None)
    if type(error).__name__ == "NoArgsIsHelpError":
        print(error.format_message(), file=sys.stderr)
        sys.exit(error.exit_code)
    from trainingcli.cli.failure import say_error

    say_error(told(error))
    if ctx is not None:
        path = ctx.command_path.split(" [")[0]
        print(usage(ctx.command, ctx), file=sys.stderr)
        print(tr(f"说明：{path} --help", f"Help: {path} --help"), file=sys.stderr)
    sys.exit(error.exit_code)


def told(error: Any) -> str:
    """Return what was wrong with the command line, in the language in use as far as Typer lets it be known."""
    kind, param = type(error).__name__, getattr(error, "param", None)
    if kind == "NoSuchOption":
        near = sorted(error.possibilities or ())
        hint = tr(f"；是不是 {'、'.join(near)}？", f"; did you mean {', '.join(near)}?") if near else ""
        return tr(f"没有选项 {error.option_name}", f"there is no option {error.option_name}") + hint
    if kind == "MissingParameter" and param is not None:
        return tr(f"缺少 {_name(param)}", f"{_name(param)} is missing")
    if kind == "BadParameter" and param is not None:
        return tr(f"{_name(param)} 的值不对：{error.message}", f"{_name(param)} does not hold: {error.message}")
    message = str(error.format_message())
    for pattern, words in _PHRASES if tr("zh", "en") == "zh" else ():
        if re.fullmatch(pattern, message):
            return re.sub(pattern, words, message)
    return message


def _name(param: Any) -> str:
    return _argument(param) if param.param_type_name == "argument" else str(max(param.opts, key=len))


def _kind(param: Any) -> Any:
    """Return the type of one value: that of a list's members."""
    annotation = param.type_descriptor.annotation
    return get_args(annotation)[0] if get_origin(annotation) is list else annotation


def _choices(param: Any) -> list[str]:
    kind = _kind(param)
    return [str(member.value) for member in kind] if isinstance(kind, type) and issubclass(kind, Enum) else []


def _read_plainly(param: Any) -> None:
    """Give a parameter its reader where it has none; kinds that are not known here are left to Typer."""
    if getattr(param, "_runtime_param", param) is None and (_kind(param) in (*_KINDS, bool) or _choices(param)):
        param._runtime_param = _Reader()


class _Reader:
    """Reads the text of a value: text, path, whole number, choice, or a list of them."""

    def coerce(self, value: Any, param: Any, ctx: Any) -> Any:
        many = param.multiple or param.nargs == -1
        if value is None:
            return () if many else None
        return [_read(item, param, ctx) for item in value] if many else _read(value, param, ctx)


def _read(value: Any, param: Any, ctx: Any) -> Any:
    kind, choices = _kind(param), _choices(param)
    if isinstance(value, kind):
        return value
    if choices:
        if value in choices:
            return kind(value)
        wanted = _listed(choices)
        raise typer.BadParameter(tr(f"“{value}”；可以是 {wanted}", f"'{value}'; choose from {wanted}"), ctx, param)
    if kind is bool:
        return _yes_or_no(value, param, ctx)
    try:
        found = kind(value)
    except ValueError:
        raise typer.BadParameter(tr(f"“{value}”不是整数", f"'{value}' is no whole number"), ctx, param) from None
    least = param.type_descriptor.parameter_info.min
    if least is not None and found < least:
        raise typer.BadParameter(tr(f"“{value}”小于 {least}", f"'{value}' is less than {least}"), ctx, param)
    return found


_YES, _NO = ("1", "true", "yes", "on"), ("0", "false", "no", "off")


def _yes_or_no(value: str, param: Any, ctx: Any) -> bool:
    """Read what the environment says of an option without a value."""
    if value.lower() not in (*_YES, *_NO):
        raise typer.BadParameter(tr(f"“{value}”；可以是 1 或 0", f"'{value}'; write 1 or 0"), ctx, param)
    return value.lower() in _YES


def _listed(choices: Iterable[str]) -> str:
    return tr("、", ", ").join(choices)
