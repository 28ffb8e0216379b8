"""企业职工培训补贴, 二(二)2: 300 yuan to the enterprise for each employee and training.

Who: category 企业职工, in an induction (岗前培训), safety (安全技能培训) or job-change training (转岗转业培训); Q1 can
list more. Example: 王某, 企业职工, 岗前培训, 电工, 2020-07-01 → 300.00 to the employer.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from trainingcli.settle.programmes.base import Entitlement, Institution, Programme, RepeatKey, Trainees, Use, figures

if TYPE_CHECKING:
    from trainingcli.policy import Policy
    from trainingcli.settle.rows import Mask, Rows
    from trainingcli.settle.standards import Standards


class EnterpriseTraining(Programme):
    """The enterprise's subsidy for training its own staff."""

    code = "enterprise-training"
    pays_training = True
    repeat_key = RepeatKey.TRAINING_TYPE
    institution = Institution.HIRED
    rests_on_certificate = False
    is_ceiling = False
    means_training_of = Trainees.EMPLOYEES
    people_are = Trainees.EMPLOYEES
    readings = ("training_types",)
    figure_field = "start_date"
    asks_also = ()
    uses = {  # noqa: RUF012 - a declaration
        "category": Use.NEEDED,
        "training_type": Use.NEEDED,
        "occupation": Use.NEEDED,
        "start_date": Use.NEEDED,
        "end_date": Use.USED,
    }

    def fits(self, rows: Rows, policy: Policy) -> Mask:
        """Employees in one of the training types."""
        return rows.among("category", policy.parameter("categories_enterprise")) & rows.among(
            "training_type", policy.parameter("training_types")
        )

    def ineligible(self, rows: Rows, policy: Policy) -> list[tuple[str, Mask]]:
        """A known category that is not the employee's, or another training type."""
        types = policy.parameter("training_types")
        return [
            ("category", rows.plain("category") & ~rows.among("category", policy.parameter("categories_enterprise"))),
            ("training_type", rows.plain("training_type") & ~rows.among("training_type", types)),
        ]

    def entitlement(self, rows: Rows, policy: Policy, standards: Standards) -> Entitlement:
        """The figure in force on the start date."""
        dates = self.dates(rows, policy)
        fen, known = figures(policy, self.code, "each", dates)
        return Entitlement(fen, known, ~np.isnat(dates))


PROGRAMME = EnterpriseTraining()
