"""The page of a run's inputs (输入): each sheet with its control totals, and what was read of it."""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa

from trainingcli.fields import label
from trainingcli.language import Text, tr
from trainingcli.places import base_name
from trainingcli.reports.workbooks.context import InputRef
from trainingcli.reports.workbooks.style import Page, TableColumn

_INPUT_COLUMNS = (
    (Text("文件", "File"), "wrap", 36), (Text("工作表", "Sheet"), "wrap", 16),
    (Text("表头行", "Header row"), "number", 6), (Text("总行数", "Rows"), "count", 8),
    (Text("人员行", "Read"), "count", 8), (Text("空行", "Blank"), "count", 6),
    (Text("表头", "Header"), "count", 6), (Text("表尾", "Footer"), "count", 6),
    (Text("标题及跳过", "Skipped"), "count", 6), (Text("隐藏行", "Hidden"), "count", 6),
    (Text("说明", "Remarks"), "wrap", 34), (Text("识别的列", "Columns"), "text", 60),
    (Text("未用的列", "Unused"), "text", 30), (Text("格式", "Format"), "text", 8),
    (Text("SHA-256", "SHA-256"), "text", 66),
)  # fmt: skip


def inputs_page(page: Page, inputs: Sequence[InputRef]) -> None:
    """Each sheet of each input: control totals, what each column was taken for, what was not read and why."""
    page.title(tr("输入文件与控制数", "Inputs and control totals"), 11)
    page.line(tr("总行数 = 人员行 + 空行 + 表头 + 表尾 + 标题及跳过",
                 "rows in the sheet = read + blank + header + footer + title and skipped"), 11)  # fmt: skip
    rows = [row for item in inputs for row in _input_rows(item)]
    page.long_table(
        [
            TableColumn(
                heading,
                pa.array([row[place] for row in rows], pa.string() if style in ("text", "wrap") else pa.int64()),
                style,
                most=most,
            )
            for place, (heading, style, most) in enumerate(_INPUT_COLUMNS)
        ],
        frozen=2,
        printed=11,
    )


def _input_rows(item: InputRef) -> list[list[str | int | None]]:
    warnings = "；".join(map(str, item.warnings)) or None
    rows: list[list[str | int | None]] = []
    for sheet in item.sheets:
        rows.append(
            [
                base_name(item.file), sheet.sheet, sheet.header_row, sheet.total, sheet.read, sheet.blank, sheet.header,
                sheet.footer, sheet.skipped, sheet.hidden_rows, warnings,
                "；".join(f"{letter} {heading}→{label(key)}" for letter, heading, key in sheet.columns),
                "；".join(f"{letter} {heading}" for letter, heading in sheet.unused), item.format, item.sha256,
            ]
        )  # fmt: skip
        warnings = None
    not_read = [(name, tr(f"未读：{why}", f"Not read: {why}")) for name, why in item.not_read]
    if item.error is not None:
        not_read.append(("", tr(f"未能读取：{item.error}", f"Not read: {item.error}")))
    for name, why in not_read:
        rows.append([base_name(item.file), name, *[None] * 8, why, None, None, item.format, item.sha256])
    return rows
