"""Options that several commands share, each declared once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

import typer

from trainingcli import __version__, language
from trainingcli.errors import UsageError
from trainingcli.language import Text, tr

if TYPE_CHECKING:
    from trainingcli.policy import Policy


class Format(StrEnum):
    """How a result is printed."""

    table = "table"
    json = "json"
    ndjson = "ndjson"
    csv = "csv"


class FailOn(StrEnum):
    """Statuses that `--fail-on` may name."""

    reduced = "reduced"
    held = "held"
    rejected = "rejected"


class EngineName(StrEnum):
    """Where the work of a run may be done."""

    local = "local"
    dask = "dask"


class Language(StrEnum):
    """Languages of messages."""

    zh = "zh"
    en = "en"


def _is_written(ctx: typer.Context, option: str) -> bool:
    """Say whether an option stands on the command line, and comes not from the environment or the configuration."""
    return getattr(ctx.get_parameter_source(option), "name", "") == "COMMANDLINE"


def _set_language(ctx: typer.Context, value: Language | None) -> Language | None:
    above = None if ctx.parent is None else ctx.find_root().params.get("lang")
    if value is not None and (above is None or _is_written(ctx, "lang")):
        language.use(value.value)
    return value


def _show_version(value: bool) -> None:
    if value:
        typer.echo(f"trainingcli {__version__}")
        raise typer.Exit


def _programmes(incomplete: str) -> list[str]:
    from trainingcli.settle.programmes import codes

    return [code for code in codes() if code.startswith(incomplete)]


VERSION = Annotated[
    bool, typer.Option("--version", callback=_show_version, is_eager=True, help=tr("显示版本。", "Show the version."))
]
Lang = Annotated[
    Language | None,
    typer.Option(
        "--lang", callback=_set_language, is_eager=True,
        help=tr("提示语言（默认 zh）。", "Language of messages (default: zh)."),
    ),
]  # fmt: skip
Output = Annotated[
    Format | None,
    typer.Option(
        "--format", "-f",
        help=tr("结果格式；终端上默认 table，否则 json。", "Format of the result; table on a terminal, else json."),
    ),
]  # fmt: skip
Quiet = Annotated[
    bool, typer.Option("--quiet", "-q", help=tr("除错误外不输出提示。", "Say nothing but errors on standard error."))
]
Unmask = Annotated[
    bool,
    typer.Option("--unmask", help=tr("输出完整的证件号、电话、账号。", "Print ID numbers, phones, accounts whole.")),
]
LedgerPath = Annotated[
    str | None,
    typer.Option(
        "--ledger",
        help=tr("台账文件，或 postgresql:// 地址。", "The ledger's file, or a postgresql:// address."),
    ),
]  # fmt: skip
Operator = Annotated[
    str | None,
    typer.Option(
        "--operator",
        help=tr("操作人，记入台账（默认：登录名）。", "Who does this, kept in the ledger (default: the login name)."),
    ),
]  # fmt: skip
PolicyPath = Annotated[
    Path | None,
    typer.Option("--policy", help=tr("政策文件（默认用内置的）。", "Policy file (default: the shipped one).")),
]
RegistersPath = Annotated[
    Path | None, typer.Option("--registers", help=tr("目录清单文件夹。", "Folder of registers (published lists)."))
]
WordsPath = Annotated[
    Path | None,
    typer.Option("--words", help=tr("本单位另加的表头和用语。", "A file of headings and values of one's own.")),
]
Today = Annotated[
    str | None,
    typer.Option("--today", metavar="YYYY-MM-DD", help=tr("以此日为“今天”。", "Take this day as today."), parser=str),
]
Post = Annotated[bool, typer.Option("--post", help=tr("核定后记入台账。", "Post the result to the ledger."))]
FailOnStatus = Annotated[
    list[FailOn] | None,
    typer.Option("--fail-on", help=tr("有此状态的明细时以 1 退出。", "Exit 1 when a line has this status.")),
]
Clean = Annotated[
    bool,
    typer.Option(
        "--clean",
        help=tr("删除 --out 中以前写出的工作簿。", "Remove the workbooks that earlier runs left in --out."),
    ),
]
Backdate = Annotated[
    str | None,
    typer.Option(
        "--backdate",
        metavar=tr("原因", "WHY"),
        help=tr("入账日早于最近一次入账日的原因。", "Why the day of posting is before the last one."),
    ),
]
OutFolder = Annotated[
    Path, typer.Option("--out", help=tr("工作簿写到这个文件夹。", "Folder that the workbooks are written to."))
]
Force = Annotated[
    bool,
    typer.Option(
        "--force", help=tr("覆盖已有的文件，不论是谁写的。", "Overwrite files that are there, whoever wrote them.")
    ),
]
ProgrammeName = Annotated[
    str | None,
    typer.Option(
        "--programme", autocompletion=_programmes,
        help=tr("表中没有写明时，按此补贴项目核定。", "The programme claimed, where the sheet does not say."),
    ),
]  # fmt: skip
Jobs = Annotated[
    int | None,
    typer.Option(
        "--jobs", "-j", min=1,
        help=tr("同时工作的进程数（默认：处理器数）。", "Worker processes (default: a core each)."),
    ),
]  # fmt: skip
Engine = Annotated[
    EngineName | None,
    typer.Option(
        "--engine",
        help=tr("由本机进程（local，默认）或 Dask 集群核定。", "Do the work here (local, the default) or on Dask."),
    ),
]
Scheduler = Annotated[
    str | None,
    typer.Option(
        "--scheduler", metavar="tcp://HOST:PORT",
        help=tr("Dask 集群的调度器；不给则在本机启动。", "The Dask cluster's scheduler; else one is started here."),
    ),
]  # fmt: skip
PasswordFile = Annotated[
    Path | None,
    typer.Option("--password-file", help=tr("加密工作簿的密码所在文件。", "File with the workbooks' password.")),
]


def day(text: str | None, option: str = "--today") -> dt.date:
    """Return an option's date, the clock's where it is not given; UsageError where it is none."""
    if text is None:
        return dt.date.today()
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise UsageError(
            Text(
                f"{option} 不是日期：{text}（应为 2020-12-31 这样的形式）",
                f"{option} is no date: {text} (write 2020-12-31)",
            )
        ) from None


def law(path: Path | None) -> Policy:
    """Return the policy of `--policy`; UsageError where it does not hold."""
    from trainingcli.policy import load_policy
    from trainingcli.settle.programmes import codes

    return load_policy(path, codes())


class Laws(NamedTuple):
    """The policies of a comparison. `after`: None where readings are tried; `data`: those of `before`."""

    before: Policy
    after: Policy | None
    data: Mapping[str, Any]
    shipped: Mapping[str, Any]


def laws(paths: Sequence[Path], settings: Sequence[str], *, readings: bool) -> Laws:
    """Return what `--policy`, `--set` and `--readings` compare; UsageError where they do not name two policies."""
    from trainingcli.policy.build import build, data_of
    from trainingcli.policy.set_values import parse, with_settings
    from trainingcli.settle.programmes import codes

    if len(paths) > 2 or (len(paths) == 2 and (settings or readings)) or (settings and readings):
        zh = "请写两个 --policy，或一个 --policy 加 --set，或一个 --policy 加 --readings"
        raise UsageError(Text(zh, "give --policy twice, or once with --set, or once with --readings"))
    if not paths and not settings and not readings:
        zh = "没有写明与什么比：请写 --policy 文件、--set 键=值 或 --readings"
        raise UsageError(Text(zh, "nothing to compare with: give --policy FILE, --set KEY=VALUE or --readings"))
    shipped, digest = data_of(None, ())
    given = [data_of(path, codes()) for path in paths]
    if not settings and not readings:
        given = [(shipped, digest), *given][-2:]
    first = given[0] if given else (shipped, digest)
    after = build(*given[1]) if len(given) == 2 else None
    if settings:
        after = with_settings(first[0], [parse(text) for text in settings], shipped, codes())
    return Laws(build(*first), after, first[0], shipped)


def programme(code: str | None, policy: Policy) -> str | None:
    """Return `--programme` if the policy has it; UsageError with the choices where it has not."""
    if code is None or code in policy.programmes:
        return code
    choices = ", ".join(policy.programmes)
    raise UsageError(Text(f"没有补贴项目 {code}；可选：{choices}", f"no programme {code}; choose from: {choices}"))
