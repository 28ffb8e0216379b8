"""`trainingcli policy diff`: the entries in which two policies differ."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from trainingcli.cli import options
from trainingcli.cli.failure import told
from trainingcli.language import tr
from trainingcli.result import Block, Prose, Result, Table

HELP = tr("两种政策哪些项不同：键、条款、两边的值。", "What of two policies differs: key, clause, both values.")
_POLICY = tr("政策文件，或 taiyuan-2019（内置的）。", "A policy file, or taiyuan-2019 (the shipped one).")


@told
def run(
    before: Annotated[Path, typer.Argument(metavar=tr("原政策", "A"), help=_POLICY)],
    after: Annotated[Path, typer.Argument(metavar=tr("新政策", "B"), help=_POLICY)],
) -> Result:
    """Load both and return what differs."""
    from trainingcli.policy.differences import DIFFERENCES, SCHEMA, differences

    laws = [options.law(path) for path in (before, after)]
    found = differences(*laws)
    names = {side: {"id": law.id, "sha256": law.sha256} for side, law in zip(("from", "to"), laws, strict=True)}

    def screen(room: int) -> list[Block]:
        if not found:
            return [Prose(tr("没有影响核定的不同之处。", "Nothing differs that could change an outcome."))]
        return [Table(DIFFERENCES.columns, [each.shown() for each in found], f"{laws[0].id} → {laws[1].id}")]

    return Result(SCHEMA, DIFFERENCES, [each.row() for each in found], {"policies": names}, screen)
