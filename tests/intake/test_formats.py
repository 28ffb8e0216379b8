"""Every format by its first bytes, never by its name."""

from __future__ import annotations

import io
import struct
import zipfile

import msoffcrypto
import pytest
from msoffcrypto.format.ooxml import OOXMLFile
from tests.intake.binary import ole, xls, xlsb
from tests.intake.helpers import HEADER, LI, WANG, kinds, merged, only, read, rows, texts, workbook

from trainingcli.intake.formats.cell_kinds import Kind

LINES = [["太原市花名册"], HEADER, WANG, LI]
TEXT = "\n".join(",".join(map(str, line)) for line in LINES) + "\n"


def people(sheet):
    return list(zip(rows(sheet), texts(sheet, "name"), texts(sheet, "id_number"), strict=True))


EXPECTED = [(3, "王一", "140105199001011234"), (4, "李二", "140105199002021234")]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "gbk", "gb18030"])
def test_csv_in_every_encoding(encoding):
    found = read(TEXT.encode(encoding))
    assert found.format == "csv"
    assert people(found.sheets[0]) == EXPECTED


@pytest.mark.parametrize("encoding", ["utf-32", "utf-32-le", "utf-32-be"])
def test_csv_in_an_encoding_that_no_spreadsheet_writes_is_no_roster_with_other_rows(encoding):
    found = read(TEXT.encode(encoding))
    assert not found.sheets
    assert found.error is not None


@pytest.mark.parametrize("delimiter", [",", "\t", ";", "|", "，"])
def test_csv_with_every_delimiter(delimiter):
    found = read(TEXT.replace(",", delimiter).encode())
    assert people(found.sheets[0]) == EXPECTED
    assert found.format == ("tsv" if delimiter == "\t" else "csv")


def test_csv_line_breaks_within_a_cell_do_not_shift_rows():
    text = '姓名,身份证号,工种\n王一,1,"焊\n工"\n李二,2,电工\n'
    for ending in ("\n", "\r\n"):
        sheet = only(text.replace("\n", ending).encode())
        assert rows(sheet) == [2, 3]


def test_csv_blank_lines_count_as_rows():
    sheet = only("姓名,身份证号,工种\n\n王一,1,焊工\n\n李二,2,电工\n".encode())
    assert rows(sheet) == [3, 5]
    assert sheet.blank == 2


def test_csv_digits_kept_as_text_and_error_texts():
    sheet = only('姓名,身份证号,工种\n王一,"=""140105199001011234""",#N/A\n李二,2,#2楼\n'.encode())
    assert texts(sheet, "id_number") == ["140105199001011234", "2"]
    assert kinds(sheet, "occupation") == [Kind.ERROR, Kind.TEXT]


@pytest.mark.parametrize(
    "text",
    [
        '姓名,身份证号,工种\n王一,1,"焊工\n李二,2,电工\n张三,3,钳工\n',
        '姓名,身份证号,工种\n王一,1,"焊工\n李二,2,电工\n张三,3,钳工"\n赵四,4,车工\n',
        '姓名,身份证号,工种\n王一,1,"' + "焊工\n" * 40_000,
    ],
)
def test_csv_whose_quotes_swallow_rows_is_refused(text):
    error = read(text.encode()).error
    assert error is not None
    assert "引号" in error.zh


def test_csv_separator_line_of_excel():
    assert rows(only(b"sep=;\n" + "姓名;身份证号;工种\n王一;1;焊工\n".encode())) == [2]


def test_a_million_cells_of_csv_come_whole():
    text = "姓名,身份证号,工种\n" + "".join(f"王{n},{n:018},焊工\n" for n in range(50_000))
    sheet = only(text.encode())
    assert sheet.read == 50_000
    assert texts(sheet, "id_number") == [f"{n:018}" for n in range(50_000)]


