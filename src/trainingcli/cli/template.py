"""`trainingcli template`: write a blank roster for institutions to fill in."""

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
    "写出空白花名册：表头、下拉框、文本格式的证件号列、填表说明。",
    "Write a blank roster: headings, drop-downs, text-formatted ID columns, instructions.",
)


@told
def run(
    file: Annotated[
        Path, typer.Argument(metavar=tr("文件.xlsx", "FILE.xlsx"), help=tr("写到这个文件。", "Write it to this file."))
    ],
    programme: options.ProgrammeName = None,
    policy: options.PolicyPath = None,
    force: Annotated[
        bool, typer.Option("--force", help=tr("覆盖已有的文件。", "Overwrite a file that is there."))
    ] = False,
    format_: options.Output = None,
    lang: options.Lang = None,
) -> Result:
    """Write the workbook and say where."""
    if file.suffix.lower() != ".xlsx":
        raise UsageError(Text(f"{file}：文件名应以 .xlsx 结尾", f"{file}: the name should end in .xlsx"))
    from trainingcli.reports.workbooks.roster_template import write_template

    law = options.law(policy)
    write_template(file, law, options.programme(programme, law), force=force)
    return written([str(file)])
