"""`trainingcli plans`: course plans: their themes, hours and review, in a matrix; findings with their cells."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from trainingcli.cli import options
from trainingcli.cli.failure import told
from trainingcli.language import tr
from trainingcli.result import Result

HELP = tr(
    "审核教学计划：十一个主题、课时、专家审核，写出审核表。所有文件是一套。有错误时以 1 退出。",
    "Review course plans: eleven themes, hours, the experts' review. All files are one set. Exit 1 on errors.",
)


@told
def run(
    files: Annotated[
        list[str],
        typer.Argument(
            metavar=tr("文件…", "FILE…"),
            help=tr(
                "教学计划与课程：文件、文件夹，或 - 表示标准输入。",
                "Workbooks of plans and lessons: files, folders, or - for standard input.",
            ),
        ),
    ],
    out: options.OutFolder = Path("plans-out"),
    force: options.Force = False,
    policy: options.PolicyPath = None,
    registers: options.RegistersPath = None,
    words: options.WordsPath = None,
    today: options.Today = None,
    password_file: options.PasswordFile = None,
    jobs: options.Jobs = None,
) -> Result:
    """Read, check, write the workbook, and return what came of it."""
    from trainingcli.cli import checked_tables, session
    from trainingcli.evidence.source import Means
    from trainingcli.intake.tables.table_rows import rows_of
    from trainingcli.plans import document
    from trainingcli.plans.course_set import gather
    from trainingcli.plans.plan_checks import check_set
    from trainingcli.plans.plan_rows import PlanRow
    from trainingcli.plans.register_checks import with_registers
    from trainingcli.plans.workbook import NAME, PlansTask, write_plans_workbook

    asked = checked_tables.request(
        files, policy, today, out, force=force, password_file=password_file, words=words, named=[registers]
    )
    with session.open_pool(jobs) as pool:
        read = checked_tables.read(asked, "plans", pool)
        rows = rows_of(read, PlanRow)
        checked = check_set(gather(rows), asked.policy)
        checked, checks = with_registers(checked, registers, Means(asked.policy, pool, asked.today))
    task = PlansTask(checked, read.inputs, asked.policy, asked.today.isoformat())
    return checked_tables.result(
        asked, read, document.PLANS, [document.plan_row(plan) for plan in checked.plans], checked.all_findings(),
        schema=document.SCHEMA, loose=checked.findings,
        outputs=checked_tables.write(asked, NAME, lambda target: write_plans_workbook(task, target)) if rows else [],
        screen=lambda room: document.screen(checked, room), checks=checks,
    )  # fmt: skip
