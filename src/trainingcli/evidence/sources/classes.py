"""Filed classes (开班备案), 三(四)(六), and their instructors (师资), 二(九): what holds or refuses a class's lines.

Every line that names a class is asked, whatever its programme. A class is its number together with the institution
that filed it, which is the line's institution or else its employer; where the line or the register names no
institution, the number alone counts. Lines that pay a training and name no class are held too: nothing shows that it
was filed. A certificate needs no class.

- not in the register → held, `CLASS_NOT_FILED`; none of the others then.
- no 计划批准文号, or filed for another occupation or level than the line's → held, `PLAN_NOT_APPROVED`.
- an instructor who is not in the instructor register for the class's occupation with 考核结果 合格 (or 教学 and
  专业考核结果 both 合格), assessed by the day the class began and still valid on it (有效期至) → held,
  `INSTRUCTOR_NOT_ASSESSED`; so is a class that names none. Only with that register.
- 验收结果 不合格 → rejected, `ACCEPTANCE_FAILED`; 未验收 or empty → `ACCEPTANCE_PENDING`.
- more distinct people in the batch than 计划人数 → `OVER_CLASS_SIZE`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from trainingcli.compared import folded_name
from trainingcli.evidence.listed import UNLISTED, Listed
from trainingcli.evidence.source import Source
from trainingcli.facts import Check
from trainingcli.language import Text
from trainingcli.settle.occupations import occupation_of, parted

if TYPE_CHECKING:
    from trainingcli.evidence.batch import Batch
    from trainingcli.evidence.gathered import Sources
    from trainingcli.evidence.listing import Words
    from trainingcli.evidence.register_contents import Contents, Entry
    from trainingcli.findings import Part
    from trainingcli.settle.dated import Ints
    from trainingcli.settle.rows import Mask

FIELD = "class_no"
PASSED, FAILED = "合格", "不合格"
_NOT_GIVEN = Text("未填写班级编号", "no class number is given")
_NOT_FILED = Text("没有该班级编号", "no such class number")
_OTHERS = Text("该编号由其他机构备案", "filed by another institution")
_NO_CLASSES = Text(
    "未提供开班备案（classes.xlsx），无从得知各班教师", "classes.xlsx was not supplied, which names the instructors"
)


class Classes(Source):
    """The class that a line names was filed with an approved plan, taught by assessed instructors, and accepted."""

    name = "classes"
    place = 60
    registers = ("classes", "instructors")
    reasons = (
        "CLASS_NOT_FILED", "PLAN_NOT_APPROVED", "INSTRUCTOR_NOT_ASSESSED", "ACCEPTANCE_FAILED", "ACCEPTANCE_PENDING",
        "OVER_CLASS_SIZE",
    )  # fmt: skip

    def whole(self, batch: Batch) -> Ints | None:
        """Return how many distinct people each class of the register has; people are in one part each."""
        return batch.once(self.name, _Filed).sizes() if self.name in batch.sources.contents else None

    def joined(self, parts: Sequence[Ints | None]) -> Ints | None:
        """Add up the parts' people."""
        counted = [part for part in parts if part is not None]
        total: Ints | None = sum(counted) if counted else None  # type: ignore[assignment]
        return total

    def verdicts(self, batch: Batch) -> Iterator[Part]:
        """Ask the register about the class, and about those who taught it."""
        if self.name not in batch.sources.contents:
            return
        classes = batch.once(self.name, _Filed)
        trains = batch.of(lambda programme: programme.pays_training)
        yield from batch.reasons(trains & ~classes.named, "CLASS_NOT_FILED", FIELD, _NOT_GIVEN)
        missing = classes.named & classes.missing
        yield from batch.reasons(missing & ~classes.filed_by_others, "CLASS_NOT_FILED", FIELD, _NOT_FILED)
        yield from batch.reasons(missing & classes.filed_by_others, "CLASS_NOT_FILED", FIELD, _OTHERS)
        yield from batch.reasons(classes.unapproved(), "PLAN_NOT_APPROVED", FIELD)
        instructors = batch.sources.contents.get("instructors")
        if instructors is not None:
            passed = _Assessed(instructors, batch.sources.aliases)
            untaught = classes.where([not passed.all_of(item) for item in classes.entries])
            yield from batch.reasons(untaught, "INSTRUCTOR_NOT_ASSESSED", FIELD)
        results = [item.get("acceptance") for item in classes.entries]
        yield from batch.reasons(classes.where([each == FAILED for each in results]), "ACCEPTANCE_FAILED", FIELD)
        pending = [each not in (PASSED, FAILED) for each in results]
        yield from batch.reasons(classes.where(pending), "ACCEPTANCE_PENDING", FIELD)
        sizes = batch.whole(self.name, self.whole)
        if sizes is not None:
            yield from batch.reasons(classes.crowded(sizes), "OVER_CLASS_SIZE", FIELD)

    def checks(self, sources: Sources) -> Iterator[Check]:
        """Yield a check a register; instructors are known by the classes that they teach."""
        yield sources.check_of("classes")
        if "instructors" in sources.contents and "classes" not in sources.contents:
            yield Check("register:instructors", False, _NO_CLASSES)
        else:
            yield sources.check_of("instructors")


