"""What a cell's look says: struck through, a date's format without a day, a unit in the number format."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable, Mapping

import numpy as np
import pytest
from openpyxl.styles import Font
from openpyxl.worksheet.worksheet import Worksheet
from tests.hostile.parts import (
    MAIN,
    RELATIONS,
    SHEET,
    STRINGS,
    STYLES,
    XML,
    packed,
    relations,
    row,
    sheet,
    with_strings,
    xlsx,
)
from tests.intake.binary import xls, xlsb
from tests.intake.helpers import VOCABULARY, only, texts, workbook

from trainingcli.intake.formats.cell_kinds import Kind, Mark
from trainingcli.intake.formats.grid import Grid
from trainingcli.intake.gate.bounds import DEFAULT
from trainingcli.intake.tables.convert import to_roster
from trainingcli.intake.tables.headings import Headings
from trainingcli.intake.tables.raw_columns import RawCells
from trainingcli.intake.tables.roster import Roster
from trainingcli.intake.tables.sheet_reader import read_sheet
from trainingcli.intake.tables.sheet_tables import InputFile

HEADER = ["姓名", "身份证号", "开班日期", "补贴金额(万元)"]
DAY = dt.date(2020, 7, 1)


def roster(marks: Mapping[int, Mapping[int, int]], amount: object = 0.08) -> Roster:
    """Return two people's roster, marked: row (from 0) → column (from 0) → marks."""
    rows = [list(HEADER), ["王一", "140105199001011234", DAY, amount], ["李二", "140105199002021234", DAY, amount]]
    found = InputFile("a.xlsx")
    for table in read_sheet(Grid("表1", iter(rows), marks=marks), Headings.of(VOCABULARY), DEFAULT):
        if isinstance(table.cells, RawCells):
            table.cells = table.cells.table()
        found.sheets.append(table)
    return to_roster([found], VOCABULARY)


@pytest.mark.parametrize(("column", "struck"), [(0, 1), (1, 2), (2, 0), (3, 0)])
def test_a_struck_name_or_number_strikes_the_row(column, struck):
    assert roster({2: {column: Mark.STRUCK}}).rows["struck"].tolist() == [0, struck]


def test_a_date_whose_format_shows_no_day_is_a_bad_date():
    found = roster({1: {2: Mark.NO_DAY}})
    assert [(part.code, part.field, part.rows.tolist()) for part in found.findings.parts] == [
        ("BAD_DATE", "start_date", [0])
    ]
    assert np.isnat(found.rows["start_date"].to_numpy()).tolist() == [True, False]


@pytest.mark.parametrize(
    ("mark", "amount", "fen"),
    [
        (0, 0.08, 80_000),  # the heading's 万元
        (Mark.UNIT_WAN, 0.08, 80_000),  # once, not twice
        (Mark.UNIT_YUAN, 300.0, 30_000),  # the number format is nearer than the heading
        (Mark.UNIT_YUAN, "0.03万", 30_000),  # a text has no number format; its own unit counts
    ],
)
def test_a_unit_counts_once_the_nearest_of_text_format_and_heading(mark, amount, fen):
    assert roster({1: {3: mark}, 2: {3: mark}}, amount).rows["claimed"].tolist() == [fen, fen]


# --- from workbooks --------------------------------------------------------------------------------------------------

COLUMNS = ["姓名", "身份证号", "开班日期", "补贴金额"]


def marked(change: Callable[[Worksheet], None], people: int = 3) -> list[list[int]]:
    """Return the marks of each data row's four cells."""
    rows = [[f"王{n}", f"{n:018}", DAY, 3.5] for n in range(1, people + 1)]
    table = only(workbook([COLUMNS, *rows], change=change))
    columns = [table.cells.column(f"k{number}").to_pylist() for number in range(4)]
    return [[kind & 0xF0 for kind in line] for line in zip(*columns, strict=True)]


PLAIN = [0, 0, 0, 0]


