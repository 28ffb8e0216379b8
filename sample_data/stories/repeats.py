"""Repeats and a fourth training (重复与第四次): seven people, each showing one limit of 三(三).

A `programme` column says what is claimed; both dates stand in one cell. A second sheet has what waits for a person.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from look import Column, Drawing
from openpyxl import Workbook
from people import certificate_no, person

from stories import CERTIFICATE, COLLEGE, VOCATIONAL, Line, Outcome, approved, held, rejected

FILE = "4-砺行技校-培训人员登记表.xlsx"
SHEET = "登记表"
COLUMNS = (
    Column("no", "序号", 6),
    Column("name", "姓名", 10),
    Column("sex", "性别", 6),
    Column("id_number", "身份证号", 22, format="@"),
    Column("category", "学员类别", 18),
    Column("card", "就业创业证号码", 20, format="@"),
    Column("institution", "学校名称", 26),
    Column("class_no", "班级名称", 16),
    Column("occupation", "培训专业", 14),
    Column("level", "级别", 12),
    Column("dates", "培训起止时间", 26),
    Column("type", "证书类别", 18),
    Column("certificate", "证书编号", 22, format="@"),
    Column("issued", "发证日期", 12),
    Column("programme", "补贴项目", 22),
    Column("claimed", "申请金额", 10),
)
WAITING = "职业技能培训补贴"
WAITING_COLUMNS = (
    *COLUMNS[:6],
    Column("occupation", "职业(工种)", 16),
    *COLUMNS[9:11],
    Column("certificate", "证书编号", 22, format="0"),
    Column("issued", "获证日", 12, format="yyyy-mm-dd"),
    Column("claimed", "申报金额", 10),
    Column("standard", "补贴金额", 10),
    Column("remark", "备注", 14),
)
V, C = "职业技能培训补贴", "取证补贴"
ELECTRICIAN = {"class_no": "2020电工1班", "occupation": "电工", "level": "初级工", "dates": "2020.3.2-2020.3.20"}
WELDER = {"class_no": "2020焊工1班", "occupation": "焊工", "level": "初级/五级", "dates": "2020年5月6日至5月25日"}
FITTER = {"class_no": "2020钳工1班", "occupation": "钳工", "level": "初级工", "dates": "2020.7.6-7.24"}
TURNER = {"class_no": "2020车工1班", "occupation": "车工", "level": "初级工", "dates": "2020.10.12-10.30"}
YUAN = {"电工": 1000, "焊工": 1000, "钳工": 950, "车工": 950}
FIRST_THREE = "one of the year's three"

Row = tuple[dict[str, Any], tuple[Line, ...]]


def training(course: dict[str, Any], line: Line, **values: Any) -> Row:
    """Return a row that claims the training subsidy of one course."""
    claimed = YUAN.get(course["occupation"], 900)
    return {"programme": V, "claimed": claimed} | course | values, (line,)


def paid(course: dict[str, Any], why: str = FIRST_THREE) -> Row:
    """Return a training that is approved as claimed."""
    return training(course, approved(VOCATIONAL, YUAN.get(course["occupation"], 900), why))


def certificate(number: int, issued: str, line: Line, **values: Any) -> Row:
    """Return a row that claims the certificate subsidy."""
    issue = {"type": "职业技能等级证书", "certificate": certificate_no(number), "issued": issued}
    return {"programme": C, "claimed": 300} | issue | values, (line,)


def fourth_of_the_year() -> list[Row]:
    """Four trainings in 2020, the latest written first; it may be done again in 2021."""
    over = "three trainings of 2020 began before it: the order is by date, not by row"
    again = {"class_no": "2021车工1班", "dates": "2021.3.1-3.19"}
    return [
        training(TURNER, rejected(VOCATIONAL, "ANNUAL_LIMIT", over)),
        paid(ELECTRICIAN),
        paid(WELDER),
        paid(FITTER),
        paid(TURNER | again, "the one refused in 2020 holds no key; the first of 2021"),
    ]


def same_course_again() -> list[Row]:
    """The same occupation and level in the next year is a repeat; the next level is not."""
    cook = {"class_no": "2019烹调2班", "occupation": "中式烹调师", "level": "初级工", "dates": "2019.9.2-9.20"}
    later = cook | {"class_no": "2020烹调1班", "dates": "2020.4.6-4.24"}
    higher = cook | {"class_no": "2020烹调3班", "level": "中级工", "dates": "2020.9.7-9.25"}
    repeat = "the same occupation and level as in 2019, another event"
    return [
        paid(cook, "the first of 2019"),
        training(later, rejected(VOCATIONAL, "REPEAT_TRAINING", repeat)),
        training(higher, approved(VOCATIONAL, 1000, "another level is no repeat; standard 1000"), claimed=1000),
    ]


def three_with_certificates() -> list[Row]:
    """Three trainings with a certificate each: six payments, but three events, so all are approved."""
    same = "joins the training that begins on the same day: one event, not a fourth"
    floating = "no dates: joins the accepted electrician training, which began before the certificate"
    both = (
        approved(VOCATIONAL, 950, "nothing claimed, so the entitlement: the register's standard 950"),
        approved(CERTIFICATE, 300, "the second programme of the same cell and event"),
    )
    fitter = {"type": "职业技能等级证书", "certificate": certificate_no(403), "issued": "2020-08-20"}
    no_dates = ELECTRICIAN | {"dates": None, "class_no": None}
    return [
        paid(ELECTRICIAN),
        paid(WELDER),
        certificate(402, "2020-06-30", approved(CERTIFICATE, 300, same), **WELDER),
        (FITTER | fitter | {"programme": f"{V}、{C}", "claimed": None}, both),
        certificate(401, "2020-04-15", approved(CERTIFICATE, 300, floating), **no_dates),
    ]


def entered_twice() -> list[Row]:
    """The same row twice."""
    twice = "the same programme of the same event stands one row above"
    return [paid(ELECTRICIAN), training(ELECTRICIAN, rejected(VOCATIONAL, "DUPLICATE_CLAIM", twice))]


def fourth_with_its_certificate() -> list[Row]:
    """The fourth training is refused, and the certificate that came of it with it."""
    with_it = "no dates; the training of that occupation and level was refused by the yearly limit: refused with it"
    no_dates = TURNER | {"dates": None, "class_no": None}
    return [
        paid(ELECTRICIAN),
        paid(WELDER),
        paid(FITTER),
        training(TURNER, rejected(VOCATIONAL, "ANNUAL_LIMIT", "the fourth of 2020")),
        certificate(404, "2020-11-20", rejected(CERTIFICATE, "ANNUAL_LIMIT", with_it), **no_dates),
    ]


def across_the_new_year() -> list[Row]:
    """A training across New Year counts in the year in which it begins, Q7."""
    winter = TURNER | {"class_no": "2020车工2班", "dates": "2020.12.28-1.15"}
    cook = {"class_no": "2021烹调1班", "occupation": "中式烹调师", "level": "初级工", "dates": "2021年3月1日至19日"}
    return [
        paid(ELECTRICIAN),
        paid(WELDER),
        paid(FITTER),
        training(winter, rejected(VOCATIONAL, "ANNUAL_LIMIT", "begins on 2020-12-28, so it is the fourth of 2020")),
        paid(cook, "the first of 2021"),
    ]


def senior_before_junior() -> list[Row]:
    """A high-skill training needs a certificate instead of a card, 三(一); a lower level afterwards is allowed, Q12."""
    senior = WELDER | {"class_no": "2019焊工高级班", "level": "高级技能/三级", "dates": "2019.10.8-2019.11.8"}
    issue = {"type": "职业资格证书", "certificate": certificate_no(405), "issued": "2019-11-25", "card": "无"}
    why = "high-skill level: the certificate stands in for the card, which is empty"
    return [
        training(senior, approved(VOCATIONAL, 1000, why), **issue),
        paid(WELDER, "a lower level after a higher one is allowed by default"),
    ]


PEOPLE = (
    ("下岗失业人员", fourth_of_the_year),
    ("农村转移劳动力", same_course_again),
    ("退役士兵", three_with_certificates),
    ("新生代农民工", entered_twice),
    ("登记失业人员", fourth_with_its_certificate),
    ("就业困难人员", across_the_new_year),
    ("高校毕业生", senior_before_junior),
)


def draw(book: Workbook) -> Iterator[Outcome]:
    """Draw the register of trainees, person by person."""
    drawing = Drawing(book.create_sheet(SHEET), COLUMNS)
    drawing.title("补贴性培训人员登记表")
    drawing.line((1, 16, "填报日期：2021年4月6日"))
    drawing.header()
    for place, (category, rows) in enumerate(PEOPLE):
        who = person(110 + place, young=category == "高校毕业生")
        for values, lines in rows():
            record = {
                "no": len(drawing.drawn) + 1,
                "name": who.name,
                "sex": who.sex,
                "id_number": who.id_number,
                "category": category,
                "card": who.card,
                "institution": COLLEGE,
            }
            yield Outcome(FILE, SHEET, drawing.record(record | values), lines)
    drawing.finish()
    yield from what_a_person_must_look_at(book)


def waiting() -> list[tuple[int, dict[str, Any], Line]]:
    """People by number, what is odd in their row, and what it waits for."""
    senior = {"level": "高级工", "card": None}
    not_read = "the certificate's date may stand in a column that was not read, 获证日"
    lost = "a number cell of 22 digits has lost the last of them; its date stands in a column that was not read"
    names = "one ID number with two names"
    return [
        (120, {}, approved(VOCATIONAL, 1000, "eligible group, card given; claimed the register's standard")),
        (121, {"remark": "中途退学"}, held(VOCATIONAL, "WITHDRAWN", "the remark says 退学")),
        (
            122,
            {"occupation": "焊工（四级）"},
            held(VOCATIONAL, "LEVEL_DIFFERS", "brackets say 四级, the column 初级工"),
        ),
        (123, {"standard": 800}, held(VOCATIONAL, "AMOUNTS_DIFFER", "one column claims 1000, the other 800")),
        (124, {"category": "企业职工"}, held(VOCATIONAL, "PROGRAMME_CONTRADICTED", "the title is for no employee")),
        (125, senior | {"certificate": certificate_no(410)}, held(VOCATIONAL, "COLUMN_NOT_READ", not_read)),
        (
            126,
            senior | {"certificate": 1400002030004110000000},
            Line(VOCATIONAL, "held", 0, ("NUMBER_PRECISION_LOST", "COLUMN_NOT_READ"), lost),
        ),
        (127, {}, held(VOCATIONAL, "ID_TWO_NAMES", names)),
        (127, {"name": "贺两名", "dates": "2020.8.3-8.14"}, held(VOCATIONAL, "ID_TWO_NAMES", names)),
    ]


def what_a_person_must_look_at(book: Workbook) -> Iterator[Outcome]:
    """Draw a sheet whose title names the programme, and whose rows the program can read in two ways."""
    drawing = Drawing(book.create_sheet(WAITING), WAITING_COLUMNS)
    drawing.title("职业技能培训补贴申领名单")
    drawing.line((1, len(WAITING_COLUMNS), f"培训机构：{COLLEGE}"))
    drawing.header()
    for number, values, line in waiting():
        who = person(number)
        record = {
            "no": len(drawing.drawn) + 1,
            "name": who.name,
            "sex": who.sex,
            "id_number": who.id_number,
            "category": "登记失业人员",
            "card": who.card,
            "occupation": "焊工",
            "level": "初级工",
            "dates": "2020.6.1-6.12",
            "issued": date(2020, 7, 1),
            "claimed": 1000,
        }
        yield Outcome(FILE, WAITING, drawing.record(record | values), (line,))
    drawing.finish()
