"""The month that the clerk's manual goes through: three institutions' rosters, the registers, and what hands do.

Everything is fictitious. Amounts are argued here, in fen, from the policy reading, not taken from a run.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl

from cli.program import write
from support.people import id_number, wrong_check_digit

SCHOOL, CENTRE, FACTORY = "晨光职业培训学校", "汾秀技能培训中心", "龙河机械厂"
TRAINEES = ["姓名", "身份证号", "人员类别", "就业创业证号", "职业(工种)", "等级", "开班日期", "结业日期", "申报金额"]
CERTIFIED = ["姓名", "身份证号", "职业(工种)", "等级", "证书类型", "证书编号", "发证日期", "申报金额"]
EMPLOYEES = ["姓名", "身份证号", "人员类别", "培训类型", "职业(工种)", "开班日期", "结业日期", "申报金额"]
CLASS = ["焊工", "初级工", "2021-03-01", "2021-03-20"]
COURSE = ["企业职工", "岗前培训", "车工"]
KIND = "职业技能等级证书"
WRONG = id_number(2)[:17] + wrong_check_digit(id_number(2)[:17])


def lay_out_rosters(folder: Path) -> None:
    """Three rosters, each with a fault: a number whose check digit is wrong, no certificate number, half a date."""
    write(
        folder / "晨光-培训补贴.xlsx",
        [
            [f"培训机构：{SCHOOL}"],
            ["职业技能培训补贴花名册"],
            TRAINEES,
            ["赵一", id_number(1), "下岗失业人员", "1401000001", *CLASS, 800],
            ["钱二", WRONG, "下岗失业人员", "1401000002", *CLASS, 800],
            ["孙三", id_number(3), "下岗失业人员", None, *CLASS, 800],
        ],
    )
    write(
        folder / "汾秀-取证补贴.xlsx",
        [
            [f"培训机构：{CENTRE}"],
            ["取证补贴申报表"],
            CERTIFIED,
            ["李四", id_number(4), "钳工", "初级工", KIND, "晋2021000004", "2021-03-10", 300],
            ["周五", id_number(5), "钳工", "高级工", KIND, "晋2021000005", "2021-03-10", 600],
            ["吴六", id_number(6), "钳工", "初级工", KIND, None, "2021-03-10", 300],
        ],
    )
    write(
        folder / "龙河-职工培训.xlsx",
        [
            [f"企业名称：{FACTORY}"],
            ["企业职工培训补贴名册"],
            EMPLOYEES,
            ["郑七", id_number(7), *COURSE, "2021-03-02", "2021-03-12", 300],
            ["王九", id_number(9), *COURSE, "2021-03-02", "2021-03-12", 500],
            ["冯十", id_number(10), *COURSE, "2021-03", "2021-03-12", 300],
        ],
    )


def fill_in_registers(folder: Path) -> None:
    """Into the blank lists of institutions and payees, with their accounts; the others stay blank."""
    bank = {"开户银行": "示范银行"}
    add_row(
        folder / "institutions.xlsx", {"机构名称": SCHOOL, "资格方式": "审核备案", "账号": "6222020000000000015"} | bank
    )
    add_row(
        folder / "institutions.xlsx", {"机构名称": CENTRE, "资格方式": "公开招标", "账号": "6222020000000000023"} | bank
    )
    add_row(folder / "payees.xlsx", {"名称": FACTORY, "户名": FACTORY, "账号": "6222020000000000031"} | bank)


def add_row(path: Path, values: dict[str, Any]) -> None:
    """Write a row below the last one of a register's sheet, by headings."""
    book = openpyxl.load_workbook(path)
    sheet = book.worksheets[0]
    header = next(row for row in sheet.iter_rows() if all(_column(row, heading) for heading in values))
    empty = next(
        row
        for row in range(header[0].row + 1, 999)
        if sheet.cell(row, _column(header, next(iter(values)))).value is None
    )
    for heading, value in values.items():
        sheet.cell(empty, _column(header, heading)).value = value
    book.save(path)


def _column(row: Any, heading: str) -> int | None:
    return next(
        (cell.column for cell in row if cell.value is not None and str(cell.value).strip("* ") == heading), None
    )


def fill_in(path: Path, where: str, values: dict[str, Any]) -> None:
    """Write values below their headings, into the one row of any visible sheet that holds the text `where`."""
    book = openpyxl.load_workbook(path)
    for sheet in book.worksheets:
        headings: dict[str, int] = {}
        for row in sheet.iter_rows():
            texts = {str(cell.value): cell.column for cell in row if cell.value is not None}
            if all(heading in texts for heading in values):
                headings = texts
            elif headings and where in texts:
                for heading, value in values.items():
                    sheet.cell(row[0].row, headings[heading]).value = value
                book.save(path)
                return
    raise AssertionError(f"{path.name}: no row with {where}")
