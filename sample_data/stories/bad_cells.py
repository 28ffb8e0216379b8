"""Every kind of bad cell (各种问题单元格): a good row first, then one fault a row, none of which stops the run."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from look import Column, Drawing
from openpyxl import Workbook
from people import certificate_no, id_number, person

from stories import CENTRE, CERTIFICATE, LIVING, VOCATIONAL, Line, Outcome, approved, held, rejected

FILE = "6-榆禾中心-补报名单.xlsx"
SHEET, SECOND = "补报", "补录"
COLUMNS = (
    Column("no", "序号", 6),
    Column("name", "姓名", 10),
    Column("sex", "性别", 6),
    Column("id_number", "身份证号", 22, format="@"),
    Column("category", "人员类别", 16),
    Column("hardship", "困难类型", 14),
    Column("card", "就业创业证号", 20, format="@"),
    Column("occupation", "培训工种", 14),
    Column("level", "等级", 10),
    Column("start", "开班日期", 13, format="yyyy-mm-dd"),
    Column("end", "结业日期", 13, format="yyyy-mm-dd"),
    Column("days", "培训天数", 10),
    Column("type", "证书类型", 18),
    Column("certificate", "证书编号", 22, format="@"),
    Column("issued", "发证日期", 12, format="yyyy-mm-dd"),
    Column("programme", "申领项目", 20),
    Column("claimed", "申报金额(元)", 12),
    Column("phone", "联系电话", 14, format="@"),
)
TODAY = date(2021, 12, 31)
"""The day for which the outcomes hold; a start after it lies in the future."""

Row = tuple[dict[str, Any], Line]


def no(code: str, why: str, programme: str | None = VOCATIONAL) -> Line:
    """Return a rejected line."""
    return rejected(programme, code, why)


def wait(code: str, why: str, programme: str | None = VOCATIONAL) -> Line:
    """Return a held line."""
    return held(programme, code, why)


def identity() -> Iterator[Row]:
    """Faults of name, ID number and sex, which every programme uses."""
    good = id_number("140105", "19850101", 902)
    yield {}, approved(VOCATIONAL, 900, "nothing wrong: eligible, card given, claimed the register's standard")
    yield {"name": None}, no("MISSING_FIELD", "no name")
    yield {"id_number": None}, no("MISSING_FIELD", "no ID number")
    yield {"id_number": good[:-1]}, no("ID_FORMAT", "17 characters")
    yield {"id_number": good.replace("0", "O", 1)}, no("ID_FORMAT", "a letter O for a zero: pointed at, never repaired")
    yield {"id_number": "140105850101902"}, no("ID_15_DIGITS", "15 digits")
    lost = int(good[:15] + "000")
    yield {"id_number": lost}, no("ID_PRECISION_LOST", "a number cell: the last three digits are gone")
    no_day = {"id_number": id_number("140105", "19900230", 902), "sex": "女"}
    yield no_day, no("ID_BIRTH_DATE", "30 February; the check digit fits")
    wrong = str((int(good[-1]) + 1) % 10) if good[-1].isdigit() else "0"
    yield {"id_number": good[:-1] + wrong, "sex": "女"}, no("ID_CHECKSUM", "the check digit is one off")
    woman = {"id_number": id_number("140106", "19850101", 904), "sex": "男"}
    yield woman, wait("SEX_MISMATCH", "the 17th digit is even, a woman's")
    unknown = {"id_number": id_number("600105", "19850101", 906), "sex": "女"}
    yield unknown, approved(VOCATIONAL, 900, "no province begins with 60: a note only", "UNKNOWN_REGION")


def dates() -> Iterator[Row]:
    """Faults of dates."""
    yield {"start": "20.10.12"}, no("BAD_DATE", "a two-digit year")
    yield {"end": "2020年10月"}, no("BAD_DATE", "a month alone")
    yield {"end": date(2020, 10, 2)}, no("DATE_ORDER", "ends before it begins")
    future = {"start": date(2022, 10, 12), "end": date(2022, 10, 26)}
    yield future, no("FUTURE_DATE", "both dates lie after the day of the run, 2021-12-31")
    yield {"start": "#N/A"}, no("ERROR_CELL", "an error cell in a field that is used")
    yield {"start": None}, no("MISSING_FIELD", "the start date is needed")


def words() -> Iterator[Row]:
    """Faults of category, level, card, occupation."""
    yield {"category": "其他"}, wait("UNKNOWN_CATEGORY", "no known category")
    yield {"category": "企业职工"}, no("NOT_ELIGIBLE", "an employee is not among the groups of 二(三)")
    yield {"level": "A级"}, wait("UNKNOWN_LEVEL", "no known level")
    yield {"card": "未办"}, wait("EMPLOYMENT_CARD_MISSING", "未办 is empty, and 初级工 is no high-skill level")
    senior = "a high-skill level needs a certificate instead of the card, 三(一)"
    yield {"level": "高级工"}, no("CERTIFICATE_MISSING", senior)
    yield {"occupation": "宠物训导员", "claimed": 800}, no("NOT_IN_REGISTER", "the register has no such occupation")
    ended = "the register's entry ended on 2019-12-31"
    yield {"occupation": "打字员", "claimed": 800}, no("NOT_IN_REGISTER", ended)
    basis = "the register has the occupation without a standard, and nothing is claimed"
    yield {"occupation": "茶艺师", "claimed": None}, wait("NO_BASIS", basis)


def amounts() -> Iterator[Row]:
    """Faults of amounts and programmes; the three merged rows come last but two, see `draw`."""
    yield {"claimed": "按标准"}, wait("BAD_AMOUNT", "no number")
    yield {"claimed": 0}, wait("BAD_AMOUNT", "an amount of 0 outside wide columns")
    yield {"claimed": "=15*60"}, wait("FORMULA_WITHOUT_VALUE", "a formula whose result was not saved")
    merged = "an amount merged over three rows is a group's total"
    for claimed in (2700, None, None):
        yield {"claimed": claimed, "merged": True}, wait("MERGED_AMOUNT", merged)
    yield {"programme": "交通补贴"}, wait("UNKNOWN_PROGRAMME", "the plan has no such programme", None)
    yield {"programme": None}, no("MISSING_FIELD", "a programme column that is empty", None)


def others() -> Iterator[Row]:
    """Faults that speak for the allowance and the certificate."""
    living = {"programme": "生活费补贴", "hardship": "城乡低保家庭", "days": 15, "claimed": 225}
    yield living | {"hardship": "一般困难"}, wait("UNKNOWN_HARDSHIP", "no known hardship, and none implied", LIVING)
    yield living | {"days": "半个月"}, wait("BAD_NUMBER", "no whole number of days", LIVING)
    issue = {"type": "职业技能等级证书", "certificate": certificate_no(600), "issued": date(2020, 11, 20)}
    certificate = {"programme": "取证补贴", "claimed": 300} | issue
    before = "issued on 2020-09-01, before the training of 2020-10-12"
    yield certificate | {"issued": date(2020, 9, 1)}, wait("CERTIFICATE_BEFORE_TRAINING", before, CERTIFICATE)
    yield certificate | {"certificate": "无"}, no("CERTIFICATE_MISSING", "无 is empty", CERTIFICATE)


def draw(book: Workbook) -> Iterator[Outcome]:
    """Draw the main sheet, then a second one that names no institution."""
    drawing = Drawing(book.create_sheet(SHEET), COLUMNS)
    drawing.title("补报人员名单")
    drawing.line((1, 9, f"培训机构：{CENTRE}"), (10, 18, "填报日期：2020-12-01"))
    drawing.header()
    merged = []
    for number, (values, line) in enumerate((*identity(), *dates(), *words(), *amounts(), *others())):
        row = drawing.record(_record(number) | {key: value for key, value in values.items() if key != "merged"})
        merged += [row] if "merged" in values else []
        yield Outcome(FILE, SHEET, row, (line,))
    drawing.merge_down("claimed", merged[0], merged[-1])
    drawing.finish()
    second = Drawing(book.create_sheet(SECOND), COLUMNS)
    second.header()
    nobody = "neither institution nor employer is given"
    yield Outcome(FILE, SECOND, second.record(_record(38)), (held(VOCATIONAL, "PAYEE_MISSING", nobody),))
    second.finish()


def _record(number: int) -> dict[str, Any]:
    who = person(160 + number)
    return {
        "no": number + 1,
        "name": who.name,
        "sex": who.sex,
        "id_number": who.id_number,
        "category": "登记失业人员",
        "card": who.card,
        "occupation": "美容师",
        "level": "初级工",
        "start": date(2020, 10, 12),
        "end": date(2020, 10, 26),
        "programme": "职业技能培训补贴",
        "claimed": 900,
        "phone": who.phone,
    }
