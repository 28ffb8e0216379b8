"""The messy one (凌乱的): title block, two-row header, vertical merges, footers, units, odd dates, odd ID forms.

Wide amount columns say what is claimed: 培训补贴 in 万元, 生活费补贴 in 元.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from look import Column, Drawing
from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet
from people import id_number, person

from stories import CENTRE, ENTERPRISE, LIVING, VOCATIONAL, Line, Outcome, approved, held, reduced, rejected

FILE = "2-榆禾中心-补贴性培训人员名单.xlsx"
SHEET = "2020年1-3期"
COLUMNS = (
    Column("no", "序号", 6),
    Column("name", "姓 名", 14),
    Column("id_number", "*身份证号码", 22, format="@"),
    Column("sex", "性别", 6),
    Column("category", "人员\n类别*", 18),
    Column("hardship", "家庭类别", 16),
    Column("card", "就业创业证\n编号（必填）", 20, format="@"),
    Column("class_no", "班期", 9),
    Column("occupation", "培训工种", 12),
    Column("level", "培训等级", 12),
    Column("start", "开始", 13, upper="培训时间"),
    Column("end", "结束", 13, upper="培训时间"),
    Column("days", "实际培训\n天数", 10),
    Column("training", "培训补贴(万元)", 11, upper="申领补贴"),
    Column("living", "生活费补贴(元)", 11, upper="申领补贴"),
    Column("phone", "本人电话", 14, format="@"),
    Column("account", "银行卡号", 22, format="@"),
    Column("remark", "备注", 12),
)
MERGED = ("class_no", "occupation", "level", "start", "end")
PAID = "eligible group, card given; claimed the register's standard"


@dataclass
class Row:
    """One trainee: what the row says beside the group's shared cells, and what becomes of it."""

    category: str
    training: float | None
    lines: tuple[Line, ...]
    values: dict[str, Any] = field(default_factory=dict)
    young: bool = False


def _v(yuan: int = 900, *notes: str) -> Line:
    return approved(VOCATIONAL, yuan, PAID, *notes)


def first_group() -> list[Row]:
    """美容师 初级, 2020-03-02 to 03-16: 15 calendar days; the register's standard is 900."""
    low = {"hardship": "农村低保户", "days": "14 天", "living": 210}
    return [
        Row("农民工", 0.09, (_v(),)),
        Row("城镇登记失业人员", 0.09, (_v(),)),
        Row(
            "进城务工人员",
            0.09,
            (_v(), approved(LIVING, 225, "low-income family; 15 days at 15 yuan")),
            {"hardship": "低保户", "days": "15天", "living": 225},
        ),
        Row("登记失业人员", 0.09, (_v(), approved(LIVING, 210, "14 days attended at 15 yuan, Q4")), low),
        Row(
            "贫困劳动力",
            0.09,
            (_v(), approved(LIVING, 225, "category implies the poor family, Q11; no days given: 15 calendar days, Q4")),
            {"living": 225},
        ),
        Row(
            "下岗失业职工",
            0.09,
            (held(VOCATIONAL, "EMPLOYMENT_CARD_MISSING", "待办 is empty, and 初级 is no high-skill level"),),
            {"card": "待办"},
        ),
        Row("残疾人员", 0.1, (reduced(VOCATIONAL, 900, "claimed 1000, the register's standard is 900"),)),
        Row(
            "就业困难群体",
            0.09,
            (_v(), rejected(LIVING, "NOT_ELIGIBLE", "hardship is empty, and the category implies none")),
            {"living": 225},
        ),
    ]


def second_group() -> list[Row]:
    """电子商务师 初级工, 2020-07-01 to 07-20: 20 calendar days; the register's standard is 1000."""
    poor = {"hardship": "建档立卡户", "days": 20, "living": 300}
    return [
        Row("建档立卡贫困户", 0.1, (_v(1000), approved(LIVING, 300, "poor family; 20 days at 15 yuan")), poor),
        Row(
            "建档立卡贫困户",
            0.1,
            (_v(1000), reduced(LIVING, 300, "22 days cut to 20 calendar days; claimed 330", "DAYS_OVER_CALENDAR")),
            {"hardship": "建档立卡户", "days": 22, "living": 330},
        ),
        Row(
            "离校未就业高校毕业生",
            0.1,
            (_v(1000), approved(LIVING, 300, "graduate of a zero-employment family, Q5; 20 days")),
            {"hardship": "零就业家庭", "days": 20, "living": 300},
            young=True,
        ),
        Row(
            "大学毕业生",
            0.1,
            (_v(1000), approved(LIVING, 300, "零就业家庭高校毕业生 counts as both; 20 days")),
            {"hardship": "零就业家庭高校毕业生", "days": "20天", "living": 300},
            young=True,
        ),
        Row(
            "失业人员",
            0.1,
            (_v(1000), rejected(LIVING, "NOT_ELIGIBLE", "zero-employment family, but no graduate, Q5")),
            {"hardship": "零就业家庭", "days": 20, "living": 300},
        ),
        Row("新生代农民工", 0.1, (_v(1000),)),
        Row(
            "两后生",
            None,
            (rejected(None, "NOTHING_CLAIMED", "both amount cells are empty or zero"),),
            {"living": 0},
            True,
        ),
        Row("退伍军人", 0.1, (_v(1000),)),
    ]


