"""Which workbooks a run writes: names, modes, nothing half-written; what their sheets hold."""

import io
import multiprocessing
import os
import pickle
import random
import resource
import stat
import zipfile
from datetime import datetime
from decimal import Decimal
from functools import cache
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from reports.builder import PROGRAMMES, assessment, line, random_assessment, reason
from support.paper import printed_points
from trainingcli import language
from trainingcli.errors import OutputError
from trainingcli.facts import Check
from trainingcli.intake.tables.declared import declared_tables
from trainingcli.intake.tables.sheet_tables import InputFile, RosterColumn
from trainingcli.language import Text
from trainingcli.policy import load_policy
from trainingcli.reports.workbooks import outputs as workbooks
from trainingcli.reports.workbooks.names import file_names
from trainingcli.reports.workbooks.outputs import commit, discard, plan_outputs, write_output


def written(found, out):
    outputs = plan_outputs(found, out)
    for output in outputs:
        write_output(output)
    commit(outputs)
    return [output.path for output in outputs]


def names_in(folder):
    return [path.name for path in folder.iterdir()]


@cache
def loaded(path):
    """A workbook as openpyxl reads it; each test has a folder of its own and writes a path once."""
    return openpyxl.load_workbook(path)


def table(path, sheet):
    """The rows below the heading row of a sheet, as dicts; the heading row is the one that the filter stands on."""
    page = loaded(path)[sheet]
    head = int("".join(filter(str.isdigit, page.auto_filter.ref.split(":")[0])))
    headings = [cell.value for cell in page[head]]
    rows = page.iter_rows(min_row=head + 1)
    found = [dict(zip(headings, row, strict=True)) for row in rows if any(cell.value is not None for cell in row)]
    # Below a table its total and the line to sign, which come from no row of a roster.
    return [row for row in found if "行号" not in headings or row["行号"].value is not None]


def everything(path):
    book = loaded(path)
    return {sheet.title: [[cell.value for cell in row] for row in sheet.iter_rows()] for sheet in book}


# ---- names


HOSTILE_NAMES = [
    "../../x", "..", "/etc/passwd", "C:\\x", "CON", "con", "nul", "COM1", "机" * 300, "机" * 301, "𠮷" * 200, "", "...",
    "a/b", "a:b", "a\x00b", "\u202etxt",
    "Ａ学校", "A学校", "a学校", "汇总",
    ".hidden", "-rf", "学校 ", "学校", "学校\n", "é", "e\u0301",
]  # fmt: skip


def test_a_file_name_shows_nothing_where_nothing_is_seen():
    assert file_names(["并\u2063州\ufeff技工学校"]) == {"并\u2063州\ufeff技工学校": "并州技工学校"}


def test_file_names_stay_inside_are_bounded_and_no_two_are_alike():
    names = file_names(HOSTILE_NAMES, reserved=["汇总"])
    assert list(names) == HOSTILE_NAMES
    assert len({name.casefold() for name in names.values()}) == len(names)
    for name in names.values():
        assert name not in ("", ".", "..")
        assert name.upper() not in ("CON", "NUL", "COM1")
        assert all(character.isalnum() or character in "-_()（）·" for character in name)
        assert not name.startswith(("-", "."))
        assert len(name) <= 90
        assert len(f"{name}.xlsx".encode()) <= 255
    assert names["汇总"] == "汇总-2"
    assert names["机" * 300] != names["机" * 301]


def test_every_institution_gets_its_workbook_and_hostile_names_stay_in_the_folder(tmp_path):
    lines = [line(institution=name or None, row=5 + place) for place, name in enumerate(HOSTILE_NAMES)]
    paths = written(assessment(lines), tmp_path / "deep" / "out")
    alike = 1 + 2 + 2 + 1  # contract, 'Compared': con as CON; two more of A学校, two of 学校; é in two forms
    assert len(paths) == len(HOSTILE_NAMES) - alike + 1
    assert {path.resolve().parent for path in paths} == {(tmp_path / "deep" / "out").resolve()}
    assert sorted(path.name for path in paths) == sorted(names_in(tmp_path / "deep" / "out"))
    assert names_in(tmp_path) == ["deep"]


