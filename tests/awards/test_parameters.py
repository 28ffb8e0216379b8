"""The policy's parameters of awards each change an outcome: before and after, by an overlay (Q15; section 3)."""

from __future__ import annotations

import datetime as dt

from awards.books import input_file, outcomes, settled
from awards.test_cases import ORDINARY
from support.overlays import overlay, reading
from trainingcli.policy import Policy


def statuses(*rows: dict[str, object], policy: Policy | None = None) -> list[str]:
    given = input_file([{key: str(value) for key, value in row.items()} for row in rows])
    return [status for _, status, _, _ in outcomes(settled([given], policy=policy).assessment)]


def test_q15_awards_stack() -> None:
    """Where one unit may have one award alone, the promotion beside the grant is refused; by default both are paid."""
    rows = ORDINARY["工作室"], ORDINARY["省级"]
    assert statuses(*rows) == ["approved", "approved"]
    assert statuses(*rows, policy=reading("awards_stack", "one")) == ["approved", "rejected"]


def test_similar_units() -> None:
    """Two names of seven signs of which two are exchanged for others: 2 × 5 ÷ 14 = 71 per cent alike."""
    one, two = ({**ORDINARY["工作室"], "名称": f"太行精密{name}工作室"} for name in ("焊接一", "磨削一"))
    assert statuses(one, two) == ["approved", "approved"]
    assert statuses(one, two, policy=reading("similar_units", 70)) == ["held", "held"]


def test_round_days() -> None:
    """A second round 92 days after the first is doubted within 180 days, and not within 91."""
    first = ORDINARY["基地评估"] | {"评估日期": dt.date(2021, 3, 1)}
    second = ORDINARY["基地评估"] | {"评估年度": "第二轮", "评估日期": dt.date(2021, 6, 1)}
    assert statuses(first, second) == ["approved", "held"]
    assert statuses(first, second, policy=reading("round_days", 91)) == ["approved", "approved"]


def test_a_figure_of_a_later_day() -> None:
    """A figure counts from its day, by the award's own date (Q10)."""
    later = {"from": dt.date(2020, 7, 1), "yuan": 120_000, "source": "并人社发〔2020〕9号（虚构）"}
    first = {"from": dt.date(2019, 1, 1), "yuan": 100_000, "source": "方案"}
    policy = overlay({"awards": {"studio-grant": {"amounts": {"each": [first, later]}}}})
    early, late = ORDINARY["工作室"], ORDINARY["工作室"] | {"名称": "赵铁柱工作室", "认定日期": dt.date(2020, 7, 1)}
    given = input_file([{key: str(value) for key, value in row.items()} for row in (early, late)])
    found = outcomes(settled([given], policy=policy).assessment)
    assert [yuan for _, _, yuan, _ in found] == [100_000, 120_000]
