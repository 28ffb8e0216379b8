"""同上, 同前, 〃, ″ stand for the value above, in every column, over blanks, blocks and chunks; samples stand for
nobody (contract, 'Roster headings', 'Blocks')."""

from __future__ import annotations

import random
from typing import Any

import pytest
from tests.intake.helpers import HEADER, LI, WANG, kinds, merged, only, read, rows, texts, workbook

from trainingcli.intake.formats.cell_kinds import Kind
from trainingcli.intake.tables import sheet_reader

MARKS = ["同上", "同前", "〃", "″", "′′", " 同 上 ", "同\u3000前", "同\u2063上", "〃 "]
TYPED = ['"', "＂", "”", "“”", "''", "’’", "〞", "‴", "″ ″", "々", "同上。", "（同上）", "同上行", "同上一栏", "如上"]
COLUMNS = {
    "name": ("姓名", ["张三", "李四", "王五"]),
    "id_number": ("身份证号", ["140105199001011234", "140105199002021234"]),
    "institution": ("培训机构", ["大同学校", "晋阳学校", None]),
    "occupation": ("工种", ["焊工", "电工", None]),
    "start_date": ("开班日期", ["2020-07-01", "2020.9.1", None]),
    "claimed": ("申报金额", ["800", "300", None]),
    "account": ("银行账号", ["6222020200123456", None]),
    "remark": ("备注", ["中途退学", None]),
}


@pytest.mark.parametrize("seed", range(30))
def test_a_ditto_mark_is_the_value_above(seed: int, monkeypatch: Any) -> None:
    rng = random.Random(seed)
    monkeypatch.setattr(sheet_reader, "CHUNK", rng.choice([1, 2, 3, 5, 4096]))
    names = [heading for heading, _ in COLUMNS.values()]
    lines: list[list[Any]] = [names]
    expected: dict[str, list[Any]] = {key: [] for key in COLUMNS}
    for number in range(25):
        row: list[Any] = []
        for key, (_, choices) in COLUMNS.items():
            is_ditto = number > 0 and rng.random() < 0.4
            value = expected[key][-1] if is_ditto else rng.choice(choices)
            expected[key].append(value)
            row.append(rng.choice([*MARKS, *TYPED]) if is_ditto else value)
        lines.append(row)
        lines += rng.choice([[], [], [[]], [names], [["班级：二班"]], [["合计", "2"]]])
    sheet = only(workbook(lines))
    assert {key: texts(sheet, key) for key in COLUMNS} == expected


def test_a_number_cell_and_a_merged_amount_above_keep_what_they_are() -> None:
    header = [*HEADER, "申报金额"]
    people = [[*WANG, 1600], [*LI, None], [*LI, "同上"], [*LI, 0.5], [*LI, "〃"]]
    sheet = only(workbook([header, *people], merges=["F2:F3"]))
    assert texts(sheet, "claimed") == ["1600", "1600", "1600", "0.5", "0.5"]
    assert merged(sheet, "claimed") == [True, True, True, False, False]
    assert set(kinds(sheet, "claimed")) == {Kind.NUMBER}


def test_a_mark_with_nothing_above_it_is_an_error_whatever_it_stood_for() -> None:
    sheet = only(workbook([HEADER, [1, "王一", "140105199001011234", "同上", "〃"], [*LI[:3], "同上", "初级"]]))
    assert kinds(sheet, "occupation") == [Kind.ERROR, Kind.ERROR]
    assert kinds(sheet, "level") == [Kind.ERROR, Kind.TEXT]


def test_a_mark_under_another_header_stands_for_the_block_above() -> None:
    one, two = read(
        workbook([HEADER, WANG, [], ["姓名", "身份证号", "工种"], ["李二", "140105199002021234", "同上"]])
    ).sheets
    assert texts(one, "occupation") == texts(two, "occupation") == ["焊工"]


@pytest.mark.parametrize(
    "sample",
    [
        ["例", "张三", "140105199001011234", "焊工", "中级"],
        ["例1", "张三", "140105199001011234", "焊工", "中级"],
        ["示例", "张三", None, "焊工", "中级"],
        [1, "示例：张三", "140105199001011234", "焊工", "中级"],
        [1, "样例", None, "焊工", None],
        [None, " 例：李四 ", "140105199001011234", None, None],
        ["（例）", "例", "1", "焊工", "中级"],
    ],
)
def test_a_sample_is_nobody_and_is_said(sample: list[Any]) -> None:
    found = read(workbook([HEADER, sample, WANG, LI]))
    assert rows(found.sheets[0]) == [3, 4]
    assert found.sheets[0].skipped == 1
    assert ["第 2 行是填表示例" in text.zh for text in found.warnings] == [True]
