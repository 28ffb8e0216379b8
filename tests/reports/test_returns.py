"""Return workbooks: as the institution's own looked, marked, and read like the original when they are sent back."""

import csv
import datetime as dt
import hashlib
import io
import itertools
import os
import re
import stat
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.comments import Comment
from openpyxl.styles import Font, PatternFill
from openpyxl.worksheet.datavalidation import DataValidation

from reports.builder import assessment, line, reason
from trainingcli import stamp
from trainingcli.errors import InputError
from trainingcli.facts import RETURN_SHEET
from trainingcli.intake.tables.read_input import read_one
from trainingcli.reports.returned import marks, returns
from trainingcli.reports.returned.return_task import RowFinding
from trainingcli.reports.returned.write_return import try_return
from trainingcli.reports.returned.xml_form import Unusual
from trainingcli.reports.workbooks.outputs import commit, plan_returns
from trainingcli.vocabulary import heading_of, load_vocabulary

VOCABULARY = load_vocabulary({"取证补贴": "certificate", "生活费补贴": "living-allowance"})
HEADINGS = ["序号", "学员姓名", "身份证号", "培训工种", "等级", "开班日期", "取证补贴(元)", "备注"]
PEOPLE: list[list[Any]] = [
    [1, "王小明", "140105198501011236", "电工", "中级工", dt.datetime(2020, 7, 1), 300, "=1+1"],
    [2, "艾力·麦麦提", 140105198501011236, "焊工", "初级工", "2020年7月1日", "=G5*2", None],
    [3, "<b>李四</b>", "14010519850101123X", "育婴员", "高级工", 44013, 600.5, "#N/A 是备注"],
]


def make_roster(path: Path) -> Path:
    """A roster with all that openpyxl must keep: title, merges, styles, widths, formulas with results, notes."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "取证 花名册"
    sheet.merge_cells("A1:H1")
    sheet["A1"] = "取证补贴申报表"
    sheet["A1"].font = Font(name="黑体", size=18, bold=True)
    sheet["A2"] = "填报单位：太原市第一技工学校"
    for column, heading in enumerate(HEADINGS, 1):
        cell = sheet.cell(4, column, heading)
        cell.font, cell.fill = Font(bold=True), PatternFill("solid", fgColor="FFDDEBF7")
    for row, person in enumerate(PEOPLE, 5):
        for column, value in enumerate(person, 1):
            cell = sheet.cell(row, column, value)
            if column in (2, 8) and isinstance(value, str):
                cell.data_type = "s"
    sheet["F5"].number_format = "yyyy/m/d"
    sheet["E5"].comment = Comment("学校自己的批注", "学校")
    sheet["A9"] = "合计"
    sheet["G9"] = "=SUM(G5:G7)"
    sheet.column_dimensions["C"].width = 33
    sheet.column_dimensions.group("H", "Z", hidden=False)
    sheet.freeze_panes = "C5"
    sheet.add_data_validation(DataValidation(type="list", formula1='"初级工,中级工"', sqref="E5:E9"))
    book.create_sheet("字典").sheet_state = "hidden"
    book.save(path)
    _put_results(path, {"G6": "600", "G9": "1500.5"})
    return path


def _put_results(path: Path, results: dict[str, str]) -> None:
    """Give formulas results, as the program that wrote them does."""
    with zipfile.ZipFile(path) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    sheet = parts["xl/worksheets/sheet1.xml"].decode()
    for cell, value in results.items():
        before, rest = sheet.split(f'<c r="{cell}"', 1)
        sheet = f'{before}<c r="{cell}"{re.sub("<v ?/>|<v></v>", f"<v>{value}</v>", rest, count=1)}'
    parts["xl/worksheets/sheet1.xml"] = sheet.encode()
    with zipfile.ZipFile(path, "w") as package:
        for name, data in parts.items():
            package.writestr(name, data)


def without_stamp(data):
    """The workbook as if another had written it: what nobody mended is not read otherwise."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(target, "w") as out:
        for name in source.namelist():
            if name != stamp.PART:
                out.writestr(name, source.read(name))
    return target.getvalue()


