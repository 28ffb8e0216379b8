"""Sums in capital characters, by the rules for bills and by a second opinion."""

import random
import re

import cn2an
import pytest

from trainingcli.reports.workbooks.capital import capital_amount

# The first seven are the examples of 《正确填写票据和结算凭证的基本规定》 (where it allows two forms, the shorter).
EXAMPLES = {
    140950: "壹仟肆佰零玖元伍角", 600714: "陆仟零柒元壹角肆分", 168032: "壹仟陆佰捌拾元叁角贰分",
    10700053: "壹拾万柒仟元伍角叁分", 1640902: "壹万陆仟肆佰零玖元零贰分", 32504: "叁佰贰拾伍元零肆分", 0: "零元整",
    15000: "壹佰伍拾元整", 1: "壹分", 10: "壹角", 1_000_000: "壹万元整", 10_000_000_100: "壹亿零壹元整",
    -15000: "负壹佰伍拾元整",
}  # fmt: skip


@pytest.mark.parametrize(("fen", "text"), EXAMPLES.items())
def test_the_rules_examples(fen, text):
    assert capital_amount(fen) == text


def test_cn2an_agrees_except_for_the_zero_that_it_leaves_out_after_yi():
    pick = random.Random(20190701)
    for _ in range(3000):
        fen = sum(pick.randrange(10) * 10 ** pick.randrange(13) for _ in range(pick.randrange(1, 8)))
        theirs = cn2an.an2cn(f"{fen // 100}.{fen % 100:02d}", "rmb")
        assert re.sub("亿零(.仟)", r"亿\1", capital_amount(fen)) == theirs


def test_a_run_of_zeros_is_one_zero_even_after_yi():
    assert capital_amount(860_000_200_000) == "捌拾陆亿零贰仟元整"
