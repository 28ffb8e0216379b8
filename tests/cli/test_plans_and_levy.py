"""`plans` and `levy` as a user meets them: documents, exit codes, workbooks, what is of another kind, blank tables."""

from __future__ import annotations

import json
import stat
from pathlib import Path

import openpyxl
import pytest

from cli.program import TODAY, run, write
from registers.builder import write as write_register
from trainingcli.stamp import read_stamp

FUNDS = ["企业名称", "统一社会信用代码", "年度", "工资薪金总额(税收金额)", "教育经费实际发生额"]
EXAMPLE = ["公开示例公司", None, 2020, 42621306.67, 663930.34]
PLANS = ["计划编号", "培训机构", "职业(工种)", "等级", "执行标准", "总课时", "专家", "审核日期", "审核结论", "批准文号"]
PLAN = [
    "P1",
    "并州技校",
    "焊工",
    "初级工",
    "国家标准",
    40,
    "赵一、钱二、孙三",
    "2020-03-01",
    "通过",
    "并培审〔2020〕1号",
]
THEMES = "工匠精神、质量意识、安全、消防、应急管理、环保、社会矫治、道路交通、未成年人保护、健康卫生、就业指导"


def plans_workbook(path: Path) -> Path:
    book = openpyxl.Workbook()
    book.active.title = "计划"
    for row in (PLANS, PLAN):
        book.active.append(row)
    lessons = book.create_sheet("课程")
    for row in (["计划编号", "授课内容", "课时", "主题"], ["P1", "通用素质与焊接", 40, THEMES]):
        lessons.append(row)
    book.save(path)
    return path


def test_the_public_example(tmp_path):
    done = run("levy", write(tmp_path / "l.xlsx", [FUNDS, EXAMPLE]), "--out", tmp_path / "out", "--format", "json")
    year = json.loads(done.stdout)["enterprises"][0]["years"][0]
    assert done.exit_code == 0
    assert (year["limit"], year["deductible"], year["carry_forward"]) == ("3409704.53", "663930.34", "0.00")


def test_the_workbook_of_funds_is_private_stamped_and_in_the_forms_order(tmp_path):
    run("levy", write(tmp_path / "l.xlsx", [FUNDS, EXAMPLE]), "--out", tmp_path / "out", "--today", TODAY)
    path = tmp_path / "out" / "职工教育经费测算.xlsx"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert read_stamp(path).kind == "levy"
    book = openpyxl.load_workbook(path)
    assert book.sheetnames == ["汇总", "逐年测算", "A105050", "问题", "说明"]
    assert len(book["汇总"]._charts) == 1
    form = list(book["A105050"].iter_rows(min_row=3, values_only=True))
    assert [row[3] for row in form] == [1, 4, 5, 6]
    # Form A105050, line 5: booked 1, spent 2, rate 3, carried in 4, for tax 5, adjustment 6, carried on 7.
    assert form[2][5:] == (None, 663930.34, 8, 0, 663930.34, None, 0)


def test_a_plan_in_order_and_one_with_an_error(tmp_path):
    good = plans_workbook(tmp_path / "p.xlsx")
    done = run("plans", good, "--out", tmp_path / "out", "--today", TODAY, "--format", "json")
    found = json.loads(done.stdout)
    assert (done.exit_code, found["plans"][0]["findings"], found["counts"]) == (0, [], {"error": 0, "warning": 0})
    assert found["plans"][0]["themes"]["消防"] == {"how": "stated", "hours": 40}
    assert openpyxl.load_workbook(tmp_path / "out" / "教学计划审核表.xlsx").sheetnames[0] == "审核表"
    bad = write(tmp_path / "bad.xlsx", [PLANS, [*PLAN[:8], "不通过", PLAN[9]]])
    assert run("plans", bad, "--out", tmp_path / "out2", "--today", TODAY).exit_code == 1


