"""An import of earlier payments is checked as a roster is: what is not for certain is said and not put in (exit 1)."""

from __future__ import annotations

import json
from pathlib import Path

import openpyxl
import pytest
from openpyxl.styles import Font

from cli.program import run, write
from support.people import id_number

from .test_commands import ledger

TODAY = "2021-12-31"
PAID = ["姓名", "身份证号", "补贴项目", "职业(工种)", "等级", "开班日期", "发放金额", "发放日期"]
"""What an old list has, and no more."""
VOCATIONAL = {"补贴项目": "职业技能培训补贴", "职业(工种)": "电工", "等级": "初级工", "发放金额": 800}
EMPLOYEES = {"补贴项目": "企业职工培训补贴", "职业(工种)": "电工", "发放金额": 300, "培训类型": "岗前培训"}
CERTIFICATE = {"补贴项目": "取证补贴", "职业(工种)": "电工", "等级": "高级工", "发放金额": 600}
TECHNICIAN = {"补贴项目": "技师补贴", "职业(工种)": "电工", "等级": "技师", "发放金额": 2000}
ALLOWANCE = {"补贴项目": "生活费补贴", "发放金额": 150}
PROGRAMMES = [VOCATIONAL, EMPLOYEES, CERTIFICATE, TECHNICIAN, ALLOWANCE]
FULL = {
    "就业创业证号": "1401050020000001", "困难类型": "低保户", "培训机构": "晋阳技工学校", "工作单位": "太原重工",
    "结业日期": "2020-07-15", "证书类型": "职业资格证书", "证书编号": "A1", "发证日期": "2020-08-01",
}  # fmt: skip
"""What `claims` asks beside it."""


def paid(number: int, **cells: object) -> dict[str, object]:
    return {
        "姓名": "王小明",
        "身份证号": id_number(number),
        "开班日期": "2020-07-01",
        "发放日期": "2020-09-01",
        **cells,
    }


def table(path: Path, *rows: dict[str, object], above: tuple[str, ...] = (), drop: tuple[str, ...] = ()) -> Path:
    headings = [name for name in dict.fromkeys(name for row in rows for name in row) if name not in drop]
    titles = [[text] for text in above]
    return write(path, [*titles, headings, *([row.get(name) for name in headings] for row in rows)])


def imported(source: Path, code: int = 0) -> list[tuple[str, list[str]]]:
    """Each line's status and the codes of it."""
    done = run(
        "ledger", "import", source, "--ledger", source.parent / "ledger.db", "--today", TODAY, "--format", "json"
    )
    assert done.exit_code == code, done.stderr
    lines = json.loads(done.stdout)["lines"]
    count = sum(line["status"] == "approved" for line in lines)
    assert f"导入 {count} 笔，共 {len(lines)} 笔" in done.stderr
    assert done.stderr.count("未导入") == len(lines) - count
    return [(line["status"], [reason["code"] for reason in line["reasons"]]) for line in lines]


def claimed(source: Path) -> list[tuple[str, list[str]]]:
    """The same of `claims`."""
    where = ["--ledger", source.parent / "ledger.db", "--out", source.parent / "out", "--today", TODAY]
    done = run("claims", source, *where, "--format", "json")
    assert done.exit_code == 0, done.stderr
    lines = json.loads(done.stdout)["lines"]
    return [(line["status"], [reason["code"] for reason in line["reasons"]]) for line in lines]


