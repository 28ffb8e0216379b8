"""Blocks: title lines between two headers speak for the rows below them, and leave unsaid what they do not name."""

from __future__ import annotations

import pytest
from tests.intake.helpers import HEADER, LI, WANG, read, rows, texts, workbook

OTHER = ["身份证号", "姓名", "等级"]
LI_OTHER = ["140105199002021234", "李二", "初级"]


@pytest.mark.parametrize(("header", "person"), [(HEADER, LI), (OTHER, LI_OTHER)])
@pytest.mark.parametrize("between", [[], [[]], [["制表人：张三"]]])
def test_the_titles_between_two_headers_are_the_second_blocks(header, person, between) -> None:
    first = [["2020年职业技能培训补贴花名册"], ["培训机构：甲校", None, "班级：一班"], HEADER, WANG]
    second = [["2020年取证补贴花名册"], ["培训机构：乙校"], header, person]
    one, two = read(workbook([*first, *between, *second])).sheets
    assert (texts(one, "name"), texts(two, "name")) == (["王一"], ["李二"])
    assert dict(one.titles) == {"institution": "甲校", "class_no": "一班"}
    assert dict(two.titles) == {"institution": "乙校", "class_no": "一班"}
    assert "职业技能培训补贴" in one.above
    assert "取证补贴" in two.above
    assert "职业技能培训补贴" not in two.above
    for sheet in (one, two):
        assert sheet.total == sheet.read + sheet.blank + sheet.header + sheet.footer + sheet.skipped


def test_a_block_whose_titles_name_no_programme_keeps_the_earlier_one() -> None:
    first = [["2020年取证补贴花名册"], HEADER, WANG]
    _, two = read(workbook([*first, ["培训机构：乙校"], HEADER, LI])).sheets
    assert "取证补贴" in two.above
    assert rows(two) == [6]


def test_a_repeated_header_without_titles_changes_nothing() -> None:
    (sheet,) = read(workbook([["培训机构：甲校"], HEADER, WANG, ["合计", 1], HEADER, LI])).sheets
    assert texts(sheet, "name") == ["王一", "李二"]
