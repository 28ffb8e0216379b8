"""`template`: a blank roster that reads back as it was filled in; private, and never over another file by accident."""

from __future__ import annotations

import datetime as dt
import json
import stat

import openpyxl
import pytest

from cli.program import TODAY, run
from support.people import id_number
from trainingcli.policy import load_policy
from trainingcli.vocabulary import canonical_headings

PROGRAMMES = list(load_policy().programmes)
NEEDED = {  # reading 5.7: n, c, what else is asked for of some rows; the account of who is paid; name and ID number
    "enterprise-training": {"人员类别", "培训类型", "职业(工种)", "开班日期"},
    "vocational-training": {"人员类别", "职业(工种)", "开班日期", "就业创业证号", "证书编号", "发证日期"},
    "living-allowance": {"困难类型", "开班日期", "结业日期", "银行账号"},
    "certificate": {"职业(工种)", "等级", "证书类型", "证书编号", "发证日期"},
    "technician": {"人员类别", "职业(工种)", "等级", "证书类型", "证书编号", "发证日期"},
}
FILLED = {
    "姓名": "王一", "身份证号": id_number(21), "性别": "男", "联系电话": "13800001234", "工作单位": "太原市示范厂",
    "班级编号": "001", "人员类别": "企业职工", "困难类型": "城乡低保家庭", "就业创业证号": "0001401000012345",
    "培训类型": "岗前培训", "职业(工种)": "焊工", "等级": "高级工", "开班日期": dt.date(2020, 3, 2),
    "结业日期": dt.date(2020, 3, 11), "培训天数": 8, "证书类型": "职业技能等级证书", "证书编号": "00123456789012345",
    "发证日期": dt.date(2020, 4, 1), "评价机构": "太原市示范鉴定所", "申报金额": None, "开户银行": "示范银行",
    "银行账号": "6222020000000001234", "是否就业": "是",
}  # fmt: skip
PAID = {
    "enterprise-training": ("300.00", {}),
    "vocational-training": ("1000.00", {"人员类别": "残疾人", "申报金额": 1000}),
    "living-allowance": ("120.00", {}),
    "certificate": ("600.00", {}),
    "technician": ("2000.00", {"等级": "技师", "证书类型": "职业资格证书"}),
}


def written(path, *arguments):
    done = run("template", path, *arguments)
    assert done.exit_code == 0, done.output
    return openpyxl.load_workbook(path)


def headings(sheet):
    return [cell.value for cell in sheet[4]]


def fill(path, book, **cells):
    """Fill in one row as a clerk would, and the line 填报单位."""
    sheet = book["花名册"]
    sheet["C2"] = "太原市示范学校"
    values = FILLED | cells
    for place, heading in enumerate(headings(sheet), 1):
        value = values.get(heading.rstrip("*"))
        if value is not None:
            sheet.cell(5, place).value = value
    book.save(path)


def claims(path, tmp_path):
    places = ("--out", tmp_path / "out", "--ledger", tmp_path / "none")
    done = run("claims", path, "--today", TODAY, *places, "--format", "json", "--unmask")
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout)


def test_the_headings_are_the_contract_s_and_every_key_has_its_column(tmp_path):
    first = {words[0] for words in canonical_headings().values()} | {"序号"}
    found = {heading.rstrip("*") for heading in headings(written(tmp_path / "a.xlsx")["花名册"])}
    assert found <= first
    # the institution stands in the line 填报单位, a range is two columns, and an amount is claimed, not a standard
    assert first - found == {"培训机构", "培训起止时间", "补贴标准"}


@pytest.mark.parametrize("code", PROGRAMMES)
def test_what_a_programme_needs_is_marked(code, tmp_path):
    sheet = written(tmp_path / "a.xlsx", "--programme", code)["花名册"]
    marked = {heading.rstrip("*") for heading in headings(sheet) if heading.endswith("*")}
    assert marked == NEEDED[code] | {"姓名", "身份证号"}
    assert load_policy().programmes[code].name.zh in sheet["A1"].value


@pytest.mark.parametrize("code", PROGRAMMES)
def test_filled_in_it_is_read_and_paid(code, tmp_path):
    amount, cells = PAID[code]
    path = tmp_path / "roster.xlsx"
    fill(path, written(path, "--programme", code), **cells)
    found = claims(path, tmp_path)
    assert [(line["programme"], line["row"], line["status"], line["approved"]) for line in found["lines"]] == [
        (code, 5, "approved", amount)
    ]
    assert found["lines"][0]["id_number"] == FILLED["身份证号"]


def test_the_general_one_takes_several_programmes_and_every_column(tmp_path):
    path = tmp_path / "roster.xlsx"
    fill(path, written(path), 补贴项目="企业职工培训补贴、生活费补贴、取证补贴")
    found = claims(path, tmp_path)
    assert {line["programme"]: line["approved"] for line in found["lines"]} == {
        "enterprise-training": "300.00",
        "living-allowance": "120.00",
        "certificate": "600.00",
    }
    assert found["lines"][-1]["payee"] == "太原市示范学校"
    sheets = found["inputs"][0]["sheets"]
    assert [(sheet["sheet"], sheet["header_row"], sheet["rows"]) for sheet in sheets] == [("花名册", 4, 1)]