def test_a_cell_struck_by_its_font():
    def strike(sheet):
        sheet["A3"].font = Font(strike=True)
        sheet["B4"].font = Font(bold=True)

    assert marked(strike) == [PLAIN, [Mark.STRUCK, 0, 0, 0], PLAIN]


@pytest.mark.parametrize("shared", [True, False])
def test_a_text_struck_wholly_or_in_part(shared):
    struck = "<r><rPr><strike/></rPr><t>王</t></r>"
    whole, part = f"{struck}", f"{struck}<r><t>一</t></r>"
    none, blank = '<r><rPr><strike val="0"/></rPr><t>李</t></r>', "<r><t>李</t></r><r><rPr><strike/></rPr><t> </t></r>"
    cells = [whole, part, none, blank]
    if shared:
        names = [f't="s"><v>{number}</v>' for number in range(4)]
    else:
        names = [f't="inlineStr"><is>{text}</is>' for text in cells]
    lines = [
        row(n, [None, f"{n:018}", "焊工"]).replace("<c ", f'<c r="A{n}" {name}</c><c ', 1)
        for n, name in enumerate(names, 2)
    ]
    strings = f'{XML}<sst xmlns="{MAIN}">{"".join(f"<si>{text}</si>" for text in cells)}</sst>'
    data = xlsx(
        {RELATIONS: with_strings(), STRINGS: strings, SHEET: sheet(row(1, [*COLUMNS[:2], "工种"]) + "".join(lines))}
    )
    assert [kind & Mark.STRUCK > 0 for kind in only(data).cells.column("k0").to_pylist()] == [True, True, False, False]


@pytest.mark.parametrize(
    ("code", "mark"),
    [
        ('yyyy"年"m"月"', Mark.NO_DAY),
        ("yyyy\\-mm", Mark.NO_DAY),
        ("yyyy", Mark.NO_DAY),
        ("mmm-yy", Mark.NO_DAY),
        ('[$-804]yyyy"年"m"月";@', Mark.NO_DAY),
        ('yyyy"年"m"月" dddd', Mark.NO_DAY),
        ('yyyy"日"m', Mark.NO_DAY),
        ('yyyy"年"m"月"d"日"', 0),
        ("yyyy-mm-dd", 0),
        ("m/d", 0),
        ("[$-F800]dddd, mmmm dd, yyyy", 0),
        ("yyyy-mm-dd hh:mm:ss", 0),
        ('[DBNum1][$-804]yyyy"年"m"月"d"日";@', 0),
    ],
)
def test_a_date_format_that_shows_no_day(code, mark):
    def change(sheet):
        sheet["C2"].number_format = code
        sheet["C4"].number_format = "yyyy-mm-dd"

    assert marked(change)[0] == [0, 0, mark, 0]
    assert marked(change)[2] == PLAIN


@pytest.mark.parametrize(
    ("number", "mark"), [(17, Mark.NO_DAY), (27, Mark.NO_DAY), (57, Mark.NO_DAY), (14, 0), (31, 0), (58, 0)]
)
def test_formats_that_a_file_need_not_spell_out(number, mark):
    styles = (
        f'{XML}<styleSheet xmlns="{MAIN}"><cellXfs><xf numFmtId="0"/><xf numFmtId="{number}"/></cellXfs></styleSheet>'
    )
    body = row(1, COLUMNS) + row(2, ["王一", "1", 44013, 3]).replace('<c r="C2"', '<c r="C2" s="1"')
    targets = (("worksheet", "worksheets/sheet1.xml"), ("styles", "styles.xml"))
    table = only(xlsx({RELATIONS: relations(targets), STYLES: styles, SHEET: sheet(body)}))
    assert texts(table, "start_date") == ["2020-07-01"]
    assert table.cells.column("k2").to_pylist() == [Kind.DATE | mark]


