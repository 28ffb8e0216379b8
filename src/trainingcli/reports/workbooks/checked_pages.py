"""Two pages that every workbook of checked tables has: what was found, and what was read by which policy."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import pyarrow as pa

from trainingcli.cell_findings import SEVERITY_WORDS, CellFinding
from trainingcli.intake.tables.sheet_tables import InputFile
from trainingcli.language import Text, tr
from trainingcli.masking import mask_numbers
from trainingcli.policy import Policy
from trainingcli.reasons import reason
from trainingcli.reports.workbooks.style import Book, TableColumn


def findings_page(book: Book, findings: Sequence[CellFinding]) -> None:
    """List every finding with its place and what to do; errors first."""
    page = book.page(tr("问题", "Findings"))
    errors = sum(found.is_error for found in findings)
    page.title(tr(f"错误 {errors} 处，提示 {len(findings) - errors} 处",
                  f"{errors} errors, {len(findings) - errors} warnings"), 9)  # fmt: skip
    listed = sorted(findings, key=lambda found: not found.is_error)
    columns = (
        (Text("程度", "Severity"), [str(SEVERITY_WORDS[found.kind.severity]) for found in listed], "middle", 12),
        (Text("文件", "File"), [mask_numbers(found.file) for found in listed], "wrap", 26),
        (Text("工作表", "Sheet"), [mask_numbers(found.sheet) for found in listed], "wrap", 14),
        (Text("单元格", "Cell"), [found.cell or str(found.row) for found in listed], "middle", 9),
        (Text("问题", "Finding"), [str(reason(found.code).title) for found in listed], "wrap", 22),
        (Text("说明", "What is wrong"), [mask_numbers(str(found.message)) for found in listed], "wrap", 46),
        (Text("怎么办", "What to do"), [str(found.kind.remedy) for found in listed], "wrap", 40),
        (Text("条款", "Clause"), [found.kind.clause for found in listed], "middle", 10),
        (Text("代码", "Code"), [found.code for found in listed], "text", 26),
    )
    page.long_table(
        [TableColumn(heading, pa.array(values, pa.string()), style, most=most)
         for heading, values, style, most in columns], frozen=1,
    )  # fmt: skip


def sources_page(book: Book, policy: Policy, inputs: Iterable[InputFile], said: Iterable[Text]) -> None:
    """Say what was read, by which policy file, and how the plan is read where it is silent (`said`)."""
    page = book.page(tr("说明", "About"))
    page.widths((26, 70, 68))
    page.title(tr("依据与输入", "Policy and inputs"), 3)
    for line in said:
        page.paragraph(0, 2, str(line))
        page.row += 1
    page.section(tr("政策文件", "Policy file"))
    page.short_table((Text("编号", "Id"), Text("名称", "Title"), Text("SHA-256", "SHA-256")),
                     [[policy.id, str(policy.title), policy.sha256]], ("text", "wrap", "text"))  # fmt: skip
    page.section(tr("输入", "Inputs"))
    rows = [[mask_numbers(item.file), _read(item), item.sha256 or ""] for item in inputs]
    page.short_table((Text("文件", "File"), Text("读取情况", "What was read"), Text("SHA-256", "SHA-256")), rows,
                     ("wrap", "wrap", "text"))  # fmt: skip


def _read(item: InputFile) -> str:
    if item.error is not None:
        return tr(f"未能读取：{item.error}", f"Not read: {item.error}")
    read = [tr(f"“{sheet.sheet}” {sheet.read} 行", f"'{sheet.sheet}' {sheet.read} rows") for sheet in item.sheets]
    left = [tr(f"“{name}” 未读：{why}", f"'{name}' not read: {why}") for name, why in item.not_read]
    return mask_numbers("；".join([*read, *left, *map(str, item.warnings)]))