def read(path):
    data = path.read_bytes()
    item = read_one(str(path), without_stamp(data) if data.startswith(b"PK") else None, VOCABULARY, None)
    item.sha256 = hashlib.sha256(data).hexdigest()
    for table in item.sheets:
        table.cells = table.cells.table()
    return item


def assessed(path, *, findings=None):
    """An assessment of the roster: row 5 held for its level, row 6 rejected, row 7 fine."""
    item = read(path)
    assert item.error is None
    sheet = item.sheets[0].sheet
    lines = [
        line(file=str(path), sheet=sheet, row=5, status="held", approved=0),
        line(file=str(path), sheet=sheet, row=6, status="rejected", approved=0),
        line(file=str(path), sheet=sheet, row=6, status="rejected", approved=0, programme="living-allowance"),
        line(file=str(path), sheet=sheet, row=7),
    ]
    reasons = [
        reason(0, "NO_STANDARD", cell="E5", zh="等级“中级工”没有标准。"),
        reason(1, "ID_CHECKSUM", cell="C6", zh="身份证号是数字。"),
        reason(1, "MISSING_FIELD", cell=None, zh="=没有证书。"),
        reason(2, "ID_CHECKSUM", cell="C6", zh="身份证号是数字。"),
    ]  # fmt: skip
    return assessment(lines, reasons if findings is None else findings, inputs=[item])


def write(output):
    failure = try_return(output.task, output.temporary, output.path)
    if failure is not None:
        raise failure


def returned(tmp_path, source, found=None):
    (output,) = plan_returns(found or assessed(source), tmp_path / "out")
    write(output)
    commit([output])
    return output.path


def people(item):
    """What intake reads of people: by roster key, texts and kinds of each row."""
    tables = []
    for table in item.sheets:
        cells = table.cells
        columns = {
            column.key: list(zip(cells[f"t{n}"].to_pylist(), cells[f"k{n}"].to_pylist(), strict=True))
            for n, column in enumerate(table.columns)
        }
        tables.append(
            (table.sheet, table.header_row, cells["row"].to_pylist(), columns, dict(table.titles), table.footer)
        )
    return tables


# ---- kept as it looked


def test_it_reads_like_the_original(tmp_path):
    source = make_roster(tmp_path / "取证补贴.xlsx")
    again = read(returned(tmp_path, source))
    assert people(again) == people(read(source))
    assert people(again)[0][2] == [5, 6, 7]
    assert [name for name, _ in again.not_read] == ["退回说明"]


def test_mended_and_sent_back_twice_it_is_marked_anew(tmp_path):
    first = returned(tmp_path, make_roster(tmp_path / "a.xlsx"))
    book = openpyxl.load_workbook(first)
    book.active["C6"] = "140105198501011236"
    book.active["C6"].data_type = "s"
    book.save(first)
    found = assessed(first, findings=[reason(0, "NO_STANDARD", cell="E5", zh="仍无标准。")])
    second = openpyxl.load_workbook(returned(tmp_path, first, found))
    sheet = second["取证 花名册"]
    assert second.sheetnames == ["取证 花名册", "退回说明"]
    assert [cell.value for cell in sheet[4]][-1] == "退回原因"
    assert sheet.max_column == len(HEADINGS) + 1
    assert sheet["I6"].value is None
    assert sheet["C6"].comment is None
    assert sheet["C6"].fill.fill_type is None
    assert "仍无标准" in sheet["I5"].value
    assert sheet["E5"].comment.text.startswith("学校自己的批注\n【核定】\n仍无标准。")
    assert "没有标准" not in sheet["E5"].comment.text.replace("仍无标准", "")


