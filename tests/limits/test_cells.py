"""Which cell each of the limits points at: the first that a clerk would look at; and what is struck through."""

from __future__ import annotations

import datetime as dt
import io

import openpyxl
import pytest
from openpyxl.styles import Font

from support.ordinary import row
from support.overlays import reading
from support.posted import Posted, history_frame
from support.rosters import Sheet, input_file, read_bytes
from support.settling import run
from trainingcli.intake.formats.cell_kinds import Kind
from trainingcli.intake.formats.cell_values import Special
from trainingcli.settle.settlement import History


def day(month: int, of: int = 1) -> dt.date:
    return dt.date(2020, month, of)


def trained(occupation: str, month: int, **cells):
    """A training of nine days."""
    return row("失业人员", 1, **{"工种": occupation, "开班日期": day(month), "结业日期": day(month, 9), **cells})


FIRST = trained("电工", 3)
THREE = [trained(name, month) for month, name in enumerate(("焊工", "钳工", "车工"), 1)]
FLOATING = row("取证人员", 1, 开班日期=None, 发证日期=day(12))
HIGH = {"证书编号": "S1", "证书类型": "职业技能等级证书", "发证日期": day(4)}
CASES = [
    # (code, heading of the cell, rows whose last line it is on, parameter with another value)
    ("REPEAT_TRAINING", "工种", [FIRST, trained("电工", 5)], None),
    ("ANNUAL_LIMIT", "开班日期", [*THREE, trained("电工", 11)], None),
    ("ANNUAL_LIMIT", "发证日期", [*THREE, FLOATING], None),
    ("DATED_BY_CERTIFICATE", "发证日期", [FLOATING], None),
    ("OVERLAPPING_TRAINING", "开班日期", [FIRST, trained("焊工", 3, 结业日期=day(3, 5))], None),
    ("LOWER_AFTER_HIGHER", "等级", [trained("电工", 3, 等级="高级工", **HIGH), trained("电工", 5)],
     ("lower_after_higher", "reject")),
    ("CAP_REACHED", "申报金额", [trained("电工", 3, 申报金额=1000), trained("焊工", 5)], ("cap_scope", "year")),
    ("OVER_CLAIMED", "申报金额", [trained("电工", 3), trained("焊工", 5, 申报金额=1000)], ("cap_scope", "year")),
    ("DUPLICATE_CLAIM", "身份证号", [FIRST, FIRST], None),
]  # fmt: skip


@pytest.mark.parametrize(
    ("code", "heading", "rows", "parameter"), CASES, ids=lambda one: one if isinstance(one, str) else ""
)
def test_a_limit_points_at_its_cell(code, heading, rows, parameter):
    sheet = Sheet(rows)
    policy = None if parameter is None else reading(*parameter)
    found = run([input_file("名册.xlsx", sheet)], policy=policy).outcomes
    cells = {one.code: one.cell for one in found[-1].reasons}
    assert cells[code] == sheet.cell(heading, len(rows))


@pytest.mark.parametrize("struck", ["姓名", "身份证号"])
def test_what_is_struck_through_is_pointed_at(struck):
    book, person = openpyxl.Workbook(), trained("电工", 3)
    book.active.append(list(person))
    book.active.append(list(person.values()))
    book.active.cell(2, list(person).index(struck) + 1).font = Font(strike=True)
    book.save(data := io.BytesIO())
    (line,) = run([read_bytes(data.getvalue())]).outcomes
    assert [(one.code, one.cell) for one in line.reasons] == [("WITHDRAWN", Sheet([person]).cell(struck, 1))]


def test_what_was_posted_points_at_the_person():
    posted = Posted(FIRST["身份证号"], "vocational-training", 1, "电工", "初级工", start=day(3))
    sheet = Sheet([FIRST])
    (line,) = run([input_file("名册.xlsx", sheet)], history=History(history_frame([posted]))).outcomes
    assert [(one.code, one.cell) for one in line.reasons] == [("ALREADY_POSTED", sheet.cell("身份证号", 1))]


WIDE = {"取证补贴": 300, "职业技能培训补贴(元)": 800}
ERROR = Special(Kind.ERROR, "#N/A")


@pytest.mark.parametrize("asked", ["column", "wide", "nothing"])
@pytest.mark.parametrize("wrong", [ERROR, "约八百"], ids=["error", "words"])
def test_a_message_quotes_what_stands_in_its_cell(asked, wrong):
    """Whatever says what is claimed, and in whichever cell the fault lies: none is called blank, or starred."""
    person = row("取证人员", 1, 人员类别="失业人员", 就业创业证号="1401050012345678", 困难类型="低保户", 申报金额=300)
    person |= {"培训类型": "岗前培训", "培训天数": 3, "性别": "男"}
    if asked != "column":
        del person["补贴项目"]
    if asked == "wide":
        person |= WIDE
    for heading in person:
        if wrong is not ERROR and heading in ("姓名", "身份证号"):
            continue
        told = run([input_file("名册.xlsx", Sheet([person | {heading: wrong}]))]).reasons
        quoting = told[told["code"].isin(["ERROR_CELL", "BAD_AMOUNT", "UNKNOWN_PROGRAMME"])]
        for code, said in zip(quoting["code"], quoting["zh"], strict=True):
            assert ("#N/A" if wrong is ERROR else wrong) in said, (heading, code, said)


def test_two_wide_columns_of_one_programme_quote_the_cell_that_counts():
    people = [row("取证人员", each, 取证补贴=wrong, **{"取证补贴(元)": None}) for each, wrong in ((1, "乱"), (2, None))]
    people[1]["取证补贴(元)"] = "写"
    for each in people:
        del each["补贴项目"]
    told = run([input_file("名册.xlsx", Sheet(people))]).reasons
    first, second = told[told["code"] == "BAD_AMOUNT"]["zh"]
    assert ("乱" in first, "写" in second) == (True, True)
