"""`trainingcli registers`: the published lists (目录清单): blank workbooks, and a check of filled ones."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from trainingcli.cli import options, output, session
from trainingcli.cli.failure import told
from trainingcli.errors import Exit
from trainingcli.language import Text, tr

if TYPE_CHECKING:
    from trainingcli.evidence.register_workbook import Fault

COMMAND = "registers"
APP = typer.Typer(
    help=tr("目录清单：生成空白表、检查。", "Registers (published lists): write blank ones, check filled ones."),
    no_args_is_help=True,
)
Folder = Annotated[
    Path, typer.Argument(metavar=tr("文件夹", "DIR"), help=tr("目录清单所在的文件夹。", "The registers' folder."))
]
HEADINGS = {
    "severity": Text("程度", "Severity"),
    "file": Text("文件", "File"),
    "sheet": Text("工作表", "Sheet"),
    "cell": Text("单元格", "Cell"),
    "problem": Text("问题", "Problem"),
}


@APP.command(name="template", help=tr("写出九张空白目录清单。", "Write the nine registers blank."))
@told
def template(folder: Folder, quiet: options.Quiet = False, lang: options.Lang = None) -> None:
    """Headings, text-formatted numbers, drop-downs; what is there already is not overwritten."""
    from trainingcli.evidence.register_templates import write_templates
    from trainingcli.masking import mask_place

    for path in write_templates(folder):
        print(mask_place(str(path)))
    session.note(quiet, tr("请填写后用 registers check 检查。", "Fill them in, then run `registers check`."))


@APP.command(
    name="check",
    help=tr(
        "检查目录清单，逐个单元格列出问题；有错误时以 1 退出。", "List every fault with its cell; exit 1 on errors."
    ),
)
@told
def check(
    folder: Folder,
    today: options.Today = None,
    format_: options.Output = None,
    quiet: options.Quiet = False,
    lang: options.Lang = None,
) -> int:
    """Duplicates, bad dates and ID numbers, unknown levels, missing columns."""
    from trainingcli.evidence.register_faults import check_folder

    faults = check_folder(folder, options.day(today))
    errors = sum(fault.is_error for fault in faults)
    _print(faults, format_)
    warnings = len(faults) - errors
    session.note(quiet, tr(f"错误 {errors} 处，提示 {warnings} 处。", f"{errors} errors, {warnings} warnings."))
    return Exit.FOUND if errors else Exit.OK


def _print(faults: list[Fault], form: options.Format | None) -> None:
    import pandas as pd

    from trainingcli.masking import mask_numbers, mask_place
    from trainingcli.reports.data import frames

    rows = [
        {
            "severity": "error" if fault.is_error else "warning",
            "file": mask_place(fault.file),
            "sheet": fault.sheet and mask_place(fault.sheet),
            "cell": fault.cell,
            "problem": mask_numbers(str(fault.text)),
        }
        for fault in faults
    ]
    frame = pd.DataFrame(rows, columns=list(HEADINGS))
    chosen = output.chosen(form)
    if chosen is options.Format.table:
        if rows:
            from rich.console import Console

            Console(highlight=False).print(frames.as_table(frame, HEADINGS))
    elif chosen is options.Format.json:
        sys.stdout.write(frames.as_json("trainingcli.registers/1", "findings", frame))
    elif chosen is options.Format.ndjson:
        sys.stdout.writelines(frames.as_ndjson(frame))
    else:
        sys.stdout.write(frames.as_csv(frame))
