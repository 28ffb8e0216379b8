"""Columns that were not read: what they may be, by heading and by value; where a title's value ends."""

from __future__ import annotations

from typing import Any

import pytest
from tests.intake.helpers import only, workbook

HEADER = ["姓名", "身份证号", "性别"]


def like(heading: str, *cells: Any) -> tuple[str, ...]:
    people = [["王", "1", "男", cell] for cell in (cells or ("x",))]
    return only(workbook([[*HEADER, heading], *people])).like.get("D", ())


@pytest.mark.parametrize(
    ("heading", "cells", "key"),
    [
        ("开班的日期", (), "start_date"),
        ("发证的日期", (), "certificate_date"),
        ("甲", ("2020-07-01", "2020.7.2", "2020/7/3", "20200704", "待定"), "start_date"),
        ("乙", ("中级工", "四级", "高级技能/三级"), "level"),
        ("丙", ("农民工", "退役军人", None), "category"),
        ("丁", ("专项能力证书",), "certificate_type"),
        ("戊", ("中级工", "无", "——", "暂无", "/"), "level"),  # words for nothing fill no cell
    ],
)
def test_a_column_that_was_not_read_may_be_a_field(heading: str, cells: tuple[Any, ...], key: str) -> None:
    assert key in like(heading, *cells)


@pytest.mark.parametrize(
    ("heading", "cells"),
    [
        ("出生日期", ("1990-01-01",)),
        ("入职时间", ("2019-01-01",)),
        ("序", (1, 2, 3)),
        ("课次", (2020, 2021, 9999)),
        ("丑", ("2020-07-01", "x", "y")),
    ],
)
def test_a_column_that_is_none(heading: str, cells: tuple[Any, ...]) -> None:
    assert "start_date" not in like(heading, *cells)


@pytest.mark.parametrize(
    ("heading", "cells", "expected"),
    [
        ("人均补助", (300, "300元"), True),
        ("资金", (300, None), True),
        ("资金", (300, "无", "-"), True),
        ("资金", ("无", "-"), False),
        ("资金来源", ("市财政",), False),
        ("补贴标准说明", (300,), False),
        ("里程", (300,), False),
    ],
)
def test_a_column_that_looks_like_an_amount(heading: str, cells: tuple[Any, ...], expected: bool) -> None:
    sheet = only(workbook([[*HEADER, heading], *[["王", "1", "男", cell] for cell in cells]]))
    assert ("D" in sheet.amount_like) is expected


@pytest.mark.parametrize(
    ("line", "value"),
    [
        ("2020年花名册（培训机构：晨星学校）", "晨星学校"),
        ("（培训机构：晨星学校（北校区））", "晨星学校（北校区）"),
        ("培训机构：晨星学校（北校区）", "晨星学校（北校区）"),
        ("培训机构：晨星学校(有限公司)", "晨星学校(有限公司)"),
        ("培训机构：晨星学校，共30人", "晨星学校"),
        ("培训机构：晨星学校（签字盖章处）", "晨星学校"),
        ("培训机构：晨星学校（公章） ", "晨星学校"),
        ("培训机构：晨星学校（未完", "晨星学校"),
    ],
)
def test_a_titles_value_ends_at_a_comma_or_a_bracket_that_is_not_its_own(line: str, value: str) -> None:
    assert dict(only(workbook([[line], HEADER, ["王", "1", "男"]])).titles) == {"institution": value}
