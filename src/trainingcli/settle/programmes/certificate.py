"""取证补贴, 三(三): to the institution or enterprise that organised it, by the certificate a person got.

Who: anyone whose certificate is dated 2019-07-01 or later. How much: 专项职业能力证书 150 whatever the level, 初级工
300, 高级工 600; for 中级工 the plan gives no figure, so the line is held (Q6). Example: 赵某, 电工 高级工,
职业技能等级证书 of 2020-08-01 → 600.00.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np

from trainingcli.reasons import reason
from trainingcli.settle.programmes.base import (
    Entitlement,
    Institution,
    Programme,
    RepeatKey,
    Use,
    Verdict,
    figures_by_level,
)

if TYPE_CHECKING:
    import numpy.typing as npt

    from trainingcli.policy import Policy
    from trainingcli.settle.rows import Mask, Rows
    from trainingcli.settle.standards import Standards

CERTIFICATE_TOO_EARLY = reason("CERTIFICATE_TOO_EARLY")
ABILITY_CERTIFICATE = "专项职业能力证书"
ABILITY = "专项职业能力"
OF_TECHNICIANS = ("技师", "高级技师")  # reading 5.8: where nothing says what is claimed, their own subsidy is


class Certificate(Programme):
    """The subsidy for a certificate of ability, qualification or skill level."""

    code = "certificate"
    pays_training = False
    repeat_key = RepeatKey.LEVEL
    institution = Institution.NAMED
    rests_on_certificate = True
    is_ceiling = False
    means_training_of = None
    people_are = None
    readings = ()
    figure_field = "level"
    asks_also = ()
    uses = {  # noqa: RUF012 - a declaration
        "occupation": Use.NEEDED,
        "level": Use.NEEDED,
        "start_date": Use.USED,
        "certificate_type": Use.CERTIFICATE,
        "certificate_no": Use.CERTIFICATE,
        "certificate_date": Use.CERTIFICATE,
    }

    def fits(self, rows: Rows, policy: Policy) -> Mask:
        """A certificate number is there, and the level is not one of the technicians'."""
        has_number = rows.said("certificate_no") | rows.faulty("certificate_no")
        return has_number & ~rows.among("level", OF_TECHNICIANS)

    def ineligible(self, rows: Rows, policy: Policy) -> list[tuple[str, Mask]]:
        """Anyone may."""
        return []

    def used(self, field: str, rows: Rows, policy: Policy) -> Mask:
        """The level says nothing beside a certificate of a special ability."""
        if field == "level":
            return ~rows.among("certificate_type", [ABILITY_CERTIFICATE])
        return super().used(field, rows, policy)

    def payees(self, policy: Policy) -> Sequence[str]:
        """Who organised the examination (考证组织单位) comes before the institution that trained, 三(三)."""
        named = super().payees(policy)
        return ("organiser", *named) if "institution" in named else named

    def verdicts(self, rows: Rows, policy: Policy) -> Iterator[Verdict]:
        """A certificate from before the plan."""
        first = np.datetime64(policy.parameter("certificate_from"), "s")
        yield Verdict(CERTIFICATE_TOO_EARLY, "certificate_date", rows.dates("certificate_date") < first)

    def entitlement(self, rows: Rows, policy: Policy, standards: Standards) -> Entitlement:
        """The figure of the ability certificate, else of the level, in force on the certificate's date."""
        dates = self.dates(rows, policy)
        fen, known = figures_by_level(policy, self.code, self.figure_keys(rows, policy), dates)
        is_ability = rows.among("certificate_type", [ABILITY_CERTIFICATE])
        return Entitlement(fen, known, ~np.isnat(dates) & (is_ability | rows.plain("level")))

    def figure_keys(self, rows: Rows, policy: Policy) -> tuple[npt.NDArray[np.int64], list[str | None]]:
        """The ability certificate's whatever the level, else the level's."""
        places, words = rows.words("level")
        is_ability = rows.among("certificate_type", [ABILITY_CERTIFICATE])
        return np.where(is_ability, len(words), places), [*words, ABILITY]


PROGRAMME = Certificate()
