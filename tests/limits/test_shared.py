"""What two people of a batch should not share, when only some of the batch's people are looked at."""

from __future__ import annotations

import numpy as np

from support.ordinary import row
from support.rosters import Sheet, input_file
from support.settling import TODAY
from trainingcli.claims.rosters import read_rows
from trainingcli.policy import load_policy
from trainingcli.settle.limits.shared import shared

PHONES = ["13800000001", "13800000001", "13800000002", None, "13800000003", "13800000003", "13800000004"]
PEOPLE = [1, 2, 3, 4, 5, 5, 6]


def test_a_value_is_shared_by_two_valid_people_and_not_by_two_rows_of_one():
    rows = [row("失业人员", person, 联系电话=phone) for person, phone in zip(PEOPLE, PHONES, strict=True)]
    rows += [row("失业人员", 7, 联系电话="13800000004", 身份证号="140105")]
    read = read_rows([input_file("名册.xlsx", Sheet(rows))], load_policy(), TODAY)
    persons = read.persons()
    assert (persons >= 0).tolist() == [True] * 7 + [False]
    alone = shared(read, "phone", persons)
    assert alone.tolist() == [True, True, False, False, False, False, False, False]
    # Of the whole batch others are known: somebody elsewhere has the third one's phone.
    known = shared(read, "phone", persons, {"13800000001", "13800000002", "13800000004"})
    assert known.tolist() == [True, True, True, False, False, False, True, False]
    assert shared(read, "account", persons).tolist() == [False] * 8
    assert known.dtype == alone.dtype == np.dtype(bool)
