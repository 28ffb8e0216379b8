"""Reading a folder of registers: what is found, what is not supplied, what stops a run."""

from __future__ import annotations

import datetime as dt
import json
import os
import shutil
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from openpyxl import Workbook, load_workbook

from trainingcli.errors import Exit, UsageError
from trainingcli.evidence.gathering import checks_of, gather, read_registers
from trainingcli.evidence.register_contents import all_registers
from trainingcli.evidence.source import NOTHING, Given
from trainingcli.facts import FundBudget
from trainingcli.settle.limits.events import Waiver
from trainingcli.workers import WorkerPool

from .builder import IDS, VOCATIONAL, means, registers, rows_of, write

NAMES = [
    "occupations", "institutions", "assessors", "abilities", "qualifications", "classes", "instructors", "budgets",
    "waivers",
]  # fmt: skip
# The contract's columns; the brackets' contents are taken off when headings are matched.
COLUMNS = {
    "occupations": "职业(工种) 等级 补贴标准 准入类 紧缺 别名 生效日期 失效日期",
    "institutions": "机构名称 统一社会信用代码 机构类型 区县 资格方式 培训职业 开户银行 账号 户名 生效日期 失效日期",
    "assessors": "机构名称 评价职业 生效日期 失效日期",
    "abilities": "专项能力 生效日期 失效日期",
    "qualifications": "职业资格 准入类 生效日期 失效日期",
    "classes": "班级编号 培训机构 职业(工种) 等级 开班日期 结业日期 计划批准文号 教师身份证号 计划人数 验收结果 "
    "验收机构 验收日期 验收报告编号",
    "instructors": "姓名 身份证号 职业(工种) 考核日期 考核结果 教学考核结果 专业考核结果 有效期至",
    "budgets": "资金来源 年度 预算金额 期初已用 来源 文号",
    "waivers": "身份证号 职业(工种) 等级 开班日期 原因代码 批准人 批准文号",
    "units": "名称 类型 级别 依托单位 认定日期 认定文号 原名称 撤销日期",
}


def refusal(folder: Path) -> str:
    with pytest.raises(UsageError) as caught:
        gather(Given(folder), means())
    assert caught.value.exit_code is Exit.USAGE
    return caught.value.text.en


def test_the_columns_are_the_contracts() -> None:
    assert list(all_registers()) == [*NAMES, "units", "payees"]
    for name, words in COLUMNS.items():
        register = all_registers()[name]
        assert [register.headings[word.split("(")[0]] for word in words.split()] == list(register.columns), name


def test_no_folder_supplies_nothing_and_says_so() -> None:
    checks = checks_of(gather(NOTHING))
    assert [check.check for check in checks] == [*(f"register:{name}" for name in NAMES), "realname", "people"]
    assert not any(check.performed for check in checks)
    assert all(check.why and check.why.zh.startswith("未提供") for check in checks)


ROWS: dict[str, dict[str, Any]] = {
    "occupations": {"occupation": "电工"},
    "institutions": {"institution": "晋阳技工学校"},
    "assessors": {"assessor": "晋阳鉴定所"},
    "abilities": {"ability": "酿醋"},
    "qualifications": {"qualification": "电工"},
    "classes": {"class_no": "2020-01"},
    "instructors": {"id_number": IDS[1], "occupation": "电工"},
    "budgets": {"fund": "市财政", "year": 2020, "budget": 1000},
    "waivers": {"id_number": IDS[0], "code": "ANNUAL_LIMIT", "approver": "局长", "document": "特1号"},
}


def test_what_is_supplied_is_performed(tmp_path: Path) -> None:
    checks = checks_of(registers(tmp_path, **{name: [row] for name, row in ROWS.items()}))
    assert {check.check: check.performed for check in checks} == {f"register:{name}": True for name in NAMES} | {
        "realname": False,
        "people": False,
    }


@pytest.mark.parametrize("name", NAMES)
def test_a_register_without_a_data_row_is_not_supplied_and_is_said(tmp_path: Path, name: str) -> None:
    rows = {other: [row] for other, row in ROWS.items() if other != name}
    (check,) = (
        each
        for each in checks_of(registers(tmp_path, **rows, **{name: []}))
        if not each.performed and each.check == f"register:{name}"
    )
    assert check.why is not None
    assert f"{name}.xlsx" in check.why.zh
    assert "没有数据行" in check.why.zh


def test_a_folder_that_is_not_there_is_wrong_usage(tmp_path: Path) -> None:
    assert "--registers" in refusal(tmp_path / "nowhere")


def test_a_table_under_a_title_block_is_read_as_one_at_the_top(tmp_path: Path) -> None:
    entry = {
        "occupation": "电工",
        "level": "五级",
        "standard": "800元",
        "since": "2020.1.1",
        "until": dt.datetime(2020, 12, 31),
    }
    write(tmp_path / "a", "occupations", entry)
    write(tmp_path / "b", "occupations", entry, title=True)
    first, second = gather(Given(tmp_path / "a"), means()).standards, gather(Given(tmp_path / "b"), means()).standards
    assert first == second
    (only,) = first.entries
    assert (only.occupation, only.level, only.fen) == ("电工", "初级工", 80000)
    assert (only.since, only.until) == (dt.date(2020, 1, 1), dt.date(2020, 12, 31))


