"""Which rows are people: footers, blanks, repeated headers, merges, control totals."""

from __future__ import annotations

import pytest
from tests.intake.helpers import HEADER, LI, WANG, kinds, merged, only, read, rows, texts, workbook

from trainingcli.intake.formats.cell_kinds import Kind
from trainingcli.vocabulary import CLOSING, OPENING


@pytest.mark.parametrize(
    "footer",
    [
        ["合计", None, None, None, 2],
        ["合 计", "2人"],
        ["合计", 12, 3600],  # 'a sum is never claimed', under whichever columns its figures stand
        ["合  计", "3600", "12"],
        ["制表人：张三", None, "审核人：李四", None, "负责人："],
        ["制表人：张三", "审核人：李四", "日期：2020年7月1日"],
        [None, "合计"],
        [3, "合计"],
        [3, "本页小计", None, None, None],
        ["填报单位（盖章）："],
        [None, None, None, "单位公章"],
        ["备注：以上人员均已培训"],
        ["注：1.身份证号须为文本"],
        ["单位负责人（签字）"],
    ],
)
def test_a_footer_is_passed_over_and_counted(footer):
    sheet = only(workbook([HEADER, WANG, LI, footer]))
    assert rows(sheet) == [2, 3]
    assert sheet.footer == 1


@pytest.mark.parametrize("word", ["合计", "合 计", "小计", "本页合计"])
def test_a_sum_behind_a_number_is_no_person(word):
    header = ["序号", "姓名", "身份证号", "工种", "补贴金额", "取证补贴", "企业职工培训补贴"]
    people = [[1, "王一", "1", "焊工", 300, 300, None], [2, "李二", "2", "焊工", 300, None, 300]]
    sheet = only(workbook([header, *people, [3, word, None, None, 600, 300, 300]]))
    assert rows(sheet) == [2, 3]
    assert sheet.footer == 1


@pytest.mark.parametrize(
    "person",
    [
        [3, "王三", None, "焊工", "中级"],
        ["合计", "王三", "140105199001011234", "焊工", "中级"],
        [None, None, "140105199001011234", None, None],
        [3, None, "x", None, None],
        [3, "注三", "140105199001011234", "注塑工", None],
        [3, "王三", None, "注塑工", None],
        [None, "王三", None, "审核员", None],
        [None, None, None, "注塑工", "中级"],
        [3, None, 140105199001011234, "焊工", None],
    ],
)
def test_in_doubt_a_row_is_data(person):
    sheet = only(workbook([HEADER, WANG, person, LI]))
    assert rows(sheet) == [2, 3, 4]
    assert sheet.footer == 0


def test_blank_rows_are_counted_and_numbers_stay_true():
    sheet = only(workbook([HEADER, WANG, [], [7], LI, [" "], ["\u3000"]]))
    assert rows(sheet) == [2, 5]
    assert sheet.blank == 4
    assert sheet.total == 7


def test_repeated_header_rows_are_passed_over():
    sheet = only(workbook([HEADER, WANG, HEADER, LI]))
    assert rows(sheet) == [2, 4]
    assert sheet.header == 2


def test_both_rows_of_a_repeated_two_row_header_are_passed_over():
    upper = ["姓名", "身份证号", "培训时间", None, "工种"]
    lower = [None, None, "开始", "结束", None]
    person = ["王一", "140105199001011234", "2020-07-01", "2020-07-15", "焊工"]
    merges = ["A1:A2", "B1:B2", "C1:D1", "E1:E2", "A4:A5", "B4:B5", "C4:D4", "E4:E5"]
    sheet = only(workbook([upper, lower, person, upper, lower, person], merges=merges))
    assert rows(sheet) == [3, 6]
    assert sheet.header == 4


def test_a_second_table_with_another_layout_in_one_sheet_is_read_too():
    other = ["身份证号", "姓名", "等级"]
    found = read(workbook([HEADER, WANG, [], other, ["140105199002021234", "李二", "初级"]]))
    assert [texts(sheet, "name") for sheet in found.sheets] == [["王一"], ["李二"]]
    assert [sheet.header_row for sheet in found.sheets] == [1, 4]
    assert rows(found.sheets[1]) == [5]
    assert sum(sheet.total for sheet in found.sheets) == 5
    for sheet in found.sheets:
        assert sheet.total == sheet.read + sheet.blank + sheet.header + sheet.footer + sheet.skipped


def test_a_vertical_merge_gives_its_value_to_each_data_row():
    sheet = only(
        workbook([HEADER, WANG, [2, "李二", "2", None, "初级"], [3, "张三", "3", "钳工", None]], merges=["D2:D3"])
    )
    assert texts(sheet, "occupation") == ["焊工", "焊工", "钳工"]
    assert merged(sheet, "occupation") == [True, True, False]
    assert merged(sheet, "level") == [False, False, False]


def test_a_merged_person_over_two_trainings_is_two_rows():
    sheet = only(workbook([HEADER, WANG, [None, None, None, "注塑工", None]], merges=["B2:B3", "C2:C3"]))
    assert texts(sheet, "name") == ["王一", "王一"]
    assert texts(sheet, "occupation") == ["焊工", "注塑工"]
    assert sheet.footer == 0


def test_a_merge_over_one_data_row_and_a_blank_one_is_no_group():
    sheet = only(workbook([HEADER, WANG, [], LI], merges=["D2:D3"]))
    assert merged(sheet, "occupation") == [False, False]


