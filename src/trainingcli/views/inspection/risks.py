"""What makes a class risky (风险分): the policy file's `risk_…`, points and thresholds, each with its reason there."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from trainingcli.flag_words import all_flag_words
from trainingcli.language import Text

if TYPE_CHECKING:
    from trainingcli.policy import Policy

_CODE = re.compile(r"([A-Z_]{1,40}):([0-9]{1,12}):([0-9]{1,7})")
_WHY: Mapping[str, Text] = {
    "HELD": Text("待核明细占 {n}%", "{n}% of its lines are held"),
    "REJECTED": Text("不予补贴的明细占 {n}%", "{n}% of its lines are rejected"),
    "AMOUNT": Text("核定金额 {n} 元", "{n} yuan approved"),
    "ACCEPTANCE_FAILED": Text("验收不合格", "acceptance failed"),
    "ACCEPTANCE_PENDING": Text("没有验收结果", "no result of acceptance"),
    "FIRST_CLASS": Text("该机构的第一个班", "the first class of its institution"),
}
_FLAG = Text("疑点：{title}（{n} 处）", "red flag: {title} ({n})")


@dataclass(frozen=True)
class Risk:
    """One reason for points. `measure`: how many flags, per cent, yuan; 1 where there is nothing to count."""

    code: str
    measure: int
    points: int

    @property
    def code_text(self) -> str:
        """The risk as the frame's column 风险代码 has it."""
        return f"{self.code}:{self.measure}:{self.points}"

    @property
    def why(self) -> Text:
        """The reason in words."""
        if self.code in _WHY:
            return _WHY[self.code].format(n=self.measure)
        flag = all_flag_words().get(self.code)
        title = Text(self.code, self.code) if flag is None else flag.title
        return _FLAG.format(title=title, n=self.measure)

    def shown(self) -> dict[str, Any]:
        """Return the risk as documents have it."""
        return {"points": self.points, "why": str(self.why)}


def risks_in(text: str) -> tuple[Risk, ...] | None:
    """Return the risks that a cell of 风险代码 holds; None where it holds something else."""
    found = [_CODE.fullmatch(part) for part in text.split()]
    return None if None in found else tuple(Risk(one[1], int(one[2]), int(one[3])) for one in found if one)


@dataclass
class Facts:
    """What is known of a class for its risks. `flags`: code → how many. Counts of lines; `approved` in fen.

    `acceptance`: what the register of classes says (合格 …), "" where it says nothing, None without that register.
    """

    flags: Mapping[str, int]
    lines: int
    held: int
    rejected: int
    approved: int
    acceptance: str | None
    is_first: bool


def risks_of(facts: Facts, policy: Policy) -> Iterator[Risk]:
    """Yield the risks of a class, in a fixed order; what the policy gives no points is none."""
    for code, measure, points in _found(facts, policy):
        if points:
            yield Risk(code, measure, points)


def weight_of(risks: tuple[Risk, ...], policy: Policy) -> int:
    """Return 1 and the points, at most `risk_most` of them."""
    most: int = policy.parameter("risk_most")
    return 1 + min(sum(risk.points for risk in risks), most)


def _found(facts: Facts, policy: Policy) -> Iterator[tuple[str, int, int]]:
    for code in all_flag_words():
        if count := facts.flags.get(code, 0):
            yield code, count, _points(policy, code)
    shares = (
        ("HELD", facts.held, policy.parameter("risk_held_percent")),
        ("REJECTED", facts.rejected, policy.parameter("risk_rejected_percent")),
    )
    for code, count, least in shares:
        if count and count * 100 >= least * facts.lines:
            yield code, count * 100 // facts.lines, _points(policy, code)
    if unit := policy.parameter("risk_amount_yuan"):
        yuan = facts.approved // 100
        yield "AMOUNT", yuan, min(yuan // unit, policy.parameter("risk_amount_most"))
    if facts.acceptance is not None and facts.acceptance != "合格":
        code = "ACCEPTANCE_FAILED" if facts.acceptance == "不合格" else "ACCEPTANCE_PENDING"
        yield code, 1, _points(policy, code)
    if facts.is_first:
        yield "FIRST_CLASS", 1, _points(policy, "FIRST_CLASS")


_POINTS: Mapping[str, Callable[[Policy], int]] = {
    "AGE_OUT_OF_RANGE": lambda policy: policy.parameter("risk_age_out_of_range"),
    "CERTIFICATE_BURST": lambda policy: policy.parameter("risk_certificate_burst"),
    "CERTIFICATE_NUMBER_DIFFERS": lambda policy: policy.parameter("risk_certificate_number_differs"),
    "EMPLOYED_AND_JOBLESS": lambda policy: policy.parameter("risk_employed_and_jobless"),
    "LEVELS_TOO_CLOSE": lambda policy: policy.parameter("risk_levels_too_close"),
    "QUALIFICATION_MISSING": lambda policy: policy.parameter("risk_qualification_missing"),
    "SAME_PEOPLE": lambda policy: policy.parameter("risk_same_people"),
    "HELD": lambda policy: policy.parameter("risk_held"),
    "REJECTED": lambda policy: policy.parameter("risk_rejected"),
    "ACCEPTANCE_FAILED": lambda policy: policy.parameter("risk_acceptance_failed"),
    "ACCEPTANCE_PENDING": lambda policy: policy.parameter("risk_acceptance_pending"),
    "FIRST_CLASS": lambda policy: policy.parameter("risk_first_class"),
}
"""Risk → its points; a flag that came from outside has none."""


def _points(policy: Policy, code: str) -> int:
    return _POINTS[code](policy) if code in _POINTS else 0
