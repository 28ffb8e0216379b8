"""The hostile set: odd, broken or harmful inputs, each with the decision that docs/hostile-inputs.md states.

`python -m tests.hostile.generate FOLDER` writes the files; `--docs` writes the table of the docs anew.
"""

from __future__ import annotations

import io
import re
import struct
import sys
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from msoffcrypto.format.ooxml import OOXMLFile
from tests.hostile.parts import (
    HEADER,
    MAIN,
    PEOPLE,
    RELATIONS,
    SHEET,
    STRINGS,
    STYLES,
    WORKBOOK,
    XML,
    honest_rows,
    packed,
    parts,
    people,
    relations,
    row,
    shared,
    sheet,
    with_sheet,
    with_strings,
    workbook,
    xlsx,
)
from tests.intake.binary import ole, xls, xlsb

DOCS = Path(__file__).parents[2] / "docs" / "hostile-inputs.md"
ROWS = [list(HEADER), *map(list, PEOPLE)]
CSV = "\n".join(",".join(map(str, line)) for line in ROWS) + "\n"


@dataclass(frozen=True)
class Case:
    """One kind. `word`: what the refusal, the warning or the reason for a sheet not read must say, in Chinese."""

    name: str
    what: str
    decision: str  # read · refused · no sheet
    build: Callable[[], bytes]
    word: str = ""
    rows: int = 2


CASES: dict[str, Case] = {}


def kind(
    what: str, decision: str, word: str = "", rows: int = 2
) -> Callable[[Callable[[], bytes]], Callable[[], bytes]]:
    """Register the function as the builder of one kind."""

    def register(build: Callable[[], bytes]) -> Callable[[], bytes]:
        name = build.__name__.replace("_", "-")
        CASES[name] = Case(name, what, decision, build, word, rows)
        return build

    return register


def simple(
    name: str, what: str, decision: str, data: bytes | Callable[[], bytes], word: str = "", rows: int = 2
) -> None:
    """Register one kind by its bytes."""
    CASES[name] = Case(name, what, decision, data if callable(data) else lambda: data, word, rows)


# --- the archive -----------------------------------------------------------------------------------------------------


def patched(data: bytes, name: str, directory: dict[int, bytes], local: dict[int, bytes] | None = None) -> bytes:
    """Overwrite fields of one part's directory entry (offset → bytes), and of its local header."""
    changed = bytearray(data)
    raw = name.encode()
    at = changed.index(raw, changed.index(b"PK\x01\x02")) - 46
    for offset, value in directory.items():
        changed[at + offset : at + offset + len(value)] = value
    for offset, value in (local or {}).items():
        start = changed.index(raw) - 30
        changed[start + offset : start + offset + len(value)] = value
    return bytes(changed)


def uint(value: int, size: int = 4) -> bytes:
    return value.to_bytes(size, "little")


@kind("a sheet of 64 MiB of blanks, packed to 64 KiB", "refused", "压缩比")
def zip_bomb() -> bytes:
    return with_sheet(honest_rows() + " " * (64 << 20))


@kind("shared strings that unpack a thousandfold", "refused", "压缩比")
def zip_bomb_in_strings() -> bytes:
    return xlsx({RELATIONS: with_strings(), STRINGS: shared(["x" * (32 << 20)])})


@kind("a bomb in a part that no reader needs (an image)", "read")
def zip_bomb_in_an_image() -> bytes:
    return xlsx({"xl/media/image1.png": b"\0" * (64 << 20)})


@kind("the directory says that a part is smaller than it is", "refused", "校验和")
def size_told_too_small() -> bytes:
    return patched(xlsx(), SHEET, {24: uint(100)})


@kind("the directory says that a part unpacks to 4 GiB", "refused", "过大")
def size_told_huge() -> bytes:
    return patched(xlsx(), SHEET, {24: uint(0xFFFFFFF0)})


@kind("packed size beyond the end of the file", "refused", "损坏")
def packed_size_beyond_end() -> bytes:
    return patched(xlsx(), SHEET, {20: uint(0x7FFFFFFF)})


@kind("local header and directory disagree on sizes and checksum: the directory counts", "read")
def local_header_lies() -> bytes:
    return patched(xlsx(), SHEET, {}, {14: uint(1), 18: uint(2), 22: uint(3)})


@kind("a checksum that does not hold", "refused", "校验和")
def bad_checksum() -> bytes:
    return patched(xlsx(), SHEET, {16: uint(0xDEADBEEF)})


@kind("one bit of the packed sheet turned over", "refused")
def bit_flipped() -> bytes:
    data = bytearray(packed(parts(), zipfile.ZIP_STORED))
    data[data.index(b"<sheetData>") + 40] ^= 1
    return bytes(data)