@pytest.mark.parametrize(
    ("faulty", "status", "code"),
    [
        ({**VOCATIONAL, "职业(工种)": "电工（中级工）"}, "held", "LEVEL_DIFFERS"),
        ({**CERTIFICATE, "职业(工种)": "电工(五级)"}, "held", "LEVEL_DIFFERS"),
        ({**VOCATIONAL, "备注": "作废"}, "held", "WITHDRAWN"),
        ({**VOCATIONAL, "备注": "不申领职业技能培训补贴"}, "held", "WITHDRAWN"),
        ({**VOCATIONAL, "结业日期": "2020-06-15"}, "rejected", "DATE_ORDER"),
        ({**VOCATIONAL, "结业日期": "2020-13-15"}, "rejected", "BAD_DATE"),
        ({**ALLOWANCE, "结业日期": "2022-01-01"}, "rejected", "FUTURE_DATE"),
        ({**EMPLOYEES, "培训类型": None}, "rejected", "MISSING_FIELD"),
        ({**EMPLOYEES, "职业(工种)": None}, "rejected", "MISSING_FIELD"),
        ({**EMPLOYEES, "开班日期": None, "发证日期": "2020-08-01"}, "rejected", "MISSING_FIELD"),
        ({**VOCATIONAL, "职业(工种)": None}, "rejected", "MISSING_FIELD"),
        ({**VOCATIONAL, "开班日期": None, "发证日期": "2020-08-01"}, "rejected", "MISSING_FIELD"),
        ({**ALLOWANCE, "开班日期": None, "发证日期": "2020-08-01"}, "rejected", "MISSING_FIELD"),
        ({**CERTIFICATE, "等级": None}, "rejected", "MISSING_FIELD"),
        ({**CERTIFICATE, "职业(工种)": None}, "rejected", "MISSING_FIELD"),
        ({**TECHNICIAN, "等级": None}, "rejected", "MISSING_FIELD"),
        ({**CERTIFICATE, "发证日期": "2020-06-01"}, "held", "CERTIFICATE_BEFORE_TRAINING"),
        ({**CERTIFICATE, "证书编号": "6.22E+18"}, "held", "NUMBER_PRECISION_LOST"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_row_that_claims_would_not_pay_for_its_training_is_left_out(tmp_path, faulty, status, code):
    """What `claims` finds against the training, its key or its people, an import says; the other rows go in."""
    source = table(tmp_path / "发放.xlsx", paid(1, **faulty), paid(2, **VOCATIONAL))
    roster = {name.replace("发放金额", "申报金额"): cell for name, cell in paid(1, **faulty).items()}
    assert code in claimed(table(tmp_path / "花名册.xlsx", roster))[0][1]
    assert imported(source, 1) == [(status, [code]), ("approved", [])]
    assert [line["line"] for line in ledger(tmp_path / "ledger.db", "show", 1)["lines"]] == [2]


@pytest.mark.parametrize("programme", PROGRAMMES, ids=lambda cells: cells["补贴项目"])
def test_an_old_list_that_has_no_more_than_it_needs_goes_in(tmp_path, programme):
    """Neither category nor payee, phone, end date or certificate is asked of what was paid; nothing is paid again."""
    assert imported(table(tmp_path / "发放.xlsx", paid(1, **programme))) == [("approved", [])]
    category = "企业职工" if programme in (EMPLOYEES, TECHNICIAN) else "退役军人"
    again = {**FULL, **programme, "人员类别": category, "申报金额": programme["发放金额"]}
    again = {name: cell for name, cell in paid(1, **again).items() if not name.startswith("发放")}
    assert [status for status, _ in claimed(table(tmp_path / "花名册.xlsx", again))] == ["posted"]


def test_what_speaks_for_no_key_of_the_programme_does_not_stop_an_import(tmp_path):
    """Reading 5.7: a finding in a field speaks only for the programmes that use it; an account was paid long ago."""
    rows = [
        paid(1, **EMPLOYEES, 等级="合格", 发证日期="2020-13-01"),
        paid(2, **CERTIFICATE, 结业日期="2020-06-01"),
        paid(3, **ALLOWANCE, 银行账号="6.22E+18", 人员类别="其他", 困难类型="不详"),
        paid(4, **VOCATIONAL, 联系电话="不详", 培训类型=None),
    ]
    assert [status for status, _ in imported(table(tmp_path / "发放.xlsx", *rows))] == ["approved"] * 4


def test_people_and_certificates_that_stand_for_two_are_left_out(tmp_path):
    """One ID number with two names, one certificate number of two people: in the file, and in the ledger."""
    rows = [paid(1, **VOCATIONAL), {**paid(1, **CERTIFICATE), "姓名": "王大明"},
            paid(2, **CERTIFICATE, 证书编号="A1"), paid(3, **CERTIFICATE, 证书编号="A-1"),
            paid(4, **VOCATIONAL)]  # fmt: skip
    held = [("held", ["ID_TWO_NAMES"])] * 2 + [("held", ["DUPLICATE_CERTIFICATE"])] * 2
    assert imported(table(tmp_path / "发放.xlsx", *rows), 1) == [*held, ("approved", [])]
    assert imported(table(tmp_path / "甲.xlsx", rows[2])) == [("approved", [])]
    assert imported(table(tmp_path / "乙.xlsx", rows[3]), 1) == [("held", ["DUPLICATE_CERTIFICATE"])]


def test_a_name_that_is_struck_through_is_left_out(tmp_path):
    source = table(tmp_path / "发放.xlsx", paid(1, **VOCATIONAL), paid(2, **VOCATIONAL))
    book = openpyxl.load_workbook(source)
    book.active["A2"].font = Font(strike=True)
    book.save(source)
    assert imported(source, 1) == [("held", ["WITHDRAWN"]), ("approved", [])]


def test_a_title_against_the_rows_is_left_out(tmp_path):
    """Reading 8.5: which of the two training programmes was paid is not for certain."""
    rows = [paid(1, **VOCATIONAL, 人员类别="企业职工"), paid(2, **VOCATIONAL)]
    source = table(tmp_path / "发放.xlsx", *rows, above=("职业技能培训补贴发放表",), drop=("补贴项目",))
    assert imported(source, 1) == [("held", ["PROGRAMME_CONTRADICTED"]), ("approved", [])]


AMOUNTS = ["申报金额", "实发金额", "发放金额", "核定金额", "拨付金额(万元)"]


@pytest.mark.parametrize("left", AMOUNTS)
@pytest.mark.parametrize("right", AMOUNTS)
def test_two_amounts_of_what_was_paid_agree_or_hold(tmp_path, left, right):
    """Contract, 'Roster headings': in yuan; the second where the first is empty. What was claimed is not asked."""
    if left == right:
        return

    def amounts(one: object, other: object) -> dict[str, object]:
        each = {left: one, right: other}
        return {name: yuan / 10_000 if yuan and "万元" in name else yuan for name, yuan in each.items()}

    said = [(800, 800), (800, 700), (None, 700), (800, None), (None, None)]
    plain = {name: cell for name, cell in VOCATIONAL.items() if name != "发放金额"}
    rows = [paid(number, **plain, **amounts(*pair)) for number, pair in enumerate(said, 1)]
    found = imported(table(tmp_path / "发放.xlsx", *rows), 1)
    if "申报金额" not in (left, right):
        expected, yuan = ["approved", "held", "approved", "approved", "rejected"], ["800.00", "700.00", "800.00"]
        assert found[1] == ("held", ["AMOUNTS_DIFFER"])
    elif left == "申报金额":
        expected, yuan = ["approved", "approved", "approved", "rejected", "rejected"], ["800.00", "700.00", "700.00"]
    else:
        expected, yuan = ["approved", "approved", "rejected", "approved", "rejected"], ["800.00", "800.00", "800.00"]
    assert [status for status, _ in found] == expected
    assert [line["yuan"] for line in ledger(tmp_path / "ledger.db", "show", 1)["lines"]] == yuan


def test_two_amounts_of_what_was_claimed_agree_or_hold(tmp_path):
    """Where no column says what was paid, they are a roster's."""
    rows = [
        paid(1, **VOCATIONAL, 补贴金额=800),
        paid(2, **VOCATIONAL, 补贴金额=700),
        paid(3, **VOCATIONAL, 补贴金额=None),
    ]
    rows = [{name.replace("发放金额", "申报金额"): cell for name, cell in row.items()} for row in rows]
    found = imported(table(tmp_path / "发放.xlsx", *rows), 1)
    assert found == [("approved", []), ("held", ["AMOUNTS_DIFFER"]), ("approved", [])]


@pytest.mark.parametrize("order", [("发放日期", "拨付日期"), ("拨付日期", "发放日期")])
def test_the_day_of_payment_is_the_first_else_that_of_allotment(tmp_path, order):
    """Contract-2, 4: 'the column 发放日期, 拨付日期, else the event's date', in whatever order they stand."""
    days = [("2021-01-05", "2020-12-30"), (None, "2020-12-30"), ("无", "2020-12-30"), ("2021-01-05", None),
            (None, None), (None, "2020-13-01"), ("2020-13-01", "2020-12-30"), (None, "2022-01-01")]  # fmt: skip
    rows = []
    for number, (first, second) in enumerate(days, 1):
        each = {"发放日期": first, "拨付日期": second}
        row = paid(number, **VOCATIONAL)
        rows.append({**{name: cell for name, cell in row.items() if name != "发放日期"},
                     **{name: each[name] for name in order}})  # fmt: skip
    found = imported(table(tmp_path / "发放.xlsx", *rows), 1)
    assert found[:5] == [("approved", [])] * 5
    assert [codes for _, codes in found[5:]] == [["BAD_DATE"], ["BAD_DATE"], ["FUTURE_DATE"]]
    shown = [line["day"] for line in ledger(tmp_path / "ledger.db", "show", 1)["lines"]]
    assert shown == ["2021-01-05", "2020-12-30", "2020-12-30", "2021-01-05", "2020-07-01"]


@pytest.mark.parametrize("heading", ["发放日期", "拨付日期"])
@pytest.mark.parametrize(
    ("title", "day"),
    [
        ("{}：2021年3月5日", "2021-03-05"),
        ("{}：2021.3.5  单位：元", "2021-03-05"),
        ("制表单位：就业局  {}：2021-03-05", "2021-03-05"),
        ("{}：   年   月   日", "2020-07-01"),
    ],
)
def test_a_title_line_says_the_day_of_payment_where_no_column_does(tmp_path, heading, title, day):
    """Contract, 'Roster headings': title lines fill columns that are not there."""
    source = table(tmp_path / "发放.xlsx", paid(1, **VOCATIONAL), above=(title.format(heading),), drop=("发放日期",))
    assert imported(source) == [("approved", [])]
    assert [line["day"] for line in ledger(tmp_path / "ledger.db", "show", 1)["lines"]] == [day]


def test_a_column_says_the_day_of_payment_before_a_title_of_the_same_name(tmp_path):
    source = table(tmp_path / "发放.xlsx", paid(1, **VOCATIONAL), above=("发放日期：2021年3月5日",))
    assert imported(source) == [("approved", [])]
    assert [line["day"] for line in ledger(tmp_path / "ledger.db", "show", 1)["lines"]] == ["2020-09-01"]


def test_a_day_of_payment_speaks_for_the_rows_below_it_and_is_said_below_the_last(tmp_path):
    """Contract, 'Blocks': a later line changes what it names; a text that speaks for no row is said."""
    rows = [
        paid(1, **VOCATIONAL),
        {"姓名": "发放日期：2021年3月5日"},
        paid(2, **VOCATIONAL),
        {"姓名": "拨付日期：2021年4月5日"},
    ]
    source = table(tmp_path / "发放.xlsx", *rows, drop=("发放日期",))
    done = run("ledger", "import", source, "--ledger", tmp_path / "ledger.db", "--today", TODAY)
    assert done.exit_code == 0, done.stderr
    assert "第 5 行只有一段文字“拨付日期：2021年4月5日”" in done.stderr
    shown = [line["day"] for line in ledger(tmp_path / "ledger.db", "show", 1)["lines"]]
    assert shown == ["2020-07-01", "2021-03-05"]


def test_a_day_of_payment_in_a_title_that_cannot_be_read_is_said(tmp_path):
    source = table(tmp_path / "发放.xlsx", paid(1, **VOCATIONAL), above=("发放日期：2021年3月",), drop=("发放日期",))
    assert imported(source, 1) == [("rejected", ["BAD_DATE"])]
