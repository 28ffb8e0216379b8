"""Blocks: title lines between two headers or alone between the rows speak for the rows below them, and leave unsaid
what they do not name; any other text alone is said with its row (contract, 'Blocks')."""

from __future__ import annotations

import random
from typing import Any

import pytest
from tests.intake.helpers import HEADER, LI, VOCABULARY, WANG, only, read, rows, texts, workbook

from trainingcli.intake.gate.bounds import Bounds
from trainingcli.intake.tables import sheet_reader
from trainingcli.intake.tables.read_input import read_one
from trainingcli.intake.tables.sheet_tables import InputFile, SheetTable

OTHER = ["身份证号", "姓名", "等级"]
LI_OTHER = ["140105199002021234", "李二", "初级"]


def blocks(found: InputFile) -> list[SheetTable]:
    for sheet in found.sheets:
        assert sheet.total == sheet.read + sheet.blank + sheet.header + sheet.footer + sheet.skipped
    return [block for sheet in found.sheets for block in sheet.blocks()]


@pytest.mark.parametrize(("header", "person"), [(HEADER, LI), (OTHER, LI_OTHER)])
@pytest.mark.parametrize("between", [[], [[]], [["制表人：张三"]]])
def test_the_titles_between_two_headers_are_the_second_blocks(header, person, between) -> None:
    first = [["2020年职业技能培训补贴花名册"], ["培训机构：甲校", None, "班级：一班"], HEADER, WANG]
    second = [["2020年取证补贴花名册"], ["培训机构：乙校"], header, person]
    found = read(workbook([*first, *between, *second]))
    one, two = blocks(found)
    assert (texts(one, "name"), texts(two, "name")) == (["王一"], ["李二"])
    assert dict(one.titles) == {"institution": "甲校", "class_no": "一班"}
    assert dict(two.titles) == {"institution": "乙校", "class_no": "一班"}
    assert "职业技能培训补贴" in one.above
    assert "取证补贴" in two.above
    assert "职业技能培训补贴" not in two.above
    assert found.warnings == []


def test_a_block_whose_titles_name_no_programme_keeps_the_earlier_one() -> None:
    first = [["2020年取证补贴花名册"], HEADER, WANG]
    _, two = blocks(read(workbook([*first, ["培训机构：乙校"], HEADER, LI])))
    assert "取证补贴" in two.above
    assert rows(two) == [6]


def test_a_repeated_header_without_titles_changes_nothing() -> None:
    (sheet,) = read(workbook([["培训机构：甲校"], HEADER, WANG, ["合计", 1], HEADER, LI])).sheets
    assert texts(sheet, "name") == ["王一", "李二"]
    assert list(sheet.later) == []


@pytest.mark.parametrize("chunk", [1, 2, 3, 4, 5, 6, 4096])
@pytest.mark.parametrize("rows_between", [[], [[]], [["培训机构：乙校"]]])
@pytest.mark.parametrize(
    ("upper", "lower"),
    [
        (["学员", None, None, "培训", None, "申报金额"], HEADER),  # the lower row is the first header again
        (["学员", None, None, "培训", None, "申报金额"], [*HEADER[1:], "备注"]),
        ([*HEADER[:3], "培训", None, "申报金额"], [None, None, None, "工种", "等级"]),  # neither row is one alone
    ],
)
def test_a_second_table_may_have_a_header_of_two_rows(upper, lower, rows_between, chunk, monkeypatch) -> None:
    monkeypatch.setattr(sheet_reader, "CHUNK", chunk)
    at = 4 + len(rows_between)
    lines = [HEADER, WANG, LI, *rows_between, upper, lower, [*LI, 300]]
    one, two = blocks(read(workbook(lines, merges=[f"F{at}:F{at + 1}"])))
    assert (rows(one), rows(two)) == ([2, 3], [at + 2])
    assert {column.key: column.letter for column in two.columns}["claimed"] == "F"


@pytest.mark.parametrize("chunk", [1, 2, 3, 4096])
def test_what_only_the_row_over_a_second_header_names_is_said(chunk, monkeypatch) -> None:
    """Of a csv, which has no merges: the upper row is nobody, and its column of amounts is said to be unread."""
    monkeypatch.setattr(sheet_reader, "CHUNK", chunk)
    upper = ["学员", None, None, "培训", None, "申报金额"]
    one, two = blocks(read(workbook([HEADER, WANG, upper, HEADER, [*LI, 300]])))
    assert (rows(one), rows(two)) == ([2], [5])
    assert list(two.unused) == [("F", "申报金额")]


def test_the_unit_above_a_second_header_is_that_blocks() -> None:
    header = [*HEADER, "申报金额"]
    found = read(workbook([header, [*WANG, 800], ["单位：万元"], header, [*LI, 0.08]]))
    factors = [[column.factor for column in block.columns if column.key == "claimed"] for block in blocks(found)]
    assert factors == [[100], [1_000_000]]


SAYS = [
    (["班级：二班 培训时间：2020.9.1-9.15"], {"class_no": "二班", "date_range": "2020.9.1-9.15"}),
    (["班级：三班"], {"class_no": "三班"}),
    (["班级", "四班"], {"class_no": "四班"}),
    ([None, "班级：", "五班"], {"class_no": "五班"}),
    (["培训机构：乙校", None, "班级：一班"], {"institution": "乙校", "class_no": "一班"}),
    (["培训机构:丙校　工种:钳工"], {"institution": "丙校", "occupation": "钳工"}),
    (["培训时间：2021年3月1日至15日"], {"date_range": "2021年3月1日至15日"}),
    (["开班日期：2021-05-01", "结业日期：2021-05-15"], {"start_date": "2021-05-01", "end_date": "2021-05-15"}),
    (["培训机构：丁校（公章）"], {"institution": "丁校"}),
    (["培训机构（盖章）：戊校"], {"institution": "戊校"}),
]
SILENT = [["制表人：张三 审核人：李四"], ["合计", 2], [], ["共2人"], ["第1页"], ["1、本表一式两份"], ["填报人："],
          ["图例：△为补考"], ["以下空白"], ["二班合计"], ["填报单位（盖章）："], ["2020年9月1日"],
          ["培训机构（盖章）", None, "负责人（签字）"], ["培训机构（公章）", None, "2020年9月1日"]]  # fmt: skip
