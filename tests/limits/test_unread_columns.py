"""A column that was not read and may be what a line lacks holds the line (contract, `COLUMN_NOT_READ`)."""

from __future__ import annotations

import pytest

from support.ordinary import row
from support.rosters import Sheet, input_file
from support.settling import TODAY, read_rows
from trainingcli.intake.tables.roster import Unread
from trainingcli.policy import load_policy
from trainingcli.settle.claim_lines import claim_lines
from trainingcli.settle.lines_frame import lines_frame
from trainingcli.settle.reasons_frame import reasons_frame
from trainingcli.settle.settlement import settle


def outcome(cells, *unread, without=()):
    """Status, codes and the message of the last reason of one row's line; `without`: columns the sheet has not."""
    cells = {heading: cell for heading, cell in cells.items() if heading not in without}
    policy = load_policy()
    rows = read_rows([input_file("名册.xlsx", Sheet([cells]))], policy, TODAY)
    rows.roster.origins[:] = [origin._replace(unread=unread) for origin in rows.roster.origins]
    lines = claim_lines(rows, policy)
    found = settle(rows, lines, policy)
    reasons = reasons_frame(found, lines, rows, policy)
    last = reasons["zh"].tolist()[-1] if len(reasons) else ""
    return lines_frame(rows, lines, found, policy)["status"][0], sorted(reasons["code"]), last


@pytest.mark.parametrize(
    ("like", "heading", "field", "code"),
    [
        ("失业人员", "开班日期", "start_date", "MISSING_FIELD"),
        ("取证人员", "证书编号", "certificate_no", "CERTIFICATE_MISSING"),
        ("低保学员", "困难类型", "hardship", "NOT_ELIGIBLE"),
    ],
)
def test_it_stands_in_place_of_what_refuses(like, heading, field, code):
    column = Unread("Q", "上课日子", frozenset({field}))
    status, codes, message = outcome(row(like), column, without=[heading])
    assert (status, codes) == ("held", ["COLUMN_NOT_READ"])
    assert "Q列“上课日子”" in message
    assert outcome(row(like), Unread("Q", "别的"), without=[heading])[:2] == ("rejected", [code])
    assert outcome(row(like, **{heading: None}), column)[:2] == ("rejected", [code]), "the column is there, and empty"


def test_what_looks_like_an_amount_holds_what_would_be_paid_without_one():
    column = Unread("R", "应发资金", is_amount=True)
    assert outcome(row("企业职工"), column)[:2] == ("held", ["COLUMN_NOT_READ"])
    assert outcome(row("失业人员"), column)[:2] == ("approved", [])
    assert outcome(row("取证人员", 等级="中级工"), column)[:2] == ("held", ["NO_STANDARD"])
