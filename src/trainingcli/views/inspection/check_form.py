"""The check form of a class (核查表): A4 upright, to be filled in on the spot and signed."""

from __future__ import annotations

from collections.abc import Sequence

from trainingcli.language import Text, tr
from trainingcli.money import grouped_yuan
from trainingcli.reports.workbooks.style import Book, Page
from trainingcli.views.inspection.classes import Trainee
from trainingcli.views.inspection.draw import Drawn, check_line

_WIDTHS = (6, 12, 25, 12, 12, 27)
_LAST = len(_WIDTHS) - 1
_ASKED = (
    Text("培训地点、时间与开班备案一致", "Place and time are those that were filed"),
    Text("教学计划、大纲有批准文号，按计划授课", "The plan is approved and followed"),
    Text("授课教师与备案一致，考核合格", "The instructor is the one filed, and assessed"),
    Text("签到表、考核记录齐全，与花名册一致", "Attendance and examination records are complete and agree"),
    Text("学员本人到课，没有代训代考", "Trainees attend in person"),
    Text("没有向学员收取应由补贴支付的费用", "No fee was taken for what the subsidy pays"),
)
_PEOPLE = (
    Text("序号", "No."), Text("姓名", "Name"), Text("身份证号", "ID number"), Text("在场", "Present"),
    Text("本人核对", "In person"), Text("签字 / 备注", "Signature, remarks"),
)  # fmt: skip


def add_form(book: Book, drawn: Drawn, people: Sequence[Trainee], seed: str) -> None:
    """Add the form of one class: what it is, why it was drawn, what is to be looked at, its people, signatures."""
    page = book.page(tr(f"核查表{drawn.order}", f"Form {drawn.order}"))
    page.sheet.set_portrait()
    page.widths(_WIDTHS)
    page.title(tr("培训班实地核查表", "On-site check of a class"), len(_WIDTHS))
    _facts(page, drawn, seed)
    page.section(tr("一、核查内容", "1. To be looked at"))
    _asked(page)
    page.section(tr(f"二、学员（{len(people)} 人）", f"2. People ({len(people)})"))
    rows = [[place, one.name, one.id_number, "□", "□", None] for place, one in enumerate(people, 1)]
    page.short_table(_PEOPLE, rows, ("number", "text", "middle", "middle", "middle", "text"))
    page.section(tr("三、核查结论", "3. Result"))
    for label in (
        Text("应到 / 实到人数", "Expected / present"),
        Text("结论", "Result"),
        Text("问题及处理意见", "Found"),
    ):
        _pair(page, str(label), "□ 合格　　□ 整改　　□ 不合格" if label.zh == "结论" else "", 32)
    page.row += 1
    page.sheet.set_row(page.row, 30)
    for column, text in (
        (0, Text("核查人（两名）：", "Checked by (two):")),
        (3, Text("被查单位负责人：", "For the class:")),
    ):
        page.text(page.row, column, str(text), "sign")
    page.row += 1
    page.sheet.set_row(page.row, 30)
    page.text(page.row, 3, tr("日期：　　　　年　　月　　日", "Date:"), "sign")
    page.sheet.print_area(0, 0, page.row, _LAST)


def _facts(page: Page, drawn: Drawn, seed: str) -> None:
    one = drawn.one
    why = "；".join(f"{risk.points} {risk.why}" for risk in one.risks) or tr("没有风险分", "no points")
    days = " — ".join(day for day in (one.start_date, one.end_date) if day)
    rows = (
        (Text("培训机构", "Institution"), one.institution),
        (Text("班级编号", "Class no."), one.class_no),
        (Text("职业(工种)、等级", "Occupation, level"), " ".join(filter(None, (one.occupation, one.level)))),
        (Text("培训时间", "Days"), days),
        (Text("人数、金额", "People, yuan"), tr(f"{one.people} 人　{grouped_yuan(one.yuan)} 元",
                                            f"{one.people} people, {grouped_yuan(one.yuan)} yuan")),
        (Text("抽中顺序", "Order"), str(drawn.order)),
        (Text("权重及理由", "Weight and why"), f"{one.weight}：{why}"),
        (Text("签号", "Ticket"), drawn.ticket),
        (Text("验算", "Check"), check_line(seed, drawn)),
    )  # fmt: skip
    for label, text in rows:
        _pair(page, str(label), text or "")


def _pair(page: Page, label: str, text: str, height: float | None = None) -> None:
    """Write one row: a label over the first two columns, a wrapped text over the rest."""
    page.paragraph(2, _LAST, text)
    page.span(page.row, 0, 1, label, "label")
    if height is not None:
        page.sheet.set_row(page.row, height)
    page.row += 1


def _asked(page: Page) -> None:
    for text in _ASKED:
        page.paragraph(0, _LAST - 1, str(text))
        page.text(page.row, _LAST, tr("□ 是　□ 否", "□ yes  □ no"), "middle")
        page.row += 1