def test_a_line_belongs_to_its_institution_else_its_employer_else_to_none(tmp_path):
    lines = [
        line(institution="甲校"), line(institution=None, employer="乙厂", row=6),
        line(institution=None, employer=None, row=7), line(institution="甲校", employer="乙厂", row=8, programme=None),
    ]  # fmt: skip
    paths = written(assessment(lines), tmp_path)
    assert [path.name for path in paths] == [
        "甲校-批次3.xlsx",
        "乙厂-批次3.xlsx",
        "未注明机构-批次3.xlsx",
        "汇总-批次3.xlsx",
    ]
    assert next(output.path.name for output in plan_outputs(assessment(lines, batch=None), tmp_path)) == "甲校.xlsx"
    assert [row["行号"].value for row in table(paths[0], "核定明细")] == [5, 8]
    assert [row["行号"].value for row in table(paths[2], "核定明细")] == [7]


# ---- how they come to stand


def test_modes_are_private_from_creation_under_any_umask(tmp_path):
    before = os.umask(0)
    try:
        outputs = plan_outputs(assessment([line()]), tmp_path / "out")
        for output in outputs:
            write_output(output)
            assert stat.S_IMODE(output.temporary.stat().st_mode) == 0o600
        commit(outputs)
    finally:
        os.umask(before)
    assert {stat.S_IMODE(output.path.stat().st_mode) for output in outputs} == {0o600}


def test_nothing_has_its_name_before_the_commit_and_an_old_workbook_stays(tmp_path):
    (tmp_path / "太原市第一技工学校-批次3.xlsx").write_bytes(b"old")
    outputs = plan_outputs(assessment([line()]), tmp_path)
    for output in outputs:
        write_output(output)
    assert (tmp_path / "太原市第一技工学校-批次3.xlsx").read_bytes() == b"old"
    assert not (tmp_path / "汇总-批次3.xlsx").exists()
    discard(outputs)
    assert names_in(tmp_path) == ["太原市第一技工学校-批次3.xlsx"]
    discard(outputs)


def test_a_failure_while_writing_leaves_nothing(tmp_path, monkeypatch):
    outputs = plan_outputs(assessment([line()]), tmp_path)

    def full(task, target):
        target.write(b"half")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(workbooks, "write_claim_workbook", full)
    with pytest.raises(OutputError, match="磁盘已满") as caught:
        write_output(outputs[0])
    assert caught.value.exit_code == 5
    assert names_in(tmp_path) == []


@pytest.mark.parametrize("size", [0, 500, 8_000])
def test_a_disk_that_is_full_is_told_in_one_line_and_leaves_nothing(tmp_path, size):
    outputs = plan_outputs(random_assessment(400), tmp_path)
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        for output in outputs:
            with pytest.raises(OutputError) as caught:
                write_output(output)
            assert "\n" not in str(caught.value)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert names_in(tmp_path) == []


def test_a_commit_that_cannot_be_leaves_nothing(tmp_path):
    outputs = plan_outputs(assessment([line()]), tmp_path)
    for output in outputs:
        write_output(output)
    outputs[1].path.mkdir()
    with pytest.raises(OutputError):
        commit(outputs)
    assert names_in(tmp_path) == [outputs[1].path.name]


def test_a_folder_that_is_a_file_is_told_in_one_line(tmp_path):
    (tmp_path / "out").write_text("")
    with pytest.raises(OutputError) as caught:
        plan_outputs(assessment([line()]), tmp_path / "out")
    assert "\n" not in str(caught.value)


def test_a_link_in_the_folder_is_replaced_and_not_followed(tmp_path):
    (tmp_path / "victim").write_bytes(b"keep")
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "汇总-批次3.xlsx").symlink_to(tmp_path / "victim")
    written(assessment([line()]), tmp_path / "out")
    assert (tmp_path / "victim").read_bytes() == b"keep"


