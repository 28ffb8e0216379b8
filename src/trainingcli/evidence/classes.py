"""Filed classes (开班备案), 三(四)(六), and their instructors (师资), 二(九): what holds or refuses a class's lines.

Every line that names a class is asked, whatever its programme. A class is its number together with the institution
that filed it, which is the line's institution or else its employer; where the line or the register names no
institution, the number alone counts.
Lines that pay a training and name no class are held too: nothing shows that it was
filed. A certificate needs no class.

- not in the register → held, `CLASS_NOT_FILED`; none of the others then.
- no 计划批准文号, or filed for another occupation or level than the line's → held, `PLAN_NOT_APPROVED`.
- an instructor who is not in the instructor register with 考核结果 合格 for the class's occupation, assessed by the
  day the class began → held, `INSTRUCTOR_NOT_ASSESSED`; so is a class that names none. Only with that register.
- 验收结果 不合格 → rejected, `ACCEPTANCE_FAILED`; 未验收 or empty → `ACCEPTANCE_PENDING`.
- more distinct people in the batch than 计划人数 → `OVER_CLASS_SIZE`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from trainingcli.evidence.batch import Batch, Words
from trainingcli.evidence.listing import UNLISTED, Listed, Listing
from trainingcli.evidence.register_workbook import Contents, Entry
from trainingcli.language import Text
from trainingcli.reasons import reason
from trainingcli.settle.dated import NONE, Ints
from trainingcli.settle.rows import Mask

CLASS_NOT_FILED = reason("CLASS_NOT_FILED").code
PLAN_NOT_APPROVED = reason("PLAN_NOT_APPROVED").code
OVER_CLASS_SIZE = reason("OVER_CLASS_SIZE").code
INSTRUCTOR_NOT_ASSESSED = reason("INSTRUCTOR_NOT_ASSESSED").code
ACCEPTANCE_FAILED = reason("ACCEPTANCE_FAILED").code
ACCEPTANCE_PENDING = reason("ACCEPTANCE_PENDING").code
FIELD = "class_no"
PASSED, FAILED = "合格", "不合格"
_NOT_GIVEN = Text("未填写班级编号", "no class number is given")
_NOT_FILED = (
    Text("没有该班级编号", "no such class number"),
    Text("该编号由其他机构备案", "filed by another institution"),
)


def check_classes(
    batch: Batch,
    classes: Contents,
    instructors: Contents | None,
    aliases: Mapping[str, str],
    sizes: Ints | None = None,
) -> None:
    """Ask the class register, and the instructor register where it was supplied.

    `sizes`: what `class_sizes` gives of the whole batch, where these lines are only a part of it.
    """
    entries = classes.entries
    entry, other_institution = _find(batch, entries)
    asked = batch.any_programme()
    named = asked & batch.on_lines(batch.rows.said(FIELD))
    batch.report(batch.of(lambda programme: programme.pays_training) & ~named, CLASS_NOT_FILED, FIELD, _NOT_GIVEN)
    batch.report_each(named & (entry == NONE), CLASS_NOT_FILED, FIELD, other_institution.astype(np.int64), _NOT_FILED)
    filed = named & (entry != NONE)
    if not filed.any():
        return
    batch.report(filed & _unapproved(batch, entry, entries, aliases), PLAN_NOT_APPROVED, FIELD)
    if instructors is not None:
        passed = _Assessed(instructors, aliases)
        batch.report(filed & _of(entry, [not passed.all_of(item) for item in entries]), INSTRUCTOR_NOT_ASSESSED, FIELD)
    results = [item.get("acceptance") for item in entries]
    batch.report(filed & _of(entry, [result == FAILED for result in results]), ACCEPTANCE_FAILED, FIELD)
    pending = [result not in (PASSED, FAILED) for result in results]
    batch.report(filed & _of(entry, pending), ACCEPTANCE_PENDING, FIELD)
    counts = _people(batch, np.where(filed, entry, NONE), entries) if sizes is None else sizes
    batch.report(filed & _crowded(entry, counts, entries), OVER_CLASS_SIZE, FIELD)


def class_sizes(batch: Batch, classes: Contents) -> Ints:
    """Return how many distinct people of the batch each class of the register has."""
    entry, _ = _find(batch, classes.entries)
    named = batch.any_programme() & batch.on_lines(batch.rows.said(FIELD))
    return _people(batch, np.where(named, entry, NONE), classes.entries)


def _of(entry: Ints, answers: Sequence[bool]) -> Mask:
    """Spread an answer a class over its lines."""
    mask: Mask = np.array([*answers, False])[entry]  # NONE is the last place
    return mask


def _find(batch: Batch, entries: Sequence[Entry]) -> tuple[Ints, Mask]:
    """Return each line's class, and where the number is filed, but by others."""
    filers = [frozenset([item.values["institution"]] if item.get("institution") else []) for item in entries]
    listing = Listing(Listed(item.values["class_no"], who) for item, who in zip(entries, filers, strict=True))
    numbers = batch.words(FIELD)
    undated = np.full(batch.size, np.datetime64("NaT"), dtype="datetime64[s]")
    found = listing.look_up(numbers, batch.words("institution"), undated)
    by_employer = listing.look_up(numbers, batch.words("employer"), undated)
    employed = batch.on_lines(batch.rows.said("employer"))
    named = batch.on_lines(batch.rows.said("institution"))
    takes = employed & ~by_employer.missing & (found.missing | ~named)
    entry = np.where(takes, by_employer.entry, found.entry)
    return entry, found.why != UNLISTED


