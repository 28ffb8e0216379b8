"""However a text is spelled, what is compared is one (contract, 'Compared'): nothing is paid twice for a spelling."""

from __future__ import annotations

import datetime as dt
import random

import pytest

from support.ordinary import row
from support.overlays import reading
from support.people import id_number
from support.posted import Posted, history_frame
from support.rosters import Sheet, input_file
from support.settling import run
from trainingcli.settle.settlement import History

UNSEEN = "\u2063\u034f\ufe00\u200b\u00ad\u2060\u180b\u007f\u3164\U000e0041"
WIDE = {chr(sign): chr(sign + 0xFEE0) for sign in range(0x21, 0x7F)}
BRACKETS = ("()", "（）", "[]", "【】", "〔〕", "﹙﹚", "{}")
SEEDS = range(20)


def spelled(text: str, rng: random.Random) -> str:
    """The text in another spelling: unseen signs, blanks, wide signs, letter case, another form of bracket."""
    opening, closing = rng.choice(BRACKETS)
    signs = []
    for sign in text.replace("(", opening).replace(")", closing):
        shown = sign.lower() if rng.random() < 0.5 else sign
        signs.append(WIDE.get(shown, shown) if rng.random() < 0.3 else shown)
        if rng.random() < 0.3:
            signs.append(rng.choice([*UNSEEN, " ", "\u3000"]))
    return "".join(signs)


def statuses(*rows, history=None, policy=None):
    return [
        line.status for line in run([input_file("名册.xlsx", Sheet(rows))], history=history, policy=policy).outcomes
    ]


@pytest.mark.parametrize("seed", SEEDS)
def test_an_occupation_spelled_otherwise_is_a_repeat(seed):
    rng = random.Random(seed)
    first = rng.choice(["CAD制图员", "中式烹调师(家常菜)", "焊工(A级设备)"])
    later = {"开班日期": dt.date(2020, 9, 1), "结业日期": dt.date(2020, 9, 15)}
    rows = row("失业人员", 工种=first), row("失业人员", 工种=spelled(first, rng), **later)
    assert statuses(*rows) == ["approved", "rejected"]


@pytest.mark.parametrize("seed", SEEDS)
def test_a_certificate_number_spelled_otherwise_is_the_same(seed):
    rng = random.Random(seed)
    other = rng.choice(["", "No.", "№", "编号："]) + spelled("S-0001/405", rng)
    rows = (
        row("取证人员", 证书编号="S0001405"),
        row("取证人员", 证书编号=other, 工种="车工", 发证日期=dt.date(2020, 9, 1)),
    )
    assert statuses(*rows) == ["approved", "rejected"]
    two = row("取证人员", 1, 证书编号="S0001405"), row("取证人员", 2, 证书编号=other)
    assert statuses(*two) == ["held", "held"]


@pytest.mark.parametrize("seed", SEEDS)
def test_what_the_ledger_has_under_an_older_spelling_is_not_paid_again(seed):
    """Entries of earlier versions were kept as the roster spelled them."""
    rng = random.Random(seed)
    old = Posted(id_number(1), "vocational-training", 0, spelled("CAD制图员", rng), "初级工", start=dt.date(2020, 3, 1))
    history = History(history_frame([old]))
    assert statuses(row("失业人员", 工种="CAD制图员"), history=history) == ["rejected"]


@pytest.mark.parametrize("today", ["type", "type_and_year"])
@pytest.mark.parametrize("then", ["type", "type_and_year"])
def test_a_yearly_training_is_refused_by_the_reading_in_force_and_by_the_one_it_was_posted_under(then, today):
    """Reading 8.4: only where both read Q8 by the year is a second year's safety training another one."""

    class Kept(Posted):
        @property
        def key(self):
            return "电工|岗前培训" + ("|2019" if then == "type_and_year" else "")

    start = dt.date(2019, 3, 1)
    old = Kept(id_number(1), "enterprise-training", 0, "电工", training_type="岗前培训", start=start)
    found = statuses(
        row("企业职工"), history=History(history_frame([old])), policy=reading("repeat_without_level", today)
    )
    assert found == ["approved" if then == today == "type_and_year" else "rejected"]
