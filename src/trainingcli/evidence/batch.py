"""Rows and claim lines as the evidence looks at them: whole columns, one place a line."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
import pandas as pd

from trainingcli.compared import folded_name
from trainingcli.evidence.gathered import Sources
from trainingcli.evidence.listed import UNLISTED, Listed, training
from trainingcli.evidence.listing import ListedNames, LookedUp, Words
from trainingcli.findings import Part, written
from trainingcli.language import Text
from trainingcli.policy import Policy
from trainingcli.settle.claim_lines import Lines
from trainingcli.settle.dated import NONE, Ints
from trainingcli.settle.payees import payee_fields
from trainingcli.settle.programmes import programmes
from trainingcli.settle.programmes.base import Programme
from trainingcli.settle.programmes.certificate import ABILITY, ABILITY_CERTIFICATE
from trainingcli.settle.rows import Dates, Mask, Rows

if TYPE_CHECKING:
    from trainingcli.settle.settlement import History

T = TypeVar("T")


class Batch:
    """The claim lines of a batch or of a part of one, each with its programme's view of the row.

    `history`: what the ledger knows of these people. `wholes`: where this is a part, what each piece of evidence must
    know of the whole batch.
    """

    def __init__(
        self,
        rows: Rows,
        lines: Lines,
        policy: Policy,
        sources: Sources,
        history: History | None = None,
        wholes: Mapping[str, Any] | None = None,
    ) -> None:
        self.rows, self.lines, self.policy, self.sources = rows, lines, policy, sources
        self.history, self._wholes = history, wholes or {}
        self.size = len(lines.row)
        self.programmes = {programme.code: programme for programme in programmes(policy.programmes)}
        self._kept: dict[str, Any] = {}

    def once(self, name: str, make: Callable[[Batch], T]) -> T:
        """Return what `make` makes of this batch, which is kept under a name for whoever asks again."""
        if name not in self._kept:
            self._kept[name] = make(self)
        kept: T = self._kept[name]
        return kept

    def whole(self, name: str, make: Callable[[Batch], T]) -> T:
        """Return what a piece of evidence must know of the whole batch; `make`: of this one, where it is the whole."""
        given: T = self._wholes[name] if name in self._wholes else make(self)
        return given

    # ---- which lines

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

    def said(self, field: str) -> Mask:
        """Say which lines' row fills a field in."""
        return self.on_lines(self.rows.said(field))

    def uses(self, field: str) -> Mask:
        """Say for which lines a field speaks."""
        mask = np.zeros(self.size, dtype=bool)
        for place, programme in enumerate(self.programmes.values()):
            if field in programme.uses:
                mask |= (self.lines.programme == place) & self.on_lines(programme.used(field, self.rows, self.policy))
        return mask

    def pays_certificate(self, kind: str) -> Mask:
        """Say which lines pay a certificate of a kind."""
        is_kind = self.on_lines(self.rows.among("certificate_type", [kind]))
        return self.of(lambda programme: programme.rests_on_certificate) & is_kind

    def pays_ability(self) -> Mask:
        """Say which lines pay a 专项职业能力证书: its programme takes that for the level."""
        return self.pays_certificate(ABILITY_CERTIFICATE) & ~self.uses("level")

    def paid_to(self, field: str) -> Mask:
        """Say for which lines a field names the payee."""
        mask = np.zeros(self.size, dtype=bool)
        for place, programme in enumerate(self.programmes.values()):
            at = np.flatnonzero(self.lines.programme == place)
            mask[at] = payee_fields(programme, self.lines.row[at], self.rows, self.policy)[0] == field
        return mask

    def same(self, one: str, other: str) -> Mask:
        """Say where two text fields are both filled in and say the same."""
        (places, words), (other_places, other_words) = self.words(one), self.words(other)
        numbers = {word: place for place, word in enumerate(dict.fromkeys([*words, *other_words]))}
        codes, others = (np.array([numbers[word] for word in each], dtype=np.int64) for each in (words, other_words))
        mask: Mask = (codes[places] == others[other_places]) & self.said(one) & self.said(other)
        return mask

    # ---- what they say

    def words(self, field: str) -> Words:
        """Return a text field as compared."""
        places, words = self.rows.words(field)
        return places[self.lines.row], [None if word is None else folded_name(word) for word in words]

    def occupations(self) -> Words:
        """Return occupations as compared, the register's aliases replaced; None where the programme uses none."""
        places, words = self.rows.occupations()
        return _only(places[self.lines.row], words, self.uses("occupation"))

    def trainings(self) -> Words:
        """Return occupation and level of what lines that pay a training train, as `training` writes them."""
        (places, words), (levels, terms) = self.occupations(), self.levels()
        codes, distinct = pd.factorize(places * len(terms) + levels)
        pairs = [(words[code // len(terms)], terms[code % len(terms)]) for code in distinct.tolist()]
        said = [None if occupation is None else training(occupation, level) for occupation, level in pairs]
        return _only(codes.astype(np.int64), said, self.of(lambda programme: programme.pays_training))

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

    def issued(self) -> Dates:
        """Return the certificate's date."""
        issued: Dates = self.rows.dates("certificate_date")[self.lines.row]
        return issued

    def people(self) -> Ints:
        """Return a number for each valid person, -1 for lines whose name or ID number does not hold."""
        return self.rows.persons()[self.lines.row]

    # ---- reasons

    def reasons(self, where: Mask, code: str, field: str, detail: Text | None = None) -> Iterator[Part]:
        """Yield a reason about a field for the lines where the mask is true, with the value that stands there."""
        at = np.flatnonzero(where)
        if len(at):
            yield Part(at, code, field, self._written(field, at), detail)

    def any_line(self) -> Mask:
        """Say yes to every line, those without a programme included."""
        return np.ones(self.size, dtype=bool)

    def detailed(self, said: Mapping[int, Text], code: str, field: str, asked: Mask | None = None) -> Iterator[Part]:
        """Yield a reason with what is `said` of each row, for the lines of these rows that are `asked` for (all)."""
        where = np.isin(self.lines.row, list(said)) & (self.any_line() if asked is None else asked)
        at = np.flatnonzero(where)
        if len(at):
            details = [said[row] for row in self.lines.row[at].tolist()]
            yield Part(at, code, field, self._written(field, at), details=details)

    def _written(self, field: str, at: Ints) -> list[str | None]:
        """Return what stands in a field of these lines' rows."""
        column = self.rows.frame[field]
        if column.dtype.kind == "M":
            return [written(day) for day in column.iloc[self.lines.row[at]]]
        places, words = self.rows.words(field)
        return [words[place] for place in places[self.lines.row[at]].tolist()]

    def look_up(
        self,
        entries: Sequence[Listed],
        names: Words,
        kinds: Words | None,
        dates: Dates | None,
        every: Callable[[], Iterable[str]] | None = None,
    ) -> LookedUp:
        """Find the entry of a list in force for each line's name and kind on its date.

        `every`: all the list's names, where `entries` are only those with one of the `names`.
        """
        return ListedNames(entries, every).look_up(names, kinds, dates)

    def unlisted(self, asked: Mask, code: str, field: str, found: LookedUp, details: Sequence[Text]) -> Iterator[Part]:
        """Yield a reason for what is asked and not found; `details` by why. A name nearly a listed one names that."""
        for why, detail in enumerate(details):
            where = asked & found.missing & (found.why == why)
            if why == UNLISTED:
                yield from self._nowhere(where, code, field, found, detail)
            else:
                yield from self.reasons(where, code, field, detail)

    def _nowhere(self, where: Mask, code: str, field: str, found: LookedUp, detail: Text) -> Iterator[Part]:
        places, words = found.names
        near = {place: found.listing.near(words[place] or "") for place in np.unique(places[where]).tolist()}
        for name in dict.fromkeys(near.values()):
            named = where & np.isin(places, [place for place, each in near.items() if each == name])
            yield from self.reasons(named, code, field, detail if name is None else _near(detail, name))

    def spread(self, entry: Ints, answers: Sequence[bool]) -> Mask:
        """Spread an answer an entry over the lines that it stands for; `NONE` is no."""
        mask: Mask = np.array([*answers, False])[entry]  # NONE is the last place
        return mask


def _near(detail: Text, name: str) -> Text:
    return Text(f"{detail.zh}（名称相近的有：{name}）", f"{detail.en} (nearly the same: {name})")


def _only(places: Ints, words: Sequence[str | None], where: Mask) -> Words:
    """Keep the words of some lines; the others say nothing."""
    return np.where(where, places, len(words)), [*words, None]
