"""Whole fen as yuan, to the fen."""

from __future__ import annotations

import pytest

from trainingcli.money import yuan_text


@pytest.mark.parametrize(
    ("fen", "yuan"),
    [(0, "0.00"), (1, "0.01"), (10, "0.10"), (99, "0.99"), (100, "1.00"), (30_000, "300.00"), (-1, "-0.01"),
     (-12_345, "-123.45"), (10**17 + 7, "1000000000000000.07")],
)  # fmt: skip
def test_fen_are_shown_as_yuan_with_two_decimals(fen, yuan):
    assert yuan_text(fen) == yuan
