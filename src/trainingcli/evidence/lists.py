"""The published lists (目录清单), 三(四)(七): what is not in them, in force on the line's date, is not paid.

A line's date is the training's start, for certificate programmes the certificate's issue; the first and the last day
of an entry are both in force. What is empty is not told here. Which line is asked about which list:

- occupations 职业(工种)目录: every line whose programme uses the occupation, with the level where the programme uses
  one (an entry without level covers all; a line without level is covered by any). A certificate line for a
  专项职业能力证书 is asked about the ability list instead; a training at that level may stand in either.
- abilities 专项能力考核目录: lines that pay a certificate, for a 专项职业能力证书.
- qualifications 职业资格目录: lines that pay a certificate, for a 职业资格证书, beside the occupation list.
- assessors 鉴定评价机构目录: lines that use a certificate (a vocational training at a high-skill level, too) and name
  who issued it, on the issue date; 评价职业 limits an entry where it is filled in.
- institutions 培训机构目录: see `_institutions`.

Example: 尤某, 宠物美容, start 2020-07-01, the entry is in force until 2020-06-30 → rejected, NOT_IN_REGISTER.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from trainingcli.evidence.batch import Batch
from trainingcli.evidence.listing import Listed, Listing
from trainingcli.evidence.register_cells import several
from trainingcli.evidence.register_tables import all_registers
from trainingcli.evidence.register_workbook import Contents
from trainingcli.language import Text
from trainingcli.reasons import reason
from trainingcli.settle.programmes.base import Institution, Programme
from trainingcli.settle.programmes.certificate import ABILITY, ABILITY_CERTIFICATE
from trainingcli.settle.rows import Mask

NOT_IN_REGISTER = reason("NOT_IN_REGISTER").code
NOT_QUALIFIED = reason("NOT_QUALIFIED").code
QUALIFICATION_CERTIFICATE = "职业资格证书"

# For each list: not there at all; there, but not for this level or occupation; not in force on that day.
_Details = tuple[Text, Text, Text]


def _details(name: str, kind_zh: str, kind_en: str) -> _Details:
    title = all_registers()[name].title
    return (
        Text(f"{title.zh}没有此名称", f"the register of {title.en.lower()} does not have it"),
        Text(
            f"{title.zh}有此名称，但{kind_zh}不符", f"the register of {title.en.lower()} has it for another {kind_en}"
        ),
        Text(
            f"{title.zh}有此名称，但当日不在有效期内",
            f"the register of {title.en.lower()} has it, not in force on that day",
        ),
    )


def check_lists(batch: Batch, contents: Mapping[str, Contents], aliases: Mapping[str, str]) -> None:
    """Ask every list that was supplied."""
    if "occupations" in contents:
        _occupations(batch, contents, aliases)
    if "abilities" in contents:
        _named(batch, "abilities", _abilities(contents, aliases), _pays_ability(batch))
    if "qualifications" in contents:
        certified = batch.of(_rests_on_certificate) & _with_certificate(batch, QUALIFICATION_CERTIFICATE)
        _named(batch, "qualifications", _plain_list(contents["qualifications"], "qualification", aliases), certified)
    if "assessors" in contents:
        _assessors(batch, contents["assessors"], aliases)
    if "institutions" in contents:
        _institutions(batch, contents["institutions"], aliases)


def _plain_list(contents: Contents, key: str, aliases: Mapping[str, str], *kinds: str) -> list[Listed]:
    """Return the entries of a list of occupations' names, spelled as compared."""
    return [
        Listed(
            aliases.get(entry.values[key], entry.values[key]), frozenset(kinds), entry.get("since"), entry.get("until")
        )
        for entry in contents.entries
    ]


def _for_occupations(contents: Contents, key: str, aliases: Mapping[str, str]) -> list[Listed]:
    """Return the entries of a list of institutions, each for any occupation or for those it names."""
    return [
        Listed(
            entry.values[key],
            frozenset(aliases.get(name, name) for name in entry.several("occupations")),
            entry.get("since"),
            entry.get("until"),
        )
        for entry in contents.entries
    ]


def _abilities(contents: Mapping[str, Contents], aliases: Mapping[str, str]) -> list[Listed]:
    return _plain_list(contents["abilities"], "ability", aliases, ABILITY) if "abilities" in contents else []


def _rests_on_certificate(programme: Programme) -> bool:
    return programme.rests_on_certificate