@pytest.mark.parametrize(
    ("code", "mark"),
    [
        ('0.00"万元"', Mark.UNIT_WAN),
        ("0.00万元", Mark.UNIT_WAN),
        ('#,##0.00"万"', Mark.UNIT_WAN),
        ("0.00\\万\\元", Mark.UNIT_WAN),
        ('[Red]0.0"万元";[Blue]-0.0"万元"', Mark.UNIT_WAN),
        ('[=0]"-";0.00"万元"', Mark.UNIT_WAN),
        ('#,##0"元"', Mark.UNIT_YUAN),
        ('0.00"元/人"', Mark.UNIT_YUAN),
        ('0!.0000"万"', 0),
        ('0!.0000"万元"', 0),
        ('0\\.0,"万元"', 0),
        ('0"."0000"万"', 0),
        ('0.00,"万元"', 0),
        ('#,##0,,"万元"', 0),
        ('[>=10000]0!.0,"万元";0"元"', Mark.UNIT_YUAN),  # the first shifts the point, so it says nothing
        ('0"元";-0"元";0', Mark.UNIT_YUAN),  # an amount is above 0
        ('0;-0"元";0"元"', 0),
        ('_ * #,##0.00"万元"_ ;_ * -#,##0.00"万元"_ ;_ * "-"??_ ;_ @_ ', Mark.UNIT_WAN),
        ('[>0]0"元";[<0]-0"万元";"-"', Mark.UNIT_YUAN),
        ('[<1]0.00"万元";0"元"', Mark.UNIT_OTHER),  # which of them shows it, is not asked
        ('[<100]0"元"', Mark.UNIT_OTHER),
        ('0"[<1]元"', Mark.UNIT_YUAN),
        (";;;", 0),
        ('0"千元"', Mark.UNIT_OTHER),
        ('0"万人"', 0),
        ("#,##0.00", 0),
        ("¥#,##0.00", 0),
        ("0.00%", Mark.UNIT_OTHER),
        ("0%", Mark.UNIT_OTHER),
        ("$#,##0", Mark.UNIT_OTHER),
        ("[$$-409]#,##0.00", Mark.UNIT_OTHER),
        ("[$USD] 0.00", Mark.UNIT_OTHER),
        ("[$€-407] 0", Mark.UNIT_OTHER),
        ("[$¥-804]#,##0.00", 0),
        ("[$￥]#,##0;[Red]-0", 0),
        ("[$-804]0.00", 0),
        ('General"万元"', Mark.UNIT_WAN),
        ('GENERAL"元"', Mark.UNIT_YUAN),
        ('G/通用格式"万元"', Mark.UNIT_WAN),
        ("General", 0),
        ("@", 0),
    ],
)
def test_a_number_format_with_a_unit(code, mark):
    def change(sheet):
        sheet["D3"].number_format = code

    assert marked(change) == [PLAIN, [0, 0, 0, mark], PLAIN]


def test_the_default_style_marks_cells_that_name_none():
    styles = f'{XML}<styleSheet xmlns="{MAIN}"><fonts><font><strike/></font><font/></fonts><cellXfs><xf fontId="0"/>'
    styles += '<xf fontId="1"/></cellXfs></styleSheet>'
    body = row(1, COLUMNS) + row(2, ["王一", 1, 44013, 3]).replace('<c r="B2"', '<c r="B2" s="1"')
    targets = (("worksheet", "worksheets/sheet1.xml"), ("styles", "styles.xml"))
    table = only(xlsx({RELATIONS: relations(targets), STYLES: styles, SHEET: sheet(body)}))
    assert [table.cells.column(f"k{n}").to_pylist()[0] & 0xF0 for n in range(4)] == [0x20, 0, 0x20, 0x20]


@pytest.mark.parametrize("seed", range(8))
def test_every_marked_cell_of_a_large_sheet_and_no_other(seed):
    chance = random.Random(seed)
    struck = {chance.randrange(2, 9000) for _ in range(chance.choice([1, 40]))}
    odd = {chance.randrange(2, 9000) for _ in range(5)}

    def change(sheet):
        for number in struck:
            sheet.cell(number, 1).font = Font(strike=True, size=10 + number % 60)
        for number in odd:
            sheet.cell(number, 4).value = "=1+1"

    found = marked(change, people=9000)
    assert {number for number, line in enumerate(found, 2) if line[0] & Mark.STRUCK} == struck


