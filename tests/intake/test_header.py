"""Where the header is, and what its headings mean."""

from __future__ import annotations

import random
import re
import unicodedata

import pytest
from tests.intake.helpers import HEADER, LI, VOCABULARY, WANG, keys, only, read, rows, texts, workbook

from trainingcli.compared import squeeze
from trainingcli.intake.tables.headings import Headings, Match
from trainingcli.vocabulary import CLOSING, OPENING


def columns(sheet):
    return {column.key: column.letter for column in sheet.columns}


def test_header_in_the_first_row():
    sheet = only(workbook([HEADER, WANG, LI]))
    assert sheet.header_row == 1
    assert columns(sheet) == {"name": "B", "id_number": "C", "occupation": "D", "level": "E"}
    assert list(sheet.unused) == []  # looked at for the marks of samples
    assert rows(sheet) == [2, 3]
    assert texts(sheet, "name") == ["王一", "李二"]


def test_header_under_a_title_block_and_blank_rows():
    sheet = only(workbook([["太原市培训花名册"], [], ["填报单位：甲学校"], HEADER, WANG], merges=["A1:E1"]))
    assert sheet.header_row == 4
    assert (sheet.skipped, sheet.header, sheet.read) == (3, 1, 1)
    assert sheet.above == "太原市培训花名册\n填报单位：甲学校"


def test_header_far_down_is_found():
    sheet = only(workbook([*[[f"说明{n}"] for n in range(200)], HEADER, WANG]))
    assert sheet.header_row == 201
    assert rows(sheet) == [202]


def test_header_exactly_at_the_edge_of_the_looked_at_block():
    for title_rows in (14, 15, 16, 17, 62, 63, 64, 65):
        sheet = only(workbook([*[["说明"]] * title_rows, HEADER, WANG, LI]))
        assert sheet.header_row == title_rows + 1
        assert rows(sheet) == [title_rows + 2, title_rows + 3]


@pytest.mark.parametrize("whole", [True, False])
def test_a_two_row_header_at_the_edge_of_the_looked_at_block(whole):
    """Wherever it stands, the column that only the upper row names is read."""
    header = [["学员", None, "培训", "申报金额"], ["姓名", "身份证号", "工种", None]]
    if not whole:  # the lower row alone is no header
        header = [["姓名", "身份证号", "培训", "申报金额"], [None, None, "工种", None]]
    person = ["王一", "140105199001011234", "焊工", 300]
    for title_rows in range(70):
        merges = [f"D{title_rows + 1}:D{title_rows + 2}"]
        sheet = only(workbook([*[["说明"]] * title_rows, *header, person, person], merges=merges))
        assert (sheet.header_row, columns(sheet).get("claimed")) == (title_rows + 2, "D"), title_rows


def test_columns_that_begin_right_of_a_and_below_row_one_keep_their_letters():
    def move(sheet):
        sheet.move_range("A1:E3", rows=4, cols=2)

    sheet = only(workbook([HEADER, WANG, LI], change=move))
    assert sheet.header_row == 5
    assert columns(sheet)["name"] == "D"
    assert rows(sheet) == [6, 7]


def test_two_known_headings_are_no_header():
    found = read(workbook([["姓名", "身份证号", "爱好"], ["王一", "1", "x"]]))
    assert found.sheets == []
    assert [name for name, _ in found.not_read] == ["表1"]


def test_three_known_headings_without_a_person_are_no_header():
    assert read(workbook([["工种", "等级", "性别"], ["焊工", "中级", "男"]])).sheets == []


@pytest.mark.parametrize(
    "heading", ["姓 名", "姓\n名", "*姓名", "姓名（必填）", "姓名：", " 姓名 ", "姓名*", "【姓名】"]
)
def test_marks_blanks_and_brackets_do_not_hide_a_heading(heading):
    assert keys(only(workbook([[heading, "身份证号", "工种"], ["王一", "1", "焊工"]])))[0] == "name"


KINDS = ("Po", "So", "Pi", "Pf")
SIGNS = [sign for sign in map(chr, range(0x21, 0x3100)) if unicodedata.category(sign) in KINDS]
SIGNS = [sign for sign in SIGNS if not re.search(r"[\w/&%<]", squeeze(sign))]


