"""How a blank roster is filled in, for a school that has a spreadsheet program and nothing else."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from trainingcli.language import tr
from trainingcli.reports.workbooks.template_columns import NOTES, TemplateColumn

if TYPE_CHECKING:
    from trainingcli.policy import Policy

_WIDTHS = (18, 12, 82)
_A_LINE = 58  # Chinese characters that the page has room for


def add_instructions(book: Any, columns: Sequence[TemplateColumn], policy: Policy, code: str | None) -> None:
    """Write the sheet 填表说明: one row a column, so that no program takes it for a roster."""
    sheet = book.add_worksheet("填表说明")
    wrap = book.add_format({"text_wrap": True, "valign": "top", "border": 1, "border_color": "#808080"})
    head = book.add_format({"bold": True, "bg_color": "#DDE7F3", "border": 1, "align": "center"})
    note = book.add_format({"text_wrap": True, "valign": "top"})
    title = book.add_format({"bold": True, "font_name": "黑体", "font_size": 14})
    for place, width in enumerate(_WIDTHS):
        sheet.set_column(place, place, width)
    sheet.write_string(0, 0, tr("填表说明", "How to fill in this roster"), title)
    sheet.set_row(0, 24)
    rows = list(_general(policy, code))
    for row, text in enumerate(rows, 1):
        sheet.merge_range(row, 0, row, 2, "", note)
        sheet.write_string(row, 0, text, note)
        sheet.set_row(row, 15 * -(-_length(text) // (2 * _A_LINE)) + 4)
    first = len(rows) + 2
    for place, words in enumerate((tr("栏目", "Column"), tr("必填", "Needed"), tr("怎样填写", "How to fill in"))):
        sheet.write_string(first, place, words, head)
    for number, column in enumerate(columns, first + 1):
        choices = tr("可选：", " One of: ") + "、".join(column.choices) if column.choices else ""
        how = f"{NOTES[column.key]}{choices}"
        for place, cell in enumerate((column.heading.rstrip("*"), _needed(column), how)):
            sheet.write_string(number, place, cell, wrap)
        sheet.set_row(number, 15 * max(1, -(-_length(how) // 88)) + 3)
    sheet.set_portrait()
    sheet.set_paper(9)  # A4
    sheet.fit_to_pages(1, 0)
    sheet.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.6)
    sheet.set_footer("&L&A&C第 &P 页 共 &N 页")


def _length(text: str) -> int:
    from trainingcli.terminal_text import width

    return width(text)


def _needed(column: TemplateColumn) -> str:
    if not column.needed:
        return tr("可不填", "no") if column.is_folded else ""
    return tr("看情况必填", "in some rows") if column.sometimes else tr("是", "yes")


def _general(policy: Policy, code: str | None) -> Iterator[str]:
    """Yield what is to be done, step by step; nothing of it needs this program."""
    if code is not None:
        entry = policy.programmes[code]
        yield tr(
            f"本表申领{entry.name}，依据 {entry.clause}，{_figure_text(entry.amounts)}{entry.unit}。",
            f"This roster claims the {entry.name} ({entry.clause}): {_figure_text(entry.amounts)} {entry.unit}.",
        )
    yield from (
        tr(
            "1. 用 Excel 或 WPS 表格填写，不需要安装别的软件。先填标题下的“填报单位”：它就是每一行的培训机构。",
            "1. Any spreadsheet program will do. First fill in 填报单位: it is every row's institution.",
        ),
        tr(
            "2. 一人一次培训填一行，从表头下一行填起；不要合并单元格、改表头、插空行，也不要写合计。",
            "2. One row a person and training, right below the headings; merge nothing, change no heading, no sums.",
        ),
        tr(
            "3. 表头带 * 的必须填写（“看情况必填”的见下表）；其余栏目折叠在右边，点表头上方的 + 展开，有就填。",
            "3. Columns with * must be filled in (some in some rows, see below); the others are folded: click + above.",
        ),
        tr(
            "4. 有下拉框的请选，不要自己写；证件号、账号、证书编号已设为文本，不要改成数字；日期写作 2020-07-01。",
            "4. Choose where there is a list; ID, account and certificate numbers are text; write dates as 2020-07-01.",
        ),
        tr(
            "5. 报送前看三处：身份证号都是18位；同一人同一次培训没有填两遍；开班不晚于结业，结业不晚于发证。",
            "5. Before sending look at three things: 18 digits of each ID number; nobody twice; dates in their order.",
        ),
        tr(
            "6. 存为 xlsx（不加密码，不转 PDF 或图片），文件名写单位和期次；打印的一份签字、盖章，连同电子表报人社局。",
            "6. Save as xlsx without a password, named by institution and class; print, sign, seal one; send both.",
        ),
        tr(
            "7. 有问题时人社局会退回一份标了颜色、写了原因的表：就在那份表上改，改好再报，不必重填。",
            "7. What is wrong comes back marked, each mark with its reason: mend it in that file and send it again.",
        ),
        tr(f"政策文件 {policy.id}。", f"Policy file {policy.id}."),
    )


def _figure_text(amounts: Mapping[str, Sequence[Any]]) -> str:
    """Return the latest figures of a programme in one line."""
    said = []
    for level, dated in amounts.items():
        fen = dated[-1].fen
        amount = tr("方案未列", "not stated") if fen is None else f"{fen // 100}"
        said.append(amount if level == "each" else f"{level} {amount}")
    return "、".join(said)