def test_a_worker_process_writes_what_this_one_would(tmp_path):
    found = random_assessment(60)
    outputs = plan_outputs(found, tmp_path / "a")
    assert len(pickle.dumps(outputs[0])) < 200_000
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        pool.map(write_output, outputs)
    commit(outputs)
    for here, there in zip(written(found, tmp_path / "b"), outputs, strict=True):
        assert everything(here) == everything(there.path)


def test_the_same_assessment_gives_the_same_workbook(tmp_path):
    first, second = written(random_assessment(40), tmp_path / "a"), written(random_assessment(40), tmp_path / "b")
    for one, other in zip(first, second, strict=True):
        with zipfile.ZipFile(one) as left, zipfile.ZipFile(other) as right:
            assert {name: left.read(name) for name in left.namelist()} == {
                name: right.read(name) for name in right.namelist()
            }
        assert loaded(one).properties.created == datetime(2021, 12, 31)


# ---- what they hold


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_every_line_stands_once_in_its_institutions_workbook(tmp_path, seed):
    found = random_assessment(150, seed)
    paths = written(found, tmp_path)
    seen = []
    for path in paths[:-1]:
        for sheet in set(loaded(path).sheetnames) - {"汇总", "说明"}:
            rows = {row["行号"].value: row for row in table(path, sheet)}
            seen += [(sheet, number, row["身份证号"].value) for number, row in rows.items()]
    sheet_of = dict.fromkeys(("approved", "reduced"), "核定明细")
    sheet_of |= {"posted": "已入账", "held": "待核", "rejected": "不予补贴"}
    expected = [
        (sheet_of[status], row, number)
        for status, row, number in found.lines[["status", "row", "id_number"]].itertuples(index=False)
    ]
    assert sorted(seen) == sorted(expected)


def test_cells_have_the_types_that_paying_needs(tmp_path):
    values = {"claimed": 45001, "entitled": 30000, "approved": 30000, "status": "reduced", "name": "𠮷·力"}
    (path, _) = written(assessment([line(**values)], [reason(0, "OVER_CLAIMED", zh="多报 150.01 元")]), tmp_path)
    (row,) = table(path, "核定明细")
    assert (row["身份证号"].value, row["身份证号"].data_type) == ("140105198501011236", "s")
    assert row["身份证号"].number_format == "@"
    assert (row["名册账号"].value, row["名册账号"].data_type) == ("6222020502001234567", "s")
    assert (row["申报金额"].value, row["核定金额"].value) == (450.01, 300)
    assert row["核定金额"].number_format == "#,##0.00"
    assert row["培训开始"].value == datetime(2020, 7, 1)
    assert (row["姓名"].value, row["结果"].value, row["补贴项目"].value) == ("𠮷·力", "核减", "取证补贴")
    assert row["备注"].value == "多报 150.01 元"


def test_what_is_not_paid_says_why_by_which_clause_where_and_what_to_do(tmp_path):
    values = {"status": "rejected", "approved": 0, "programme": None, "payee": None, "fund": None}
    reasons = [
        reason(0, "ID_CHECKSUM", zh="校验码不对", cell="C5", value="140105198501011237"),
        reason(0, "MISSING_FIELD", zh="没有职业", cell=None, value=None),
    ]
    (path, _) = written(assessment([line(**values)], reasons), tmp_path)
    first, second = table(path, "不予补贴")
    shown = ("原因代码", "原因", "政策依据", "单元格", "填写内容", "申报金额", "序号")
    assert [first[key].value for key in shown] == [
        "ID_CHECKSUM", "校验码不对", "三(五)", "C5", "140105198501011237", 300, 1,
    ]  # fmt: skip
    assert [second[key].value for key in shown] == ["MISSING_FIELD", "没有职业", "三(三)", None, None, None, 1]
    assert first["怎么办"].value
    assert first["来源"].value == "a.xlsx　Sheet1"


def test_a_held_line_without_a_reason_is_listed_all_the_same(tmp_path):
    (path, _) = written(assessment([line(status="held", approved=0), line(row=6)]), tmp_path)
    (row,) = table(path, "待核")
    assert (row["行号"].value, row["原因代码"].value) == (5, None)