def test_html_named_xls_is_read_and_said():
    page = (
        "<html><head><meta charset='gb2312'><style>td{}</style></head><body><table>"
        "<tr><th>姓名<th>身份证号<th>工种</tr>"
        "<tr><td>王&nbsp;一</td><td>140105199001011234</td><td rowspan=2>焊工<br>一</td></tr>"
        "<tr><td>李二</td><td>2</td></tr>"
        "</table><script>var a='<td>x</td>'</script></body></html>"
    )
    found = read(page.encode("gb18030"))
    assert found.format == "html"
    assert len(found.warnings) == 1
    sheet = found.sheets[0]
    assert texts(sheet, "name") == ["王 一", "李二"]
    assert texts(sheet, "occupation") == ["焊工\n一"] * 2
    assert merged(sheet, "occupation") == [True, True]


def test_html_after_declarations_and_errors_in_it():
    rows_html = "<tr><td>姓名<td>身份证号<td>工种<tr><td>王一<td>1<td>#REF!"
    page = f'<?xml version="1.0"?><!-- x --><!DOCTYPE html><html><table>{rows_html}</table>'
    sheet = only(page.encode())
    assert kinds(sheet, "occupation") == [Kind.ERROR]


def test_xls():
    found = read(xls([*LINES, [3, "张三", "3", "#N/A", ("date", 44013.0)]], hidden_rows=[4]))
    assert found.error is None, found.error
    assert found.format == "xls"
    sheet = found.sheets[0]
    assert people(sheet)[:2] == EXPECTED
    assert kinds(sheet, "occupation")[2] == Kind.ERROR
    assert (texts(sheet, "level")[2], kinds(sheet, "level")[2]) == ("2020-07-01", Kind.DATE)
    assert sheet.hidden_rows == 1


def test_an_xls_formula_that_nobody_computed_has_no_value():
    """As programs that compute nothing write it; one that Excel computed to an empty text is empty."""
    header = ["姓名", "身份证号", "补贴金额"]
    lines = [["王一", "1", ("empty formula", 3)], ["李二", "2", ("empty formula", 1)], ["赵三", "3", 300.0]]
    found = read(xls([header, *lines])).sheets[0]
    assert kinds(found, "claimed") == [Kind.NO_VALUE, Kind.EMPTY, Kind.NUMBER]


def test_xls_merges_1904_and_hidden_sheets():
    found = read(
        xls(
            [HEADER, WANG, [2, "李二", "2", None, None]], LINES, merges=[(1, 2, 3, 3)], hidden_sheets=[1], date1904=True
        )
    )
    sheet = found.sheets[0]
    assert texts(sheet, "occupation") == ["焊工", "焊工"]
    assert sheet.date1904
    assert [name for name, _ in found.not_read] == ["表2"]


def test_xlsb():
    found = read(xlsb([*LINES, [3, "张三", "3", "#N/A", 5]], hidden_rows=[4]))
    assert found.error is None, found.error
    assert found.format == "xlsb"
    sheet = found.sheets[0]
    assert people(sheet)[:2] == EXPECTED
    assert kinds(sheet, "occupation")[2] == Kind.ERROR
    assert sheet.hidden_rows == 1


def ods(rows_xml: str, mimetype: str = "application/vnd.oasis.opendocument.spreadsheet") -> bytes:
    names = {"office": "office", "table": "table", "text": "text", "style": "style"}
    spaces = " ".join(f'xmlns:{p}="urn:oasis:names:tc:opendocument:xmlns:{n}:1.0"' for p, n in names.items())
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {spaces} '
        'xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"><office:automatic-styles>'
        '<style:style style:name="h"><style:table-properties table:display="false"/></style:style>'
        "</office:automatic-styles>"
        f"<office:body><office:spreadsheet>{rows_xml}</office:spreadsheet></office:body></office:document-content>"
    )
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", mimetype)
        archive.writestr("content.xml", content)
    return target.getvalue()


def cell(text: object, extra: str = "") -> str:
    return f'<table:table-cell office:value-type="string" {extra}><text:p>{text}</text:p></table:table-cell>'


def row(*cells: object, extra: str = "") -> str:
    return f"<table:table-row {extra}>" + "".join(map(str, cells)) + "</table:table-row>"


