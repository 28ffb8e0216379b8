"""Decisions over a batch that is settled in parts: what is used, unmet or at odds is told of the whole."""

from __future__ import annotations

import pytest

from registers import builder
from registers.builder import IDS, VOCATIONAL, policy, rows_of
from support.declared import read_table
from test_new_evidence import in_parts, reasons_by_row
from trainingcli.claims.assess import assess_rows
from trainingcli.claims.request import Request
from trainingcli.errors import UsageError
from trainingcli.evidence.deciding import Decided, decisions_of
from trainingcli.evidence.gathered import Sources

HEADINGS = ["身份证号", "补贴项目", "开班日期", "原因代码", "决定", "依据", "核定金额"]
ROWS = rows_of(*(VOCATIONAL | {"id_number": number, "employment_card": ""} for number in IDS), lists=Sources())


def decided(*rows: tuple[str, str, str]) -> Sources:
    grid = [HEADINGS]
    for number, word, yuan in rows:
        grid.append([number, "职业技能培训补贴", "2020-07-01", "EMPLOYMENT_CARD_MISSING", word, "看过", yuan])
    return Sources(
        read={"decisions": Decided(decisions_of(read_table("decisions", "decisions", {"待核": grid}), policy()))}
    )


def test_parts_say_what_the_whole_says() -> None:
    given = decided((IDS[0], "放行", "300"), (IDS[1], "不予", ""), ("140105199001010075", "放行", ""))
    whole = assess_rows(ROWS, Request(["roster.xlsx"], builder.TODAY), policy(), [], None, given).assessment
    assert [*whole.lines["status"]] == ["approved", "rejected", "held"]
    assert [*whole.lines["approved"]] == [30_000, 0, 0]
    assert whole.evidence["decisions"] == {"entries": 3, "used": 2, "unused": 1}
    assert [text.zh for text in whole.warnings] == ["0.xlsx, 待核, E4：决定没有对应的明细，未起作用"]
    parts, documents = in_parts(ROWS, given)
    assert parts == reasons_by_row(whole.lines, whole.reasons)
    assert documents["decisions"] == whole.evidence["decisions"]


def test_what_does_not_hold_in_a_part_is_wrong_usage() -> None:
    with pytest.raises(UsageError, match=r"0\.xlsx, 待核, G3：核定金额 500\.01 元高于申报金额"):
        in_parts(ROWS, decided((IDS[0], "放行", "300"), (IDS[1], "放行", "500.01")))