def test_the_summary_sheet_adds_up_and_can_be_signed(tmp_path):
    found = random_assessment(200, seed=4, institutions=1)
    (path, _) = written(found, tmp_path)
    rows = everything(path)["汇总"]
    head = next(place for place, row in enumerate(rows) if row[0] == "补贴项目")
    total = next(row for row in rows if row[0] == "合计")
    body = rows[head + 1 : rows.index(total)]
    lines = found.lines
    assert total[3] == lines["id_number"].nunique()
    assert total[4] == len(lines) == sum(row[4] for row in body)
    for column, key in ((5, "claimed"), (8, "approved")):
        cents = sum(int(value) for value in lines[key].dropna())
        assert Decimal(str(total[column])) * 100 == cents
        assert sum(Decimal(str(row[column])) for row in body) * 100 == cents
    named = lines[lines["claimed"].notna()]
    for column, statuses in ((9, ("approved", "reduced", "rejected")), (10, ("held",)), (11, ("posted",))):
        mine = named[named["status"].isin(statuses)]
        assert Decimal(str(total[column])) * 100 == int((mine["claimed"] - mine["approved"]).sum())
    for column, statuses in ((7, ("approved", "reduced")), (12, ("held",)), (13, ("rejected",)), (14, ("posted",))):
        assert total[column] == lines["status"].isin(statuses).sum()
    text = "\n".join(str(cell) for row in rows for cell in row if cell is not None)
    for part in ("制表", "审核", "负责人", "第 3 批", "cd" * 6 + "…", "机构0", "2021年12月31日"):
        assert part in text


def test_the_total_stands_in_capital_characters(tmp_path):
    (path, _) = written(assessment([line(approved=10700053)]), tmp_path)
    text = str(everything(path)["汇总"])
    assert "壹拾万柒仟元伍角叁分" in text
    assert "107,000.53" in text


def test_payees_are_added_up_by_fund_and_trainees_are_one_entry(tmp_path):
    living = {"programme": "living-allowance", "fund": "就业补助资金", "institution": "太原市第一技工学校"}
    lines = [
        line(), line(row=6, approved=15000), line(row=7, name="甲", payee="甲", approved=22500, **living),
        line(row=8, name="乙", payee="乙", approved=15000, **living), line(row=9, status="held", approved=0),
    ]  # fmt: skip
    (path, _) = written(assessment(lines), tmp_path)
    rows = everything(path)["汇总"]
    start = next(place for place, row in enumerate(rows) if str(row[0]).startswith("拨付对象"))
    found = [(row[0], row[2], row[3], row[6], row[9], row[10]) for row in rows[start + 2 : start + 4]]
    bank, account = "工商银行", "6222020502001234567"
    assert found == [
        ("学员本人（见核定明细）", "就业补助资金", "", "", 2, 375),
        ("太原市第一技工学校", "市财政", bank, account, 2, 450),
    ]


def test_an_account_that_not_all_lines_of_a_payee_name_is_not_guessed(tmp_path):
    for name, lines in {"two": [line(), line(row=6, account="1")], "one": [line()]}.items():
        (path, _) = written(assessment(lines), tmp_path / name)
        rows = everything(path)["汇总"]
        start = next(place for place, row in enumerate(rows) if str(row[0]).startswith("拨付对象"))
        assert not rows[start + 2][3]
        assert not rows[start + 2][6]
        (detail, *_) = table(path, "核定明细")
        assert detail["银行账号"].value is None, "it may be the trainee's"
        assert detail["名册账号"].value == "6222020502001234567"


