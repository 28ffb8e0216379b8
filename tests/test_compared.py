"""Texts as they are compared: what nobody sees, cases, brackets, labels."""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trainingcli.compared import PLAIN, folded, folded_name, folded_number, squeeze

# Written from Unicode's DerivedCoreProperties (Default_Ignorable_Code_Point), beside every character of Cf and Cc.
IGNORABLE = [
    0xAD, 0x34F, 0x61C, 0x115F, 0x1160, 0x17B4, 0x17B5, *range(0x180B, 0x1810), *range(0x200B, 0x2010),
    *range(0x202A, 0x202F), *range(0x2060, 0x2070), 0x3164, *range(0xFE00, 0xFE10), 0xFEFF, 0xFFA0,
    *range(0xFFF0, 0xFFF9), *range(0x1BCA0, 0x1BCA4), *range(0x1D173, 0x1D17B), *range(0xE0000, 0xE1000),
]  # fmt: skip
HIDDEN = sorted({*IGNORABLE, *(c for c in range(0x110000) if unicodedata.category(chr(c)) in ("Cf", "Cc"))})


def test_no_sign_that_nobody_sees_counts() -> None:
    for code in HIDDEN:
        assert folded_name(f"中式{chr(code)}烹调师") == "中式烹调师", hex(code)
        assert folded_number(f"S00{chr(code)}01405") == "S0001405", hex(code)


def test_signs_that_are_taken_as_they_stand_have_no_other_form() -> None:
    plain = [chr(code) for code in range(0x110000) if re.fullmatch(PLAIN, chr(code))]
    assert len(plain) == 62 + 0x9FFF - 0x4E00 + 1
    assert unicodedata.normalize("NFKC", "".join(plain)) == "".join(plain) == "".join("".join(plain).split())
    assert not set(plain) & {chr(code) for code in HIDDEN}


def test_an_unseen_sign_does_not_keep_an_accent_from_its_letter() -> None:
    assert folded("e\u034f\u0301") == folded("\u00e9")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("cad制图员", "ＣＡＤ制图员"),
        ("太原（龙城）学校", "太原(龙城) 学校"),
        ("太原【龙城】学校", "太原﹙龙城﹚学校"),
        ("太原〔龙城〕学校", "太原{龙城}学校"),
    ],
)
def test_one_name(one: str, other: str) -> None:
    assert folded_name(one) == folded_name(other)


@pytest.mark.parametrize("text", ["S-0001405", "s0001405", "No.S0001405", "№ S0001405", "编号：S 000 1405"])
def test_one_number(text: str) -> None:
    assert folded_number(text) == "S0001405"


def test_chinese_letters_of_a_number_count() -> None:
    assert folded_number("晋S0001405") != folded_number("S0001405")


@given(st.text())
def test_folding_twice_is_folding_once(text: str) -> None:
    for fold in (squeeze, folded, folded_name, folded_number):
        assert fold(fold(text)) == fold(text)