def _pays_ability(batch: Batch) -> Mask:
    """Say which lines pay a 专项职业能力证书: its programme takes that for the level."""
    return batch.of(_rests_on_certificate) & _with_certificate(batch, ABILITY_CERTIFICATE) & ~batch.uses("level")


def _with_certificate(batch: Batch, kind: str) -> Mask:
    return batch.on_lines(batch.rows.among("certificate_type", [kind]))


def _said(batch: Batch, field: str) -> Mask:
    return batch.on_lines(batch.rows.said(field))


def _occupations(batch: Batch, contents: Mapping[str, Contents], aliases: Mapping[str, str]) -> None:
    entries = [
        Listed(
            entry.values["occupation"], frozenset(entry.several("level")), entry.get("since"), entry.get("until")
        )
        for entry in contents["occupations"].entries
    ]  # fmt: skip
    asked = batch.uses("occupation") & _said(batch, "occupation")
    asked &= ~_pays_ability(batch)
    listing = Listing([*entries, *_abilities(contents, aliases)])
    found = listing.look_up(batch.occupations(), batch.levels(), batch.dates())
    details = _details("occupations", "等级", "level")
    batch.report_each(asked & found.missing, NOT_IN_REGISTER, "occupation", found.why, details)


def _named(batch: Batch, name: str, entries: list[Listed], asked: Mask) -> None:
    """Ask a list of names about the occupation."""
    found = Listing(entries).look_up(batch.occupations(), None, batch.dates())
    where = asked & _said(batch, "occupation") & found.missing
    batch.report_each(where, NOT_IN_REGISTER, "occupation", found.why, _details(name, "", ""))


def _assessors(batch: Batch, contents: Contents, aliases: Mapping[str, str]) -> None:
    asked = batch.uses("certificate_no") & _said(batch, "assessor")
    issued = batch.rows.dates("certificate_date")[batch.lines.row]
    listing = Listing(_for_occupations(contents, "assessor", aliases))
    found = listing.look_up(batch.words("assessor"), batch.occupations(), issued)
    details = _details("assessors", "评价职业", "occupation")
    batch.report_each(asked & found.missing, NOT_IN_REGISTER, "assessor", found.why, details)


def _institutions(batch: Batch, contents: Contents, aliases: Mapping[str, str]) -> None:
    """Ask who trained, as the programme's trait `institution` says; the plan pays only trainings by listed ones.

    培训职业 limits an entry where it is filled in, for the lines that pay a training. An entry that does not say how
    the institution qualified (filing or procurement) holds the line, `NOT_QUALIFIED`.
    """
    listing = Listing(_for_occupations(contents, "institution", aliases))
    ways = frozenset(contents.register.columns["qualified_by"].suggest)
    qualified = np.array(
        [not ways.isdisjoint(several(entry.get("qualified_by") or "")) for entry in contents.entries], dtype=bool
    )
    named, employed = _said(batch, "institution"), _said(batch, "employer")
    own = named & employed & _same(batch, "institution", "employer")
    payee, named_one, hired = (
        batch.of(lambda programme, kind=kind: programme.institution is kind)  # type: ignore[misc]
        for kind in (Institution.PAYEE, Institution.NAMED, Institution.HIRED)
    )
    asked = named & (payee | (named_one & ~own) | (hired & employed & ~own))
    places, words = batch.occupations()
    is_training = batch.of(lambda programme: programme.pays_training)
    occupations = np.where(is_training, places, len(words)), [*words, None]
    details = _details("institutions", "培训职业", "occupation")
    for field, where in (("institution", asked), ("employer", payee & ~named & employed)):
        if not where.any():
            continue
        found = listing.look_up(batch.words(field), occupations, batch.dates())
        batch.report_each(where & found.missing, NOT_IN_REGISTER, field, found.why, details)
        held = where & ~found.missing
        held[held] = ~qualified[found.entry[held]]
        batch.report(held, NOT_QUALIFIED, field)


def _same(batch: Batch, one: str, other: str) -> Mask:
    """Say where two text fields say the same."""
    (places, words), (other_places, other_words) = batch.words(one), batch.words(other)
    numbers = {word: place for place, word in enumerate(dict.fromkeys([*words, *other_words]))}
    codes, other_codes = (np.array([numbers[word] for word in each], dtype=np.int64) for each in (words, other_words))
    mask: Mask = codes[places] == other_codes[other_places]
    return mask