def test_the_registers_account_of_a_payee_is_the_one_that_is_paid_to(tmp_path):
    trainee = {
        "programme": "living-allowance",
        "payee": "王小明",
        "fund": "就业补助资金",
        "account": "6217000000000000001",
    }
    lines = [line(payee="太原市 第一技工学校"), line(row=6, **trainee), line(row=7, payee="另一学校")]
    known = {"太原市第一技工学校": ("建设银行示范支行", "1401000000000000001")}
    (path, _) = written(assessment(lines, accounts=known), tmp_path)
    rows = everything(path)["汇总"]
    start = next(place for place, row in enumerate(rows) if row[0] == "享受补贴对象")
    front = {row[0]: (row[3] or None, row[6] or None, row[11]) for row in rows[start + 1 : start + 4]}
    assert front == {
        "太原市 第一技工学校": ("建设银行示范支行", "1401000000000000001", "取证补贴"),
        "另一学校": (None, None, "取证补贴"),
        "学员本人（见核定明细）": (None, None, "生活费补贴"),
    }
    details = [(row["开户银行"].value, row["银行账号"].value) for row in table(path, "核定明细")]
    own = ("工商银行", "6217000000000000001")
    assert details == [("建设银行示范支行", "1401000000000000001"), own, (None, None)]
    assert any(cell == "文号：" for row in rows for cell in row)


def test_what_was_paid_before_stands_with_batch_and_day_on_a_sheet_of_its_own(tmp_path):
    found = assessment([line(), line(row=6, status="posted", approved=0)], [reason(1, "ALREADY_POSTED")])
    values = {"earlier_paid": [None, 25000], "earlier_batch": [None, 7], "earlier_day": [None, "2021-03-04"]}
    types = {"earlier_paid": "Int64", "earlier_batch": "Int64", "earlier_day": "str"}
    found.lines = found.lines.assign(**{name: pd.array(values[name], dtype=types[name]) for name in values})
    (path, _) = written(found, tmp_path)
    (row,) = table(path, "已入账")
    assert [row[name].value for name in ("已付金额", "入账批次")] == [250, 7]
    assert row["入账日期"].value == datetime(2021, 3, 4)
    assert "核定金额" not in row
    assert [each["行号"].value for each in table(path, "核定明细")] == [5], "what this run pays, alone"
    assert not any("负责人：" in cells for cells in everything(path)["已入账"]), "nothing is signed there"


def test_the_counts_on_page_1_are_those_of_the_sheets(tmp_path):
    (path, _) = written(random_assessment(150, seed=7, institutions=1), tmp_path)
    rows = everything(path)["汇总"]
    head = next(row for row in rows if row[0] == "补贴项目")
    total = next(row for row in rows if row[0] == "合计")
    sheets = {"核定笔数": "核定明细", "待核笔数": "待核", "不予笔数": "不予补贴", "已付笔数": "已入账"}
    for heading, sheet in sheets.items():
        lines = {row["序号"].value for row in table(path, sheet)}
        assert total[head.index(heading)] == len(lines) > 0
    for name, lines, people in [row[:3] for row in everything(path)["说明"] if row[0] in sheets.values()]:
        heading = next(heading for heading, sheet in sheets.items() if sheet == name)
        assert lines == total[head.index(heading)]
        if name == "核定明细":
            assert people == total[head.index("核定人数")]


def test_the_details_end_in_a_total_to_be_signed_and_an_empty_sheet_is_left_out(tmp_path):
    lines = [line(), line(row=6, approved=15000, status="reduced"), line(row=7, approved=0, status="posted")]
    (path, _) = written(assessment(lines), tmp_path)
    assert loaded(path).sheetnames == ["汇总", "核定明细", "已入账", "说明"]
    rows = everything(path)["核定明细"]
    total = next(row for row in rows if row[0] == "合计")
    head = next(row for row in rows if row[0] == "序号")
    assert total[head.index("核定金额")] == 450
    assert any("负责人：" in row for row in rows[rows.index(total) :])
    assert loaded(path)["核定明细"].print_area.endswith(str(len(rows)))


