"""What two amount columns, or one that was not read, come to in an award's row, beside the same cells in a roster's.

The contract says of `claimed` 'as in rosters': the same two cells must come to the same status. A studio's figure is
100,000 yuan and fixed; so is that of a certificate, 600.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from typing import Any

import pytest

from awards.books import input_file as awards_file
from awards.books import outcomes, settled
from support.ordinary import row as roster_row
from support.rosters import Sheet
from support.rosters import input_file as roster_file
from support.settling import TODAY, read_rows
from trainingcli.policy import load_policy
from trainingcli.settle.claim_lines import claim_lines
from trainingcli.settle.lines_frame import lines_frame
from trainingcli.settle.settlement import settle

STUDIO = {
    "名称": "王建国技能大师工作室", "类型": "技能大师工作室", "级别": "市级", "依托单位": "太原重工",
    "认定日期": "2020-03-31", "认定文号": "并人社发〔2020〕1号",
}  # fmt: skip
CELLS = ["empty", "figure", "figure in words", "more", "no amount", "zero", "error"]
SECOND = ["申请金额", "补贴金额", "应发资金", "补贴标准", "补贴去向"]


def cell(kind: str, figure: int) -> Any:
    in_words = f"{figure // 10_000}万元" if figure >= 10_000 else f"{figure}元"
    return {
        "empty": None, "figure": figure, "figure in words": in_words,
        "more": figure * 2, "no amount": "面议", "zero": 0, "error": "#N/A",
    }[kind]  # fmt: skip


def statuses_in_roster(cells: Sequence[dict[str, Any]]) -> list[str]:
    """The statuses of a roster of these cells, each of another person with another certificate."""
    policy = load_policy()
    people = [roster_row("取证人员", number, 补贴项目="取证补贴") for number in range(1, len(cells) + 1)]
    given = [one | own for one, own in zip(people, cells, strict=True)]
    rows = read_rows([roster_file("名册.xlsx", Sheet(given))], policy, TODAY)
    lines = claim_lines(rows, policy)
    return list(lines_frame(rows, lines, settle(rows, lines, policy), policy)["status"])


def statuses_of_awards(cells: Sequence[dict[str, Any]]) -> list[str]:
    """The statuses of a workbook of these cells, each of another studio of a name like no other's."""
    names = (f"{chr(0x4E00 + 37 * at)}{chr(0x5E00 + 53 * at)}{chr(0x6C00 + 41 * at)}" for at in range(len(cells)))
    given = awards_file(
        [STUDIO | {"名称": f"{name}技能大师工作室"} | own for name, own in zip(names, cells, strict=True)]
    )
    return [line[1] for line in outcomes(settled([given]).assessment)]


@pytest.mark.parametrize("second", SECOND)
def test_the_same_cells_come_to_the_same(second: str) -> None:
    different = {}
    for rows in together():
        of_roster, of_award = (
            [{"申报金额": cell(one, figure), second: cell(other, figure)} for one, other in rows]
            for figure in (600, 100_000)
        )
        found = zip(statuses_in_roster(of_roster), statuses_of_awards(of_award), strict=True)
        different |= {row: pair for row, pair in zip(rows, found, strict=True) if pair[0] != pair[1]}
    assert not different


def together() -> Iterator[list[tuple[str, str]]]:
    """Every pair of cells: those under an empty first column each alone, since that column is judged as a whole."""
    yield from ([("empty", other)] for other in CELLS)
    yield list(itertools.product(CELLS[1:], CELLS))


def test_a_merge_in_the_second_amount_column_is_one_amount() -> None:
    """A merge's total may be released once, whichever column it stands in."""
    from trainingcli.awards.assess import award_rows
    from trainingcli.awards.kinds import table
    from trainingcli.intake.tables.read_declared import to_table

    given = awards_file([STUDIO | {"申报金额": None, "申请金额": 200_000}, STUDIO | {"申请金额": None}])
    (sheet,) = given.sheets
    sheet.totals = {sheet.columns[-1].letter: [(2, 3)]}
    read = to_table([given], table())
    read.faults = [read.fault(at, "claimed", "", "MERGED_AMOUNT")._replace(fen=20_000_000) for at in (0, 1)]
    one, other = award_rows(read)
    assert one.merged == other.merged is not None
