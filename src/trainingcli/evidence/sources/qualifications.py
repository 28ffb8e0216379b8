"""The occupational qualifications of the state (职业资格目录), 三(七): asked of lines that pay a 职业资格证书.

They are asked beside the occupation list.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from trainingcli.evidence.listed import details_of, names_of
from trainingcli.evidence.source import Source

if TYPE_CHECKING:
    from trainingcli.evidence.batch import Batch
    from trainingcli.findings import Part

CERTIFICATE = "职业资格证书"


class Qualifications(Source):
    """The occupation of a 职业资格证书 stands in the list on the day it was issued."""

    name = "qualifications"
    place = 30
    registers = ("qualifications",)
    reasons = ("NOT_IN_REGISTER",)

    def verdicts(self, batch: Batch) -> Iterator[Part]:
        """Ask the list about the occupation of the certificate."""
        contents = batch.sources.contents.get("qualifications")
        if contents is None:
            return
        entries = names_of(contents, "qualification", batch.sources.aliases)
        found = batch.look_up(entries, batch.occupations(), None, batch.dates())
        asked = batch.pays_certificate(CERTIFICATE) & batch.said("occupation")
        yield from batch.unlisted(asked, "NOT_IN_REGISTER", "occupation", found, details_of("qualifications"))


SOURCE = Qualifications()
