"""Forms with labels and values, one sheet a person: no row of them is a header (contract, 'Blocks')."""

from __future__ import annotations

import datetime as dt
import random
from typing import Any

import pytest
from tests.intake.helpers import HEADER, LI, WANG, only, read, rows, workbook

VALUES: dict[str, list[Any]] = {
    "身份证号": ["140105199001011234", "14010519900101123X", "140105900101123", 140105900101123],
    "联系电话": ["13800138000", "0351-6543210", 13800138000, "138 0013 8000"],
    "开班日期": ["2020-07-01", "2020.7.1", "2020年7月1日", dt.date(2020, 7, 1)],
    "结业日期": ["2020/7/15", "20200715", dt.datetime(2020, 7, 15)],
}
OTHERS = {"性别": "男", "工种": "焊工", "等级": "中级", "工作单位": "甲厂"}


@pytest.mark.parametrize("seed", range(40))
def test_a_row_with_values_among_its_headings_is_no_header(seed: int) -> None:
    rng = random.Random(seed)
    with_value = rng.sample(sorted(VALUES), rng.choice([1, 2]))
    pairs = [(label, rng.choice(VALUES[label])) for label in with_value]
    pairs += [("姓名", "张三"), *((label, OTHERS[label]) for label in rng.sample(sorted(OTHERS), 2))]
    rng.shuffle(pairs)
    row = [cell for pair in pairs for cell in pair]
    found = read(workbook([["个人申请表"], row, ["备注", "无"]]))
    assert found.sheets == []
    assert len(found.not_read) == 1
    sheet = only(workbook([row, HEADER, WANG, LI]))  # above a roster it is no header either
    assert (sheet.header_row, rows(sheet)) == (2, [3, 4])


def test_a_form_among_the_rows_begins_no_table() -> None:
    form = ["姓名", "张三", "身份证号", "140105199001011234", "工种"]
    assert len(read(workbook([HEADER, WANG, form, LI])).sheets) == 1