@pytest.mark.parametrize("seed", range(20))
def test_no_sign_and_no_bracket_hides_a_heading(seed):
    """Any punctuation or symbol before and behind, but those that part or join words; a number of a note below."""
    some = random.Random(seed)
    sign = "".join(some.choices(SIGNS, k=2))
    opened, closed = some.choice(list(zip(OPENING, CLOSING, strict=True)))
    note = some.choice(["", "①", "⑳", "²"])
    heading = some.choice([f"{sign}姓名{note}", f"姓名{opened}必填{closed}{sign}", f"姓名{sign[0]}", f"姓名{note}"])
    assert keys(only(workbook([[heading, "身份证号", "工种"], ["王一", "1", "焊工"]])))[0] == "name", heading


def test_of_two_columns_with_one_key_the_first_counts():
    sheet = only(workbook([["姓名", "身份证号", "工种", "培训工种"], ["王一", "1", "焊工", "电工"]]))
    assert texts(sheet, "occupation") == ["焊工"]
    assert list(sheet.unused) == [("D", "培训工种")]


def test_two_row_header_with_merges():
    sheet = only(
        workbook(
            [
                ["姓名", "身份证号", "培训时间", None, "工种"],
                [None, None, "开始", "结束", None],
                ["王一", "140105199001011234", "2020-07-01", "2020-07-15", "焊工"],
            ],
            merges=["A1:A2", "B1:B2", "C1:D1", "E1:E2"],
        )
    )
    assert sheet.header_row == 2
    assert sheet.header == 2
    assert columns(sheet) == {"name": "A", "id_number": "B", "start_date": "C", "end_date": "D", "occupation": "E"}
    assert texts(sheet, "end_date") == ["2020-07-15"]


def test_two_row_header_never_merged():
    sheet = only(
        workbook(
            [
                ["姓名", "身份证号", "培训时间", None, "工种"],
                [None, None, "起", "止", None],
                ["王一", "140105199001011234", "2020-07-01", "2020-07-15", "焊工"],
            ]
        )
    )
    assert sheet.header_row == 2
    assert columns(sheet)["start_date"] == "C"
    assert columns(sheet)["end_date"] == "D"
    assert rows(sheet) == [3]


def test_two_row_header_whose_lower_row_alone_is_a_header():
    sheet = only(
        workbook(
            [
                ["花名册", None, None, None, None],
                ["学员情况", None, None, "补贴", None],
                ["姓名", "身份证号", "工种", "取证补贴", "生活费补贴"],
                ["王一", "140105199001011234", "焊工", 300, 400],
            ],
            merges=["A1:E1", "A2:C2", "D2:E2"],
        )
    )
    assert sheet.header_row == 3
    assert [(c.letter, c.programme) for c in sheet.columns if c.key == "amount"] == [
        ("D", "certificate"),
        ("E", "living-allowance"),
    ]


def test_a_column_named_only_over_a_whole_header_is_said():
    """A csv, or a header that was never merged, has no cell over both rows: the amount is not read, and said."""
    over = ["序号", "基本信息", None, "培训信息", None, "申报金额", "培训机构"]
    header = [None, "姓名", "身份证号", "工种", "等级"]
    sheet = only(workbook([["太原市花名册"], over, header, [*WANG, 600], [*LI, 600]]))
    assert sheet.header_row == 3
    assert list(sheet.unused) == [("F", "申报金额")]
    assert list(sheet.amount_like) == ["F"]
    titled = only(workbook([["太原市花名册"], header, WANG, LI]))
    assert list(titled.unused) == []
    labelled = only(workbook([["班级：一班", None, "期次：1"], header, WANG, LI]))
    assert list(labelled.unused) == []


def test_two_row_header_where_only_both_rows_together_are_enough():
    sheet = only(
        workbook(
            [
                ["姓名", "身份证号", "培训情况", None],
                [None, None, "工种", "等级"],
                ["王一", "140105199001011234", "焊工", "中级"],
            ],
            merges=["A1:A2", "B1:B2", "C1:D1"],
        )
    )
    assert sheet.header_row == 2
    assert keys(sheet) == ["name", "id_number", "occupation", "level"]


