"""`trainingcli levy`: employers' training funds by year: what is deductible, carried forward, for front-line staff."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from trainingcli.cli import options
from trainingcli.cli.failure import told
from trainingcli.language import tr
from trainingcli.result import Result

HELP = tr(
    "测算企业职工教育经费：每年可扣除多少、结转多少、一线职工占比，写出测算表。有错误时以 1 退出。",
    "Employers' training funds: what is deductible, carried forward, for front-line staff. Exit 1 on errors.",
)


@told
def run(
    files: Annotated[
        list[str],
        typer.Argument(
            metavar=tr("文件…", "FILE…"),
            help=tr(
                "职工教育经费表：文件、文件夹，或 - 表示标准输入。",
                "Workbooks of training funds: files, folders, or - for standard input.",
            ),
        ),
    ],
    out: options.OutFolder = Path("levy-out"),
    force: options.Force = False,
    policy: options.PolicyPath = None,
    words: options.WordsPath = None,
    today: options.Today = None,
    password_file: options.PasswordFile = None,
    jobs: options.Jobs = None,
) -> Result:
    """Read, work out, write the workbook, and return what came of it."""
    from trainingcli.cli import checked_tables, session
    from trainingcli.intake.tables.table_rows import rows_of
    from trainingcli.levy import document
    from trainingcli.levy.enterprises import work_out
    from trainingcli.levy.fund_row import FundRow
    from trainingcli.levy.workbook import NAME, LevyTask, write_levy_workbook

    asked = checked_tables.request(files, policy, today, out, force=force, password_file=password_file, words=words)
    with session.open_pool(jobs) as pool:
        read = checked_tables.read(asked, "levy", pool)
    rows = rows_of(read, FundRow)
    levy = work_out(rows, asked.policy)
    task = LevyTask(levy, read.inputs, asked.policy, asked.today.isoformat())
    return checked_tables.result(
        asked, read, document.ENTERPRISES, [document.enterprise_row(each) for each in levy.enterprises],
        levy.all_findings(), schema=document.SCHEMA, loose=levy.findings,
        outputs=checked_tables.write(asked, NAME, lambda target: write_levy_workbook(task, target)) if rows else [],
        screen=lambda room: document.screen(levy),
    )  # fmt: skip
