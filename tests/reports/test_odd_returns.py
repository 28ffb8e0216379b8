"""`claims --returns` over odd workbooks (issue 12, B1, C8): each is returned, by a fresh copy or named.

None of them ends the run or takes its memory, and nothing goes back that should not.
TRAININGCLI_ODD_RETURNS: how many workbooks are made (300 in `make odd-returns`).
"""

from __future__ import annotations

import io
import json
import os
import random
import re
import resource
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter
from openpyxl.comments import Comment
from openpyxl.worksheet.datavalidation import DataValidation

from cli.program import TODAY, run
from support.people import id_number

COUNT = int(os.environ.get("TRAININGCLI_ODD_RETURNS", "26"))
SECRET = "13912345678"
HEADINGS = ["姓名", "身份证号", "人员类别", "培训机构", "工种", "等级", "证书类型", "证书编号", "发证日期", "补贴项目"]
Parts = dict[str, bytes]


def plain(number: int, sheet: str = "花名册", *, title: str = "") -> openpyxl.Workbook:
    """Two people: one without fault, one whose date is none."""
    book = openpyxl.Workbook()
    page = book.active
    page.title = sheet
    if title:
        page.append([title])
    page.append(HEADINGS)
    for row, day in enumerate(("2020-08-01", "二〇二〇年秋")):
        page.append([f"学员{number}{row}", id_number(10 * number + row), "退役军人", "甲校", "焊工", "初级工",
                     "职业资格证书", f"A{number}-{row}", day, "取证补贴"])  # fmt: skip
    return book


def saved(book: openpyxl.Workbook) -> Parts:
    target = io.BytesIO()
    book.save(target)
    with zipfile.ZipFile(target) as package:
        return {name: package.read(name) for name in package.namelist()}


def replaced(parts: Parts, name: str, pattern: bytes, new: bytes) -> Parts:
    assert re.search(pattern, parts[name]), (name, pattern)
    return parts | {name: re.sub(pattern, new, parts[name], count=1)}


SHEET, BOOK = "xl/worksheets/sheet1.xml", "xl/workbook.xml"


def no_calculation(number: int) -> Parts:
    return replaced(saved(plain(number)), BOOK, rb"<calcPr[^>]*/>", b"")


def strict(number: int) -> Parts:
    changed = {
        b"http://schemas.openxmlformats.org/spreadsheetml/2006/main": b"http://purl.oclc.org/ooxml/spreadsheetml/main",
        b"http://schemas.openxmlformats.org/officeDocument/2006/relationships":
            b"http://purl.oclc.org/ooxml/officeDocument/relationships",
    }  # fmt: skip
    parts = saved(plain(number))
    for old, new in changed.items():
        parts = {name: data.replace(old, new) for name, data in parts.items()}
    return parts


def named_like_ours(number: int) -> Parts:
    return saved(plain(number, "退回说明"))


def far_cell(number: int) -> Parts:
    parts = saved(plain(number))
    return replaced(parts, SHEET, rb"</sheetData>", b'<row r="1048576"><c r="K1048576" s="0"/></row></sheetData>')


def far_merge(number: int) -> Parts:
    book = plain(number)
    book.active.merged_cells.add("A30:A1048576")
    return saved(book)


def wide_title(number: int) -> Parts:
    book = plain(number, title="取证补贴花名册")
    book.active.merged_cells.add("A1:XFD1")
    return saved(book)


def hidden_bomb(number: int) -> Parts:
    book = plain(number)
    book.create_sheet("库").sheet_state = random.Random(number).choice(["hidden", "veryHidden"])
    parts = saved(book)
    row = b"<row>" + b"<c><v>1</v></c>" * 1000 + b"</row>"
    return replaced(
        parts,
        "xl/worksheets/sheet2.xml",
        rb"<sheetData( ?/|></sheetData)>",
        b"<sheetData>" + row * 4000 + b"</sheetData>",
    )


def hidden_people(number: int) -> Parts:
    book = plain(number)
    page = book.create_sheet("别人")
    page.append([f"别人{SECRET}"])
    page.sheet_state = "veryHidden"
    book.active.add_data_validation(DataValidation(type="list", formula1="别人!$A$1:$A$9", sqref="F2:F9"))
    return saved(book)


def with_macros(number: int) -> Parts:
    parts = saved(plain(number)) | {"xl/vbaProject.bin": b"\xd0\xcf\x11\xe0"}
    kind = b'<Default Extension="bin" ContentType="application/vnd.ms-office.vbaProject"/></Types>'
    return parts | {"[Content_Types].xml": parts["[Content_Types].xml"].replace(b"</Types>", kind)}


def foreign_parts(number: int) -> Parts:
    return saved(plain(number)) | {"customXml/item1.xml": b"<x/>", "xl/ctrlProps/ctrlProp1.xml": b"<x/>",
                                   "xl/threadedComments/threadedComment1.xml": b"<x/>"}  # fmt: skip


def reaching_out(number: int) -> Parts:
    book = plain(number)
    page = book.active
    for row, formula in enumerate(
        ('=WEBSERVICE("http://a.example")', "=cmd|'/c calc'!A1", '=HYPERLINK("http://a.example","x")', "=[1]表!A1"), 2
    ):
        page.cell(row, 12, formula)
    page["M2"].hyperlink = "http://a.example"
    page["E2"].comment = Comment("学校的批注", "学校")
    book.properties.creator, book.properties.lastModifiedBy = f"张三 {SECRET}", SECRET
    book.defined_names["远"] = openpyxl.workbook.defined_name.DefinedName("远", attr_text="[1]表!$A$1")
    return saved(book)