@pytest.mark.parametrize("write", [xls, xlsb])
def test_binary_workbooks_have_the_same_marks(write):
    rows = [
        COLUMNS,
        ["王一", "1", ("date", 44013.0), 3.5],
        [("struck", "李二"), "2", ("month", 44013.0), ("wan", 0.08)],
    ]
    table = only(write(rows))
    assert texts(table, "start_date") == ["2020-07-01"] * 2
    columns = [table.cells.column(f"k{number}").to_pylist() for number in range(4)]
    marks = [[kind & 0xF0 for kind in line] for line in zip(*columns, strict=True)]
    assert marks == [PLAIN, [Mark.STRUCK, 0, Mark.NO_DAY, Mark.UNIT_WAN]]


@pytest.mark.parametrize("cut", [-1, 0, 1, 2, 3])
def test_xls_text_that_is_struck_in_part_is_struck(cut):
    """Contract, `WITHDRAWN`: rich text, wholly or in part; runs of the fifth font, which strikes through, alone."""
    strings = [
        ("王一二", ()),
        ("李二三四", [(2, 5)]),  # its end
        ("赵三四五", [(0, 5), (1, 0)]),  # its first sign
        ("孙四五六", [(1, 1), (4, 5)]),  # a run of no signs behind the text
    ]
    lines = [[("shared", number), str(number), 44013.0, 3] for number in range(4)]
    table = only(xls([COLUMNS, *lines], strings=strings, cut=cut))
    assert texts(table, "name") == [text for text, _ in strings]
    found = [kind & 0xF0 for kind in table.cells.column("k0").to_pylist()]
    assert found == [0, Mark.STRUCK, Mark.STRUCK, 0]


def test_open_document_styles_build_on_others():
    """A named style (styles.xml) that a cell's own builds on, and that it takes back; tables that are no sheets."""
    spaces = {"office": "office", "table": "table", "text": "text", "style": "style", "number": "datastyle"}
    names = " ".join(
        f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for short, name in spaces.items()
    )
    gone = '<style:text-properties style:text-line-through-style="{}"/>'
    style = '<style:style style:name="{}" style:family="{}" style:parent-style-name="{}">{}</style:style>'
    named = (
        '<number:date-style style:name="m"><number:year/><number:month/></number:date-style>'
        + style.format("作废", "table-cell", "", gone.format("solid"))
        + '<style:style style:name="月" style:family="table-cell" style:data-style-name="m"/>'
        + style.format("圈", "graphic", "", gone.format("solid"))
    )
    own = (
        style.format("a", "table-cell", "作废", "")
        + style.format("b", "table-cell", "a", gone.format("none"))
        + style.format("c", "table-cell", "月", "")
        + style.format("d", "table-cell", "d", "")  # its own parent
    )
    cell = '<table:table-cell table:style-name="{}"><text:p>{}</text:p></table:table-cell>'
    day = '<table:table-cell table:style-name="{}" office:value-type="date" office:date-value="2020-07-01"/>'
    lines = "".join(
        f"<table:table-row>{cell.format(look, name)}{cell.format('', '1')}{day.format(of_day)}{cell.format('', '3')}"
        "</table:table-row>"
        for look, name, of_day in [
            ("作废", "王一", "c"), ("a", "李二", "月"), ("b", "赵三", "d"), ("圈", "孙四", ""), ("无", "周五", "b"),
        ]
    )  # fmt: skip
    header = "".join(cell.format("", text) for text in COLUMNS)
    body = f"<table:table-row>{header}</table:table-row>{lines}"
    link = f"<table:dde-links><table:dde-link><table:table>{body}</table:table></table:dde-link></table:dde-links>"
    taken = f"<table:deletion><table:table>{body}</table:table></table:deletion>"
    kept = f"<table:tracked-changes>{taken}</table:tracked-changes>"
    content = (
        f"<office:document-content {names}><office:automatic-styles>{own}</office:automatic-styles><office:body>"
        f'<office:spreadsheet>{kept}<table:table table:name="t">{body}</table:table>{link}</office:spreadsheet>'
        "</office:body></office:document-content>"
    )
    styles = f"<office:document-styles {names}><office:styles>{named}</office:styles></office:document-styles>"
    parts = {"mimetype": "application/vnd.oasis.opendocument.spreadsheet", "styles.xml": styles, "content.xml": content}
    table = only(packed(parts))
    found = [[kind & 0xF0 for kind in table.cells.column(f"k{number}").to_pylist()] for number in (0, 2)]
    assert found == [[Mark.STRUCK, Mark.STRUCK, 0, 0, 0], [Mark.NO_DAY, Mark.NO_DAY, 0, 0, 0]]


