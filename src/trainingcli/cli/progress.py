"""`trainingcli progress`: how far the plan's targets are reached."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from trainingcli.cli import options, session, view_options
from trainingcli.cli.failure import told
from trainingcli.language import tr
from trainingcli.result import Message, Result

HELP = tr(
    "方案目标的完成情况：培训人次、就业率、技能劳动者和高技能人才占比，各差多少。",
    "The plan's targets: trainings, trainees in work, skilled and highly skilled workers, and what is missing.",
)


@told
def run(
    figures: Annotated[
        Path,
        typer.Option(
            "--figures",
            metavar="FILE",
            help=tr("统计表：年度、就业人员、技能劳动者、高技能人才。", "Population figures by year."),
        ),
    ],
    employment: Annotated[
        list[Path] | None,
        typer.Option(
            "--employment",
            metavar="FILE",
            help=tr("就业信息：身份证号、是否就业（可多次给出）。", "Who found work; may be given several times."),
        ),
    ] = None,
    registers: options.RegistersPath = None,
    ledger: options.LedgerPath = None,
    policy: options.PolicyPath = None,
) -> Result:
    """Read everything that is named, then measure."""
    from trainingcli.views.progress import progress
    from trainingcli.views.progress_files import read_employment, read_figures
    from trainingcli.views.progress_pages import SCHEMA, TARGETS, facts, screen

    law = options.law(policy)
    with session.open_pool(1) as pool:
        population = read_figures(str(figures), pool)
        works, unusable = read_employment([str(path) for path in employment or ()], pool)
    _, districts = view_options.registers(registers)
    with session.existing_ledger(ledger) as opened:
        found = progress(opened, law, population, works, districts=districts)
    return Result(
        SCHEMA, TARGETS, [target.shown() for target in found.targets], facts(found), lambda room: screen(found, law),
        [Message(text) for text in (*unusable, *found.said)],
    )  # fmt: skip
