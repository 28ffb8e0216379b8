"""What is shown of personal data."""

import pyarrow as pa
import pytest

from trainingcli import masking

CASES = {
    masking.mask_id: {
        "140105198501011234": "140105********1234",
        "14010519850101123X": "140105********123X",
        "140105850101123": "14********23",
        "1401051985010112345": "14********45",
        "A12345678": "****",
        "": "",
    },
    masking.mask_phone: {"13800001234": "138****1234", "0351-7654321": "****21", "110": "****"},
    masking.mask_account: {"6222020502001234567": "****4567", "12345": "****"},
    masking.mask_name: {"王小明": "王*", "王": "王*", "𠮷田": "𠮷*", "Li\nMing": "L*"},
}


@pytest.mark.parametrize("mask", CASES)
def test_a_text_and_a_column_are_masked_alike(mask):
    texts = list(CASES[mask])
    assert [mask(text) for text in texts] == list(CASES[mask].values())
    assert mask(pa.array([*texts, None])).to_pylist() == [*CASES[mask].values(), None]
    assert mask(pa.chunked_array([texts])).to_pylist() == list(CASES[mask].values())


def test_an_odd_id_shows_at_most_four_of_its_characters():
    for length in range(1, 40):
        if length != 18:
            shown = masking.mask_id("9" * length)
            assert shown.count("9") <= 4
            assert length >= 13 or "9" not in shown


def test_numbers_inside_a_sentence_are_masked():
    text = "证件 14010519850101123X，电话 13800001234，账号 6222020502001234567，金额 300.00，第 5 行"
    shown = "证件 140105********123X，电话 138****1234，账号 6222********4567，金额 300.00，第 5 行"
    assert masking.mask_numbers(text) == shown
    assert masking.mask_numbers(pa.array([text]))[0].as_py() == masking.mask_numbers(text)
    for number in ("14010519850101123X", "13800001234", "6222020502001234567", "140105850101123"):
        assert number not in masking.mask_numbers(f"x{number}y")


def test_nothing_that_a_terminal_obeys_is_left():
    text = "王\x1b[31m小\u202e明\u200b\x9b1m\ufeff\u2066·\U000e0041"
    assert masking.clean_terminal(text) == "王[31m小明1m·"
    assert masking.clean_terminal("a\r\nb\tc\u2028d") == "a b c d"
    assert masking.clean_terminal("艾力·麦麦提 𠮷田 é") == "艾力·麦麦提 𠮷田 é"