def text_box(number: int) -> Parts:
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True})
    page = book.add_worksheet("花名册")
    for row, values in enumerate(plain(number).active.iter_rows(values_only=True)):
        page.write_row(row, 0, values)
    page.insert_textbox("L3", "说明")
    chart = book.add_chart({"type": "bar"})
    chart.add_series({"values": "=花名册!$A$2:$A$3"})
    page.insert_chart("L9", chart)
    page.data_validation("F2:F9", {"validate": "list", "source": ["初级工"]})
    page.protect()
    page.unprotect_range("A2:B3")
    book.close()
    with zipfile.ZipFile(target) as package:
        return {name: package.read(name) for name in package.namelist()}


def broken_styles(number: int) -> Parts:
    return replaced(saved(plain(number)), "xl/styles.xml", rb"<cellXfs.*?</cellXfs>", b"<cellXfs/>")


ODD: list[Callable[[int], Parts]] = [
    no_calculation, strict, named_like_ours, far_cell, far_merge, wide_title, hidden_bomb, hidden_people, with_macros,
    foreign_parts, reaching_out, text_box, broken_styles,
]  # fmt: skip


def make(folder: Path, count: int) -> list[Path]:
    folder.mkdir()
    paths = []
    for number in range(count):
        kind = ODD[number % len(ODD)]
        paths.append(folder / f"{number:03d}{kind.__name__}.xlsx")
        with zipfile.ZipFile(paths[-1], "w", zipfile.ZIP_DEFLATED) as package:
            for name, data in kind(number).items():
                package.writestr(name, data)
    return paths


@pytest.fixture(scope="module")
def returned(tmp_path_factory):
    """The paths, what the run said, its folder of returns."""
    place = tmp_path_factory.mktemp("odd")
    paths = make(place / "rosters", COUNT)
    done = run("claims", place / "rosters", "--returns", "--out", place / "out", "--ledger", place / "none",
               "--today", TODAY, "--format", "json")  # fmt: skip
    assert done.exit_code in (0, 3), done.stderr
    return paths, json.loads(done.stdout), place / "out" / "退回", done.stderr


def test_each_is_returned_or_named(returned):
    paths, found, folder, _ = returned
    unread = {item["file"] for item in found["inputs"] if item["error"]}
    said = " ".join(found["warnings"])
    for path in paths:
        there = (folder / f"{path.stem}-退回.xlsx").exists()
        assert there or str(path) in unread or path.name in said, path.name
    assert len(unread) <= len(paths) / len(ODD), "at most one kind is no roster"
    assert (folder.parent / "甲校.xlsx").exists()


def test_the_run_takes_little_memory(returned):
    for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN):
        assert resource.getrusage(who).ru_maxrss < 2 * 1024 * 1024  # KiB


def test_what_goes_back_is_marked_and_reads_like_the_original(returned):
    paths, _, folder, _ = returned
    for path in paths:
        target = folder / f"{path.stem}-退回.xlsx"
        if not target.exists():
            continue
        book = openpyxl.load_workbook(target)
        name = "退回说明" if "named_like_ours" in path.name else "花名册"
        page = book[name]
        texts = {cell.value for row in page.iter_rows() for cell in row if cell.value is not None}
        number = int(path.name[:3])
        assert {f"学员{number}0", f"学员{number}1", "退回原因", "二〇二〇年秋"} <= texts, path.name
        assert page.page_setup.orientation == "landscape"
        assert page.sheet_properties.pageSetUpPr.fitToPage


def test_nothing_goes_back_that_reaches_out_or_tells_of_others(returned):
    for path in returned[2].iterdir():
        with zipfile.ZipFile(path) as package:
            parts = {name: package.read(name) for name in package.namelist()}
        whole = b"".join(parts.values())
        assert SECRET.encode() not in whole, path.name
        assert b"a.example" not in b"".join(data for name, data in parts.items() if name.endswith(".rels"))
        assert not [name for name in parts if "externalLink" in name or "vbaProject" in name]
        assert b"hidden" not in parts["xl/workbook.xml"].lower().replace(b'visibility="visible"', b"")
        assert b"<f>" not in b"".join(data for name, data in parts.items() if name.startswith("xl/worksheets/"))
        assert not re.search(rb'fullCalcOnLoad="(1|true)"', parts["xl/workbook.xml"])


LOST = {
    "with_macros": ["宏"], "hidden_people": ["隐藏的工作表", "下拉框"], "text_box": [],
    "reaching_out": ["公式", "超链接"], "foreign_parts": ["窗体控件", "会话批注"], "no_calculation": [],
}  # fmt: skip


def test_what_is_lost_is_listed_and_nothing_else(returned):
    for path in returned[2].iterdir():
        kind = re.sub(r"^\d+|-退回$", "", path.stem)
        if kind not in LOST:
            continue
        book = openpyxl.load_workbook(path)
        note = " ".join(str(row[0].value) for row in book["退回说明"].iter_rows() if "没有保留" in str(row[0].value))
        assert bool(note) == bool(LOST[kind]), (path.name, note)
        assert all(name in note for name in LOST[kind]), (path.name, note)
        assert "图表" not in note


def test_nothing_is_said_that_is_pythons(returned):
    assert "Warning" not in returned[3]
