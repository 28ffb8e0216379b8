"""How a returned workbook is marked: colours, comments, the reasons beside the rows, the sheet of what to do."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cache

from trainingcli.facts import RETURN_SHEET, STATUS_WORDS
from trainingcli.language import Text, tr
from trainingcli.reports.returned.return_task import RowFinding

AUTHOR, _OURS = "培训补贴核定", "【核定】"
# None of these is a heading of the contract, so that what is sent back reads like what was sent first.
REASON_HEADING = Text("退回原因", "Reasons for return")
REASON_WIDTH = 42
_COLOURS = {"reject": "FFF4B6B6", "hold": "FFFFE699", "reduce": "FFBDD7EE", "note": "FFE2EFDA"}
_EFFECTS = {"reject": STATUS_WORDS["rejected"], "hold": STATUS_WORDS["held"], "reduce": STATUS_WORDS["reduced"]}
_STEPS = (
    Text(
        "1. 着色的单元格有问题，点开批注可看原因；每行最右边“退回原因”一栏写明哪里不对、怎么改。",
        "1. Coloured cells are wrong: their comments say why; the reasons for each row stand at its right.",
    ),
    Text(
        "2. 请在原来的单元格里直接改正或补填；身份证号、证书编号、银行账号要按文本填写，日期写成 2020-07-01。",
        "2. Mend them in place. ID, certificate and account numbers are texts; dates are written 2020-07-01.",
    ),
    Text(
        "3. 缺少整列的，请在表的右边加一列，列名照“退回原因”中写的名称；各列的标准名称见市局发的空白花名册。",
        "3. Where a column is missing add it at the right, headed as the reason says; "
        "the bureau's blank roster has all headings.",
    ),
    Text(
        "4. 请不要删除行、列。没有问题的人员不用改。确实不能补的，请把整行退回原因告诉市局经办人。",
        "4. Delete no rows or columns, leave people without faults as they are; tell the bureau what cannot be mended.",
    ),
    Text(
        "5. 改好后把本文件发回即可；“退回原因”一栏和本页不必删除。",
        "5. Send this file back; the reasons and this sheet may stay.",
    ),
)
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_HALF = re.compile("[\ud800-\udfff]")
_WORST = ("reject", "hold", "reduce", "note")


def clean(text: str) -> str:
    """Return the text without the characters that a workbook cannot hold, no longer than a cell."""
    return _ILLEGAL.sub("", _HALF.sub("\ufffd", text))[:32_000]


def worst(findings: Iterable[RowFinding]) -> str:
    """Return the worst severity."""
    return min((finding.severity for finding in findings), key=_place)


def colour(severity: str) -> str:
    """Return the colour of a severity."""
    return _COLOURS.get(severity, _COLOURS["note"])


def comment_text(findings: Sequence[RowFinding], before: str = "") -> str:
    """Return a cell's comment: each reason with what to do; after what the institution itself had noted there."""
    lines = [_OURS, *(f"{finding.message}\n→ {finding.remedy}" for finding in findings)]
    return clean("\n".join(dict.fromkeys([before, *lines] if before else lines)))


def without_ours(comment: str) -> str:
    """Return a comment's text without what an earlier return noted in it; "" where nothing else is in it."""
    return comment.partition(_OURS)[0].strip()


def row_text(findings: Sequence[RowFinding]) -> str:
    """Return a row's reasons in words, worst first."""
    ordered = sorted(findings, key=lambda finding: _place(finding.severity))
    lines = dict.fromkeys(f"{_effect(finding.severity)}：{finding.message}{finding.remedy}" for finding in ordered)
    if len(lines) == 1:
        return clean(next(iter(lines)))
    return clean("\n".join(f"{number}. {text}" for number, text in enumerate(lines, start=1)))


def instructions(findings: Sequence[RowFinding], notes: Sequence[str]) -> list[list[str]]:
    """Return the rows of the sheet of what to do: a title, steps, one row a finding."""
    counts = {severity: sum(finding.severity == severity for finding in findings) for severity in _WORST}
    told = "、".join(f"{_effect(severity)} {count}" for severity, count in counts.items() if count)
    steps = [str(step) for step in _STEPS] + list(notes)
    head = [
        tr("表名", "Where"),
        tr("位置", "Place"),
        tr("处理结果", "Effect"),
        tr("问题", "What is wrong"),
        tr("怎么改", "To do"),
    ]
    rows = [
        [finding.sheet, finding.cell or tr(f"第 {finding.row} 行", f"row {finding.row}"), _effect(finding.severity),
         finding.message, finding.remedy]
        for finding in findings
    ]  # fmt: skip
    title = tr(f"{RETURN_SHEET.zh}（{told}）", f"{RETURN_SHEET.en} ({told})")
    cleaned = cache(clean)  # most of it is said of many rows
    return [list(map(cleaned, row)) for row in ([title], *([step] for step in steps), [], head, *rows)]


INSTRUCTION_WIDTHS = (18, 10, 10, 60, 60)


def _effect(severity: str) -> str:
    return str(_EFFECTS.get(severity, Text("提示", "Note")))


def _place(severity: str) -> int:
    return _WORST.index(severity) if severity in _WORST else len(_WORST)
