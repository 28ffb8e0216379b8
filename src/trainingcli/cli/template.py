"""`trainingcli template`: write a blank roster, or another table that a command reads, to fill in."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from trainingcli.cli import options
from trainingcli.cli.failure import told
from trainingcli.errors import UsageError
from trainingcli.language import Text, tr
from trainingcli.result import Result, written

HELP = tr(
    "写出空白花名册：表头、下拉框、文本格式的证件号列、填表说明；--plans、--levy、--awards 写其他空白表。",
    "Write a blank roster: headings, drop-downs, text-formatted ID columns, instructions; or other tables.",
)


@told
def run(
    file: Annotated[
        Path, typer.Argument(metavar=tr("文件.xlsx", "FILE.xlsx"), help=tr("写到这个文件。", "Write it to this file."))
    ],
    programme: options.ProgrammeName = None,
    plans: Annotated[
        bool, typer.Option("--plans", help=tr("写教学计划的空白表。", "Write a blank set of course plans."))
    ] = False,
    levy: Annotated[
        bool, typer.Option("--levy", help=tr("写职工教育经费的空白表。", "Write a blank table of training funds."))
    ] = False,
    awards: Annotated[
        bool, typer.Option("--awards", help=tr("写基地和工作室奖补申领的空白表。", "Write a blank table of awards."))
    ] = False,
    policy: options.PolicyPath = None,
    force: Annotated[
        bool, typer.Option("--force", help=tr("覆盖已有的文件。", "Overwrite a file that is there."))
    ] = False,
) -> Result:
    """Write the workbook and say where."""
    if file.suffix.lower() != ".xlsx":
        raise UsageError(Text(f"{file}：文件名应以 .xlsx 结尾", f"{file}: the name should end in .xlsx"))
    asked = [system for system, wanted in (("plans", plans), ("levy", levy), ("awards", awards)) if wanted]
    if len(asked) + (programme is not None) > 1:
        raise UsageError(
            Text(
                "--plans、--levy、--awards、--programme 只能用一个",
                "give one of --plans, --levy, --awards and --programme alone",
            )
        )
    if asked:
        return _of_table(file, asked[0], force=force)
    from trainingcli.reports.workbooks.roster_template import write_template

    law = options.law(policy)
    write_template(file, law, options.programme(programme, law), force=force)
    return written([str(file)])


def _of_table(file: Path, system: str, *, force: bool) -> Result:
    from trainingcli.intake.tables.declared import declared_tables
    from trainingcli.plans.plan_rows import SHEETS
    from trainingcli.reports.workbooks.table_template import write_table_template

    write_table_template(file, declared_tables(system)[system], SHEETS if system == "plans" else (), force=force)
    return written([str(file)])