SAID = [["第二组"], ["以下人员为第二批"], [None, None, None, "以上各人均已结业"], ["补考人员名单"], ["组长：王某"]]
NAMES = ["姓名", "身份证号", "性别", "等级"]


@pytest.mark.parametrize("seed", range(40))
def test_lines_among_the_rows_speak_for_those_below_them_or_are_said(seed: int, monkeypatch: Any) -> None:
    rng = random.Random(seed)
    monkeypatch.setattr(sheet_reader, "CHUNK", rng.choice([1, 2, 3, 4096]))
    now: dict[str, str] = {"class_no": "一班", "date_range": "2020.7.1-7.15"}
    lines: list[list[Any]] = [["班级：一班 培训时间：2020.7.1-7.15"], NAMES]
    expected: dict[int, dict[str, str]] = {}
    said: list[int] = []
    for number in range(30):
        lines.append([f"人{'甲乙丙丁戊'[number % 5]}", f"140105199001{number % 28 + 1:02}1234", "男", "中级"])
        expected[len(lines)] = dict(now)
        while rng.random() < 0.45:
            kind = rng.random()
            if kind < 0.5:
                line, means = rng.choice(SAYS)
                if "date_range" in means:
                    now = {key: text for key, text in now.items() if key not in ("start_date", "end_date")}
                now = now | means
            elif kind < 0.75:
                line = rng.choice(SILENT)
            else:
                line = rng.choice(SAID)
                said.append(len(lines) + 1)
            lines.append(line)
    found = read(workbook(lines))
    got = {row: dict(block.titles) for block in blocks(found) for row in rows(block)}
    assert got == expected
    assert [remark.row for remark in found.sheets[0].remarks] == said
    assert all(any(f"第 {row} 行" in text.zh for text in found.warnings) for row in said[:20])


def test_a_lone_line_that_names_a_programme_speaks_and_is_said() -> None:
    found = read(workbook([["职业技能培训补贴"], HEADER, WANG, ["取证补贴人员"], LI]))
    one, two = blocks(found)
    assert (one.above, two.above) == ("职业技能培训补贴", "取证补贴人员")
    assert ["第 4 行" in text.zh for text in found.warnings] == [True]


@pytest.mark.parametrize("place", [4094, 4095, 4096, 4097])
def test_a_title_at_the_edge_of_a_chunk_is_the_next_blocks(place: int) -> None:
    people = [[n, f"王{n}", f"1401051990010{n:05}", "焊工", "中级"] for n in range(place)]
    for again in ([], [HEADER], [OTHER]):
        last = LI_OTHER if again == [OTHER] else LI
        found = read(workbook([["培训机构：甲校"], HEADER, *people, ["培训机构：乙校"], *again, last]))
        one, two = blocks(found)
        assert (dict(one.titles), dict(two.titles)) == ({"institution": "甲校"}, {"institution": "乙校"})
        assert rows(two) == [place + 4 + len(again)]


def test_hundreds_of_class_lines_are_one_sheet_and_thousands_are_refused() -> None:
    lines = [line for n in range(300) for line in ([f"班级：{n}班"], HEADER, WANG)]
    sheet = only(workbook(lines))
    assert [dict(block.titles)["class_no"] for block in sheet.blocks()] == [f"{n}班" for n in range(300)]
    found = read_one("-", workbook(lines), VOCABULARY, None, Bounds(blocks=100))
    assert found.error is not None
    assert "标题行过多" in found.error.zh


@pytest.mark.parametrize(
    "person",
    [
        [None, "王三", None, None, None],  # a name alone is a person of whom everything is missing
        [3, "王三", None, None, None],
        [None, None, "140105199001011234", None, None],
        [3, "王三", None, "焊工", "班级：二班"],
        [3, "班级员", None, "焊工", None],
    ],
)
def test_no_person_is_taken_for_a_line(person: list[Any]) -> None:
    sheet = only(workbook([HEADER, WANG, person, LI]))
    assert rows(sheet) == [2, 3, 4]


@pytest.mark.parametrize("between", [[], [HEADER]])
@pytest.mark.parametrize("beside", ["填报日期：2021年12月30日", "制表日期：2021.12.30", "班级：二班"])
@pytest.mark.parametrize("label", ["培训机构", "培训单位", "填报单位"])
def test_a_title_line_with_a_date_beside_it_is_no_person(label, beside, between) -> None:
    """填报日期 stands in title lines (contract, 'Roster headings'), though footers begin so too."""
    lines = [["培训机构：甲校"], HEADER, WANG, [f"{label}:乙校", None, None, beside], *between, LI]
    found = read(workbook(lines))
    one, two = blocks(found)
    assert (texts(one, "name"), texts(two, "name")) == (["王一"], ["李二"])
    assert ("乙校" in two.titles.values()) == (label != "填报单位")  # who fills in the form need not have trained
    assert found.warnings == []


def test_a_footer_with_its_date_stays_one() -> None:
    sheet = only(workbook([HEADER, WANG, ["填报人：张三", None, "填报日期：2021年12月30日"], ["填报日期：2021-12-30"]]))
    assert (sheet.read, sheet.footer) == (1, 2)
