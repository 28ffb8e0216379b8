"""Amounts as rosters write them → fen, by the contract's paragraph on amounts and units; what is none is None."""

from __future__ import annotations

import pytest

from trainingcli.intake.tables.values import amount, is_scientific, level

YUAN, WAN, OTHER = 100, 1_000_000, 0  # fen in what the heading counts: 申报金额, 补贴金额(万元); none in 补贴金额(美元)


@pytest.mark.parametrize(
    ("text", "heading", "fen"),
    [
        ("800", YUAN, 80_000),
        ("0.08", WAN, 80_000),
        ("800.05", YUAN, 80_005),
        (".5", YUAN, 50),
        ("1,234,567.89", YUAN, 123_456_789),
        ("-3", YUAN, -300),
        ("+3", YUAN, 300),
        # A unit in the cell wins over the heading's.
        ("800元", WAN, 80_000),
        ("0.08万元", YUAN, 80_000),
        ("0.08万", YUAN, 80_000),
        ("￥800元整", YUAN, 80_000),
        ("８００", YUAN, 80_000),
        # A whole number of fen, or none: money is exact.
        ("0.001", YUAN, None),
        ("0.000001", WAN, 1),
        ("0.0000001", WAN, None),
        # A number cell holds 15 digits (ECMA-376's double); what a program wrote behind them is binary noise.
        ("1234567890123.45", 1, None),
        ("300.00000000000006", YUAN, 30_000),
        ("0.30000000000000004", YUAN, 30),
        ("30000.0000000006", 1, None),
        ("99999999.9900001", YUAN, None),
        ("99999999.99000001", YUAN, 9_999_999_999),
        # Below a hundred million yuan: from there on it is an account or a phone in the wrong column.
        ("99999999.99", YUAN, 9_999_999_999),
        ("100000000", YUAN, None),
        ("-99999999.99", YUAN, -9_999_999_999),
        ("-100000000", YUAN, None),
        ("9999.999999万", YUAN, 9_999_999_999),
        ("10000万元", YUAN, None),
        # 补贴金额(美元), a unit that is no unit of yuan: only a unit in the cell says what is meant.
        ("800", OTHER, None),
        ("800元", OTHER, 80_000),
        ("按标准", YUAN, None),
        ("8,00", YUAN, None),
        ("", YUAN, None),
    ],
)
def test_an_amount_is_whole_fen_or_none(text, heading, fen):
    assert amount(text, heading) == fen


@pytest.mark.parametrize(
    ("text", "term"),
    [("三级高级工", "高级工"), ("高级工三级", "高级工"), ("三级中级工", "三级中级工"), ("高级技能/三级", "高级工")],
)
def test_a_level_said_twice_over_is_one_and_two_levels_are_none(text, term):
    terms = {
        "三级": "高级工",
        "高级": "高级工",
        "高级工": "高级工",
        "四级": "中级工",
        "中级": "中级工",
        "中级工": "中级工",
    }
    assert level(text, terms) == term


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("6.22E+18", True), ("6.22202050200124E+018", True), ("6.22e18", True), ("622E+16", True), ("6.22 E+18", True),
        (".622E+19", True), ("6.E+18", True), ("６．２２Ｅ＋１８", True), ("-6.2E+17", True), ("6E13", False),
        ("14E023", False), ("622E16", False), ("E+18", False), ("1.5E+3", False), ("2020E12345", False),
    ],
)  # fmt: skip
def test_a_long_number_as_a_spreadsheet_shows_it(text: str, is_one: bool) -> None:
    assert is_scientific(text) is is_one