def test_ods():
    header = row(*map(cell, ["姓名", "身份证号", "开班日期", "补贴金额", "工种"]))
    end = "</table:table-cell>"
    date = '<table:table-cell office:value-type="date" office:date-value="2020-07-01"><text:p>x</text:p>' + end
    money = '<table:table-cell office:value-type="float" office:value="300"><text:p>300.00</text:p>' + end
    broken = '<table:table-cell table:formula="of:=1/0" calcext:value-type="error"><text:p>#DIV/0!</text:p>' + end
    covered = "<table:covered-table-cell/>"
    tail = '<table:table-cell table:number-columns-repeated="16379"/>'
    body = (
        row(cell("题"), tail)
        + '<table:table-row table:number-rows-repeated="2"><table:table-cell/></table:table-row>'
        + header
        + row(cell("王一"), cell("1"), date, money, cell("焊工", 'table:number-rows-spanned="2"'), tail)
        + row(cell("李<text:s/>二"), cell("2"), date, broken, covered, extra='table:visibility="filter"')
        + row('<table:table-cell table:number-columns-repeated="16384"/>', extra='table:number-rows-repeated="1048570"')
    )
    shown = f'<table:table table:name="表1">{body}</table:table>'
    hidden = f'<table:table table:name="藏" table:style-name="h">{body}</table:table>'
    found = read(ods(shown + hidden))
    assert found.error is None, found.error
    sheet = found.sheets[0]
    assert rows(sheet) == [5, 6]
    assert texts(sheet, "name") == ["王一", "李 二"]
    assert texts(sheet, "start_date") == ["2020-07-01"] * 2
    assert kinds(sheet, "claimed") == [Kind.NUMBER, Kind.ERROR]
    assert texts(sheet, "occupation") == ["焊工", "焊工"]
    assert sheet.hidden_rows == 1
    assert [name for name, _ in found.not_read] == ["藏"]


def _with_hidden_columns(lines: list[list[object]]) -> dict[str, bytes]:
    """The same sheet in each format that hides columns, C and E hidden; only what is read of them is said."""

    def hide(sheet):
        sheet.column_dimensions["C"].hidden = sheet.column_dimensions["E"].hidden = True

    hides = '<table:table-column table:visibility="collapse"/>'
    columns = f'<table:table-column table:number-columns-repeated="2"/>{hides}<table:table-column/>{hides}'
    body = columns + "".join(row(*map(cell, line)) for line in lines)
    return {
        "xlsx": workbook(lines, change=hide),
        "xls": xls(lines, hidden_columns=[2, 4]),
        "xlsb": xlsb(lines, hidden_columns=[2, 4]),
        "ods": ods(f'<table:table table:name="表1">{body}</table:table>'),
    }


@pytest.mark.parametrize("form", ["xlsx", "xls", "xlsb", "ods"])
def test_hidden_columns_are_read_and_said(form):
    lines = [["序号", "姓名", "身份证号", "等级", "籍贯"], ["1", "王一", "140105199001011234", "中级", "太原"]]
    found = read(_with_hidden_columns(lines)[form])
    assert found.error is None, found.error
    assert texts(found.sheets[0], "id_number") == ["140105199001011234"]
    assert [column.letter for column in found.sheets[0].hidden_columns] == ["C"]
    assert [text.zh for text in found.warnings] == ["工作表“表1”C 列“身份证号”被隐藏，已照常读取"]


def encrypted(data: bytes, password: str) -> bytes:
    target = io.BytesIO()
    OOXMLFile(io.BytesIO(data)).encrypt(password, target)
    return target.getvalue()


def test_encrypted_workbook_asks_for_the_password_file():
    data = encrypted(workbook(LINES), "秘密1")
    assert msoffcrypto.OfficeFile(io.BytesIO(data)).is_encrypted()
    refused = read(data).error
    assert refused is not None
    assert "--password-file" in refused.zh
    assert "--password-file" in refused.en
    assert people(read(data, "秘密1").sheets[0]) == EXPECTED
    wrong = read(data, "x").error
    assert wrong is not None
    assert wrong != refused


