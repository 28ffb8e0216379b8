"""生活费补贴, 二(四): 15 yuan a training day to the trainee.

Who: families 建档立卡贫困家庭 and 城乡低保家庭, whoever the member is; 零就业家庭 for a 高校毕业生 (Q5). The category
建档立卡贫困劳动力 implies the first (Q11). Days: attended, never more than the calendar days from start to end, both
included; those where the roster gives none (Q4). Example: 张某, 低保户, 2020-07-01 to 07-15, attended 12 → 180.00.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from trainingcli.reasons import reason
from trainingcli.settle.programmes.base import Entitlement, Institution, Programme, RepeatKey, Use, Verdict, figures
from trainingcli.vocabulary import double_terms, known_terms

if TYPE_CHECKING:
    from trainingcli.policy import Policy
    from trainingcli.settle.rows import Mask, Rows
    from trainingcli.settle.standards import Standards

UNKNOWN_HARDSHIP = reason("UNKNOWN_HARDSHIP")
DAYS_OVER_CALENDAR = reason("DAYS_OVER_CALENDAR")
GRADUATE = "高校毕业生"


class LivingAllowance(Programme):
    """The trainee's living allowance for the days of a training."""

    code = "living-allowance"
    pays_training = True
    repeat_key = RepeatKey.LEVEL
    institution = Institution.NAMED
    rests_on_certificate = False
    is_ceiling = False
    means_training_of = None
    people_are = None
    readings = ("day_basis", "graduate_only_for", "category_implies")
    figure_field = "start_date"
    asks_also = ("hardship",)
    uses = {  # noqa: RUF012 - a declaration
        "hardship": Use.USED,
        "category": Use.USED,
        "start_date": Use.NEEDED,
        "end_date": Use.NEEDED,
        "attended_days": Use.USED,
    }

    def fits(self, rows: Rows, policy: Policy) -> Mask:
        """Members of the families, graduates where the plan wants graduates."""
        families = policy.parameter("hardships")
        implied = [category for category, family in policy.parameter("category_implies").items() if family in families]
        graduate_only = policy.parameter("graduate_only_for")
        is_graduate = rows.among("category", [GRADUATE])
        is_member = rows.among("category", implied)
        for family in families:
            belongs = rows.among("hardship", [family])
            is_member |= belongs & is_graduate if family in graduate_only else belongs
        both = [word for word, says in double_terms("hardship").items() if says["hardship"] in families]
        return is_member | rows.among("hardship", both)

    def used(self, field: str, rows: Rows, policy: Policy) -> Mask:
        """The category speaks only where the family alone does not decide."""
        if field != "category":
            return super().used(field, rows, policy)
        return rows.among("hardship", policy.parameter("graduate_only_for")) & ~self.fits(rows, policy)

    def open_questions(self, rows: Rows) -> Iterator[Verdict]:
        """The hardship says something that is not known."""
        unknown = rows.beside("hardship", (*known_terms("hardship"), *double_terms("hardship")))
        yield Verdict(UNKNOWN_HARDSHIP, "hardship", unknown)

    def unknown(self, rows: Rows, policy: Policy) -> Mask:
        """Say where an unknown hardship may hide an eligible family: nothing known makes the line eligible."""
        return next(self.open_questions(rows)).rows & ~self.fits(rows, policy)

    def ineligible(self, rows: Rows, policy: Policy) -> list[tuple[str, Mask]]:
        """No family of the plan; not where a fault or an unknown word may hide one."""
        open_question = rows.faulty("hardship") | self.unknown(rows, policy)
        open_question |= self.used("category", rows, policy) & rows.faulty("category")
        return [("hardship", ~self.fits(rows, policy) & ~open_question)]

    def verdicts(self, rows: Rows, policy: Policy) -> Iterator[Verdict]:
        """An unknown hardship; more attended days than the calendar has."""
        yield Verdict(UNKNOWN_HARDSHIP, "hardship", self.unknown(rows, policy))
        calendar, has_calendar, attended = self._days(rows)
        if policy.parameter("day_basis") == "attended":
            yield Verdict(DAYS_OVER_CALENDAR, "attended_days", has_calendar & (attended > calendar), of_amount=True)

    @staticmethod
    def _days(rows: Rows) -> tuple[npt.NDArray[np.int64], Mask, npt.NDArray[np.int64]]:
        """Return calendar days (both ends included), where they are known, and attended days (0: not given)."""
        start, end = rows.dates("start_date"), rows.dates("end_date")
        has_calendar = ~np.isnat(start) & ~np.isnat(end) & ~(end < start)
        span = np.where(has_calendar, end - start, np.timedelta64(0, "s"))
        calendar = span.astype("timedelta64[D]").astype(np.int64) + 1
        return calendar, has_calendar, rows.frame["attended_days"].fillna(0).to_numpy(dtype=np.int64)

    def entitlement(self, rows: Rows, policy: Policy, standards: Standards) -> Entitlement:
        """Days times the figure in force on the start date."""
        fen, stated = figures(policy, self.code, "each", self.dates(rows, policy))
        calendar, has_calendar, attended = self._days(rows)
        counts = (attended > 0) & (policy.parameter("day_basis") == "attended")
        days = np.where(counts, np.minimum(attended, calendar), calendar)
        asked = ~np.isnat(self.dates(rows, policy))
        return Entitlement(fen * days, stated & has_calendar, asked & (~stated | has_calendar), days=days)


PROGRAMME = LivingAllowance()
