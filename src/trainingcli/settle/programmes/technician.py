"""技师、高级技师补贴, 二(七): to the employer, 2000 yuan for a 技师, 3000 for a 高级技师.

Who: category 企业职工 in post who got a 职业资格证书 of one of these levels (Q13: with another certificate the line is
held). Example: 孙某, 企业职工, 钳工 技师, 职业资格证书 of 2020-09-01 → 2000.00.
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
    figures_by_level,
)

if TYPE_CHECKING:
    import numpy.typing as npt

    from trainingcli.policy import Policy
    from trainingcli.settle.rows import Mask, Rows
    from trainingcli.settle.standards import Standards

CERTIFICATE_KIND = reason("CERTIFICATE_KIND")


class Technician(Programme):
    """The employer's subsidy for technicians and senior technicians."""

    code = "technician"
    pays_training = False
    repeat_key = RepeatKey.LEVEL
    institution = Institution.UNASKED
    rests_on_certificate = True
    is_ceiling = False
    means_training_of = None
    people_are = Trainees.EMPLOYEES
    readings = ()
    figure_field = "level"
    asks_also = ()
    uses = {  # noqa: RUF012 - a declaration
        "category": Use.NEEDED,
        "occupation": Use.NEEDED,
        "level": Use.NEEDED,
        "start_date": Use.USED,
        "certificate_type": Use.CERTIFICATE,
        "certificate_no": Use.CERTIFICATE,
        "certificate_date": Use.CERTIFICATE,
    }

    def fits(self, rows: Rows, policy: Policy) -> Mask:
        """Employees at one of the technicians' levels."""
        return rows.among("category", policy.parameter("categories_enterprise")) & rows.among(
            "level", policy.programmes[self.code].amounts
        )

    def ineligible(self, rows: Rows, policy: Policy) -> list[tuple[str, Mask]]:
        """A known category that is not the employee's, or a known level below."""
        return [
            ("category", rows.plain("category") & ~rows.among("category", policy.parameter("categories_enterprise"))),
            ("level", rows.plain("level") & ~rows.among("level", policy.programmes[self.code].amounts)),
        ]

    def verdicts(self, rows: Rows, policy: Policy) -> Iterator[Verdict]:
        """A certificate of another kind than the plan names."""
        kinds = policy.parameter("technician_certificates")
        is_other = rows.plain("certificate_type") & ~rows.among("certificate_type", kinds)
        yield Verdict(CERTIFICATE_KIND, "certificate_type", is_other)

    def entitlement(self, rows: Rows, policy: Policy, standards: Standards) -> Entitlement:
        """The level's figure in force on the certificate's date."""
        dates = self.dates(rows, policy)
        fen, known = figures_by_level(policy, self.code, self.figure_keys(rows, policy), dates)
        return Entitlement(fen, known, ~np.isnat(dates) & rows.plain("level"))

    def figure_keys(self, rows: Rows, policy: Policy) -> tuple[npt.NDArray[np.int64], list[str | None]]:
        """The level's."""
        return rows.words("level")


PROGRAMME = Technician()
