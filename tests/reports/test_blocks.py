"""Tables on narrow terminals: no figure is ever cropped, no column vanishes (contract, 'Streams'; issue 12 C3)."""

from __future__ import annotations

import random
import re
import unicodedata

import pytest

from trainingcli import terminal_text
from trainingcli.reports.screen.blocks import drawn
from trainingcli.result import Items, Listing, Prose, Table, columns

SUMMARY = columns("""
programme  补贴项目  text   Programme
lines      笔数      count  Lines
people     人数      count  People
claimed    申报金额  yuan   Claimed
approved   核定金额  yuan   Approved
a          核定      count  Approved
b          核减      count  Reduced
c          待核      count  Held
source     来源      text   Source
""")
ROW = {
    "programme": "企业职工培训补贴", "lines": 12000, "people": 11999, "claimed": "9600000.00", "approved": "7200.00",
    "a": 11000, "b": 500, "c": 500, "source": "taiyuan-2019",
}  # fmt: skip


def joined(text):
    """What stands there, without the blanks and breaks that folding makes."""
    return re.sub(r"\s", "", text)


@pytest.mark.parametrize("width", [200, 100, 80, 60, 45, 30, 20])
def test_every_figure_and_every_heading_stands_whole(width):
    text = drawn(Table(SUMMARY, [ROW], "各补贴项目", ROW | {"programme": "合计"}), width)
    words = re.split(r"[\s，、：]+", text)
    for figure in ("12000", "11999", "9,600,000.00", "7,200.00", "11000", "500"):
        assert words.count(figure) >= 2, f"{figure} is cropped at {width}"
    for column in SUMMARY:
        assert column.heading.zh in joined(text)
    assert "taiyuan-2019" in joined(text)
    assert "企业职工培训补贴" in joined(text) or width >= 60  # folded beside other columns


@pytest.mark.parametrize("seed", range(20))
def test_random_tables_lose_nothing_and_keep_to_their_room(seed):
    chance = random.Random(seed)
    kinds = [chance.choice(["text", "place", "code", "yuan", "count", "date"]) for _ in range(chance.randint(1, 12))]
    declared = columns("\n".join(f"k{n} 列{n} {kind} Column {n}" for n, kind in enumerate(kinds)))
    values = {
        "text": lambda: "".join(chance.choices("培训补贴焊工abc", k=chance.randint(1, 30))),
        "place": lambda: f"rosters/{chance.randint(1, 99)}班花名册.xlsx",
        "code": lambda: chance.choice(["OVER_CLAIMED", "NO_BASIS"]),
        "yuan": lambda: f"{chance.randint(0, 10**9)}.{chance.randint(0, 99):02d}",
        "count": lambda: chance.randint(0, 10**6),
        "date": lambda: f"2020-07-{chance.randint(1, 28):02d}",
    }
    rows = [{f"k{n}": values[kind]() for n, kind in enumerate(kinds)} for _ in range(4)]
    for width in (120, 80, 45, 30):
        text = drawn(Table(declared, rows), width)
        for row in rows:
            for column in declared:
                value = str(row[column.key])
                if column.kind == "place" and "rosters/" not in text:
                    value = value.removeprefix("rosters/")  # folders go first, the name never
                if column.kind == "yuan":
                    whole, cents = value.split(".")
                    assert f"{int(whole):,}.{cents}" in text
                elif column.kind in ("count", "code", "date"):
                    assert value in text
                else:
                    assert sorted(joined(value)) == sorted(set(joined(value)) & set(text)) or set(joined(value)) <= set(
                        text
                    )
        longest = max(terminal_text.width(line) for line in text.splitlines())
        assert longest <= width or any(len(word) > width for word in text.split())


def test_long_lists_are_counted_and_texts_are_cleaned():
    text = drawn(Items("已写出", [f"{n}.xlsx" for n in range(30)], "place"), 80)
    assert "19.xlsx" in text
    assert "20.xlsx" not in text
    assert "另有 10 项" in text
    shown = drawn(Prose("王一\x1b[31m 13800138000\n第二行"), 80)
    assert shown == "王一[31m 138****8000\n第二行\n"
    assert not any(unicodedata.category(sign) == "Cc" for sign in shown.replace("\n", ""))


PLACES = Listing("inputs", columns("file 文件 place File\nwhy 说明 text Why"))


def test_paths_lose_folders_from_the_left_where_there_is_no_room_and_never_their_name():
    rows = [{"file": "来表/2021年/12月/甲校花名册.xlsx", "why": "没有读" * 12}, {"file": "来表/乙校.xlsx", "why": ""}]
    assert "来表/2021年/12月/甲校花名册.xlsx" in drawn(Table(PLACES.columns, rows), 140)
    narrow = drawn(Table(PLACES.columns, rows), 80)
    assert "…/甲校花名册.xlsx" in narrow
    assert "2021年" not in narrow
    twice = [{**rows[0], "file": f"来表/{month}月/很长很长的培训机构名称花名册.xlsx"} for month in (11, 12)]
    both = joined(drawn(Table(PLACES.columns, twice), 80))
    assert "11月" in both  # two that would look alike stay as they are
    long = Items("已写出", ["一个很长的文件夹名称/又一个很长的文件夹名称/汇总.xlsx"], "place")
    assert "  …/又一个很长的文件夹名称/汇总.xlsx" in drawn(long, 44)
    assert "  …/汇总.xlsx" in drawn(long, 20)