def test_a_mended_return_says_nothing_of_the_sheet_that_the_program_added(tmp_path):
    path = returned(tmp_path, make_roster(tmp_path / "取证补贴.xlsx"))
    book = openpyxl.load_workbook(path)
    book.worksheets[0]["B5"] = "王小明二"
    for name in ("退回说明", "备用"):
        if name not in book.sheetnames:
            book.create_sheet(name)
    mended = tmp_path / "改好.xlsx"
    book.save(mended)
    found = read_one(str(mended), None, VOCABULARY, None)
    assert found.error is None
    assert [name for name, _ in found.not_read] == ["备用"]


def test_it_looks_as_it_did(tmp_path):
    source = make_roster(tmp_path / "a.xlsx")
    before = openpyxl.load_workbook(source, data_only=True).active
    after = openpyxl.load_workbook(returned(tmp_path, source)).active
    assert after.freeze_panes == before.freeze_panes
    assert {str(found) for found in before.merged_cells.ranges} == {str(found) for found in after.merged_cells.ranges}
    assert after.column_dimensions["C"].width == 33
    assert after.data_validations.dataValidation[0].sqref == before.data_validations.dataValidation[0].sqref
    marked = {"E5", "C6"}
    for row in before.iter_rows():
        for cell in row:
            other = after[cell.coordinate]
            assert (other.value, other.data_type, other.number_format) == (
                cell.value,
                cell.data_type,
                cell.number_format,
            )
            assert repr(other.font) == repr(cell.font)
            if cell.coordinate not in marked:
                assert repr(other.fill) == repr(cell.fill)


def test_faulty_cells_are_coloured_and_commented_and_rows_have_reasons(tmp_path):
    sheet = openpyxl.load_workbook(returned(tmp_path, make_roster(tmp_path / "a.xlsx"))).active
    held, rejected = sheet["E5"], sheet["C6"]
    assert held.fill.fgColor.rgb != rejected.fill.fgColor.rgb
    assert held.fill.fill_type == rejected.fill.fill_type == "solid"
    assert held.comment.text.startswith("学校自己的批注\n【核定】\n等级“中级工”没有标准。")
    assert rejected.comment.text.count("身份证号是数字。") == 1
    assert sheet["I4"].value == "退回原因"
    assert sheet["I5"].value.startswith("待核：等级“中级工”没有标准。")
    assert sheet["I6"].value.count("身份证号是数字。") == 1
    assert sheet["I6"].value.startswith("1. 不予补贴：")
    assert "=没有证书。" in sheet["I6"].value
    assert sheet["I7"].value is None
    assert sheet.column_dimensions["I"].width == marks.REASON_WIDTH


def test_the_sheet_of_what_to_do_lists_each_finding_and_leads_to_its_cell(tmp_path):
    sheet = openpyxl.load_workbook(returned(tmp_path, make_roster(tmp_path / "a.xlsx")))["退回说明"]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert [row[:4] for row in rows[-3:]] == [
        ["取证 花名册", "E5", "待核", "等级“中级工”没有标准。"],
        ["取证 花名册", "C6", "不予补贴", "身份证号是数字。"],
        ["取证 花名册", "第 6 行", "不予补贴", "=没有证书。"],
    ]
    assert sheet.cell(len(rows) - 2, 2).hyperlink.location == "'取证 花名册'!E5"
    assert sheet.cell(len(rows), 4).data_type == "s"


def test_no_heading_of_ours_is_a_heading_of_the_contract():
    ours = [*marks.REASON_HEADING, *RETURN_SHEET]
    rows = marks.instructions([RowFinding("s", 1, "A1", "hold", "m", "r")], [])
    ours += [text for row in rows for text in row]
    assert not {heading_of(text) for text in ours} & set(VOCABULARY.headings)
    assert not any(name in text for text in ours for name in VOCABULARY.programmes)


def test_column_ranges_are_parted_and_not_overlapped(tmp_path):
    path = returned(tmp_path, make_roster(tmp_path / "a.xlsx"))
    dimensions = openpyxl.load_workbook(path).active.column_dimensions.values()
    ranges = sorted((found.min, found.max) for found in dimensions)
    assert all(this[1] < following[0] for this, following in itertools.pairwise(ranges))