@pytest.mark.parametrize("length", [1, 12, 40])
def test_nothing_is_printed_smaller_than_8_points(tmp_path, length):
    texts = dict.fromkeys(("institution", "occupation", "payee", "bank", "class_no", "sheet"), "太原市" * length)
    statuses = ("approved", "held", "rejected", "posted")
    lines = [line(row=5 + n, status=status, approved=0, **texts) for n, status in enumerate(statuses)]
    reasons = [reason(n, "NO_STANDARD", zh="原因" * length) for n in (1, 2)]
    for path in written(assessment(lines, reasons), tmp_path):
        for page in loaded(path):
            assert page.sheet_properties.pageSetUpPr.fitToPage
            if page.title in ("图表", "输入", "差额最大", "总览", "原因", "说明"):
                continue
            area = page.print_area.split("!")[-1].replace("$", "") if page.print_area else page.dimensions
            last = openpyxl.utils.cell.range_boundaries(area)[2]
            widths = [page.column_dimensions[openpyxl.utils.get_column_letter(n)].width for n in range(1, last + 1)]
            points = sum(width * 5.25 for width in widths)  # the file's widths have the columns' edges in them
            assert 10 * min(1, 784 / points) >= 8, (page.title, points)


def test_about_names_policy_figures_readings_inputs_checks_and_control_totals(tmp_path):
    values = {"level": "中级工", "status": "held", "approved": 0, "entitled": None}
    (path, _) = written(assessment([line(**values)], [reason(0, "NO_STANDARD")]), tmp_path)
    rows = everything(path)["说明"]
    text = "\n".join(str(cell) for row in rows for cell in row if cell is not None)
    for part in (
        "ab" * 32, "ef" * 32, "taiyuan-2019", "取证补贴 初级工", "2019-01-01", "中级工无标准，待核",
        "未提供 institutions.xlsx", "工作表是隐藏的", "cd" * 32, "未读取的列：Z 备注",
    ):  # fmt: skip
        assert part in text
    assert "允许" not in text, "a reading that decided nothing is not listed"
    assert "企业职工培训补贴" not in text, "a figure that no line asks for is not listed"
    assert ["待核", 1, 1, 300, 0] in [row[:5] for row in rows]


@pytest.mark.parametrize("asked", ["few", "many"])
def test_about_is_one_page_that_can_be_read(tmp_path, asked):
    """As long as it can become: every programme, figure and reading of the plan, many long inputs, no check done."""
    found = random_assessment(40, institutions=1)
    if asked == "many":
        name = "太原市某某职业技能培训学校" * 6
        lines = [
            line(row=5, input=at, file=f"{name}{at}.xlsx", programme=code) for at in range(30) for code in PROGRAMMES
        ]
        reasons = [reason(at, "NO_STANDARD") for at in range(len(lines))]
        registers = declared_tables("registers").values()
        why = {each.name: Text(f"未提供{each.title.zh}（{each.file}）", "") for each in registers}
        checks = [Check(f"register:{name}", False, text) for name, text in why.items()]
        found = assessment(lines, reasons, policy=load_policy(), checks=checks)
        for each in found.inputs:
            each.warnings.append(Text("花名册有一处不清楚" * 20, ""))
    sheet = loaded(written(found, tmp_path)[0])["说明"]
    assert {sheet.page_setup.fitToHeight, sheet.page_setup.fitToWidth} == {None}, "one, where none is said"
    assert sheet.page_setup.orientation == "portrait"
    assert printed_points(sheet) >= 8


def test_only_the_inputs_of_the_institution_are_named(tmp_path):
    lines = [line(), line(input=1, file="rosters/b.xlsx", institution="乙校")]
    one, other, summary = written(assessment(lines), tmp_path)
    assert "b.xlsx" not in str(everything(one))
    assert "b.xlsx" in str(everything(other))
    assert "a.xlsx" in str(everything(summary))
    assert "b.xlsx" in str(everything(summary))


def test_every_sheet_prints_on_a4_landscape_as_wide_as_the_page(tmp_path):
    for path in written(random_assessment(60), tmp_path):
        for sheet in loaded(path):
            assert sheet.page_setup.paperSize == 9
            assert sheet.page_setup.orientation == ("portrait" if sheet.title == "说明" else "landscape")
            assert sheet.sheet_properties.pageSetUpPr.fitToPage
            assert "&P" in sheet.oddFooter.center.text
            if sheet.title in ("核定明细", "待核", "不予补贴"):
                head = int(sheet.auto_filter.ref.split(":")[0].lstrip("A"))
                assert sheet.print_title_rows == f"$1:${head}"
                assert sheet.freeze_panes == f"E{head + 1}"


