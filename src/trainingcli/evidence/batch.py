"""Rows and claim lines as the registers look at them: whole columns, one place a line."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from trainingcli.compared import squeeze
from trainingcli.evidence.listing import Word
from trainingcli.findings import Findings, Part
from trainingcli.language import Text
from trainingcli.policy import Policy
from trainingcli.settle.claim_lines import NONE, Lines
from trainingcli.settle.programmes import programmes
from trainingcli.settle.programmes.base import Programme
from trainingcli.settle.programmes.certificate import ABILITY, ABILITY_CERTIFICATE
from trainingcli.settle.rows import Dates, Mask, Rows

if TYPE_CHECKING:
    from trainingcli.settle.dated import Ints

Words = tuple["Ints", Sequence[Word]]


class Batch:
    """The claim lines of a batch, each with its programme's view of the row."""

    def __init__(self, rows: Rows, lines: Lines, policy: Policy) -> None:
        self.rows, self.lines, self.policy = rows, lines, policy
        self.size = len(lines.row)
        self.programmes = {programme.code: programme for programme in programmes(policy.programmes)}
        self.findings = Findings()

    def of(self, asks: Callable[[Programme], bool]) -> Mask:
        """Say which lines' programme has a trait."""
        wanted = [place for place, code in enumerate(self.lines.codes) if asks(self.programmes[code])]
        return np.isin(self.lines.programme, wanted)

    def any_programme(self) -> Mask:
        """Say which lines ask for a programme at all."""
        mask: Mask = self.lines.programme != NONE
        return mask

    def on_lines(self, mask: Mask) -> Mask:
        """Spread a mask of rows over their lines."""
        spread: Mask = mask[self.lines.row]
        return spread

    def uses(self, field: str) -> Mask:
        """Say for which lines a field speaks."""
        mask = np.zeros(self.size, dtype=bool)
        for place, programme in enumerate(self.programmes.values()):
            if field in programme.uses:
                mask |= (self.lines.programme == place) & self.on_lines(programme.used(field, self.rows, self.policy))
        return mask

    def words(self, field: str) -> Words:
        """Return a text field, as compared: blanks off."""
        places, words = self.rows.words(field)
        return places[self.lines.row], [None if word is None else squeeze(word) for word in words]

    def occupations(self) -> Words:
        """Return occupations as compared, the register's aliases replaced; None where the programme uses none."""
        places, words = self.rows.occupations()
        return _only(places[self.lines.row], words, self.uses("occupation"))

    def levels(self) -> Words:
        """Return the level of lines whose programme uses it, None where there is none that is known.

        A certificate of a special ability says the level where the column is empty (reading 3.3).
        """
        places, words = self.rows.words("level")
        row, uses = self.lines.row, self.uses("level")
        levels, terms = _only(places[row], words, uses & self.on_lines(self.rows.plain("level")))
        is_ability = uses & self.on_lines(
            self.rows.among("certificate_type", [ABILITY_CERTIFICATE]) & self.rows.missing("level")
        )
        return np.where(is_ability, len(terms), levels), [*terms, ABILITY]

    def dates(self) -> Dates:
        """Return the date by which the registers are asked: the start, for certificate programmes the issue date."""
        dates = np.full(self.size, np.datetime64("NaT"), dtype="datetime64[s]")
        for place, programme in enumerate(self.policy.programmes.values()):
            at = self.lines.programme == place
            dates[at] = self.rows.dates(programme.dated_by)[self.lines.row[at]]
        return dates

    def people(self) -> Ints:
        """Return a number for each valid person, -1 for lines whose name or ID number does not hold."""
        codes = pd.factorize(self.rows.frame["id_number"])[0].astype(np.int64)
        return np.where(self.rows.persons_are_valid(), codes, -1)[self.lines.row]

    def report(self, where: Mask, code: str, field: str, detail: Text | None = None) -> None:
        """Add a finding about a field for the lines where the mask is true, with the value that stands there."""
        at = np.flatnonzero(where)
        if not len(at):
            return
        places, words = self.rows.words(field)
        written = [words[place] for place in places[self.lines.row[at]].tolist()]
        self.findings.parts.append(Part(at, code, field, written, detail))

    def report_each(self, where: Mask, code: str, field: str, which: Ints, details: Sequence[Text]) -> None:
        """Add a finding as `report` does; `which` names each line's detail."""
        for place, detail in enumerate(details):
            self.report(where & (which == place), code, field, detail)


def _only(places: Ints, words: Sequence[Word], where: Mask) -> tuple[Ints, list[Word]]:
    """Keep the words of some lines; the others say nothing."""
    return np.where(where, places, len(words)), [*words, None]