def test_the_instructions_are_skipped_as_having_no_header(tmp_path):
    path = tmp_path / "roster.xlsx"
    fill(path, written(path), 补贴项目="取证补贴")
    found = claims(path, tmp_path)
    assert [entry["sheet"] for entry in found["inputs"][0]["not_read"]] == ["填表说明"]


def test_leading_zeros_of_numbers_survive(tmp_path):
    path = tmp_path / "roster.xlsx"
    fill(path, written(path), 补贴项目="取证补贴")
    ledger = tmp_path / "none"
    done = run("explain", path, "--row", 5, "--today", TODAY, "--ledger", ledger, "--format", "json", "--unmask")
    read = {cell["field"]: cell["read_as"] for cell in json.loads(done.stdout)["cells"]}
    assert read["certificate_no"] == "00123456789012345"
    assert read["employment_card"] == "0001401000012345"
    assert read["account"] == "6222020000000001234"
    assert read["class_no"] == "001"


def test_numbers_are_text_columns_dates_date_columns_and_choices_drop_downs(tmp_path):
    sheet = written(tmp_path / "a.xlsx")["花名册"]
    place = {heading.rstrip("*"): number for number, heading in enumerate(headings(sheet), 1)}
    for heading in ("身份证号", "联系电话", "银行账号", "证书编号", "就业创业证号"):
        assert sheet.cell(5, place[heading]).number_format == "@"
    for heading in ("开班日期", "结业日期", "发证日期"):
        assert sheet.cell(5, place[heading]).number_format == "yyyy-mm-dd"
    rules = {str(rule.sqref).split(":")[0].rstrip("0123456789"): rule for rule in sheet.data_validations.dataValidation}
    letter = {heading: sheet.cell(5, number).column_letter for heading, number in place.items()}
    for heading in ("人员类别", "等级", "培训类型", "困难类型", "证书类型", "性别", "补贴项目"):
        assert rules[letter[heading]].type == "list", heading
    assert "两后生" in rules[letter["人员类别"]].formula1
    assert all(rules[letter[heading]].prompt for heading in place.keys() - {"序号"}), "each column has a note"
    assert all(area.max_row >= 500 for rule in rules.values() for area in rule.sqref.ranges)


def test_each_drop_down_is_known_to_the_program(tmp_path):
    from trainingcli.reports.workbooks.roster_template import columns_of
    from trainingcli.vocabulary import load_vocabulary

    words = load_vocabulary({}).values
    for column in columns_of(load_policy(), None):
        if column.key in words:
            assert set(column.choices) <= set(words[column.key].values()), column.key
            assert column.choices


def test_the_workbook_is_the_owner_s_alone_and_nothing_else_is_left(tmp_path):
    written(tmp_path / "a.xlsx")
    assert stat.S_IMODE((tmp_path / "a.xlsx").stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["a.xlsx"]


def test_a_file_that_is_there_is_left_unless_forced(tmp_path):
    path = tmp_path / "a.xlsx"
    path.write_text("mine")
    done = run("template", path)
    assert done.exit_code == 5
    assert "--force" in done.stderr
    assert path.read_text() == "mine"
    written(path, "--force")


def test_wrong_names_and_places_are_said(tmp_path):
    assert run("template", tmp_path / "a.csv").exit_code == 2
    assert run("template", tmp_path / "a.xlsx", "--programme", "lunch").exit_code == 2
    assert run("template", tmp_path / "none" / "a.xlsx").exit_code == 5
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("code", [None, *PROGRAMMES])
def test_what_is_needed_stands_first_and_is_printed_and_the_rest_is_folded(code, tmp_path):
    sheet = written(tmp_path / "a.xlsx", *([] if code is None else ["--programme", code]))["花名册"]
    names = headings(sheet)
    printed = sheet.print_area.split(":")[1].replace("$", "").rstrip("0123456789")
    last = next(cell.column for cell in sheet[4] if cell.column_letter == printed)
    assert names[:3] == ["序号", "姓名*", "身份证号*"]
    assert all(name.endswith("*") for name in names[:last] if name not in ("序号", "申报金额", "工作单位"))
    assert not any(name.endswith("*") for name in names[last:])
    folded = {}
    for group in sheet.column_dimensions.values():  # openpyxl keeps like columns together
        folded |= dict.fromkeys(range(group.min, group.max + 1), group.hidden)
    assert [bool(folded.get(number)) for number in range(1, len(names) + 1)] == [
        number > last for number in range(1, len(names) + 1)
    ]
    width = sum(
        next(g.width for g in sheet.column_dimensions.values() if g.min <= n <= g.max) for n in range(1, last + 1)
    )
    millimetres = width * 7 / 96 * 25.4  # seven points of a screen a character
    assert 10 * min(1, 276 / millimetres) >= 8, "A4 across, 8 pt"


def test_it_can_be_sealed_and_a_school_without_this_program_knows_what_to_do(tmp_path):
    book = written(tmp_path / "a.xlsx")
    above = " ".join(str(cell.value) for row in book["花名册"]["A1:Z3"] for cell in row if cell.value)
    assert "盖章" in above
    assert "承诺" in above
    said = "\n".join(str(cell.value) for row in book["填表说明"].rows for cell in row if cell.value)
    assert "Excel 或 WPS" in said
    assert "trainingcli" not in said