def test_a_merge_that_begins_in_the_header_gives_nothing():
    sheet = only(workbook([HEADER, [1, "王一", "1", None, "中级"]], merges=["D1:D2"]))
    assert texts(sheet, "occupation") == [None]


def test_merges_over_the_edge_of_a_chunk():
    people = [[n, f"王{n}", str(n), "焊工" if n == 4090 else None, "中级"] for n in range(1, 5001)]
    sheet = only(workbook([HEADER, *people], merges=["D4091:D4111"]))
    assert sheet.read == 5000
    filled = [n for n, text in zip(rows(sheet), texts(sheet, "occupation"), strict=True) if text == "焊工"]
    assert filled == list(range(4091, 4112))
    assert [n for n, mark in zip(rows(sheet), merged(sheet, "occupation"), strict=True) if mark] == filled


def test_blank_looking_cells_are_empty():
    sheet = only(workbook([HEADER, [1, "王一", "1", "\u00a0", "\u200b"], [2, "李二", "2", "\u3000 ", " 中级 "]]))
    assert texts(sheet, "occupation") == [None, None]
    assert kinds(sheet, "level") == [Kind.EMPTY, Kind.TEXT]
    assert texts(sheet, "level") == [None, " 中级 "]


@pytest.mark.parametrize(
    ("lines", "titles"),
    [
        ([["填报单位：甲学校"]], {"institution": "甲学校"}),
        ([["填报单位：甲学校  填报日期：2020年7月1日"]], {"institution": "甲学校"}),
        (
            [["培训机构:甲学校 班级:2020-01班 培训工种：焊工 等级：中级"]],
            {"institution": "甲学校", "class_no": "2020-01班"},
        ),
        ([["培训机构：甲学校班级：2020-01"]], {"institution": "甲学校", "class_no": "2020-01"}),
        ([["培训机构：", "甲学校", "班级：", "一班"]], {"institution": "甲学校", "class_no": "一班"}),
        ([["培训机构", "甲学校"]], {"institution": "甲学校"}),
        ([["培训机构（盖章）：甲学校"]], {"institution": "甲学校"}),
        ([["培训机构：甲学校（盖章）"]], {"institution": "甲学校"}),
        ([["填报单位：乙局"], ["培训机构：甲学校"]], {"institution": "甲学校"}),
        ([["培训机构：甲学校"], ["填报单位：乙局"]], {"institution": "甲学校"}),
        ([["填报单位：______"]], {}),
        ([["填报单位："]], {}),
        ([["培训时间：2020年7月1日至7月15日"]], {"date_range": "2020年7月1日至7月15日"}),
        (
            [["开班日期：2020-07-01 08:30", None, "结业日期：2020-07-15"]],
            {"start_date": "2020-07-01 08:30", "end_date": "2020-07-15"},
        ),
        ([["太原市花名册"]], {}),
        ([["填报单位（盖章）", None, "负责人（签字）"]], {}),
        ([["填报单位（盖章）：", "负责人"], ["培训机构", "合计"]], {}),
        ([["培训机构（公章）：", None, "2020年9月1日"]], {}),
        ([["培训机构（公章）", "  年  月  日"]], {}),
        ([["培训机构：", "2020年月亮湾学校"]], {"institution": "2020年月亮湾学校"}),
        ([["班级：", "2020.9.1"]], {"class_no": "2020.9.1"}),
    ],
)
def test_title_lines_fill_what_no_column_has(lines, titles):
    sheet = only(workbook([*lines, HEADER, WANG]))
    assert dict(sheet.titles) == titles


DATES_AND_COUNTS = ("2020年9月1日", "2020.9.1", "年  月  日", "二〇二〇年九月一日", "共40人")


@pytest.mark.parametrize("label", ["培训机构", "填报单位（盖章）", "学校名称【公章】"])
@pytest.mark.parametrize(
    "form",
    [
        *(f"花名册{opened}LABEL：甲学校{closed}" for opened, closed in zip(OPENING, CLOSING, strict=True)),
        *(f"LABEL：甲学校{opened}公章{closed}" for opened, closed in zip(OPENING, CLOSING, strict=True)),
        *(f"LABEL：甲学校{end}联系电话：13800138000" for end in "，,；;。"),
        *(f"LABEL：甲学校{end}" for end in "，,；;。"),
        *(f"LABEL：甲学校（{seal}）" for seal in ("章", "盖章", "签字", "单位盖章")),
        *(
            f"LABEL：甲学校 {tail}"
            for tail in ("2020年9月1日", "2020.9.1", "年  月  日", "二〇二〇年九月一日", "共40人")
        ),
        "LABEL：甲学校　　第1页  共3页",
    ],
)
def test_a_title_names_its_institution_alone(label, form):
    assert dict(only(workbook([[form.replace("LABEL", label)], HEADER, WANG])).titles)["institution"] == "甲学校"


@pytest.mark.parametrize(
    "name", ["甲学校（北校区）", "甲〔2020〕班", "甲 乙学校", "第三中学 二部", "【甲】学校", "甲(乙[丙])"]
)
def test_what_belongs_to_a_name_in_a_title_stays(name):
    assert dict(only(workbook([[f"培训机构：{name}"], HEADER, WANG])).titles)["institution"] == name


def test_a_column_wins_over_a_title_line():
    assert dict(only(workbook([["工种：焊工"], HEADER, WANG])).titles) == {}
