"""Enterprise staff with technicians (企业职工与技师): nothing says what is claimed, so a row yields what fits, 5.8."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from look import Column, Drawing
from openpyxl import Workbook
from people import certificate_no, person

from stories import CERTIFICATE, ENTERPRISE, FACTORY, TECHNICIAN, Line, Outcome, approved, held, reduced, rejected

FILE = "5-汾岸重工-职工培训名册.xlsx"
SHEET = "职工培训"
COLUMNS = (
    Column("no", "序号", 6),
    Column("name", "员工姓名", 10),
    Column("id_number", "身份证号", 22, format="@"),
    Column("sex", "性别", 6),
    Column("category", "人员类别", 16),
    Column("employer", "所在单位", 26),
    Column("kind", "培训类型", 16),
    Column("occupation", "工种(岗位)", 20),
    Column("level", "技能等级", 12),
    Column("start", "培训开始时间", 13, format="yyyy/m/d"),
    Column("end", "培训结束时间", 13, format="yyyy/m/d"),
    Column("type", "证书类型", 18),
    Column("certificate", "证书编号", 22, format="@"),
    Column("issued", "发证日期", 12, format="yyyy/m/d"),
    Column("claimed", "补贴金额(元)", 12),
)
INDUCTION = {
    "kind": "岗前培训",
    "occupation": "起重装卸机械操作工",
    "start": date(2020, 3, 9),
    "end": date(2020, 3, 13),
}
SAFETY = {"kind": "安全生产培训", "occupation": "电工", "start": date(2020, 4, 13), "end": date(2020, 4, 15)}
STUDY = {"kind": "技师研修", "start": date(2020, 6, 8), "end": date(2020, 7, 3), "issued": date(2020, 8, 28)}
GENERAL, SKILL = "职业资格证书", "职业技能等级证书"
EMPLOYEE = "employee in one of the three training types: 300 to the enterprise, 二(二)2"

Row = tuple[int, dict[str, Any], tuple[Line, ...]]


def trainings() -> Iterator[Row]:
    """Inductions, safety and job-change trainings; rows that several programmes or none fit."""
    for number in range(6):
        yield number, INDUCTION | {"claimed": 300}, (approved(ENTERPRISE, 300, EMPLOYEE),)
    for number in range(6, 10):
        yield number, SAFETY | {"claimed": 300}, (approved(ENTERPRISE, 300, EMPLOYEE),)
    job_change = SAFETY | {"kind": "转岗培训", "occupation": "焊工"}
    yield 10, job_change, (approved(ENTERPRISE, 300, f"{EMPLOYEE}; nothing claimed: the entitlement"),)
    yield 11, SAFETY | {"claimed": 500}, (reduced(ENTERPRISE, 300, "claimed 500, the plan gives 300"),)
    drill = "岗位练兵 is none of the three types, no certificate, no technician: no programme fits"
    yield 12, SAFETY | {"kind": "岗位练兵"}, (rejected(None, "NOT_ELIGIBLE", drill),)
    senior = {
        "kind": "安全技能培训",
        "occupation": "焊工",
        "level": "高级工",
        "type": SKILL,
        "issued": date(2020, 5, 20),
    }
    both = (
        approved(ENTERPRISE, 300, EMPLOYEE),
        approved(CERTIFICATE, 600, "a senior certificate with the same training"),
    )
    yield 13, SAFETY | senior, both
    unclear = "one amount, and both the training and the certificate subsidy fit"
    yield (
        14,
        SAFETY | senior | {"claimed": 900},
        (held(ENTERPRISE, "AMOUNT_UNASSIGNED", unclear), held(CERTIFICATE, "AMOUNT_UNASSIGNED", unclear)),
    )
    middle = (approved(ENTERPRISE, 300, EMPLOYEE), held(CERTIFICATE, "NO_STANDARD", "no figure for 中级工, Q6"))
    yield 15, SAFETY | senior | {"level": "中级/四级"}, middle
    earlier = SAFETY | {"start": date(2019, 4, 15), "end": date(2019, 4, 17), "claimed": 300}
    yield 16, earlier, (approved(ENTERPRISE, 300, EMPLOYEE),)
    repeat = "the same occupation and training type as in 2019: once for life, Q8"
    yield 16, SAFETY | {"claimed": 300}, (rejected(ENTERPRISE, "REPEAT_TRAINING", repeat),)
    agency = "劳务派遣人员 is no known category, and nothing else fits the row"
    yield 17, SAFETY | {"category": "劳务派遣人员"}, (held(None, "UNKNOWN_CATEGORY", agency),)


def technicians() -> Iterator[Row]:
    """Technicians and senior technicians, 二(七)."""
    electrician = STUDY | {"occupation": "电工", "level": "技师/二级", "type": GENERAL, "claimed": 2000}
    why = "employee in post, technician with a 职业资格证书: 2000 to the employer"
    yield 20, electrician, (approved(TECHNICIAN, 2000, why),)
    welder = electrician | {"occupation": "焊工", "level": "高级技师", "claimed": 3000}
    yield 21, welder, (approved(TECHNICIAN, 3000, "senior technician: 3000"),)
    fitter = electrician | {"occupation": "钳工", "claimed": None}
    yield 22, fitter, (approved(TECHNICIAN, 2000, f"{why}; nothing claimed"),)
    kind = "a 职业技能等级证书, and only a 职业资格证书 counts, Q13"
    yield 23, fitter | {"type": SKILL, "claimed": 2000}, (held(TECHNICIAN, "CERTIFICATE_KIND", kind),)
    yield 24, fitter | {"claimed": 3000}, (reduced(TECHNICIAN, 2000, "claimed 3000, a technician gives 2000"),)
    none = {"type": None, "certificate": "办理中", "issued": None}
    yield 25, fitter | none, (rejected(TECHNICIAN, "CERTIFICATE_MISSING", "no certificate yet"),)
    before = {"issued": date(2020, 5, 1)}
    early = "the certificate of 2020-05-01 is older than the training of 2020-06-08"
    yield 26, fitter | before, (held(TECHNICIAN, "CERTIFICATE_BEFORE_TRAINING", early),)
    turner = fitter | {"occupation": "车工", "kind": "岗前技能培训"}
    both = (
        approved(ENTERPRISE, 300, EMPLOYEE),
        approved(TECHNICIAN, 2000, f"{why}; both programmes fit, nothing claimed"),
    )
    yield 27, turner, both


def draw(book: Workbook) -> Iterator[Outcome]:
    """Draw the enterprise's list of staff trained."""
    drawing = Drawing(book.create_sheet(SHEET), COLUMNS)
    drawing.title("企业职工岗位技能提升培训名册(2020年度)")
    drawing.line((1, 8, f"填报单位：{FACTORY}"), (9, 15, "填报日期：2020年9月10日"))
    drawing.header()
    for number, values, lines in (*trainings(), *technicians()):
        who = person(130 + number)
        record = {
            "no": len(drawing.drawn) + 1,
            "name": who.name,
            "id_number": who.id_number,
            "sex": who.sex,
            "category": "企业在岗职工" if number % 2 else "企业职工",
            "employer": FACTORY,
            "certificate": certificate_no(500 + number) if "type" in values else None,
        }
        yield Outcome(FILE, SHEET, drawing.record(record | values), lines)
    drawing.line((1, 6, "制表人：贺临川"), (7, 10, "复核：温如玉"), (11, 15, "单位负责人：（盖章）"))
    drawing.finish()
