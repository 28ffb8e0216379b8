"""职业技能培训补贴, 二(三): what was claimed for the training, at most the register's standard, at most 1000 yuan.

Who: the groups of Q3 (农村转移就业劳动者 … 建档立卡贫困劳动力). Needs the 就业创业证 number; for a high-skill level the
certificate instead, 三(一). Paid to the institution. Example: 李某, 退役军人, 焊工 初级工, claimed 1200.00, standard
800.00 → 800.00, reduced.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from trainingcli.reasons import reason
from trainingcli.settle.programmes.base import (
    Entitlement,
    Institution,
    Programme,
    RepeatKey,
    Trainees,
    Use,
    Verdict,
    figures,
)

if TYPE_CHECKING:
    from trainingcli.policy import Policy
    from trainingcli.settle.rows import Mask, Rows
    from trainingcli.settle.standards import Standards

EMPLOYMENT_CARD_MISSING = reason("EMPLOYMENT_CARD_MISSING")


class VocationalTraining(Programme):
    """The training subsidy for people outside employment."""

    code = "vocational-training"
    pays_training = True
    repeat_key = RepeatKey.LEVEL
    institution = Institution.PAYEE
    rests_on_certificate = False
    is_ceiling = True
    means_training_of = Trainees.OTHERS
    people_are = Trainees.OTHERS
    readings = ("cap_scope", "categories")
    figure_field = "start_date"
    asks_also = ("employment_card",)
    uses = {  # noqa: RUF012 - a declaration
        "category": Use.NEEDED,
        "occupation": Use.NEEDED,
        "level": Use.USED,
        "start_date": Use.NEEDED,
        "end_date": Use.USED,
        "employment_card": Use.USED,
        "certificate_no": Use.CERTIFICATE,
        "certificate_date": Use.CERTIFICATE,
    }

    def fits(self, rows: Rows, policy: Policy) -> Mask:
        """People of one of the groups."""
        return rows.among("category", policy.parameter("categories"))

    def ineligible(self, rows: Rows, policy: Policy) -> list[tuple[str, Mask]]:
        """A known category that is none of the groups."""
        return [("category", rows.plain("category") & ~self.fits(rows, policy))]

    def used(self, field: str, rows: Rows, policy: Policy) -> Mask:
        """The certificate stands for the employment card at a high-skill level."""
        is_high_skill = rows.among("level", policy.parameter("high_skill_levels"))
        if field in ("certificate_no", "certificate_date"):
            return is_high_skill
        return ~is_high_skill if field == "employment_card" else super().used(field, rows, policy)

    def verdicts(self, rows: Rows, policy: Policy) -> Iterator[Verdict]:
        """No employment card, below the high-skill levels."""
        needs_card = self.used("employment_card", rows, policy)
        yield Verdict(EMPLOYMENT_CARD_MISSING, "employment_card", needs_card & rows.missing("employment_card"))

    def entitlement(self, rows: Rows, policy: Policy, standards: Standards) -> Entitlement:
        """The ceiling: the lesser of the plan's figure and the register's standard on the start date."""
        dates = self.dates(rows, policy)
        fen, known = figures(policy, self.code, "each", dates)
        standard, has_standard = standards.of(rows, dates)
        ceiling = np.where(has_standard, np.minimum(fen, standard), fen)
        return Entitlement(ceiling, known, ~np.isnat(dates), basis=has_standard)


PROGRAMME = VocationalTraining()