def test_a_fault_inside_a_merged_range_marks_the_cell_that_shows_it(tmp_path):
    source = make_roster(tmp_path / "a.xlsx")
    book = openpyxl.load_workbook(source)
    book.active.merge_cells("D5:D6")
    book.save(source)
    found = assessed(source, findings=[reason(1, "MISSING_FIELD", cell="D6", zh="合并。")])
    sheet = openpyxl.load_workbook(returned(tmp_path, source, found)).active
    assert sheet["D5"].comment.text.startswith("【核定】\n合并。")


# ---- what openpyxl cannot keep


def make_csv(path: Path) -> Path:
    with path.open("w", encoding="gb18030", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerows([["取证补贴申报表"], ["填报单位：太原市第一技工学校"], [], HEADINGS])
        for person in PEOPLE:
            writer.writerow([str(value) if value is not None else "" for value in person])
    return path


def test_a_csv_comes_back_as_a_workbook_with_the_same_cells(tmp_path):
    source = make_csv(tmp_path / "取证补贴.csv")
    target = returned(tmp_path, source)
    before, after = read(source), read(target)
    assert [table[1:] for table in people(after)] == [table[1:] for table in people(before)]
    sheet = openpyxl.load_workbook(target).worksheets[0]
    assert [cell.value for cell in sheet[4]] == [*HEADINGS, "退回原因"]
    assert sheet["C6"].comment.text.startswith("【核定】\n身份证号是数字。")
    assert sheet["C6"].fill.fill_type == "solid"
    assert (sheet["H5"].value, sheet["H5"].data_type) == ("=1+1", "s")
    assert (sheet["H7"].value, sheet["H7"].data_type) == ("#N/A 是备注", "s")
    assert sheet["I5"].value.startswith("待核：")


def test_a_workbook_too_large_to_reopen_comes_back_as_a_fresh_one(tmp_path, monkeypatch):
    monkeypatch.setattr(returns, "_MOST_CELLS", 1)
    source = make_roster(tmp_path / "a.xlsx")
    target = returned(tmp_path, source)
    assert people(read(target)) == people(read(source))
    sheet = openpyxl.load_workbook(target).worksheets[0]
    assert {str(found) for found in sheet.merged_cells.ranges} == {"A1:H1"}
    assert sheet["F5"].value == dt.datetime(2020, 7, 1)


def test_a_workbook_that_cannot_be_marked_comes_back_all_the_same(tmp_path, monkeypatch):
    source = make_roster(tmp_path / "a.xlsx")

    def trip(*_):
        raise Unusual

    found = assessed(source)
    monkeypatch.setattr("trainingcli.reports.returned.marked_copy.LookTable", trip)
    target = returned(tmp_path, source, found)
    monkeypatch.undo()
    assert people(read(target)) == people(read(source))
    assert openpyxl.load_workbook(target).worksheets[0].column_dimensions["C"].width != 33


def test_a_group_total_over_merged_rows_stays_merged_in_a_fresh_workbook(tmp_path, monkeypatch):
    monkeypatch.setattr(returns, "_MOST_CELLS", 1)
    source = make_roster(tmp_path / "a.xlsx")
    book = openpyxl.load_workbook(source)
    book.active["G6"] = None
    book.active.merge_cells("G5:G7")
    book.save(source)
    assert people(read(returned(tmp_path, source))) == people(read(source))


# ---- which, where, how


def test_planned_returns_have_their_own_folder_names_and_modes(tmp_path):
    one, other = tmp_path / "x" / "取证补贴.xlsx", tmp_path / "y" / "取证补贴.xlsx"
    for path in (one, other):
        path.parent.mkdir()
        make_roster(path)
    first, second = assessed(one), assessed(other)
    second.lines["input"] = second.lines["input"] + 1
    import pandas as pd

    first.inputs.append(second.inputs[0])
    first.lines = pd.concat([first.lines, second.lines], ignore_index=True)
    first.reasons = pd.concat(
        [first.reasons, second.reasons.assign(line=second.reasons["line"] + 4)], ignore_index=True
    )
    first.lines["input"] = first.lines["input"].astype("int32")
    before = os.umask(0)
    try:
        outputs = plan_returns(first, tmp_path / "out")
        for output in outputs:
            write(output)
        commit(outputs)
    finally:
        os.umask(before)
    names = ["取证补贴-退回.xlsx", "取证补贴-2-退回.xlsx"]
    assert [output.path for output in outputs] == [tmp_path / "out" / "退回" / name for name in names]
    assert {stat.S_IMODE(output.path.stat().st_mode) for output in outputs} == {0o600}


def test_nothing_to_mend_nothing_returned(tmp_path):
    source = make_roster(tmp_path / "a.xlsx")
    found = assessed(source, findings=[reason(0, "SHARED_PHONE", cell="E5")])
    assert plan_returns(found, tmp_path / "out") == []
    assert not (tmp_path / "out").exists()


def test_a_file_that_changed_since_it_was_read_is_not_opened(tmp_path):
    source = make_roster(tmp_path / "a.xlsx")
    found = assessed(source)
    source.write_bytes(b"PK other")
    with pytest.raises(InputError):
        returned(tmp_path, source, found)
    assert [path.name for path in tmp_path.rglob("*.xlsx")] == ["a.xlsx"]


def test_standard_input_is_returned_from_its_bytes(tmp_path):
    data = make_roster(tmp_path / "a.xlsx").read_bytes()
    found = assessed(tmp_path / "a.xlsx")
    found.inputs[0].file = "-"
    assert found.inputs[0].sha256 == hashlib.sha256(data).hexdigest()
    (output,) = plan_returns(found, tmp_path / "out", stdin=data)
    write(output)
    commit([output])
    assert people(read(output.path)) == people(read(tmp_path / "a.xlsx"))


def test_the_same_return_twice_is_the_same_grid(tmp_path):
    source = make_roster(tmp_path / "a.xlsx")
    grids = []
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        book = openpyxl.load_workbook(returned(tmp_path / name, source))
        grids.append([[[cell.value for cell in row] for row in sheet.iter_rows()] for sheet in book])
    assert grids[0] == grids[1]


def test_a_wide_sheet_has_the_names_on_each_page_and_a_narrow_one_fits_one(tmp_path):
    source = make_roster(tmp_path / "甲校.xlsx")
    narrow = openpyxl.load_workbook(returned(tmp_path, source))["取证 花名册"]
    assert narrow.page_setup.fitToWidth == 1
    assert narrow.print_title_cols is None
    book = openpyxl.load_workbook(source)
    for letter in "CDEFGH":
        book.active.column_dimensions[letter].width = 40
    book.save(source)
    wide = openpyxl.load_workbook(returned(tmp_path, source))["取证 花名册"]
    assert wide.page_setup.fitToWidth >= 2
    assert wide.print_title_cols == "$A:$B"
    assert wide.page_setup.orientation == "landscape"


def test_an_institution_is_not_told_where_its_file_lies_at_the_bureau(tmp_path):
    from cli.program import TODAY, run
    from cli.program import write as write_rows
    from cli.test_validate import HEADER, TITLE, row

    folder = tmp_path / "来表" / "十二月"
    folder.mkdir(parents=True)
    paid = {"补贴项目": "职业技能培训补贴", "申报金额": 800}
    later = {"开班日期": "2020-06-01", "结业日期": "2020-06-20"}
    roster = write_rows(folder / "甲校.xlsx", [TITLE, HEADER, row(**paid), row(**paid, **later)])
    done = run("claims", roster, "--returns", "--today", TODAY, "--out", tmp_path / "o", "--ledger", tmp_path / "none")
    assert done.exit_code == 0
    sheets = openpyxl.load_workbook(tmp_path / "o" / "退回" / "甲校-退回.xlsx").worksheets
    said = " ".join(str(cell.value) for sheet in sheets for row in sheet.rows for cell in row if cell.value)
    assert "甲校.xlsx" in said
    assert "来表" not in said