def test_no_text_of_an_input_is_a_formula_or_a_link(tmp_path):
    evil = ["=cmd|'/c calc'!A1", "+1", "-1", "@x", '=HYPERLINK("http://x")', "<r><t>x</t></r>", "a\x00b\x1fc"]
    keys = ["name", "occupation", "institution", "payee", "file", "sheet", "account", "certificate_no"]
    lines = [line(row=5 + n, **dict.fromkeys(keys, text)) for n, text in enumerate(evil)]
    reasons = [reason(n, "SHARED_PHONE", zh=text, value=text, cell=text) for n, text in enumerate(evil)]
    for path in written(assessment(lines, reasons), tmp_path):
        with zipfile.ZipFile(path) as package:
            sheets = [name for name in package.namelist() if name.startswith("xl/worksheets/sheet")]
            assert not any(b"<f>" in package.read(name) or b"<hyperlink" in package.read(name) for name in sheets)
        for sheet in loaded(path):
            for row in sheet.iter_rows():
                for cell in row:
                    assert cell.data_type != "f"
                    if isinstance(cell.value, str) and cell.value[:1] in tuple("=+-@"):
                        assert cell.quotePrefix
    first = tmp_path / f"{file_names(evil)[evil[0]]}-批次3.xlsx"
    assert table(first, "核定明细")[0]["姓名"].value == evil[0]


def test_the_summary_workbook_adds_up_and_has_charts(tmp_path):
    found = random_assessment(300, seed=5, institutions=4)
    path = written(found, tmp_path)[-1]
    rows = {row["机构"].value: row for row in table(path, "机构与项目")}
    for name, mine in found.lines.groupby("institution"):
        assert Decimal(str(rows[name]["核定合计"].value)) * 100 == int(mine["approved"].sum())
        certificate = mine[mine["programme"] == "certificate"]["approved"].sum()
        assert Decimal(str(rows[name]["取证补贴"].value)) * 100 == int(certificate)
    with zipfile.ZipFile(path) as package:
        assert len([name for name in package.namelist() if name.startswith("xl/charts/chart")]) == 4
    total = table(path, "机构与项目")[-1]
    assert total["机构"].value == "合计"
    assert Decimal(str(total["核定合计"].value)) * 100 == int(found.lines["approved"].sum())
    assert total["笔数"].value == len(found.lines)
    overview = everything(path)["总览"]
    went = {
        row[0]: Decimal(str(row[3]))
        for row in overview
        if row[0] in ("核定", "不予和核减", "待核", "以前已付", "申报合计")
    }
    assert len(went) == 5
    assert 2 * went["申报合计"] == sum(went.values())
    assert went["申报合计"] * 100 == int(found.lines["claimed"].sum())
    funds = {row[0]: row[4] for row in overview if row[0] in ("市财政", "就业补助资金", "人才经费")}
    for fund, mine in found.lines.groupby("fund"):
        assert Decimal(str(funds[fund])) * 100 == int(mine["approved"].sum())


def test_the_summary_lists_inputs_with_control_totals_and_what_each_column_was_taken_for(tmp_path):
    found = assessment([line()])
    found.inputs[0].sheets[0].columns = [RosterColumn("name", "B", "学员姓名")]
    found.inputs.append(InputFile("坏.xls", "12" * 32, "xls", error=Text("有密码", "password-protected")))
    path = written(found, tmp_path)[-1]
    read, hidden, bad = table(path, "输入")
    totals = ("总行数", "人员行", "空行", "表头", "表尾", "标题及跳过")
    assert [read[key].value for key in totals] == [6, 1, 1, 3, 1, 0]
    assert read["识别的列"].value == "B 学员姓名→姓名"
    assert read["未用的列"].value == "Z 备注"
    assert hidden["说明"].value == "未读：工作表是隐藏的"
    assert (bad["文件"].value, bad["说明"].value) == ("坏.xls", "未能读取：有密码")


