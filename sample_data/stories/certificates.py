"""Certificates without class or dates (只有证书的): some belong to the clean roster's trainings, some stand alone.

Where a row joins no training, its certificate dates it (`DATED_BY_CERTIFICATE`), reading 3.4.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from look import Column, Drawing
from openpyxl import Workbook
from people import Person, certificate_no, person

from stories import CERTIFICATE, SCHOOL, Line, Outcome, approved, clean, held, reduced, rejected

FILE = "3-拾光学校-取证补贴申报表.xlsx"
SHEET = "Sheet1"
COLUMNS = (
    Column("no", "序号", 6),
    Column("name", "学员姓名", 10),
    Column("id_number", "证件号码", 22, format="@"),
    Column("occupation", "鉴定工种", 14),
    Column("level", "鉴定等级", 12),
    Column("type", "证书类型", 20),
    Column("certificate", "证书编号", 22, format="@"),
    Column("date", "取证时间", 12),
    Column("assessor", "鉴定机构", 26),
    Column("claimed", "申请金额(元)", 12),
)
SKILL, ABILITY = "职业技能等级证书", "专项职业能力证书"
ALONE = "DATED_BY_CERTIFICATE"
OWN = "no training of this person in the batch: an event of its own, dated by the certificate"

Row = tuple[Person, dict[str, Any], Line]


def joined() -> Iterator[Row]:
    """Trainees of the clean roster: the certificate joins the accepted training of the same occupation and level."""
    for numbers, occupation, day in ((range(8), "中式面点师", "2020.8.10"), (range(14, 18), "养老护理员", "2020.9.10")):
        for number in numbers:
            why = "joins the training of roster 1, which began before the certificate: no note, no second place"
            values = {"occupation": occupation, "level": "初级/五级", "date": day, "claimed": 300}
            yield clean.trainee(number), values, approved(CERTIFICATE, 300, why)


def alone() -> Iterator[Row]:
    """People with a certificate only, in order the cases of the table of reading 5."""
    home = {"occupation": "家政服务员", "level": "初级工", "date": "2020-10-15", "claimed": 300}
    nursery = {"occupation": "保育员", "level": "高级工", "date": "2020-10-15", "claimed": 600}
    noodles = {"occupation": "刀削面制作", "type": ABILITY, "date": "2020-11-02", "claimed": 150}
    middle = {"occupation": "保育员", "level": "中级工", "date": "2020-10-15", "claimed": None}
    people = (person(number) for number in range(70, 99))
    twice, same_number = next(people), certificate_no(899)
    for _ in range(4):
        yield next(people), home, approved(CERTIFICATE, 300, OWN, ALONE)
    yield next(people), nursery, approved(CERTIFICATE, 600, OWN, ALONE)
    yield next(people), nursery | {"level": "三级/高级工"}, approved(CERTIFICATE, 600, OWN, ALONE)
    yield next(people), noodles | {"level": "专项能力"}, approved(CERTIFICATE, 150, OWN, ALONE)
    yield (
        next(people),
        noodles | {"type": "专项能力证书"},
        approved(
            CERTIFICATE, 150, f"{OWN}; this type pays 150 whatever the level column says, and gives the level", ALONE
        ),
    )
    for _ in range(2):
        yield next(people), middle, held(CERTIFICATE, "NO_STANDARD", "the plan has no figure for 中级工, Q6")
    early = "dated 2019-06-30, one day before 三(三) begins"
    yield next(people), home | {"date": "2019-06-30"}, rejected(CERTIFICATE, "CERTIFICATE_TOO_EARLY", early)
    first_day = f"dated 2019-07-01, the first day that counts; {OWN}"
    yield next(people), home | {"date": "2019-07-01"}, approved(CERTIFICATE, 300, first_day, ALONE)
    yield next(people), home | {"claimed": 600}, reduced(CERTIFICATE, 300, "claimed 600, 初级工 pays 300", ALONE)
    under = "claimed 200 where the fixed amount is 300: paid as claimed"
    yield next(people), home | {"claimed": 200}, approved(CERTIFICATE, 200, under, "UNDER_CLAIMED", ALONE)
    none = "办理中 has no digit, so there is no certificate number"
    yield next(people), home | {"certificate": "办理中"}, rejected(CERTIFICATE, "CERTIFICATE_MISSING", none)
    yield twice, home | {"certificate": certificate_no(898)}, approved(CERTIFICATE, 300, OWN, ALONE)
    again = "the same certificate of the same person stands one row above"
    yield twice, home | {"certificate": certificate_no(898)}, rejected(CERTIFICATE, "DUPLICATE_CLAIM", again)
    for _ in range(2):
        why = "one certificate number stands for two people"
        yield next(people), home | {"certificate": same_number}, held(CERTIFICATE, "DUPLICATE_CERTIFICATE", why)
    no_level = "the level is needed unless the type is 专项职业能力证书"
    yield next(people), home | {"level": None}, rejected(CERTIFICATE, "MISSING_FIELD", no_level)
    completion = "结业证书 is none of the three types"
    yield next(people), home | {"type": "结业证书"}, held(CERTIFICATE, "UNKNOWN_CERTIFICATE_TYPE", completion)
    yield (
        next(people),
        home | {"claimed": None},
        approved(CERTIFICATE, 300, f"nothing claimed: the entitlement; {OWN}", ALONE),
    )
    senior = {"occupation": "中式面点师", "level": "技师", "claimed": 600}
    yield (
        next(people),
        home | senior,
        held(CERTIFICATE, "NO_STANDARD", "the certificate subsidy has no figure for 技师"),
    )


def draw(book: Workbook) -> Iterator[Outcome]:
    """Draw the form as a school files it: no class, no dates, no sex, no category."""
    drawing = Drawing(book.create_sheet(SHEET), COLUMNS)
    drawing.title("取证补贴申报表")
    drawing.line((1, 6, f"申报单位：{SCHOOL}"), (7, 10, "填报日期：2020年11月20日"))
    drawing.header()
    for number, (who, values, line) in enumerate((*joined(), *alone())):
        record = {
            "no": number + 1,
            "name": who.name,
            "id_number": who.id_number,
            "type": SKILL,
            "certificate": certificate_no(100 + number),
            "assessor": "太原市示范职业技能鉴定所",
        }
        yield Outcome(FILE, SHEET, drawing.record(record | values), (line,))
    drawing.line((1, 5, "经办人：石小满"), (6, 10, "负责人：（盖章）"))
    drawing.finish()