def _unapproved(batch: Batch, entry: Ints, entries: Sequence[Entry], aliases: Mapping[str, str]) -> Mask:
    """Say which lines' class has no approved plan, or one for another occupation or level."""
    mask = _of(entry, [item.get("plan") is None for item in entries])
    occupations = [item.get("occupation") for item in entries]
    mask |= _differs(batch.occupations(), entry, [name and aliases.get(name, name) for name in occupations])
    mask |= _differs(batch.levels(), entry, [item.get("level") for item in entries])
    return mask


def _differs(words: Words, entry: Ints, filed: Sequence[str | None]) -> Mask:
    """Say where a line's word and its class's are both there, and differ."""
    places, terms = words
    numbers = {term: place for place, term in enumerate(dict.fromkeys([None, *terms, *filed]))}
    said = np.array([numbers[term] for term in terms], dtype=np.int64)[places]
    wanted = np.array([numbers[term] for term in (*filed, None)], dtype=np.int64)[entry]
    mask: Mask = (said != numbers[None]) & (wanted != numbers[None]) & (said != wanted)
    return mask


def _crowded(entry: Ints, sizes: Ints, entries: Sequence[Entry]) -> Mask:
    """Say which lines' class has more distinct people in the batch than were filed."""
    return _of(entry, [size > (item.get("size") or size) for size, item in zip(sizes.tolist(), entries, strict=True)])


def _people(batch: Batch, entry: Ints, entries: Sequence[Entry]) -> Ints:
    people = batch.people()
    counted = (entry != NONE) & (people >= 0)
    count = int(people.max(initial=0)) + 1
    pairs = np.unique(entry[counted] * count + people[counted])
    return np.bincount(pairs // count, minlength=len(entries)).astype(np.int64)


class _Assessed:
    """The instructors who passed, each with occupation and day of the assessment."""

    def __init__(self, instructors: Contents, aliases: Mapping[str, str]) -> None:
        self._aliases = aliases
        self._passed: dict[str, list[Entry]] = {}
        for entry in instructors.entries:
            if entry.get("result") == PASSED:
                self._passed.setdefault(entry.values["id_number"], []).append(entry)

    def all_of(self, item: Entry) -> bool:
        """Say whether a class names its instructors and each had passed when it began."""
        numbers = item.several("instructors")
        return bool(numbers) and all(self._one(number, item) for number in numbers)

    def _one(self, number: str, item: Entry) -> bool:
        wanted, began = item.get("occupation"), item.get("start_date")
        for entry in self._passed.get(number, ()):
            occupations = [self._aliases.get(name, name) for name in entry.several("occupation")]
            day = entry.get("assessed")
            in_time = day is None or began is None or day <= began
            if in_time and (wanted is None or self._aliases.get(wanted, wanted) in occupations):
                return True
        return False
