"""Whole fen as yuan, to the fen."""

from __future__ import annotations

import pytest

from trainingcli.money import percent_text, yuan_text


@pytest.mark.parametrize(
    ("fen", "yuan"),
    [(0, "0.00"), (1, "0.01"), (10, "0.10"), (99, "0.99"), (100, "1.00"), (30_000, "300.00"), (-1, "-0.01"),
     (-12_345, "-123.45"), (10**17 + 7, "1000000000000000.07")],
)  # fmt: skip
def test_fen_are_shown_as_yuan_with_two_decimals(fen, yuan):
    assert yuan_text(fen) == yuan


@pytest.mark.parametrize(
    ("part", "whole", "percent"),
    [
        (0, 7, "0.00"),
        (1, 3, "33.33"),
        (2, 3, "66.67"),
        (1, 20_000, "0.01"),  # 0.005 %: half up
        (3, 20_000, "0.02"),  # 0.015 %, which a float holds as less
        (1, 20_001, "0.00"),
        (5, 5, "100.00"),
        (3, 2, "150.00"),
        (10**17 + 1, 10**17, "100.00"),
    ],
)
def test_a_share_is_percent_with_two_decimals_half_up(part, whole, percent):
    assert percent_text(part, whole) == percent
