"""Blocks of a sheet of awards (contract, 'Blocks'): the title over each says what is asked for, wherever it stands."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from awards.books import input_of, outcomes, settled

HEAD = ["名称", "级别", "依托单位", "认定日期", "认定文号", "评估年度", "评估结果", "评估日期", "申报金额"]
STUDIO = ["王建国大师工作室", "市级", "太原重工", "2020-03-31", "并人社发〔2020〕1号", None, None, None, None]
BASE = ["重工实训基地", *STUDIO[1:]]


def came(*lines: Sequence[Any], numbered: bool = False) -> tuple[list[Any], list[str]]:
    """Award, status, yuan, codes of each line; the rows that are said. `numbered`: a column 序号 stands first."""
    grid = [["序号" if line is HEAD else 1, *line] if numbered and len(line) > 1 else [*line] for line in lines]
    given = input_of(grid)
    return outcomes(settled([given]).assessment), [text.zh for text in given.warnings]


@pytest.mark.parametrize("numbered", [False, True])
def test_the_last_title_that_names_an_award_asks_for_it(*, numbered: bool) -> None:
    """By its grade the studio would be paid a grant; the second title asks for promotions."""
    lines, said = came(
        ["一、实训基地建设补贴"], ["单位：万元"], HEAD, [*BASE[:-1], 100], ["合计"],
        ["二、技能大师工作室晋级补助"], HEAD, STUDIO, numbered=numbered,
    )  # fmt: skip
    assert lines == [
        ("base-construction", "approved", 1_000_000, []),
        ("studio-promotion", "rejected", 0, ["NOT_ELIGIBLE"]),
    ]
    assert said == []


def test_a_title_of_several_awards_leaves_it_to_the_row() -> None:
    lines, _ = came(["实训基地建设补贴"], HEAD, BASE, ["工作室补助、工作室晋级补助"], HEAD, STUDIO)
    assert [line[:3] for line in lines] == [
        ("base-construction", "approved", 1_000_000), ("studio-grant", "approved", 100_000),
    ]  # fmt: skip


def test_a_unit_of_money_over_a_later_block_holds_for_it() -> None:
    lines, _ = came(["单位：元"], HEAD, [*BASE[:-1], 1_000_000], ["单位：万元"], HEAD, [*STUDIO[:-1], 10])
    assert [line[1:3] for line in lines] == [("approved", 1_000_000), ("approved", 100_000)]


def test_a_text_alone_is_no_unit_and_is_said_and_a_unit_alone_is_a_row() -> None:
    lines, said = came(HEAD, STUDIO, ["以上1个"], ["李爱民大师工作室"])
    assert [line[1] for line in lines] == ["approved", "rejected"]
    assert len(said) == 1
    assert "第 3 行只有一段文字“以上1个”" in said[0]