def test_headings_blank_rows_footers_and_hidden_sheets(tmp_path: Path) -> None:
    book = Workbook()
    book.active.title = "旧目录"
    book.active.append(["职业(工种)", "等级"])
    book.active.append(["焊工", None])
    book.active.sheet_state = "hidden"
    sheet = book.create_sheet("目录")
    header = ["*职业\n（工种）", "技能 等级", "补贴标准(万元)"]
    for row in (["太原市职业目录"], header, ["电 工", "三级/高级工", "0.05"], [], header, ["制表人：王某"]):
        sheet.append(row)
    book.save(tmp_path / "occupations.xlsx")
    assert [(e.occupation, e.level, e.fen) for e in gather(Given(tmp_path), means()).standards.entries] == [
        ("电工", "高级工", 50000)
    ]


def test_a_name_that_begins_like_a_footer_is_an_entry(tmp_path: Path) -> None:
    names = ["制表技术", "合计员", "注塑工"]
    footers = ["制表人：王某", "合计", "审核（签字）", "备注：以上各项", "负责人"]
    lists = registers(tmp_path, abilities=[{"ability": name} for name in [*names, *footers]])
    assert [entry.get("ability") for entry in lists.contents["abilities"].entries] == names


def test_a_levels_own_standard_wins_over_the_occupations(tmp_path: Path) -> None:
    lists = registers(
        tmp_path,
        occupations=[
            {"occupation": "电工", "level": "初级工", "standard": 600, "since": "2020-03-01", "until": "2020-09-30"},
            {"occupation": "电工", "standard": 900, "aliases": "维修电工"},
        ],
    )
    starts = ["2020-02-29", "2020-03-01", "2020-09-30", "2020-10-01"]
    rows = rows_of(*(VOCATIONAL | {"start_date": day, "occupation": "维修电工"} for day in starts), lists=lists)
    fen, known = lists.standards.of(rows, rows.dates("start_date"))
    assert fen.tolist() == [90000, 60000, 60000, 90000]
    assert known.all()


def test_without_a_date_there_is_no_standard(tmp_path: Path) -> None:
    lists = registers(tmp_path, occupations=[{"occupation": "电工", "standard": 900}])
    rows = rows_of(VOCATIONAL | {"start_date": None}, VOCATIONAL | {"occupation": "焊工"}, lists=lists)
    fen, known = lists.standards.of(rows, rows.dates("start_date"))
    assert not np.any(known)
    assert fen.tolist() == [0, 0]


def test_waivers_are_kept_by_person_with_what_approved_them(tmp_path: Path) -> None:
    lists = registers(
        tmp_path,
        occupations=[{"occupation": "电工", "aliases": "维修电工"}],
        waivers=[
            {
                "id_number": IDS[0].lower(), "occupation": "维修电工", "level": "二级", "start_date": "2020-07-01",
                "code": "annual_limit", "approver": "王局长", "document": "并人社函〔2020〕7号",
            },
            {"id_number": IDS[0], "code": "ANNUAL_LIMIT", "approver": "李处长", "document": "8号"},
        ],
    )  # fmt: skip
    first, second = lists.waivers[IDS[0]]
    day = (dt.date(2020, 7, 1) - dt.date(1970, 1, 1)).days
    assert (first.occupation, first.level, first.start, first.code) == ("电工", "技师", day, "ANNUAL_LIMIT")
    assert json.loads(first.record) == {
        "approver": "王局长", "document": "并人社函〔2020〕7号", "reason": "ANNUAL_LIMIT",
    }  # fmt: skip
    assert isinstance(second, Waiver)
    assert (second.occupation, second.level, second.start) == (None, None, None)


def test_budgets_are_kept_by_fund_and_year(tmp_path: Path) -> None:
    entries = [
        {"fund": "市财政", "year": "2020年", "budget": 1000000},
        {"fund": "市财政", "year": 2021, "budget": "5万元"},
    ]
    assert registers(tmp_path, budgets=entries).budgets == {
        ("市财政", 2020): FundBudget(100000000, 0),
        ("市财政", 2021): FundBudget(5000000, 0),
    }


