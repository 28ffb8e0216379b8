"""A roster beside the real-name system's export and a pensioners' list (实名制比对): one person a difference.

Each row's intended outcome is argued in `EXPECTED`; settled with `--realname` and `--people`, without registers. What a
clerk then decided of the held rows is in `DECIDED`, and comes back by `--decisions`.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from look import Column, Drawing
from openpyxl import Workbook
from people import person

ROSTER_FILE, EXPORT_FILE, LIST_FILE = "realname/花名册.xlsx", "realname/实名制导出.xlsx", "realname/退休人员名单.xlsx"
SCHOOL, CLASS, FIRST = "拾光职业培训学校", "拾光2020-11", 900
START, END = date(2020, 10, 12), date(2020, 10, 31)
DECISIONS_FILE = "realname/核定意见.xlsx"
_TRAINING = (
    Column("name", "姓名", 10), Column("id_number", "身份证号", 22, format="@"), Column("school", "培训机构", 20),
    Column("class_no", "班级编号", 14), Column("occupation", "职业(工种)", 14), Column("level", "等级", 9),
    Column("start", "开班日期", 12, format="yyyy-mm-dd"), Column("end", "结业日期", 12, format="yyyy-mm-dd"),
)  # fmt: skip
_ROSTER = (
    *_TRAINING, Column("category", "人员类别", 16), Column("card", "就业创业证号", 20, format="@"),
    Column("claimed", "申报金额(元)", 12, format="0.00"),
)  # fmt: skip
_EXPORT = (*_TRAINING, Column("state", "结业状态", 10))
_LIST = (
    Column("name", "姓名", 10), Column("id_number", "身份证号", 22, format="@"), Column("category", "类别", 10),
    Column("since", "退休日期", 12, format="yyyy-mm-dd"),
)  # fmt: skip
EXPECTED: tuple[tuple[str, list[str], str], ...] = (
    ("approved", [], "系统里有同一天开班的这次培训，各栏一致，已结业"),
    ("held", ["NOT_IN_REALNAME"], "系统里没有此人的任何培训"),
    ("held", ["NOT_IN_REALNAME"], "系统里同名的人号码只差一位：提示核对，不自动采用"),
    ("held", ["REALNAME_DIFFERS"], "系统的开班日期晚3天，7天以内是同一次培训，日期不一致"),
    ("held", ["REALNAME_DIFFERS"], "系统里是中级工，培训补贴用到等级"),
    ("held", ["NOT_COMPLETED"], "系统里还在培训中"),
    ("held", ["ON_LIST"], "开班前已退休，退休类别对全部补贴待核"),
    ("approved", [], "开班次日才退休，开班当日不在名单上"),
)
_DECISIONS = (
    Column("name", "姓名", 10), Column("id_number", "身份证号", 22, format="@"), Column("programme", "补贴项目", 18),
    Column("start", "开班日期", 12, format="yyyy-mm-dd"), Column("occupation", "职业(工种)", 14),
    Column("level", "等级", 9), Column("code", "原因代码", 20), Column("decision", "决定", 8),
    Column("grounds", "依据", 36), Column("clerk", "经办人", 10),
)  # fmt: skip
DECIDED: dict[int, tuple[str, str, str, str, list[str]]] = {
    3: ("REALNAME_DIFFERS", "放行", "签到表为10月12日开班，系统补录有误", "approved", ["REALNAME_DIFFERS", "RELEASED"]),
    4: ("REALNAME_DIFFERS", "", "", "held", ["REALNAME_DIFFERS"]),
    5: ("NOT_COMPLETED", "不予", "培训机构说明此人中途退出", "rejected", ["DECIDED_AGAINST", "NOT_COMPLETED"]),
    6: ("ON_LIST", "不予", "已核对退休审批表", "rejected", ["DECIDED_AGAINST", "ON_LIST"]),
}
"""Row → code, decision (empty: still open), grounds; then status and reasons of the run that brings it back."""
_SYSTEM: dict[int, dict[str, Any]] = {
    0: {}, 2: {"id_number": ...}, 3: {"start": date(2020, 10, 15)}, 4: {"level": "中级工"}, 5: {"state": "培训中"},
    6: {}, 7: {}, 8: {},
}  # fmt: skip
"""Row of the roster → what the system says otherwise; 8 stands only in the system."""


def _row(number: int) -> dict[str, Any]:
    who = person(FIRST + number)
    return {
        "name": who.name, "id_number": who.id_number, "school": SCHOOL, "class_no": CLASS, "occupation": "养老护理员",
        "level": "初级工", "start": START, "end": END, "category": "就业困难人员", "card": who.card, "claimed": 800,
        "state": "结业",
    }  # fmt: skip


def draw_roster(book: Workbook) -> None:
    """Draw the roster: header in row 2, a person a row."""
    _draw(book, "花名册", "职业技能培训补贴申领花名册", _ROSTER, [_row(number) for number in range(len(EXPECTED))])


def draw_export(book: Workbook) -> None:
    """Draw the export."""
    rows = []
    for number, otherwise in _SYSTEM.items():
        row = _row(number) | otherwise
        if row["id_number"] is ...:
            own = _row(number)["id_number"]
            row["id_number"] = own[:3] + str((int(own[3]) + 1) % 10) + own[4:]
        rows.append(row)
    _draw(book, "导出", "实名制系统导出　导出日期：2020-12-01", _EXPORT, rows)


def draw_list(book: Workbook) -> None:
    """Draw the pensioners' list."""
    since = {6: date(2020, 6, 1), 7: date(2020, 10, 13)}
    rows = [_row(number) | {"category": "退休", "since": day} for number, day in since.items()]
    _draw(book, "名单", "退休人员名单", _LIST, rows)


def draw_decisions(book: Workbook) -> None:
    """Draw what the clerk decided, a row a reason."""
    rows = [
        _row(number)
        | {"programme": "职业技能培训补贴", "code": code, "decision": said or None, "grounds": why or None}
        | {"clerk": "周宁" if said else None}
        for number, (code, said, why, _, _) in DECIDED.items()
    ]
    _draw(book, "待核", "待核事项核定意见", _DECISIONS, rows)


def _draw(book: Workbook, sheet: str, title: str, columns: tuple[Column, ...], rows: list[dict[str, Any]]) -> None:
    drawing = Drawing(book.create_sheet(sheet), columns)
    drawing.title(title)
    drawing.header()
    for row in rows:
        drawing.record(row)
    drawing.finish()
