"""People whom no limit can meet, settled in whole columns: line by line what a walk over each of them gives."""

from __future__ import annotations

import datetime as dt
import random

import numpy as np
import pytest

from support.ordinary import row
from support.rosters import Sheet, input_file
from support.settling import run
from trainingcli.policy import load_policy
from trainingcli.settle.limits.apply import Limits
from trainingcli.settle.limits.calm import calm

LIKES = ("失业人员", "企业职工", "取证人员")


class Walked(Limits):
    """The same limits without the step in whole columns: everybody is walked as if the ledger might know them."""

    def _has_history(self):
        return np.ones(len(self.rows), dtype=bool)


def some_rows(seed: int, people: int = 40):
    """Rows of people who come up to four times; days, occupations and certificates meet now and then."""
    rng = random.Random(seed)
    for person in range(1, people):
        for _ in range(rng.choice((1, 2, 2, 3, 4))):
            began = dt.date(2020, rng.randrange(1, 13), rng.choice((1, 10, 20)))
            cells = {
                "工种": rng.choice(("电工", "焊工", "钳工", "保育员", None)),
                "开班日期": None if rng.random() < 0.08 else began,
                "结业日期": began + dt.timedelta(days=rng.choice((4, 9, 30))),
                "发证日期": began + dt.timedelta(days=40),
                "证书编号": f"S{person}-{rng.randrange(4)}",
            }
            yield row(rng.choice(LIKES), person, **cells)


def outcome(limits: Limits):
    limits.apply()
    accepted = limits.accepted
    columns = [column.tolist() for column in vars(accepted).values()]
    found = sorted(
        (int(at), part.code, part.field, "" if detail is None else detail.zh)
        for part in limits.findings.parts
        for at, detail in zip(part.rows, part.details or [part.detail] * len(part.rows), strict=True)
    )
    return columns, limits.entitled.tolist(), found


@pytest.mark.parametrize("seed", range(6))
def test_what_is_settled_in_whole_columns_is_what_a_walk_gives(seed):
    found = run([input_file("名册.xlsx", Sheet(list(some_rows(seed))))])
    rows, lines, settled = found.parts
    persons, worst = rows.persons(), np.zeros(len(lines.row), dtype=np.int8)
    made = [
        kind(rows, lines, load_policy(), persons=persons, worst=worst, entitled=settled.entitled.copy())
        for kind in (Limits, Walked)
    ]
    one = made[0]
    settled_at_once = calm(
        one.columns, persons, np.arange(len(lines.row)), np.zeros(len(rows), dtype=bool), one.parameters
    )
    several = np.bincount(persons)[persons] > 1
    assert (settled_at_once.people & several).sum() > 5
    assert (~settled_at_once.people).sum() > 5
    assert outcome(made[0]) == outcome(made[1])