def test_registers_warn_of_what_is_not_listed_and_of_classes_whose_plan_is_not_there(tmp_path):
    lists = tmp_path / "lists"
    write_register(lists, "institutions", {"institution": "另一学校"})
    write_register(lists, "occupations", {"occupation": "焊工", "level": "中级工"})
    filed = {"institution": "并州技校", "start_date": "2020-05-01"}
    known, other = "并培审[2020]1号", "并培审〔2020〕9号"
    write_register(
        lists, "classes", {"class_no": "1", "plan": known, **filed}, {"class_no": "2", "plan": other, **filed}
    )
    good = plans_workbook(tmp_path / "p.xlsx")
    done = run("plans", good, "--out", tmp_path / "out", "--registers", lists, "--today", TODAY, "--format", "json")
    found = json.loads(done.stdout)
    listed = [(each["code"], each["cell"], each["severity"]) for each in found["plans"][0]["findings"]]
    assert listed == [("NOT_IN_REGISTER", "C2", "warning"), ("NOT_IN_REGISTER", "B2", "warning")]
    assert [(each["code"], each["value"]) for each in found["findings"]] == [("PLAN_UNKNOWN", other)]
    assert all(check["performed"] for check in found["checks"])
    assert done.exit_code == 0, "warnings alone are no failure"


@pytest.mark.parametrize(
    ("command", "rows", "said"),
    [
        ("levy", [["姓名", "身份证号", "职业(工种)"], ["王一", "1", "焊工"]], "这是花名册，请用 trainingcli claims"),
        ("levy", [PLANS, PLAN], "这是教学计划，请用 trainingcli plans"),
        ("plans", [FUNDS, EXAMPLE], "这是职工教育经费测算表，请用 trainingcli levy"),
        ("plans", [["甲", "乙"], [1, 2]], "trainingcli template --plans"),
    ],
)
def test_a_workbook_of_another_kind_is_named_and_nothing_is_written(tmp_path, command, rows, said):
    done = run(command, write(tmp_path / "x.xlsx", rows), "--out", tmp_path / "out", "--format", "json")
    assert done.exit_code == 3
    assert said in done.stderr
    assert said in json.loads(done.stdout)["inputs"][0]["error"]
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("system", "sheets", "errors"),
    [
        ("plans", {"教学计划": PLAN[:5], "课程安排": ["P1", None, "焊接", 40]}, 5),
        ("levy", {"职工教育经费测算表": EXAMPLE[:4]}, 1),
    ],
)
def test_a_blank_table_is_filled_in_and_read_back(tmp_path, system, sheets, errors):
    """Of the plan, 总课时, three parts of the review and the themes are left out; of the funds, what was spent."""
    blank = tmp_path / "blank.xlsx"
    assert run("template", f"--{system}", blank).exit_code == 0
    assert (read_stamp(blank).kind, stat.S_IMODE(blank.stat().st_mode)) == ("template", 0o600)
    assert run("template", f"--{system}", blank).exit_code == 5, "it is not overwritten"
    book = openpyxl.load_workbook(blank)
    assert book.sheetnames == list(sheets)
    for name, cells in sheets.items():
        for place, value in enumerate(cells, 1):
            book[name].cell(4, place, value)
    book.save(blank)
    found = json.loads(run(system, blank, "--out", tmp_path / "out", "--format", "json").stdout)
    assert [sheet["unread_columns"] for sheet in found["inputs"][0]["sheets"]] == [[]] * len(sheets)
    assert [sheet["rows"] for sheet in found["inputs"][0]["sheets"]] == [1] * len(sheets)
    assert found["counts"]["error"] == errors


def test_one_blank_table_at_a_time(tmp_path):
    assert run("template", "--plans", "--levy", tmp_path / "x.xlsx").exit_code == 2


def test_csv_has_a_row_for_each_year_and_each_theme(tmp_path):
    funds = write(tmp_path / "l.xlsx", [FUNDS, EXAMPLE, [*EXAMPLE[:2], 2021, 1, 1]])
    assert len(run("levy", funds, "--out", tmp_path / "a", "--format", "csv").stdout.splitlines()) == 3
    good = plans_workbook(tmp_path / "p.xlsx")
    assert len(run("plans", good, "--out", tmp_path / "b", "--format", "csv").stdout.splitlines()) == 12
