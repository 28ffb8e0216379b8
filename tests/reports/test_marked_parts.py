"""What of an institution's package goes back in its return, part by part, and what never does."""

from __future__ import annotations

import io
import random
import re
import subprocess
import zipfile
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter
from openxml_audit import OpenXmlValidator

from reports.test_odd_returns import HEADINGS, ODD, SHEET, Parts, plain, saved
from support.people import id_number
from trainingcli.intake.formats.fingerprint import fingerprint
from trainingcli.intake.formats.open_book import open_book
from trainingcli.intake.gate.bounds import DEFAULT
from trainingcli.reports.returned.marked_copy import marked_copy
from trainingcli.reports.returned.return_task import RowFinding

NAME, SECRET = "花名册", "13912345678"
FINDINGS = [
    RowFinding(NAME, 3, "I3", "reject", "不是日期。", "改成 2020-07-01。"),
    RowFinding(NAME, 2, None, "hold", "没有班级一列。", "加一列。"),
]


def packed(parts: Parts) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as package:
        for name, data in parts.items():
            package.writestr(name, data)
    return target.getvalue()


def marked(parts: Parts, *, sheet: str = NAME, row: int = 1) -> bytes:
    findings = [one._replace(sheet=sheet, row=one.row + row - 1, cell=one.cell and f"I{row + 2}") for one in FINDINGS]
    found = marked_copy(packed(parts), {sheet: [row]}, findings, "2021-12-31", {sheet: 1})
    assert found is not None
    copy = packed(found.parts)
    assert found.cells in ("", fingerprint(copy)), "what is known of the cells is what is read of them"
    return copy


def unpacked(data: bytes) -> Parts:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return {name: package.read(name) for name in package.namelist()}


def cells(data: bytes, sheet: str = NAME) -> list[list[object]]:
    """What the reader makes of the roster's own columns, under the header and beside it."""
    (grid,) = [one for one in open_book(data, None, DEFAULT).grids if one.name == sheet]
    return [[cell or "" for cell in row[: len(HEADINGS)]] for row in grid.rows]


def written(book_made: object) -> Parts:
    """The parts of a workbook that xlsxwriter makes; `book_made` fills the roster and what else there is."""
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True})
    page = book.add_worksheet(NAME)
    for row, values in enumerate(plain(3).active.iter_rows(values_only=True)):
        page.write_row(row, 0, values)
    book_made(book, page)
    book.close()
    return unpacked(target.getvalue())


@pytest.mark.parametrize("kind", ODD, ids=lambda kind: kind.__name__)
def test_the_package_is_sound(kind, tmp_path):
    sheet = "退回说明" if kind.__name__ == "named_like_ours" else NAME
    path = tmp_path / "a.xlsx"
    path.write_bytes(marked(kind(3), sheet=sheet, row=2 if kind.__name__ == "wide_title" else 1))
    errors = OpenXmlValidator(strict=False).validate(str(path)).errors
    assert not [error.description for error in errors if "inline-string" not in error.description]


def test_what_stands_beside_the_rows_stays():
    def make(book, page):
        page.insert_textbox("L3", "请填写完整", {"url": "http://a.example"})
        chart = book.add_chart({"type": "bar"})
        chart.add_series({"values": f"={NAME}!$A$2:$A$3"})
        page.insert_chart("L9", chart)
        page.insert_image("L20", "dot.png", {"image_data": io.BytesIO(PIXEL)})
        page.conditional_format("F2:F3", {"type": "text", "criteria": "containing", "value": "初", "format": bold})
        page.data_validation("F2:F9", {"validate": "list", "source": ["初级工"]})
        page.add_table("A1:J3", {"columns": [{"header": heading} for heading in HEADINGS]})
        page.write_rich_string("K2", "常规", bold, "加粗")
        page.protect()
        page.unprotect_range("A2:B3")
        page.write_comment("E2", "学校的批注", {"author": "学校"})

    bold = None

    def with_format(book, page):
        nonlocal bold
        bold = book.add_format({"bold": True})
        make(book, page)

    parts = unpacked(marked(written(with_format)))
    whole = b"".join(parts.values())
    assert b"a.example" not in whole
    assert len([name for name in parts if name.startswith(("xl/charts/", "xl/media/", "xl/tables/"))]) == 3
    sheet, drawing = parts["xl/worksheets/sheet1.xml"].decode(), parts["xl/drawings/drawing1.xml"].decode()
    for element in (
        "conditionalFormatting",
        "dataValidation",
        "protectedRange",
        "tablePart",
        "drawing",
        "sheetProtection",
    ):
        assert f"<{element}" in sheet, element
    assert "请填写完整" in drawing
    assert "<b/>" in parts["xl/sharedStrings.xml"].decode()
    assert "没有保留" not in whole.decode("utf-8", "replace")
    texts = parts["xl/comments1.xml"].decode()
    assert "学校的批注" in texts
    assert "不是日期。" in texts
    book = openpyxl.load_workbook(io.BytesIO(packed(parts)))
    assert len(book[NAME]._charts) == 1
    assert parts["xl/media/image1.png"] == PIXEL


PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c49444154789c63f8cfc000000301010018dd8db0"
    "0000000049454e44ae426082"
)


def test_texts_of_hidden_sheets_and_charts_of_them_do_not_go_back():
    def make(book, page):
        other = book.add_worksheet("别人")
        other.write_row(0, 0, [f"别人{SECRET}", 3])
        other.very_hidden()
        for sheet in ("别人", NAME):
            chart = book.add_chart({"type": "pie"})
            chart.add_series({"values": f"={sheet}!$B$1:$B$2", "categories": f"={sheet}!$A$1:$A$2"})
            page.insert_chart("L9", chart)
        page.conditional_format("A2:A3", {"type": "formula", "criteria": "=别人!$A$1=1"})
        book.define_name("远", "=别人!$A$1")
        book.define_name("近", f"={NAME}!$A$1")

    parts = written(make)
    parts = {name: data.replace(b"<c:v>3</c:v>", f"<c:v>{SECRET}</c:v>".encode()) for name, data in parts.items()}
    found = unpacked(marked(parts))
    whole = b"".join(found.values())
    assert SECRET.encode() not in whole
    assert "别人".encode() not in whole
    assert "近".encode() in found["xl/workbook.xml"]
    assert [name for name in found if name.startswith("xl/charts/")] == ["xl/charts/chart1.xml"]
    note = "隐藏的工作表"
    assert note in found["xl/worksheets/sheet2.xml"].decode()
    assert "图表" in found["xl/worksheets/sheet2.xml"].decode()


# ---- rows in every form


def prefixed(parts: Parts) -> Parts:
    data = re.sub(rb"<(/?)(?=[a-zA-Z])", rb"<\1x:", parts[SHEET])
    return parts | {SHEET: data.replace(b" xmlns=", b" xmlns:x=")}


def commented(parts: Parts) -> Parts:
    return parts | {SHEET: parts[SHEET].replace(b"<row ", b"<!-- <row r='9'> --><row ", 1)}


def without_references(parts: Parts) -> Parts:
    return parts | {SHEET: re.sub(rb'(<(?:row|c)) r="[A-Z0-9]+"', rb"\1", parts[SHEET])}


def with_metadata(parts: Parts) -> Parts:
    return parts | {SHEET: re.sub(rb'(<c r="[EF]\d")', rb'\1 cm="1" vm="2"', parts[SHEET])}


def of_other_spaces(parts: Parts) -> Parts:
    data = parts[SHEET].replace(b"<worksheet ", b'<worksheet xmlns:z="urn:z" ')
    data = data.replace(b"<row ", b'<row z:mark="1" ').replace(b"</row>", b"<z:more><v>1</v></z:more></row>")
    return parts | {SHEET: data.replace(b"</worksheet>", b"<extLst><ext><z:x/></ext></extLst></worksheet>")}


def single_quoted(parts: Parts) -> Parts:
    return parts | {SHEET: re.sub(rb'(<(?:row|c) [^>]*?)r="(\w+)"', rb"\1r='\2'", parts[SHEET])}


def with_formulas(parts: Parts) -> Parts:
    data = re.sub(rb'<c r="A2"[^>]*>.*?</c>', b'<c r="A2" t="str"><f>"a"&amp;"b"</f><v>ab</v></c>', parts[SHEET])
    return parts | {SHEET: data}


FORMS = [prefixed, commented, without_references, with_metadata, of_other_spaces, single_quoted, with_formulas]


def shared(parts_of: openpyxl.Workbook) -> Parts:
    """The same roster with its texts in a part of their own, as most programs write it."""

    def make(book, page):
        for row, values in enumerate(parts_of.active.iter_rows(values_only=True)):
            page.write_row(row, 0, values)

    return written(make)