def test_encrypted_xls_asks_for_the_password_file():
    error = read(xls(LINES, password=True)).error
    assert error is not None
    assert "--password-file" in error.zh


@pytest.mark.parametrize(
    ("data", "word"),
    [
        (b"", "空"),
        (b"\xef\xbb\xbf\r\n", "空"),
        (b"%PDF-1.7 ...", "PDF"),
        (b"\x89PNG\r\n\x1a\n....", "PNG"),
        (b"\xff\xd8\xff\xe0....", "JPEG"),
        (b"Rar!\x1a\x07\x00", "RAR"),
        (b"{\\rtf1", "RTF"),
        (ole("WordDocument", b"x"), "Word"),
        (ole("PowerPoint Document", b"x"), "PowerPoint"),
        (b"\x00\x01\x02\x03" * 100, "二进制"),
        ("<html><body>登录已过期</body></html>".encode(), "网页"),
        (b'<?xml version="1.0"?><office:document xmlns:office="urn:oasis:names:tc:opendocument:x"><meta:x/>', "fods"),
        (b'<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?><Workbook/>', "2003 XML"),
    ],
)
def test_what_is_no_roster_is_named(data, word):
    error = read(data).error
    assert error is not None
    assert word in error.zh
    assert "\n" not in error.zh + error.en


def test_a_zip_of_other_things_is_named():
    def archive(name: str) -> bytes:
        target = io.BytesIO()
        with zipfile.ZipFile(target, "w") as file:
            file.writestr(name, "x")
        return target.getvalue()

    for name, word in (
        ("word/document.xml", "Word"),
        ("花名册.xlsx", "解压"),
        ("a.txt", "压缩包"),
        ("Index/Document.iwa", "Numbers"),
    ):
        error = read(archive(name)).error
        assert error is not None
        assert word in error.zh


@pytest.mark.parametrize("write", [xls, xlsb])
def test_a_cell_far_to_the_right_of_a_small_binary_workbook(write):
    far = [*LI, *[None] * 250, "x"]
    assert rows(only(write([HEADER, WANG, far]))) == [2, 3]


def moved(data: bytes, old: bytes, new: bytes) -> bytes:
    """Return an .xls with its last cell elsewhere."""
    at = data.rindex(old)
    return data[: at + 4] + new + data[at + 4 + len(new) :]


def test_an_xls_with_its_last_cell_at_iv65536_is_read():
    cell = struct.pack("<HHHHHd", 0x0203, 14, 3, 0, 0, 9.0)
    data = moved(xls([HEADER, WANG, LI, [9.0]]), cell, struct.pack("<HH", 65_535, 255))
    assert rows(only(data)) == [2, 3]


def test_an_xlsb_that_reaches_beyond_all_measure_is_refused_by_its_cell():
    wide = [*[None] * 16_000, "x"]
    error = read(xlsb([HEADER, *[[]] * 3000, wide]), None).error
    assert error is not None
    assert "3002" in error.zh
    assert "请删除" in error.zh


def test_a_cell_that_stands_twice_in_a_binary_workbook_is_refused():
    cell = struct.pack("<HHHHHd", 0x0203, 14, 2, 0, 0, 2.0)
    data = moved(xls([HEADER, WANG, [2.0, "李二"]]), cell, struct.pack("<HH", 1, 1))
    error = read(data, None).error
    assert error is not None
    assert "两次" in error.zh


def test_an_xlsb_whose_workbook_part_lies_elsewhere():
    with zipfile.ZipFile(io.BytesIO(xlsb([HEADER, WANG]))) as package:
        contents = {name: package.read(name) for name in package.namelist()}
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as package:
        for name, content in contents.items():
            package.writestr(name.replace("xl/", "data/"), content.replace(b'Target="xl/', b'Target="data/'))
    assert rows(only(target.getvalue())) == [2]