def test_upper_and_lower_combine_to_one_heading():
    sheet = only(
        workbook(
            [
                ["姓名", "身份证号", "工种", "取证补贴", None],
                [None, None, None, "标准", "金额(元)"],
                ["王一", "140105199001011234", "焊工", 300, 200],
            ],
            merges=["A1:A2", "B1:B2", "C1:C2", "D1:E1"],
        )
    )
    assert [(c.letter, c.programme) for c in sheet.columns if c.key == "amount"] == [("E", "certificate")]
    assert list(sheet.unused) == [("D", "取证补贴 标准")]


def test_data_is_never_taken_for_a_lower_header_row():
    sheet = only(
        workbook([["姓名", "身份证号", "培训时间", "工种"], ["王一", None, "开始", "焊工"], ["李二", "1", "x", "电工"]])
    )
    assert sheet.header_row == 1
    assert texts(sheet, "name") == ["王一", "李二"]


def test_data_without_name_and_number_under_a_header_is_data():
    sheet = only(
        workbook(
            [["姓名", "身份证号", "培训时间", "工种"], [None, None, "2020-07-01", "焊工"], ["李二", "1", "x", "电工"]]
        )
    )
    assert sheet.header_row == 1
    assert rows(sheet) == [2, 3]


def test_title_right_above_the_header_is_no_upper_row():
    sheet = only(
        workbook(
            [["企业职工培训补贴申请表"], ["姓名", "身份证号", "工种", None], ["王一", "1", "焊工", "x"]],
            merges=["A1:D1"],
        )
    )
    assert sheet.header_row == 2
    assert keys(sheet) == ["name", "id_number", "occupation"]
    assert sheet.skipped == 1


H = Headings.of(VOCABULARY)


@pytest.mark.parametrize(
    ("heading", "match"),
    [
        ("补贴金额", Match("claimed", None, 100)),
        ("补贴金额(元)", Match("claimed", None, 100)),
        ("补贴金额（万元）", Match("claimed", None, 1_000_000)),
        ("申请金额（单位：万元）", Match("claimed", None, 1_000_000)),
        ("补贴金额(千元)", Match("claimed", None, 100_000)),
        ("补贴金额（单位：百元）", Match("claimed", None, 10_000)),
        ("补贴金额（人民币百万元）", Match("claimed", None, 100_000_000)),
        ("补贴金额(十万元/班)", Match("claimed", None, 10_000_000)),
        ("补贴金额(万)", Match("claimed", None, 1_000_000)),
        ("补贴金额（以千元计）", Match("claimed", None, 100_000)),
        ("补贴金额千元", Match("claimed", None, 100_000)),
        ("取证补贴(千元)", Match("amount", "certificate", 100_000)),
        ("取证补贴百元", Match("amount", "certificate", 10_000)),
        ("补贴金额(美元)", Match("claimed", None, 0)),  # no sum of ours: every cell of it is BAD_AMOUNT
        ("补贴标准(元/人)", Match("standard", None, 100)),
        ("取证补贴", Match("amount", "certificate", 100)),
        ("取证补贴(元)", Match("amount", "certificate", 100)),
        ("取证补贴金额", Match("amount", "certificate", 100)),
        ("取证补贴金额（万元）", Match("amount", "certificate", 1_000_000)),
        ("取证补贴万元", Match("amount", "certificate", 1_000_000)),
        ("取证补贴 金额 元", Match("amount", "certificate", 100)),
        ("技师、高级技师补贴", Match("amount", "technician", 100)),
        ("培训补贴", Match("amount", "training", 100)),
        ("企业职工岗前培训补贴", Match("amount", "employees-training", 100)),
        ("企业职工培训补贴金额(元)", Match("amount", "employees-training", 100)),
        ("企业职工培训补贴标准", None),
        ("取证补贴标准", None),
        ("职业(工种)", Match("occupation", None, 100)),
        ("姓名", Match("name", None, 100)),
        ("爱好", None),
    ],
)
def test_what_a_heading_means(heading, match):
    assert H.match(heading) == match


def test_training_allowance_is_told_from_the_employees():
    """Which programme each means is the rules' to say (tests/cases/claim_lines.yaml)."""
    header = ["姓名", "身份证号", "培训补贴", "企业职工培训补贴"]
    sheet = only(workbook([header, ["王一", "1", 500, None]]))
    assert [c.programme for c in sheet.columns if c.key == "amount"] == ["training", "employees-training"]
    alone = only(workbook([["姓名", "身份证号", "培训补贴"], ["王一", "1", 500]]))
    assert [c.programme for c in alone.columns if c.key == "amount"] == ["training"]