class _Filed:
    """The lines of a batch and the filed classes that they name."""

    def __init__(self, batch: Batch) -> None:
        import numpy as np

        self.batch, self.entries = batch, batch.sources.contents["classes"].entries
        filers = [[folded_name(item.values["institution"])] if item.get("institution") else [] for item in self.entries]
        numbers = [folded_name(item.values["class_no"]) for item in self.entries]
        entries = [Listed(number, frozenset(who)) for number, who in zip(numbers, filers, strict=True)]
        own = batch.look_up(entries, batch.words(FIELD), batch.words("institution"), None)
        hers = batch.look_up(entries, batch.words(FIELD), batch.words("employer"), None)
        takes = batch.said("employer") & ~hers.missing & (own.missing | ~batch.said("institution"))
        self.named: Mask = batch.any_programme() & batch.said(FIELD)
        entry = np.where(takes, hers.entry, own.entry)
        self.missing: Mask = entry < 0
        self.filed_by_others: Mask = own.why != UNLISTED
        self.entry: Ints = np.where(self.named, entry, -1)

    def where(self, answers: Sequence[bool]) -> Mask:
        """Spread an answer a class over the lines that name it."""
        return self.batch.spread(self.entry, answers)

    def unapproved(self) -> Mask:
        """Say which lines' class has no approved plan, or one for another occupation or level."""
        aliases = self.batch.sources.aliases
        occupations = [
            name and occupation_of(name, aliases) for name in (item.get("occupation") for item in self.entries)
        ]
        behind = [name and parted(name)[1] for name in (item.get("occupation") for item in self.entries)]
        levels = [item.get("level") or level for item, level in zip(self.entries, behind, strict=True)]
        mask = self.where([item.get("plan") is None for item in self.entries])
        mask |= self._differs(self.batch.occupations(), occupations) | self._differs(self.batch.levels(), levels)
        return mask

    def _differs(self, words: Words, filed: Sequence[str | None]) -> Mask:
        """Say where a line's word and its class's are both there, and differ."""
        import numpy as np

        places, terms = words
        numbers = {term: place for place, term in enumerate(dict.fromkeys([None, *terms, *filed]))}
        said = np.array([numbers[term] for term in terms], dtype=np.int64)[places]
        wanted = np.array([numbers[term] for term in (*filed, None)], dtype=np.int64)[self.entry]
        mask: Mask = (said != numbers[None]) & (wanted != numbers[None]) & (said != wanted)
        return mask

    def sizes(self) -> Ints:
        """Return how many distinct people of the batch each class of the register has."""
        import numpy as np

        people = self.batch.people()
        counted = (self.entry >= 0) & (people >= 0)
        count = int(people.max(initial=0)) + 1
        pairs = np.unique(self.entry[counted] * count + people[counted])
        return np.bincount(pairs // count, minlength=len(self.entries)).astype(np.int64)

    def crowded(self, sizes: Ints) -> Mask:
        """Say which lines' class has more distinct people than were filed."""
        pairs = zip(sizes.tolist(), self.entries, strict=True)
        return self.where([size > (item.get("size") or size) for size, item in pairs])


def _passed(entry: Entry) -> bool:
    """Say whether an instructor passed: by 考核结果, or by 教学 and 专业考核结果 both; none may say otherwise."""
    result, parts = entry.get("result"), [entry.get("teaching"), entry.get("professional")]
    return parts == [PASSED, PASSED] and result in (None, PASSED) if any(parts) else result == PASSED


class _Assessed:
    """The instructors who passed, each with occupation and day of the assessment."""

    def __init__(self, instructors: Contents, aliases: Mapping[str, str]) -> None:
        self._aliases = aliases
        self._passed: dict[str, list[Entry]] = {}
        for entry in instructors.entries:
            if _passed(entry):
                self._passed.setdefault(entry.values["id_number"], []).append(entry)

    def all_of(self, item: Entry) -> bool:
        """Say whether a class names its instructors and each had passed when it began."""
        numbers = item.several("instructors")
        return bool(numbers) and all(self._one(number, item) for number in numbers)

    def _one(self, number: str, item: Entry) -> bool:
        wanted, began = item.get("occupation"), item.get("start_date")
        for entry in self._passed.get(number, ()):
            day, last = entry.get("assessed"), entry.get("valid_until")
            in_time = began is None or ((day is None or day <= began) and (last is None or began <= last))
            if in_time and (wanted is None or self._name(wanted) in map(self._name, entry.several("occupation"))):
                return True
        return False

    def _name(self, occupation: str) -> str:
        return occupation_of(occupation, self._aliases)


SOURCE = Classes()