def third_group() -> list[Row]:
    """育婴员 初级工, 2020-09-07 to 09-21: 15 days; dates in five forms, ID numbers in five; standard 1000."""
    start, end = date(2020, 9, 7), date(2020, 9, 21)
    shared = {"phone": "15600009999"}
    with_x = id_number("140105", "19880101", 900 + next(n for n in range(0, 99, 2) if _ends_with_x(900 + n)))
    return [
        Row("农村劳动力、残疾人", 0.1, (_v(1000),), {"start": "2020.9.7", "end": "2020.9.21", "id": "spaced"}),
        Row("登记失业人员", 0.1, (_v(1000, "SHARED_PHONE"),), {"start": start, "end": end, "id": "wide"} | shared),
        Row("登记失业人员", 0.1, (_v(1000, "SHARED_PHONE"),), {"start": 20200907, "end": 20200921} | shared),
        Row(
            "农村转移劳动力",
            0.1,
            (_v(1000, "SHARED_PHONE"),),
            {"start": "2020年9月7日", "end": "2020年9月21日", "id": "mark"} | shared,
        ),
        Row("退役士兵", 0.1, (_v(1000),), {"start": (start - date(1899, 12, 30)).days, "end": "2020/9/21"}),
        Row(
            "失业人员",
            0.1,
            (_v(1000), approved(LIVING, 225, "low-income family; 15 days at 15 yuan")),
            {"start": "2020-09-07", "end": "2020-09-21", "hardship": "城镇低保", "days": "15日", "living": 225},
        ),
        Row(
            "就业困难人员",
            0.1,
            (_v(1000),),
            {"start": start, "end": end, "id_number": with_x.lower(), "sex": "女", "name": "迪丽娜尔•艾力"},
        ),
        Row(
            "企业在职职工",
            0.03,
            (
                rejected(
                    ENTERPRISE,
                    "MISSING_FIELD",
                    "培训补贴 of an employee is 企业职工培训补贴, which needs a training type",
                ),
            ),
            {"start": start, "end": end},
        ),
    ]


def _ends_with_x(sequence: int) -> bool:
    return id_number("140105", "19880101", sequence).endswith("X")


GROUPS = (
    ("第一期", "美容师", "初级/五级", "2020.3.2", "2020.3.16", first_group),
    ("第二期", "电子商务师", "初级工", "2020年7月1日", "2020年7月20日", second_group),
    ("第三期", "育婴员", "五级", None, None, third_group),
)


def draw(book: Workbook) -> Iterator[Outcome]:
    """Draw three groups with subtotals, the header again between the second and the third, and a hidden word list."""
    drawing = Drawing(book.create_sheet(SHEET), COLUMNS)
    drawing.title("2020年补贴性职业技能培训人员名单")
    drawing.line((1, 9, f"培训单位：{CENTRE}"), (10, 18, "填报日期：2020.11.3"))
    drawing.row += 1
    drawing.header()
    number, totals = 40, [0.0, 0.0]
    for class_no, occupation, level, start, end, rows in GROUPS:
        if start is None:
            drawing.row += 1
            drawing.header()
        first, sums = drawing.row, [0.0, 0.0]
        for row in rows():
            shared = {"class_no": class_no, "occupation": occupation, "level": level, "start": start, "end": end}
            values = _values(number, row, shared, is_first=drawing.row == first)
            yield Outcome(FILE, SHEET, drawing.record(values), row.lines)
            sums = [sums[0] + (row.training or 0), sums[1] + row.values.get("living", 0)]
            number += 1
        for key in MERGED if start else MERGED[:3]:
            drawing.merge_down(key, first, drawing.row - 1)
        _sum(drawing, "小计", sums)
        totals = [totals[0] + sums[0], totals[1] + sums[1]]
    _sum(drawing, "合计", totals)
    drawing.line((1, 6, "制表人：石小满"), (7, 12, "审核人：郭远航"), (13, 18, "单位负责人：（盖章）"))
    drawing.line((1, 18, "注：本表一式两份，培训单位和经办机构各存一份。"))
    drawing.finish()
    _word_list(book)


def _values(number: int, row: Row, shared: dict[str, Any], is_first: bool) -> dict[str, Any]:
    who = person(number, row.young)
    values = {
        "no": number - 39,
        "name": who.name,
        "id_number": _written(who.id_number, row.values.get("id")),
        "sex": who.sex,
        "category": row.category,
        "hardship": "/",
        "card": who.card,
        "training": row.training,
        "phone": who.phone,
        "account": who.account if "living" in row.values else None,
    }
    own = shared if is_first else {}
    return values | own | {key: value for key, value in row.values.items() if key != "id"}


def _written(number: str, form: str | None) -> str:
    """Write an ID number as rosters do: spaced in groups, in full-width digits, with a text mark before it."""
    if form == "spaced":
        return f"{number[:6]} {number[6:14]} {number[14:]}"
    if form == "wide":
        return number.translate({ord(sign): ord(sign) + 0xFEE0 for sign in "0123456789X"})
    return f"'{number}" if form == "mark" else number


def _sum(drawing: Drawing, word: str, sums: list[float]) -> None:
    row = drawing.record({"no": word, "training": round(sums[0], 2), "living": sums[1]})
    drawing.drawn.pop()
    drawing.sheet.merge_cells(None, row, 1, row, 7)


def _word_list(book: Workbook) -> None:
    """Add the hidden sheet behind the form's drop-downs: no header, no persons."""
    words: Worksheet = book.create_sheet("字典")
    for row, word in enumerate(["农民工", "失业人员", "残疾人员", "退伍军人"], start=1):
        words.cell(row, 1, word)
    words.sheet_state = "hidden"
