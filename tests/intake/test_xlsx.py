"""What calamine does not show of an xlsx: errors, formulas without a value, hidden rows and sheets, 1904, numbers."""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile

import openpyxl
import pytest
from tests.intake.helpers import HEADER, LI, WANG, keys, kinds, only, read, rows, saved, texts, workbook

from trainingcli.intake.formats.cell_kinds import Kind

DATES = ["姓名", "身份证号", "开班日期", "补贴金额"]


def edited(data: bytes, part: str, change) -> bytes:
    """Return the workbook with one part's text changed."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for info in old.infolist():
            content = old.read(info)
            new.writestr(info.filename, change(content.decode()).encode() if info.filename == part else content)
    return target.getvalue()


SHEET = "xl/worksheets/sheet1.xml"


@pytest.mark.parametrize(
    ("value", "text", "kind"),
    [
        (300, "300", Kind.NUMBER),
        (300.5, "300.5", Kind.NUMBER),
        (0.03, "0.03", Kind.NUMBER),
        (0.1 + 0.2, "0.3", Kind.NUMBER),
        (1e-7, "0.0000001", Kind.NUMBER),
        (-12, "-12", Kind.NUMBER),
        (123456789012, "123456789012", Kind.NUMBER),
        ("300", "300", Kind.TEXT),
        (True, "TRUE", Kind.BOOLEAN),
        (dt.date(2020, 7, 1), "2020-07-01", Kind.DATE),
        (dt.datetime(2020, 7, 1, 8, 30), "2020-07-01T08:30:00", Kind.DATE),
        (dt.time(8, 30), "08:30:00", Kind.TEXT),
        (dt.timedelta(hours=30), "30:00:00", Kind.TEXT),
        ("#N/A", "#N/A", Kind.ERROR),
        ("#DIV/0!", "#DIV/0!", Kind.ERROR),
        ("=1+1", None, Kind.NO_VALUE),
        (None, None, Kind.EMPTY),
    ],
)
def test_a_cell_is_a_text_and_a_kind(value, text, kind):
    sheet = only(workbook([DATES, ["王一", "140105199001011234", "2020-07-01", value], ["李二", "2", "x", "y"]]))
    assert texts(sheet, "claimed") == [text, "y"]
    assert kinds(sheet, "claimed") == [kind, Kind.TEXT]


def test_a_number_of_eighteen_digits_keeps_all_it_has():
    sheet = only(workbook([HEADER, [1, "王一", 140105199001011234, "焊工", "中级"]]))
    assert texts(sheet, "id_number")[0].startswith("14010519900101")
    assert len(texts(sheet, "id_number")[0]) == 18
    assert kinds(sheet, "id_number") == [Kind.NUMBER]


def test_a_number_in_a_date_column_stays_a_number():
    sheet = only(workbook([DATES, ["王一", "1", 44013, 300]]))
    assert texts(sheet, "start_date") == ["44013"]
    assert kinds(sheet, "start_date") == [Kind.NUMBER]


@pytest.mark.parametrize("literal", ["1e400", "NaN", "inf"])
def test_a_number_that_is_none_is_an_error_or_refused(literal):
    data = edited(
        workbook([DATES, ["王一", "1", "x", 300]]), SHEET, lambda xml: xml.replace("<v>300</v>", f"<v>{literal}</v>")
    )
    found = read(data)
    assert found.error is not None or kinds(found.sheets[0], "claimed") == [Kind.ERROR]


def test_a_text_that_says_an_error_is_one():
    data = workbook([DATES, ["王一", "1", "x", "MISTAKE"]])
    assert kinds(only(edited(data, SHEET, lambda xml: xml.replace("MISTAKE", "#N/A"))), "claimed") == [Kind.ERROR]


def test_a_formula_with_a_cached_value_is_its_value():
    data = workbook([DATES, ["王一", "1", "x", "=100*3"]])
    data = edited(
        data, SHEET, lambda xml: re.sub(r"<f>100\*3</f><v\s*/>|<f>100\*3</f><v></v>", "<f>100*3</f><v>300</v>", xml)
    )
    assert texts(only(data), "claimed") == ["300"]


def test_a_formula_whose_cached_text_is_empty_is_empty():
    data = workbook([DATES, ["王一", "1", "x", '=""']])
    data = edited(
        data, SHEET, lambda xml: re.sub(r'<c r="D2"[^>]*>.*?</c>', '<c r="D2" t="str"><f>""</f><v></v></c>', xml)
    )
    assert kinds(only(data), "claimed") == [Kind.EMPTY]


def test_errors_and_formulas_are_found_in_every_row_of_a_large_sheet():
    people = [
        [f"王{n}", f"{n:018}", "x", "#REF!" if n % 1000 == 7 else "=A1" if n % 1000 == 8 else n] for n in range(1, 9001)
    ]
    sheet = only(workbook([DATES, *people]))
    found = kinds(sheet, "claimed")
    assert [n for n, kind in zip(rows(sheet), found, strict=True) if kind == Kind.ERROR] == [
        n * 1000 + 8 for n in range(9)
    ]
    assert [n for n, kind in zip(rows(sheet), found, strict=True) if kind == Kind.NO_VALUE] == [
        n * 1000 + 9 for n in range(9)
    ]


def test_a_sheet_that_ends_with_an_error_counts_that_row():
    sheet = only(workbook([HEADER, WANG, [None, "#N/A", None, None, None]]))
    assert rows(sheet) == [2, 3]
    assert kinds(sheet, "name")[1] == Kind.ERROR


def test_hidden_rows_are_read_and_said():
    def hide(sheet):
        sheet.row_dimensions[3].hidden = True

    found = read(workbook([HEADER, WANG, LI], change=hide))
    assert rows(found.sheets[0]) == [2, 3]
    assert found.sheets[0].hidden_rows == 1
    assert len(found.warnings) == 1


@pytest.mark.parametrize("state", ["hidden", "veryHidden"])
def test_hidden_sheets_are_named_not_read(state):
    book = openpyxl.Workbook()
    for row in (HEADER, WANG):
        book.active.append(row)
    other = book.create_sheet("藏")
    other.append(HEADER)
    other.sheet_state = state
    book.create_chartsheet("图")
    found = read(saved(book))
    assert len(found.sheets) == 1
    assert [name for name, _ in found.not_read] == ["藏", "图"]


def test_dates_from_1904():
    book = openpyxl.Workbook()
    book.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904
    for row in (DATES, ["王一", "1", dt.date(2020, 7, 1), 300], ["李二", "2", 42551, 300]):
        book.active.append(row)
    sheet = only(saved(book))
    assert sheet.date1904
    assert texts(sheet, "start_date") == ["2020-07-01", "42551"]


def test_a_style_at_the_last_row_is_honest_and_costs_nothing():
    def style(sheet):
        sheet["XFD1048576"].font = openpyxl.styles.Font(bold=True)
        sheet["A1048576"].font = openpyxl.styles.Font(bold=True)

    sheet = only(workbook([HEADER, WANG, LI], change=style))
    assert rows(sheet) == [2, 3]
    assert sheet.total == 3


def test_a_value_at_the_last_row_is_refused_by_its_row():
    def far(sheet):
        sheet["A1048576"] = "x"

    error = read(workbook([HEADER, WANG], change=far)).error
    assert error is not None
    assert "1048576" in error.zh
    assert "1048576" in error.en


def test_names_with_rare_characters_and_spaces_are_kept():
    names = ["𠀀王", "\ue000", "阿卜杜·热", " 王 一 "]
    sheet = only(workbook([HEADER, *[[1, name, "140105199001011234", "焊工", "x"] for name in names]]))
    assert texts(sheet, "name") == names


def prefixed(xml: str) -> str:
    xml = re.sub(r"<(/?)([A-Za-z])", r"<\1x:\2", xml)
    return xml.replace("xmlns=", "xmlns:x=")


def without_references(xml: str) -> str:
    return re.sub(r'<(row|c) r="[A-Z0-9]+"', r"<\1", xml)


def single_quotes(xml: str) -> str:
    head, body = xml.split("<sheetData>")
    return head + "<sheetData>" + body.replace('"', "'")


@pytest.mark.parametrize("rewrite", [prefixed, without_references, single_quotes])
def test_other_ways_to_write_the_same_sheet(rewrite):
    plain = workbook([DATES, ["王一", "1", "#N/A", 300], ["李二", "2", "=A1", 200]])
    data = edited(plain, SHEET, rewrite)
    assert read(data).error is None, read(data).error
    assert kinds(only(data), "start_date") == [Kind.ERROR, Kind.NO_VALUE]
    assert texts(only(data), "claimed") == ["300", "200"]
    assert keys(only(data)) == keys(only(plain))


def test_people_listed_side_by_side_are_said():
    found = read(workbook([["姓名", "身份证号", "工种", "姓名", "身份证号"], ["王一", "1", "焊工", "李二", "2"]]))
    assert any("D" in warning.zh for warning in found.warnings)