def test_every_visible_sheet_with_a_header_is_read():
    found = read(workbook([HEADER, WANG], [["封面"]], [HEADER, LI]))
    assert [sheet.sheet for sheet in found.sheets] == ["表1", "表3"]
    assert [name for name, _ in found.not_read] == ["表2"]


@pytest.mark.parametrize(
    ("above", "heading", "factor"),
    [
        # Contract: a unit counts once, the nearest of cell, format, heading, the line above (单位：万元).
        ("单位：万元", "补贴金额", 1_000_000),
        ("（金额单位: 万 元）", "补贴金额", 1_000_000),
        ("填报日期：2020.7.1 单位：元", "补贴金额", 100),
        ("单位：万元", "补贴金额(元)", 100),
        ("填报单位：万元和职业学校", "补贴金额", 100),
        ("单位：千元", "补贴金额", 100_000),
        ("金额单位：人民币百万元", "补贴金额", 100_000_000),
        ("单位：千元", "补贴金额(元)", 100),
        ("单位：美元", "补贴金额", 0),
        ("单位：美元", "补贴金额(元)", 100),
        ("填报单位：万元", "补贴金额", 100),
        ("单位：元/人", "补贴金额", 100),
        ("单位：万元（保留四位小数）", "补贴金额", 1_000_000),
        ("单位：万元   第1页", "补贴金额", 1_000_000),
        ("单位：万元  填报日期：2020年9月1日", "补贴金额", 1_000_000),
        ("以万元为单位", "补贴金额", 1_000_000),
        ("", "补贴金额", 100),
    ],
)
def test_a_line_above_gives_the_unit_where_the_heading_names_none(above, heading, factor):
    sheet = only(workbook([[above or "花名册"], [*HEADER, heading], [*WANG, 1]]))
    assert [column.factor for column in sheet.columns if column.key == "claimed"] == [factor]


PARTING = "，、；：/·,;:"


@pytest.mark.parametrize("seed", range(40))
def test_a_unit_is_found_however_it_is_named(seed):
    """In any bracket of the heading, among other words; in a line above, its parts in one cell or in several."""
    some = random.Random(seed)
    unit, fen = some.choice([("万元", 1_000_000), ("元", 100), ("千元", 100_000), ("万", 1_000_000), ("百元", 10_000)])
    opened, closed = some.choice(list(zip(OPENING, CLOSING, strict=True)))
    sign, other = some.choice(PARTING), some.choice(["人", "人次", "名", "课时", "个"])
    inside = some.choice(
        ["{}", "单位：{}", "金额单位：{}", "人民币：{}", "以{}计", "{}" + sign + "保留两位", "{} / 人"]
    )
    heading = "补贴金额" + some.choice(["", "（必填）"]) + opened + inside.format(unit) + closed
    sheet = only(workbook([["花名册"], [*HEADER, heading], [*WANG, 1]]))
    assert [column.factor for column in sheet.columns if column.key == "claimed"] == [fen], heading

    label = some.choice(["单位", "金额单位", "计量单位", "货币单位", "单 位"])
    told = some.choice([unit, f"{other}{sign}{unit}", f"人民币{unit}", f"{opened}{unit}{closed}", f"人民币（{unit}）"])
    line = some.choice([[f"{label}：{told}"], [f"{label}：", told], [label, told], [f"（{label}：{told}）"]])
    if opened not in "(（﹙[［【〔" and told.startswith(opened):
        return
    sheet = only(workbook([line, [*HEADER, "补贴金额"], [*WANG, 1]]))
    assert [column.factor for column in sheet.columns if column.key == "claimed"] == [fen], line


def test_of_two_columns_of_one_key_the_first_counts_and_that_is_said():
    found = read(workbook([[*HEADER, "手机", "联系电话"], [*WANG, "13800138000", "13900139000"]]))
    assert texts(found.sheets[0], "phone") == ["13800138000"]
    assert ["G 列“联系电话”与 F 列“手机”是同一项" in text.zh for text in found.warnings] == [True]