@kind("cut off in the middle (a mail that broke)", "refused", "不完整")
def truncated() -> bytes:
    data = xlsx()
    return data[: len(data) // 2]


@kind("cut off in the last bytes", "refused", "不完整")
def truncated_at_the_end() -> bytes:
    return xlsx()[:-10]


@kind("only the first four bytes of an xlsx", "refused", "不完整")
def only_the_signature() -> bytes:
    return b"PK\x03\x04"


@kind("an empty archive", "refused", "压缩包")
def empty_archive() -> bytes:
    return packed({})


@kind("two parts of one name", "refused", "同名")
def doubled_part() -> bytes:
    data = io.BytesIO(xlsx())
    with zipfile.ZipFile(data, "a") as archive:
        archive.writestr("xl/worksheets/sheet9.xml", sheet(""))
    return data.getvalue().replace(b"sheet9.xml", b"sheet1.xml")


@kind("two parts whose names differ by case alone", "refused", "同名")
def doubled_part_by_case() -> bytes:
    return xlsx({"XL/Workbook.xml": workbook()})


@kind("a part named ../../evil.xml", "refused", "越界")
def traversal() -> bytes:
    return xlsx({"../../evil.xml": "x"})


@kind("a part named /etc/evil.xml", "refused", "越界")
def absolute_name() -> bytes:
    return xlsx({"/etc/evil.xml": "x"})


@kind("parts named with backslashes, as some exporters do", "read")
def backslashes() -> bytes:
    return xlsx().replace(b"xl/worksheets/sheet1.xml", b"xl\\worksheets\\sheet1.xml")


@kind("10,001 parts", "refused", "过多")
def too_many_parts() -> bytes:
    return packed({**parts(), **{f"x/{number}": "" for number in range(10_001)}}, zipfile.ZIP_STORED)


@kind("a part packed with bzip2", "refused", "压缩方式")
def other_compression() -> bytes:
    return packed(parts(), zipfile.ZIP_BZIP2)


@kind("a part flagged as encrypted", "refused", "加密")
def encrypted_part() -> bytes:
    return patched(xlsx(), SHEET, {8: uint(1, 2)}, {6: uint(1, 2)})


@kind("an archive with a comment behind it", "read")
def archive_comment() -> bytes:
    data = bytearray(xlsx())
    data[-2:] = uint(5, 2)
    return bytes(data) + b"hello"


@kind("stored, not packed", "read")
def stored() -> bytes:
    return packed(parts(), zipfile.ZIP_STORED)


@kind("bytes before the archive (self-extracting)", "refused", "EXE")
def self_extracting() -> bytes:
    return b"MZ" + b"\x90\x00" * 64 + xlsx()


# --- XML -------------------------------------------------------------------------------------------------------------

LAUGHS = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
OUTSIDE = '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'


@kind("entities that grow (billion laughs) in the sheet", "refused", "DOCTYPE")
def entities_in_the_sheet() -> bytes:
    return xlsx({SHEET: sheet(honest_rows()).replace(XML, XML + LAUGHS)})


@kind("an entity that reads a file, in the workbook part", "refused", "DOCTYPE")
def entity_from_a_file() -> bytes:
    return xlsx({WORKBOOK: workbook().replace(XML, XML + OUTSIDE)})


@kind("a DOCTYPE alone in the styles", "refused", "DOCTYPE")
def doctype_in_the_styles() -> bytes:
    targets = (("worksheet", "worksheets/sheet1.xml"), ("styles", "styles.xml"))
    return xlsx({RELATIONS: relations(targets), STYLES: XML + "<!DOCTYPE styleSheet><styleSheet/>"})


@kind("a DOCTYPE deep in the shared strings, over the edge of a block", "refused", "DOCTYPE")
def doctype_over_a_block_edge() -> bytes:
    start = shared([])[: -len("</sst>")]
    filler = "".join(f"<si><t>{number}</t></si>" for number in range(100_000))
    text = (start + filler)[: (1 << 20) - 1]
    text = text[: text.rindex("<si>")]
    text += " " * ((1 << 20) - 1 - len(text))
    return xlsx({RELATIONS: with_strings(), STRINGS: text + LAUGHS + "</sst>"})


@kind("a sheet in UTF-16", "refused", "UTF-8")
def utf16_part() -> bytes:
    return xlsx({SHEET: sheet(honest_rows()).replace("UTF-8", "UTF-16").encode("utf-16")})


@kind("a sheet that declares GBK", "refused", "UTF-8")
def gbk_part() -> bytes:
    return xlsx({SHEET: sheet(honest_rows()).replace("UTF-8", "GBK").encode("gbk")})


@kind("a sheet with bytes that are not UTF-8", "refused")
def bytes_not_utf8() -> bytes:
    return xlsx({SHEET: sheet(honest_rows()).encode().replace("王一".encode(), b"\xff\xfe\xff")})


@kind("a sheet that ends in the middle of a tag", "refused")
def xml_cut() -> bytes:
    return xlsx({SHEET: sheet(honest_rows())[:-60]})


@kind("tags that do not match", "refused")
def xml_mismatched() -> bytes:
    return xlsx({SHEET: sheet(honest_rows()).replace("</row>", "</rov>", 1)})


@kind("a person commented out among the rows: is no person", "read")
def comment_among_rows() -> bytes:
    return with_sheet(honest_rows() + "<!-- " + row(9, PEOPLE[0]) + " -->")


@kind("CDATA in a cell: its text", "read")
def cdata() -> bytes:
    return with_sheet(row(1, HEADER) + people(1) + '<row r="3"><c r="A3" t="str"><v><![CDATA[王五]]></v></c></row>')


def with_cell(cell: str) -> bytes:
    """Return the honest workbook with another cell D2 (300)."""
    return with_sheet(honest_rows().replace('<c r="D2"><v>300</v></c>', cell))


FOREIGN = 'xmlns:z="urn:z"'

simple("data-twice", "a second sheetData, with a person more", "refused", lambda: with_sheet(
    honest_rows(), after=f"<sheetData>{row(4, PEOPLE[0])}</sheetData>"), "两份")  # fmt: skip
simple("data-in-an-extension", "a sheetData within extLst, with a person more: is no part of the sheet", "read",
       lambda: with_sheet(honest_rows(),
                          after=f"<extLst><ext><sheetData>{row(4, PEOPLE[0])}</sheetData></ext></extLst>"))  # fmt: skip
simple("rows-behind-the-data", "a row behind the sheet's data: is no part of it", "read",
       lambda: with_sheet(honest_rows(), after=row(4, PEOPLE[0])))  # fmt: skip
simple(
    "two-values", "a cell with two values", "refused", lambda: with_cell('<c r="D2"><v>300</v><v>800</v></c>'), "两个值"
)
simple("two-values-by-prefix", "a cell with two values, the second by another prefix of the same name space", "refused",
       lambda: with_cell(f'<c r="D2" xmlns:z="{MAIN}"><v>300</v><z:v>800</z:v></c>'), "两个值")  # fmt: skip
simple("foreign-value", "a value of another name space beside the cell's own: says nothing", "read",
       lambda: with_cell(f'<c r="D2" {FOREIGN}><v>300</v><z:v>800</z:v></c>'))  # fmt: skip
simple("doubled-cell", "a cell that stands twice in its row, in the usual form", "refused",
       lambda: with_cell('<c r="D2"><v>300</v></c><c r="D2"><v>800</v></c>'), "重复")  # fmt: skip
simple("doubled-cell-without-reference", "a cell without a reference that lies where another is", "refused",
       lambda: with_cell('<c r="E2"><v>300</v></c><c r="D2"><v>300</v></c><c><v>800</v></c>'), "两次")  # fmt: skip
simple("element-in-a-value", "an element within a value", "refused", lambda: with_cell('<c r="D2"><v>3<x/>00</v></c>'))
simple(
    "character-reference",
    "a digit written as a character reference",
    "read",
    lambda: with_cell('<c r="D2"><v>3&#48;0</v></c>'),
)
simple(
    "instruction-in-a-value",
    "a processing instruction within a number",
    "read",
    lambda: with_cell('<c r="D2"><v>3<?x y?>00</v></c>'),
)
simple("text-denied", "a text in a cell whose type denies it", "refused",
       lambda: with_cell('<c r="D2" t="s"><is><t>300</t></is></c>'), "类型不符")  # fmt: skip


@kind("elements nested 100,000 deep in the workbook part", "read")
def nested_deep() -> bytes:
    return xlsx({WORKBOOK: workbook(before="<a>" * 100_000 + "</a>" * 100_000)})


@kind("one name-space prefix on every tag, as some exporters write", "read")
def prefixed() -> bytes:
    return xlsx({SHEET: re.sub(r"<(/?)([A-Za-z])", r"<\1x:\2", sheet(honest_rows())).replace("xmlns=", "xmlns:x=")})


# --- the workbook ----------------------------------------------------------------------------------------------------

simple("no-workbook-part", "the workbook part is missing", "refused", lambda: xlsx({WORKBOOK: None}), "压缩包")
simple("no-sheet-part", "the sheet's part is missing", "refused", lambda: xlsx({SHEET: None}), "缺少")
simple("no-relations", "the workbook's relations are missing", "refused", lambda: xlsx({RELATIONS: None}), "缺少")


def beside(tag: str, relation: str = "") -> bytes:
    """Return the honest workbook with one more sheet of its list."""
    return xlsx({WORKBOOK: workbook().replace("</sheets>", f"{tag}</sheets>"), RELATIONS: relations(extra=relation)})


simple("macro-sheet-beside", "a macro sheet beside the roster", "read", lambda: beside(
    '<sheet name="宏" sheetId="9" r:id="m"/>',
    '<Relationship Id="m" Type="http://schemas.microsoft.com/office/2006/relationships/xlMacrosheet" '
    'Target="macrosheets/sheet1.xml"/>'), "宏工作表")  # fmt: skip
simple("sheet-without-relation", "a sheet with an empty relation beside the roster", "read",
       lambda: beside('<sheet name="空" sheetId="9" r:id=""/>'), "没有内容")  # fmt: skip


@kind("the workbook part lies elsewhere, as the root relations say", "read")
def workbook_elsewhere() -> bytes:
    root = str(parts()["_rels/.rels"]).replace("xl/workbook.xml", "/data/book/main.xml")
    sheets = relations((("worksheet", "../s.xml"),))
    moved = {
        "data/book/main.xml": workbook(),
        "data/book/_rels/main.xml.rels": sheets,
        "data/s.xml": sheet(honest_rows()),
    }
    return xlsx({WORKBOOK: None, RELATIONS: None, SHEET: None, "_rels/.rels": root, **moved})


@kind("the strict form of the format", "read")
def strict_form() -> bytes:
    def strict(text: str | bytes) -> str:
        text = str(text).replace(
            "http://schemas.openxmlformats.org/officeDocument/2006", "http://purl.oclc.org/ooxml/officeDocument"
        )
        return text.replace(MAIN, "http://purl.oclc.org/ooxml/spreadsheetml/main")

    return xlsx({name: strict(content) for name, content in parts().items() if name != "[Content_Types].xml"})


simple("no-sheets", "a workbook without a sheet", "refused", lambda: xlsx({WORKBOOK: workbook(())}), "没有工作表")
simple(
    "only-the-needed-parts",
    "content types and root relations are missing",
    "read",
    lambda: xlsx({"[Content_Types].xml": None, "_rels/.rels": None}),
)


@kind("a sheet's target is on the net", "refused", "缺少")
def target_on_the_net() -> bytes:
    tag = '<Relationship Id="rId1" Type="x/worksheet" TargetMode="External" Target="http://example.invalid/s.xml"/>'
    return xlsx({RELATIONS: relations((), tag)})


@kind("a sheet's target is ../../../etc/passwd", "refused", "缺少")
def target_outside() -> bytes:
    return xlsx({RELATIONS: relations((("worksheet", "../../../etc/passwd"),))})


@kind("a sheet's target is absolute within the archive", "read")
def target_absolute() -> bytes:
    return xlsx({RELATIONS: relations((("worksheet", "/xl/worksheets/sheet1.xml"),))})


@kind("300 sheets", "refused", "过多")
def too_many_sheets() -> bytes:
    names = [f"s{number}" for number in range(300)]
    return xlsx({WORKBOOK: workbook(names), RELATIONS: relations([("worksheet", "worksheets/sheet1.xml")] * 300)})


@kind("two sheets of one name", "refused", "同名")
def doubled_sheet_name() -> bytes:
    return xlsx({WORKBOOK: workbook(("a", "a")), RELATIONS: relations([("worksheet", "worksheets/sheet1.xml")] * 2)})


@kind("the only roster is on a very hidden sheet", "no sheet", "隐藏")
def very_hidden_sheet() -> bytes:
    return xlsx({WORKBOOK: workbook(states=("veryHidden",))})


@kind("macros: never run, the sheets are read", "read")
def macros() -> bytes:
    return xlsx({"xl/vbaProject.bin": b"\xd0\xcf\x11\xe0" + bytes(100)})


@kind("dates count from 1904", "read")
def from_1904() -> bytes:
    return xlsx({WORKBOOK: workbook(before='<workbookPr date1904="1"/>')})


@kind("a cell points at a shared string that is not there", "refused")
def string_out_of_range() -> bytes:
    body = row(1, HEADER) + '<row r="2"><c r="A2" t="s"><v>99999</v></c></row>'
    return xlsx({RELATIONS: with_strings(), STRINGS: shared(["x"]), SHEET: sheet(body)})


@kind("cells of shared strings, but no shared strings", "refused")
def strings_missing() -> bytes:
    return with_sheet(row(1, HEADER) + '<row r="2"><c r="A2" t="s"><v>0</v></c></row>')


@kind("shared strings that announce four billion of themselves: they are counted", "read", rows=3)
def strings_announced() -> bytes:
    body = honest_rows() + '<row r="4"><c r="A4" t="s"><v>0</v></c></row>'
    strings = shared(["张三"], ' count="4294967295" uniqueCount="4294967295"')
    return xlsx({RELATIONS: with_strings(), STRINGS: strings, SHEET: sheet(body)})


# --- the sheet -------------------------------------------------------------------------------------------------------


@kind("two rows of one number", "refused", "行号重复")
def doubled_row() -> bytes:
    return with_sheet(honest_rows() + row(3, PEOPLE[0]))


@kind("rows out of order", "refused", "次序颠倒")
def rows_out_of_order() -> bytes:
    return with_sheet(row(1, HEADER) + row(3, PEOPLE[0]) + row(2, PEOPLE[1]))


@kind("a row numbered 1,048,577", "refused", "超出范围")
def row_out_of_range() -> bytes:
    return with_sheet(honest_rows() + row(1_048_577, PEOPLE[0]))


@kind("a row numbered 0", "refused")
def row_zero() -> bytes:
    return with_sheet(honest_rows().replace('<row r="1">', '<row r="0">'))


@kind("a row number that is no number", "refused", "不合规范")
def row_number_malformed() -> bytes:
    return with_sheet(honest_rows().replace('<row r="2">', '<row r="-2">'))


@kind("a cell that says it lies in another row", "refused", "不符")
def cell_in_another_row() -> bytes:
    return with_sheet(honest_rows().replace('<c r="A3"', '<c r="A30"'))


@kind("rows and cells without numbers (allowed)", "read")
def no_references() -> bytes:
    return with_sheet(re.sub(r'<(row|c) r="[A-Z0-9]+"', r"<\1", honest_rows()))


@kind("references in lower case", "read")
def lower_case_references() -> bytes:
    return with_sheet(re.sub(r'r="([A-Z]+)', lambda found: found[0].lower(), honest_rows()))


@kind("rows in which only some cells carry a reference", "read")
def some_references() -> bytes:
    return with_sheet(re.sub(r'<c r="[BD]([23])"', "<c", honest_rows()))


@kind("the dimension says 1:4", "read")
def dimension_of_rows() -> bytes:
    return with_sheet(honest_rows(), before='<dimension ref="1:4"/>')


@kind("a value in row 1,048,576", "refused", "1048576")
def far_value() -> bytes:
    return with_sheet(honest_rows() + row(1_048_576, ["x"]))


@kind("only styles in row 1,048,576, up to column XFD", "read")
def far_style() -> bytes:
    return with_sheet(honest_rows() + '<row r="1048576"><c r="A1048576" s="0"/><c r="XFD1048576" s="0"/></row>')


@kind("styles on every one of 200,000 empty rows", "read")
def styled_rows() -> bytes:
    body = "".join(f'<row r="{n}" ht="15"><c r="A{n}" s="0"/></row>' for n in range(4, 200_001))
    return with_sheet(honest_rows() + body)


@kind("a value in column XFD of one of few rows", "read")
def far_column() -> bytes:
    return with_sheet(
        row(1, HEADER) + people(1) + row(3, PEOPLE[1]).replace("</row>", '<c r="XFD3"><v>1</v></c></row>')
    )


@kind("3,000 rows and a value in column XFD: 49 million cells laid out", "refused", "内存")
def far_column_of_many_rows() -> bytes:
    return with_sheet(
        row(1, HEADER) + people(3000) + row(3002, PEOPLE[1]).replace("</row>", '<c r="XFD3002"><v>1</v></c></row>')
    )


@kind("the dimension says A1:A1, as WPS writes", "read")
def dimension_too_small() -> bytes:
    return with_sheet(honest_rows(), before='<dimension ref="A1:A1"/>')


@kind("the dimension says A1:XFD1048576", "read")
def dimension_too_large() -> bytes:
    return with_sheet(honest_rows(), before='<dimension ref="A1:XFD1048576"/>')


@kind("a dimension that is no range", "read")
def dimension_malformed() -> bytes:
    return with_sheet(honest_rows(), before='<dimension ref="Z9:A1"/>')


@kind("a merge over the whole sheet", "read")
def merge_over_everything() -> bytes:
    return with_sheet(honest_rows(), after='<mergeCells count="1"><mergeCell ref="A1:XFD1048576"/></mergeCells>')


@kind("merges that overlap", "read")
def merges_overlap() -> bytes:
    tags = '<mergeCell ref="C2:C3"/><mergeCell ref="C2:D3"/><mergeCell ref="C3:C9"/>'
    return with_sheet(honest_rows(), after=f'<mergeCells count="3">{tags}</mergeCells>')


@kind("a merge that is no range", "refused")
def merge_malformed() -> bytes:
    return with_sheet(honest_rows(), after='<mergeCells count="1"><mergeCell ref="QQ"/></mergeCells>')


@kind("50,000 merges", "read")
def many_merges() -> bytes:
    tags = "".join(f'<mergeCell ref="F{2 * n}:F{2 * n + 1}"/>' for n in range(1, 50_001))
    return with_sheet(honest_rows(), after=f"<mergeCells>{tags}</mergeCells>")


@kind("NaN in a number cell", "read")
def not_a_number() -> bytes:
    return with_sheet(honest_rows().replace("<v>300</v>", "<v>NaN</v>"))


@kind("1e400 in a number cell", "read")
def number_too_large() -> bytes:
    return with_sheet(honest_rows().replace("<v>300</v>", "<v>1e400</v>"))


@kind("a number cell that holds no number: kept as a text", "read")
def number_malformed() -> bytes:
    return with_sheet(honest_rows().replace("<v>300</v>", "<v>0x1F</v>"))


@kind("a cell of a type that does not exist", "refused")
def type_unknown() -> bytes:
    return with_sheet(honest_rows().replace('<c r="D2">', '<c r="D2" t="zz">'))


@kind("error cells: kept as errors", "read")
def error_cells() -> bytes:
    return with_sheet(honest_rows().replace('<c r="D2"><v>300</v>', '<c r="D2" t="e"><v>#REF!</v>'))


@kind("formulas without a value: kept as such", "read")
def formula_without_value() -> bytes:
    return with_sheet(honest_rows().replace("<v>300</v>", "<f>1+1</f>"))


@kind("a formula that starts a program: its cached text is text", "read")
def formula_that_runs() -> bytes:
    return with_sheet(
        honest_rows().replace('<c r="D2"><v>300</v>', '<c r="D2" t="str"><f>cmd|\'/c calc\'!A1</f><v>=cmd</v>')
    )


@kind("hidden rows: read, and said", "read", "隐藏")
def hidden_rows() -> bytes:
    return with_sheet(row(1, HEADER) + people(1) + row(3, PEOPLE[1], ' hidden="1"'))


@kind("control and bidi characters in a name", "read")
def bidi_name() -> bytes:
    return with_sheet(row(1, HEADER) + row(2, ("王\u202e一\u0085", *PEOPLE[0][1:])) + row(3, PEOPLE[1]))


@kind("a cell of 1 MiB of text", "read")
def long_text() -> bytes:
    text = "".join(map(str, range(180_000)))
    return with_sheet(row(1, HEADER) + row(2, ("王一", PEOPLE[0][1], text, 1)) + row(3, PEOPLE[1]))


@kind("five thousand columns", "read")
def many_columns() -> bytes:
    def letters(number: int) -> str:
        return (letters(number // 26 - 1) if number >= 26 else "") + chr(65 + number % 26)

    extra = "".join(f'<c r="{letters(n)}1"><v>{n}</v></c>' for n in range(4, 5000))
    return with_sheet(row(1, HEADER).replace("</row>", extra + "</row>") + people())


@kind("a header on every second row, in changing layouts", "refused", "表头过多")
def headers_without_end() -> bytes:
    layouts = [HEADER, (HEADER[1], HEADER[0], *HEADER[2:])]
    return with_sheet("".join(row(n, layouts[n % 2]) for n in range(1, 400)))


# --- containers, binary formats --------------------------------------------------------------------------------------


def encrypted(data: bytes) -> bytes:
    target = io.BytesIO()
    OOXMLFile(io.BytesIO(data)).encrypt("secret", target)
    return target.getvalue()


simple("encrypted-xlsx", "a workbook with a password", "refused", lambda: encrypted(xlsx()), "--password-file")
simple(
    "encrypted-garbage",
    "an encrypted workbook of garbage",
    "refused",
    lambda: ole("EncryptedPackage", b"x" * 99),
    "--password-file",
)
simple("encrypted-xls", "an .xls with a password", "refused", lambda: xls(ROWS, password=True), "--password-file")
simple("ole-of-word", "a Word document named .xls", "refused", lambda: ole("WordDocument", b"x"), "Word")
simple("ole-of-powerpoint", "a PowerPoint file", "refused", lambda: ole("PowerPoint Document", b"x"), "PowerPoint")
simple("ole-unknown", "an OLE file that holds no workbook", "refused", lambda: ole("Stuff", b"x"), "OLE")
simple("ole-cut", "an .xls cut off in the middle", "refused", lambda: xls(ROWS)[:1400])
simple("ole-signature-only", "only the signature of an OLE file", "refused", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "OLE")
simple("xls", "an honest .xls", "read", lambda: xls(ROWS))
simple(
    "xls-hidden-sheet", "an .xls whose only roster is hidden", "no sheet", lambda: xls(ROWS, hidden_sheets=[0]), "隐藏"
)
simple("biff4", "a file of Excel 4", "refused", b"\x09\x04\x06\x00\x00\x00\x10\x00" + bytes(50), "Excel 4")
simple("xlsb", "an honest .xlsb", "read", lambda: xlsb(ROWS))


@kind("an .xls whose sectors go round in a circle", "refused")
def ole_circle() -> bytes:
    data = bytearray(ole("Workbook", b"x" * 8000))
    data[512 + 4 * 5 : 512 + 4 * 6] = struct.pack("<I", 3)
    return bytes(data)


@kind("an .xls whose sheet begins beyond the end", "refused")
def xls_sheet_beyond_end() -> bytes:
    data = bytearray(xls(ROWS))
    at = data.index(struct.pack("<HH", 0x85, 12))
    data[at + 4 : at + 8] = struct.pack("<I", 0x7FFFFFFF)
    return bytes(data)


@kind("an .xls with a value in row 65,536", "read")
def xls_far_value() -> bytes:
    data = bytearray(xls([*ROWS, ["x", "y", "z", 9.0]]))
    at = data.rindex(struct.pack("<HHHHHd", 0x0203, 14, 3, 3, 0, 9.0))
    data[at + 4 : at + 6] = struct.pack("<H", 65_535)
    return bytes(data)


CASES["xls-far-value"] = Case(**{**CASES["xls-far-value"].__dict__, "rows": 4})


@kind("an .xlsb cut off within a record", "refused")
def xlsb_cut() -> bytes:
    return _with_part(xlsb(ROWS), "xl/worksheets/sheet1.bin", lambda content: content[:60])


@kind("an .xlsb with a cell in column 4,294,967,295", "refused")
def xlsb_far_column() -> bytes:
    def change(content: bytes) -> bytes:
        at = content.index(struct.pack("<IId", 3, 0, 300.0))
        return content[:at] + b"\xff\xff\xff\xff" + content[at + 4 :]

    return _with_part(xlsb(ROWS), "xl/worksheets/sheet1.bin", change)


def _with_part(data: bytes, name: str, change: Callable[[bytes], bytes]) -> bytes:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        contents = {info.filename: archive.read(info) for info in archive.infolist()}
    contents[name] = change(contents[name])
    return packed(contents)


# --- OpenDocument ----------------------------------------------------------------------------------------------------

_OASIS = "urn:oasis:names:tc:opendocument:xmlns"


def ods(body: str, prolog: str = "", manifest: str = "", mimetype: str = "spreadsheet") -> bytes:
    spaces = " ".join(f'xmlns:{name}="{_OASIS}:{name}:1.0"' for name in ("office", "table", "text", "style"))
    content = (
        f'<?xml version="1.0"?>{prolog}<office:document-content {spaces}><office:body><office:spreadsheet>'
        f'<table:table table:name="t">{body}</table:table></office:spreadsheet></office:body></office:document-content>'
    )
    found = {"mimetype": f"application/vnd.oasis.opendocument.{mimetype}", "content.xml": content}
    return packed({**found, **({"META-INF/manifest.xml": manifest} if manifest else {})})


def ods_row(values: list[object], attributes: str = "", cell_attributes: str = "") -> str:
    cells = "".join(
        f'<table:table-cell office:value-type="string" {cell_attributes}><text:p>{value}</text:p></table:table-cell>'
        for value in values
    )
    return f"<table:table-row {attributes}>{cells}</table:table-row>"


ODS_ROWS = "".join(map(ods_row, ROWS))
simple("ods", "an honest .ods", "read", lambda: ods(ODS_ROWS))
simple("ods-of-text", "an OpenDocument text", "refused", lambda: ods(ODS_ROWS, mimetype="text"), "OpenDocument")
simple("ods-doctype", "an .ods with entities", "refused", lambda: ods(ODS_ROWS, prolog=LAUGHS), "DOCTYPE")
simple(
    "ods-encrypted", "an .ods with a password", "refused", lambda: ods("", manifest="<x><encryption-data/></x>"), "密码"
)
simple(
    "ods-repeated-rows",
    "an .ods whose valued row is repeated a million times",
    "refused",
    lambda: ods(ODS_ROWS + ods_row(["x"] * 30, 'table:number-rows-repeated="1048570"')),
)
simple(
    "ods-repeated-columns",
    "an .ods whose valued cells are repeated without measure",
    "refused",
    lambda: ods(ODS_ROWS + ods_row(["x"] * 3000, "", 'table:number-columns-repeated="16384"')),
    "重复",
)
simple(
    "ods-repeated-blanks",
    "an .ods with a million empty rows at its end, as LibreOffice writes",
    "read",
    lambda: ods(
        ODS_ROWS + '<table:table-row table:number-rows-repeated="1048570"><table:table-cell/></table:table-row>'
    ),
)
simple("ods-cut", "an .ods whose XML ends early", "refused", lambda: ods(ODS_ROWS + "<table:table-row>"), "XML")

# --- text and pages --------------------------------------------------------------------------------------------------

for _encoding in ("utf-8", "utf-8-sig", "utf-16", "gb18030"):
    simple(f"csv-{_encoding}", f"csv in {_encoding}", "read", CSV.encode(_encoding))
simple("csv-named-xls", "tab-separated text named .xls", "read", CSV.replace(",", "\t").encode("gbk"))
simple("csv-not-text", "bytes that are no text in any encoding", "refused", CSV.encode() + b"\xff\xff\xff", "编码")
simple("csv-binary", "binary rubbish", "refused", bytes(range(256)) * 8, "二进制")
simple(
    "csv-open-quote", "a quotation mark that is never closed", "refused", CSV.replace("焊工", '"焊工').encode(), "引号"
)
simple(
    "csv-swallowing-quote",
    "a quotation mark that closes some rows later",
    "refused",
    CSV.replace("焊工", '"焊工').replace("400.5", '400.5"').encode(),
    "引号",
)
simple("csv-long-field", "one field of 1 MiB", "refused", (CSV + "x" * (1 << 20)).encode(), "引号")
simple("csv-wide", "ten thousand columns", "refused", (CSV + "," * 10_000).encode(), "过多")
simple(
    "csv-formulas", "cells that begin with =, + and @: they stay texts", "read", CSV.replace("焊工", "=1+1").encode()
)
simple("csv-zero-bytes", "a csv padded with zero bytes", "refused", CSV.encode() + bytes(100), "二进制")
simple("empty", "an empty file", "refused", b"", "空")
simple("blank", "a file of nothing but blanks", "refused", b" \r\n\t\r\n", "空")
simple("no-header", "a table without known headings", "no sheet", b"a,b,c\n1,2,3\n", "表头")

_TABLE = "".join("<tr>" + "".join(f"<td>{value}</td>" for value in line) + "</tr>" for line in ROWS)
simple(
    "html", "an HTML table named .xls: read, and said", "read", f"<html><table>{_TABLE}</table></html>".encode(), "HTML"
)
simple(
    "html-unclosed",
    "an HTML table without end tags",
    "read",
    re.sub("</t[dr]>", "", f"<table>{_TABLE}").encode(),
    "HTML",
)
simple("html-no-table", "an HTML page without a table", "refused", b"<html><body>login</body></html>", "网页")
simple(
    "html-spans",
    "a cell that spans a thousand rows and columns",
    "refused",
    ("<table><tr>" + '<td colspan="1000" rowspan="1000">x' * 9 + "</table>").encode(),
    "过大",
)
simple(
    "html-script",
    "a page with a script: never run",
    "read",
    f"<html><script>while(1);</script><table>{_TABLE}</table>".encode(),
)
simple("html-tags-open", "a million open brackets", "refused", b"<html><table>" + b"<" * 1_000_000)
simple(
    "xml-2003",
    "an Excel 2003 XML file",
    "refused",
    b'<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?><a/>',
    "2003",
)
simple("mhtml", "a web archive named .xls", "refused", b"MIME-Version: 1.0\r\nX-Document-Type: Workbook\r\n", "MHTML")

# --- what is no table ------------------------------------------------------------------------------------------------

for _name, _bytes, _word in (
    ("pdf", b"%PDF-1.7\n%\xe2\xe3", "PDF"),
    ("png", b"\x89PNG\r\n\x1a\n" + bytes(20), "PNG"),
    ("jpeg", b"\xff\xd8\xff\xe0" + bytes(20), "JPEG"),
    ("rar", b"Rar!\x1a\x07\x01\x00", "RAR"),
    ("7z", b"7z\xbc\xaf\x27\x1c" + bytes(20), "7-Zip"),
    ("gzip", b"\x1f\x8b\x08" + zlib.compress(b"x"), "gzip"),
    ("rtf", b"{\\rtf1\\ansi}", "RTF"),
    ("sqlite", b"SQLite format 3\x00" + bytes(80), "SQLite"),
):
    simple(_name, f"a {_name} file named .xlsx", "refused", _bytes, _word)
simple("docx", "a Word document named .xlsx", "refused", lambda: packed({"word/document.xml": "<w/>"}), "Word")
simple("pptx", "a PowerPoint file", "refused", lambda: packed({"ppt/presentation.xml": "<p/>"}), "PowerPoint")
simple("numbers", "an Apple Numbers file", "refused", lambda: packed({"Index/Document.iwa": "x"}), "Numbers")
simple("zip-of-workbooks", "a zip of workbooks", "refused", lambda: packed({"a.xlsx": xlsx()}), "解压")


def table() -> str:
    """Return the docs' table."""
    lines = ["| kind | what it is | decision | it says |", "|---|---|---|---|"]
    for case in CASES.values():
        decision = f"read, {case.rows} rows" if case.decision == "read" else case.decision
        lines.append(f"| `{case.name}` | {case.what} | {decision} | {case.word or '—'} |")
    return "\n".join(lines)


INTRODUCTION = """# Hostile inputs, and what is decided of each

Rosters come by mail and USB stick from hundreds of institutions. Each kind below is made by
`tests/hostile/generate.py`, and decided as this table says: `read` (with as many people as there are), `refused`
(exit 3, one line that says why and what to do, every other file is processed), or `no sheet` (nothing that could be
read; said in the summary). A test holds the table and the decisions together; `python -m tests.hostile.generate
--docs` writes the table anew. `TRAININGCLI_MUTANTS=5000 pytest tests/hostile/test_mutants.py` runs all mutants.

The gate looks at a file before any parser does; the fence (a worker process with limits of memory and time) holds what
the gate cannot know. Whatever a parser does, it is a finding about one file.

"""


def main() -> None:
    """Write the files to a folder, or the docs."""
    if sys.argv[1:] == ["--docs"]:
        DOCS.write_text(INTRODUCTION + table() + "\n", encoding="utf-8")
        return
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    for case in CASES.values():
        (folder / f"{case.name}.xlsx").write_bytes(case.build())


if __name__ == "__main__":
    main()
