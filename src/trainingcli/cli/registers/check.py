"""`trainingcli registers check`: what is wrong with which cell of the registers."""

from __future__ import annotations

from trainingcli.cli import options, session
from trainingcli.cli.failure import told
from trainingcli.cli.registers import FOLDER
from trainingcli.errors import Exit
from trainingcli.language import Text, tr
from trainingcli.result import Column, Listing, Message, Result

HELP = tr("检查目录清单，逐个单元格列出问题；有错误时以 1 退出。", "List every fault with its cell; exit 1 on errors.")
SEVERITIES = {"error": Text("错误", "error"), "warning": Text("提示", "warning")}
FINDINGS = Listing(
    "findings",
    (
        Column("severity", Text("程度", "Severity"), "code", SEVERITIES),
        Column("file", Text("文件", "File"), "place"),
        Column("sheet", Text("工作表", "Sheet"), "place"),
        Column("cell", Text("单元格", "Cell"), "code"),
        Column("problem", Text("问题", "Problem")),
    ),
)


@told
def run(folder: FOLDER, today: options.Today = None) -> Result:
    """Duplicates, bad dates and ID numbers, unknown levels, missing columns."""
    from trainingcli.evidence.register_faults import check_folder

    with session.open_pool(1) as pool:
        faults = check_folder(folder, options.day(today), pool)
    rows = [
        {
            "severity": "error" if fault.is_error else "warning", "file": fault.file, "sheet": fault.sheet,
            "cell": fault.cell, "problem": str(fault.text),
        }
        for fault in faults
    ]  # fmt: skip
    errors = sum(fault.is_error for fault in faults)
    warnings = len(faults) - errors
    counted = Text(f"错误 {errors} 处，提示 {warnings} 处。", f"{errors} errors, {warnings} warnings.")
    return Result(
        "trainingcli.registers/1", FINDINGS, rows, messages=[Message(counted)],
        exit_code=Exit.FOUND if errors else Exit.OK,
    )  # fmt: skip