def test_reasons_are_counted_by_line_and_priced(tmp_path):
    lines = [
        line(status="held", approved=0, claimed=30000), line(row=6, status="held", approved=0, claimed=None),
        line(row=7, claimed=45001, status="reduced"),
    ]  # fmt: skip
    reasons = [reason(0, "NO_STANDARD"), reason(0, "NO_STANDARD", cell="G5"), reason(1, "NO_STANDARD")]
    path = written(assessment(lines, [*reasons, reason(2, "OVER_CLAIMED")]), tmp_path)[-1]
    rows = {row[5]: row for row in everything(path)["原因"]}
    assert rows["NO_STANDARD"][2:4] == [2, 600]
    assert rows["OVER_CLAIMED"][2:4] == [1, 150.01]
    assert not {"NO_STANDARD", "OVER_CLAIMED"} & {row[0] for row in everything(path)["原因"]}, "a chart's labels"


def test_the_summary_shows_no_whole_id_number_and_the_largest_difference_first(tmp_path):
    lines = [line(row=5 + n, claimed=30000 + n * 100, status="reduced") for n in range(80)]
    path = written(assessment(lines), tmp_path)[-1]
    rows = table(path, "差额最大")
    assert [row["差额"].value for row in rows] == list(range(79, 29, -1))
    assert "140105198501011236" not in str(everything(path))
    assert "王小明" not in str(everything(path))


def test_the_summary_names_files_without_the_folders_that_they_lie_in(tmp_path):
    found = assessment([line(file="/srv/来表/十二月/甲校.xlsx", claimed=90000, status="reduced")])
    found.inputs[0].file = "/srv/来表/十二月/甲校.xlsx"
    path = written(found, tmp_path)[-1]
    assert [row["来源文件"].value for row in table(path, "差额最大")] == ["甲校.xlsx"]
    assert {row["文件"].value for row in table(path, "输入")} == {"甲校.xlsx"}


def test_nothing_but_the_claim_workbooks_carries_a_whole_number(tmp_path, capsys):
    written(random_assessment(20), tmp_path)
    assert capsys.readouterr() == ("", "")
    assert all(path.suffix == ".xlsx" for path in Path(tmp_path).iterdir())


def test_english_turns_headings_and_no_figure(tmp_path):
    found = random_assessment(30, institutions=1)
    language.use("en")
    try:
        (path, _) = written(found, tmp_path)
    finally:
        language.use("zh")
    rows = table(path, "Details")
    assert rows[0]["ID number"].value
    assert "Prepared by:" in str(everything(path)["Summary"])


def test_more_lines_than_a_sheet_holds_go_on_a_second_sheet(tmp_path, monkeypatch):
    monkeypatch.setattr("trainingcli.reports.workbooks.style._MOST_ROWS", 20)
    found = random_assessment(120, institutions=1)
    (path, _) = written(found, tmp_path)
    names = [name for name in loaded(path).sheetnames if name.startswith("核定明细")]
    rows = [row for name in names for row in table(path, name)]
    detail = found.lines["status"].isin(("approved", "reduced"))
    assert len(names) == -(-detail.sum() // 20)
    assert [row["行号"].value for row in rows] == found.lines[detail]["row"].tolist()
    assert [row["序号"].value for row in rows] == list(range(1, len(rows) + 1))


def test_splitting_by_institution_keeps_reasons_with_their_lines(tmp_path):
    pick = random.Random(6)
    names = [f"校{pick.randrange(7)}" for _ in range(60)]
    lines = [line(row=5 + n, institution=name, status="held", approved=0) for n, name in enumerate(names)]
    reasons = [reason(n, "NO_STANDARD", value=f"第{n}行") for n in range(60)]
    for path in written(assessment(lines, reasons), tmp_path)[:-1]:
        for row in table(path, "待核"):
            assert row["填写内容"].value == f"第{row['行号'].value - 5}行"


def test_an_empty_run_writes_a_summary_alone(tmp_path):
    (path,) = written(assessment([]), tmp_path)
    assert path.name == "汇总-批次3.xlsx"
    assert openpyxl.load_workbook(io.BytesIO(path.read_bytes()))["总览"]