@pytest.mark.parametrize("seed", range(24))
def test_rows_of_every_form_read_like_the_original(seed):
    chance = random.Random(seed)
    book = plain(seed)
    for row in range(4, 4 + chance.randrange(5)):
        book.active.append([f"学员&<{row}>\n下行", id_number(1000 + row), *["😀 值"] * 6, chance.random() * 1e6, row])
    parts = chance.choice([saved, shared])(book)
    for form in chance.sample(FORMS, chance.randrange(1, 4)):
        parts = form(parts)
    before, after = packed(parts), marked(parts)
    own = len(HEADINGS)
    assert [row[:own] for row in cells(after)] == [row[:own] for row in cells(before)]
    sheet = unpacked(after)[SHEET]
    assert not re.search(rb"<f[ >/]|\b[cv]m=|urn:z|<x:|extLst", sheet)
    assert openpyxl.load_workbook(io.BytesIO(after))[NAME].cell(3, 9).fill.fgColor.rgb == "FFF4B6B6"


# ---- the fingerprint


def test_an_untouched_copy_saved_by_another_program_has_the_same_fingerprint(tmp_path):
    """LibreOffice writes every part anew: shared strings, styles, its own order."""
    office = Path("/usr/bin/soffice")
    if not office.exists():
        pytest.skip("no LibreOffice here")
    data = marked(saved(plain(5)))
    (tmp_path / "a.xlsx").write_bytes(data)
    done = subprocess.run(
        [office, f"-env:UserInstallation=file://{tmp_path}/profile", "--headless", "--convert-to",
         "xlsx:Calc MS Excel 2007 XML", "--outdir", tmp_path / "out", tmp_path / "a.xlsx"],
        capture_output=True, timeout=240, check=False,
    )  # fmt: skip
    assert done.returncode == 0
    again = (tmp_path / "out" / "a.xlsx").read_bytes()
    assert again != data
    assert fingerprint(again) == fingerprint(data)


def test_an_untouched_copy_saved_by_openpyxl_has_the_same_fingerprint():
    data = marked(saved(plain(5)))
    again, changed = io.BytesIO(), io.BytesIO()
    book = openpyxl.load_workbook(io.BytesIO(data))
    book.save(again)
    book[NAME]["A2"] = "另一人"
    book.save(changed)
    assert fingerprint(again.getvalue()) == fingerprint(data)
    assert fingerprint(changed.getvalue()) != fingerprint(data)


SHOWN = [
    ("a", ""), (" a  b ", "@"), ("\u3000", ""), ("&<>\"'", ""), ("_x000D_", ""), ("a\r\nb", ""), ("1", "@"),
    (1, "0.00"), (-2.5, ""), (1e-7, ""), (0.1 + 0.2, ""), (44000, "yyyy-mm-dd"), (44000, 'yyyy"年"m"月"'),
    (44000.25, "yyyy-mm-dd"), (59, "yyyy-mm-dd"), (0.5, "h:mm"), (1.5, "[h]:mm"), (True, ""), (None, "0.00"),
]  # fmt: skip


@pytest.mark.parametrize("seed", range(30))
def test_the_cells_of_a_copy_are_known_without_reading_it(seed):
    """Whatever a cell holds: what is said of it from the parts is what the reader makes of them (`marked` compares)."""
    made = random.Random(seed)

    def fill(book: xlsxwriter.Workbook, page: object) -> None:
        shown = [(value, book.add_format({"num_format": show})) for value, show in made.sample(SHOWN, 3)]
        for row in range(5, 25):
            for column in made.sample(range(12), 6):
                value, look = made.choice(shown)
                if made.random() < 0.1:
                    page.write_formula(row, column, "=1/0", look, made.choice(["#DIV/0!", "text", True]))
                elif made.random() < 0.1:
                    page.write_rich_string(row, column, "a", book.add_format({"bold": True}), "b&c")
                else:
                    page.write(row, column, value, look)

    marked(written(fill))


def test_a_plain_roster_is_not_read_again_for_its_fingerprint():
    assert marked_copy(packed(saved(plain(1))), {NAME: [1]}, FINDINGS, "2021-12-31").cells


# ---- what is not marked as it is


@pytest.mark.parametrize("harm", [b'<!DOCTYPE a [<!ENTITY b "c">]>', b"<broken"])
def test_a_part_that_declares_or_breaks_is_not_taken_over(harm):
    """A worksheet need not end in .xml: the gate then does not look into it, so the copy must."""
    parts = saved(plain(3))
    moved = parts | {"xl/worksheets/sheet1.dat": harm + parts[SHEET].split(b"?>", 1)[-1]}
    del moved[SHEET]
    moved["xl/_rels/workbook.xml.rels"] = parts["xl/_rels/workbook.xml.rels"].replace(b"sheet1.xml", b"sheet1.dat")
    assert marked_copy(packed(moved), {NAME: [1]}, FINDINGS, "2021-12-31") is None
