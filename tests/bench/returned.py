"""Make rosters of which every tenth row has a fault, as institutions send them: what `claims --returns` marks."""

from __future__ import annotations

import sys
from pathlib import Path

import xlsxwriter
from rosters import id_number

sys.path.append(str(Path(__file__).parents[1]))

from reports.test_odd_returns import make

_HEADINGS = (
    "姓名",
    "身份证号",
    "人员类别",
    "培训机构",
    "工种",
    "等级",
    "证书类型",
    "证书编号",
    "发证日期",
    "补贴项目",
    "联系电话",
)


def odd(folder: Path, files: int = 300) -> Path:
    """Make the folder of odd workbooks that `make odd-returns` goes through; return it."""
    make(folder, files)
    return folder


def small(folder: Path, files: int = 400, people: int = 10) -> Path:
    """Make a folder of small workbooks, forty institutions; return it."""
    folder.mkdir()
    for number in range(files):
        _write(folder / f"{number:03d}.xlsx", people, people * number, f"学校{number % 40}")
    return folder


def large(folder: Path, people: int = 20_000) -> Path:
    """Make a folder of one workbook; return it."""
    folder.mkdir()
    _write(folder / "大.xlsx", people, 0, "甲校")
    return folder


def _write(path: Path, people: int, first: int, school: str) -> None:
    book = xlsxwriter.Workbook(str(path))
    page = book.add_worksheet("花名册")
    page.write_row(0, 0, _HEADINGS)
    for at in range(people):
        number = first + at
        day = "二〇二〇年秋" if at % 10 == 9 else "2020-08-01"
        page.write_row(
            at + 1, 0,
            (f"学员{number}", id_number(number, 1), "退役军人", school, "焊工", "初级工", "职业资格证书", f"A{number}", day,
             "取证补贴", f"138{number:08d}"),
        )  # fmt: skip
    book.close()
