"""The clean one (规范的): two classes, every cell as it should be; every line is approved as claimed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from look import Column, Drawing
from openpyxl import Workbook
from people import Person, person

from stories import SCHOOL, VOCATIONAL, Outcome, approved

FILE = "1-拾光学校-职业技能培训补贴花名册.xlsx"
SHEET = "花名册"
COLUMNS = (
    Column("no", "序号", 6),
    Column("name", "姓名", 10),
    Column("sex", "性别", 6),
    Column("id_number", "身份证号", 22, format="@"),
    Column("category", "人员类别", 20),
    Column("card", "就业创业证号", 20, format="@"),
    Column("class_no", "班级编号", 14),
    Column("occupation", "职业(工种)", 14),
    Column("level", "等级", 9),
    Column("start", "开班日期", 12, format="yyyy-mm-dd"),
    Column("end", "结业日期", 12, format="yyyy-mm-dd"),
    Column("claimed", "申报金额(元)", 12, format="0.00"),
    Column("phone", "联系电话", 14, format="@"),
    Column("employed", "是否就业", 9),
)
CATEGORIES = (
    "农村转移就业劳动者",
    "下岗失业人员",
    "就业困难人员",
    "新生代农民工",
    "退役军人",
    "残疾人",
    "高校毕业生",
    "两后生",
)
PASTRY = ("拾光2020-03", "中式面点师", date(2020, 6, 1), date(2020, 6, 20), 900)
CARE = ("拾光2020-05", "养老护理员", date(2020, 7, 6), date(2020, 7, 25), 1000)
PASTRY_COOKS = range(14)
CARERS = range(14, 26)


def trainee(number: int) -> Person:
    """Return the person of one row; graduates and school leavers are young."""
    return person(number, young=CATEGORIES[number % len(CATEGORIES)] in {"高校毕业生", "两后生"})


def draw(book: Workbook) -> Iterator[Outcome]:
    """Draw the roster: title, one line of filing data, header, 26 rows, signatures."""
    drawing = Drawing(book.create_sheet(SHEET), COLUMNS)
    drawing.title("职业技能培训补贴申领花名册")
    drawing.line((1, 8, f"培训机构：{SCHOOL}"), (9, 14, "填报日期：2020年8月5日"))
    drawing.header()
    for number in (*PASTRY_COOKS, *CARERS):
        class_no, occupation, start, end, yuan = PASTRY if number in PASTRY_COOKS else CARE
        who = trainee(number)
        row = drawing.record(
            {
                "no": number + 1,
                "name": who.name,
                "sex": who.sex,
                "id_number": who.id_number,
                "category": CATEGORIES[number % len(CATEGORIES)],
                "card": who.card,
                "class_no": class_no,
                "occupation": occupation,
                "level": "初级工",
                "start": start,
                "end": end,
                "claimed": yuan,
                "phone": who.phone,
                "employed": "是" if number % 3 else "否",
            }
        )
        why = f"eligible group, card given; claimed {yuan}, the register's standard, and at most 1000 by 二(三)"
        yield Outcome(FILE, SHEET, row, (approved(VOCATIONAL, yuan, why),))
    drawing.line((1, 5, "制表人：郝一宁"), (6, 10, "审核人：武思齐"), (11, 14, "负责人：（盖章）"))
    drawing.finish()
