"""Who may examine and certify (鉴定评价机构目录), 三(七): asked of lines that use a certificate and name who issued it.

A vocational training at a high-skill level uses one, too. The date is the issue; 评价职业 limits an entry where it is
filled in.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from trainingcli.compared import folded_name
from trainingcli.evidence.listed import details_of, listed
from trainingcli.evidence.source import Source
from trainingcli.language import Text
from trainingcli.settle.occupations import occupation_of

if TYPE_CHECKING:
    from trainingcli.evidence.batch import Batch
    from trainingcli.findings import Part


class Assessors(Source):
    """Who issued a certificate stands in the list on that day, for that occupation."""

    name = "assessors"
    place = 40
    registers = ("assessors",)
    reasons = ("NOT_IN_REGISTER", "PAYEE_MISSING")

    def verdicts(self, batch: Batch) -> Iterator[Part]:
        """Ask the list about who issued the certificate."""
        contents, aliases = batch.sources.contents.get("assessors"), batch.sources.aliases
        if contents is None:
            return
        entries = [
            listed(
                entry,
                folded_name(entry.values["assessor"]),
                (occupation_of(name, aliases) for name in entry.several("occupations")),
            )
            for entry in contents.entries
        ]
        asked = batch.uses("certificate_no") & batch.said("assessor")
        found = batch.look_up(entries, batch.words("assessor"), batch.occupations(), batch.issued())
        details = details_of("assessors", Text("评价职业", "occupation"))
        yield from batch.unlisted(asked, "NOT_IN_REGISTER", "assessor", found, details)
        yield from _paid_as_institution(batch, {folded_name(entry.values["assessor"]) for entry in contents.entries})


def _paid_as_institution(batch: Batch, assessors: set[str]) -> Iterator[Part]:
    """A 机构名称 that only this list has is the assessor, and no payee (contract, 'Roster headings')."""
    import numpy as np

    unclear = batch.on_lines(batch.rows.institution_is_unclear())
    if not unclear.any():
        return
    schools = batch.sources.contents.get("institutions")
    known = {folded_name(entry.values["institution"]) for entry in schools.entries} if schools else set()
    places, words = batch.words("institution")
    named = np.array([word in assessors - known for word in words])[places]
    yield from batch.reasons(unclear & named & batch.paid_to("institution"), "PAYEE_MISSING", "institution")


SOURCE = Assessors()
