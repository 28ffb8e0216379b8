"""`trainingcli policy`: the figures in force on a day, how the plan's silent places are read, who is responsible."""

from __future__ import annotations

from typing import Annotated

import typer

from trainingcli.cli import options
from trainingcli.cli.failure import told
from trainingcli.errors import UsageError
from trainingcli.language import Text, tr
from trainingcli.result import Result

HELP = tr(
    "显示政策：某日执行的标准、方案未写明之处的口径、条款和负责部门。",
    "Show the policy: figures in force on a day, readings where the plan is silent, clauses with departments.",
)


@told
def run(
    on: Annotated[
        str | None,
        typer.Option(
            "--on",
            metavar="YYYY-MM-DD",
            help=tr("哪一天的标准（默认今天）。", "Figures of which day (default: today)."),
        ),
    ] = None,
    clause: Annotated[
        str | None,
        typer.Option(
            "--clause",
            metavar=tr("条款", "CLAUSE"),
            help=tr("只看一条，如 三(三)。", "One clause alone, such as 三(三)."),
        ),
    ] = None,
    policy: options.PolicyPath = None,
) -> Result:
    """Load the policy, which checks a given file, and return what it says."""
    from trainingcli.reports.screen import policy_view

    found = policy_view.view(options.law(policy), options.day(on, "--on"), _plain(clause))
    if not found["clauses"]:
        raise UsageError(
            Text(f"没有条款 {clause}；条款写作 二(七)、三(三)", f"there is no clause {clause}; write 二(七), 三(三)")
        )
    rows = policy_view.rows(found)
    return Result(policy_view.SCHEMA, policy_view.ROWS, rows, found, lambda room: policy_view.screen(found, room))


def _plain(clause: str | None) -> str | None:
    """Return a clause's number as the policy writes it, with plain brackets and no blanks."""
    import unicodedata

    return None if clause is None else "".join(unicodedata.normalize("NFKC", clause).split())