@pytest.mark.parametrize(
    ("name", "entry", "cell"),
    [
        ("occupations", {"occupation": "电工", "level": "九段"}, "B2"),
        ("occupations", {"occupation": "电工", "standard": "面议"}, "C2"),
        ("occupations", {"occupation": "电工", "standard": 0}, "C2"),
        ("occupations", {"occupation": "电工", "since": "2020年"}, "G2"),
        ("occupations", {"occupation": "电工", "since": "2020-07-01", "until": "2020-06-30"}, "H2"),
        ("occupations", {"level": "初级工"}, "A2"),
        ("institutions", {"institution": "晋阳技工学校", "qualified_by": "备案"}, "E2"),
        ("institutions", {"institution": "晋阳技工学校", "qualified_by": "公开招标、瞎写的"}, "E2"),
        ("classes", {"class_no": "1", "plan": "1号", "acceptance": "基本合格"}, "J2"),
        ("classes", {"class_no": "1", "instructors": 140105199001010016}, "H2"),
        ("classes", {"class_no": "1", "size": "三十"}, "I2"),
        ("instructors", {"id_number": IDS[0], "occupation": "电工", "result": "优"}, "E2"),
        ("budgets", {"fund": "市财政", "year": "20", "budget": 1}, "B2"),
        ("waivers", {"id_number": IDS[0], "code": "看情况", "approver": "王", "document": "1号"}, "E2"),
        ("waivers", {"id_number": IDS[0], "code": "ANNUAL_LIMIT", "document": "1号"}, "F2"),
    ],
)
def test_a_cell_that_does_not_hold_stops_the_run_with_its_place(
    tmp_path: Path, name: str, entry: dict[str, Any], cell: str
) -> None:
    write(tmp_path, name, entry)
    message = refusal(tmp_path)
    assert f"{name}.xlsx, Sheet, {cell}: " in message
    assert "registers check" in message
    assert not any(number in message for number in IDS)


def test_a_missing_column_is_named(tmp_path: Path) -> None:
    book = Workbook()
    book.active.append(["机构名称", "区县"])
    book.save(tmp_path / "institutions.xlsx")
    message = refusal(tmp_path)
    assert "institutions.xlsx, Sheet, A1" in message
    assert "资格方式" in message


def test_a_workbook_without_the_table_is_refused(tmp_path: Path) -> None:
    Workbook().save(tmp_path / "abilities.xlsx")
    assert "no header row" in refusal(tmp_path)


def test_a_file_that_is_no_workbook_is_refused(tmp_path: Path) -> None:
    (tmp_path / "abilities.xlsx").write_bytes(b"not a workbook at all")
    assert "abilities.xlsx" in refusal(tmp_path)


def test_a_folder_in_a_registers_place_is_refused(tmp_path: Path) -> None:
    (tmp_path / "abilities.xlsx").mkdir()
    assert "abilities.xlsx" in refusal(tmp_path)


@pytest.mark.parametrize("kind", ["error", "unsaved formula"])
def test_an_error_cell_does_not_pass_for_an_open_date(tmp_path: Path, kind: str) -> None:
    path = write(tmp_path, "abilities", {"ability": "面点", "until": "2020-12-31"})
    book = load_workbook(path)
    cell = book.active["C2"]
    cell.value = "#N/A" if kind == "error" else "=B2+365"
    if kind == "error":
        cell.data_type = "e"
    book.save(path)
    assert "abilities.xlsx, Sheet, C2: " in refusal(tmp_path)


def test_a_formula_with_its_result_is_read(tmp_path: Path) -> None:
    path = write(tmp_path, "budgets", {"fund": "市财政", "year": 2020, "budget": 1234})
    changed = tmp_path / "changed.xlsx"
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(changed, "w") as target:
        for item in source.infolist():
            data = source.read(item)
            target.writestr(item, data.replace(b"<v>1234</v>", b"<f>1200+34</f><v>1234</v>"))
    shutil.move(changed, path)
    assert gather(Given(tmp_path), means()).budgets == {("市财政", 2020): FundBudget(123400, 0)}


def with_far_cell(path: Path) -> None:
    book = load_workbook(path)
    book.active["XFD1048576"] = "x"
    book.save(path)


def with_doctype(path: Path) -> None:
    changed = path.with_suffix(".new")
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(changed, "w") as target:
        for item in source.infolist():
            data = source.read(item)
            if item.filename.startswith("xl/worksheets/"):
                data = data.replace(b"<worksheet", b'<!DOCTYPE x [<!ENTITY a "b">]><worksheet', 1)
            target.writestr(item, data)
    shutil.move(changed, path)


def as_fifo(path: Path) -> None:
    path.unlink()
    os.mkfifo(path)


def as_dangling_link(path: Path) -> None:
    path.unlink()
    path.symlink_to(path.with_name("nowhere.xlsx"))


@pytest.mark.parametrize("harm", [with_doctype, as_fifo, as_dangling_link])
def test_a_register_that_is_no_honest_workbook_stops_the_run_by_name(tmp_path: Path, harm: Any) -> None:
    harm(write(tmp_path, "abilities", {"ability": "面点"}))
    assert "abilities.xlsx" in refusal(tmp_path)


def test_a_register_with_a_far_cell_ends_neither_the_program_nor_the_memory(tmp_path: Path) -> None:
    with_far_cell(write(tmp_path, "abilities", {"ability": "面点"}))
    with WorkerPool(1) as pool:
        contents = read_registers(tmp_path, pool)["abilities"]
    assert [entry.get("ability") for entry in contents.entries] == ["面点"] or contents.faults[0].is_error