def test_open_document_has_the_same_marks():
    spaces = {"office": "office", "table": "table", "text": "text", "style": "style", "number": "datastyle"}
    names = " ".join(
        f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for short, name in spaces.items()
    )
    styles = (
        '<number:date-style style:name="m"><number:year/><number:month/></number:date-style>'
        '<number:date-style style:name="d"><number:year/><number:month/><number:day/></number:date-style>'
        '<number:number-style style:name="w"><number:number/><number:text>万元</number:text></number:number-style>'
        '<number:number-style style:name="k"><number:number number:display-factor="10000"/><number:text>万元'
        "</number:text></number:number-style>"
        '<style:style style:name="s"><style:text-properties style:text-line-through-style="solid"/></style:style>'
        '<style:style style:name="n"><style:text-properties style:text-line-through-style="none"/></style:style>'
    ) + "".join(f'<style:style style:name="c{name}" style:data-style-name="{name}"/>' for name in "mdwk")

    def line(name: str, day: str, amount: str) -> str:
        return (
            f"<table:table-row>{name}<table:table-cell><text:p>1</text:p></table:table-cell><table:table-cell {day} "
            f'office:value-type="date" office:date-value="2020-07-01"/><table:table-cell {amount} '
            'office:value-type="float" office:value="0.08"/></table:table-row>'
        )

    cell = "<table:table-cell{}><text:p>{}</text:p></table:table-cell>"
    lines = [
        line(cell.format("", "王一"), "", 'table:style-name="cw"'),
        line(cell.format(' table:style-name="s"', "李二"), 'table:style-name="cd"', 'table:style-name="ck"'),
        line(cell.format("", '赵<text:span text:style-name="s">三</text:span>'), 'table:style-name="cd"', ""),
        line(cell.format(' table:style-name="n"', "孙四"), 'table:style-name="cd"', ""),
    ]
    header = "".join(cell.format("", text) for text in COLUMNS)
    columns = '<table:table-column table:number-columns-repeated="2"/>'
    columns += '<table:table-column table:default-cell-style-name="cm"/>'
    body = f"{columns}<table:table-row>{header}</table:table-row>{''.join(lines)}"
    content = (
        f"<office:document-content {names}><office:automatic-styles>{styles}</office:automatic-styles><office:body>"
        f'<office:spreadsheet><table:table table:name="t">{body}</table:table></office:spreadsheet></office:body>'
        "</office:document-content>"
    )
    table = only(packed({"mimetype": "application/vnd.oasis.opendocument.spreadsheet", "content.xml": content}))
    found = [[kind & 0xF0 for kind in table.cells.column(f"k{number}").to_pylist()] for number in (0, 2, 3)]
    assert found == [[0, Mark.STRUCK, Mark.STRUCK, 0], [Mark.NO_DAY, 0, 0, 0], [Mark.UNIT_WAN, 0, 0, 0]]
