"""The reconciliation with the real-name system once more, plainly, from the contract's text (second part, 1).

Written before the program's own and without looking at it: a row is a mapping of what its cells say, days are dates,
what is empty or could not be read is None. One person after the other, one row after the other, no table in sight.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

Row = Mapping[str, Any]
"""Key → value; `position`: its place in file, sheet, row order; `valid`: the ID number holds (of a roster row: and the
name is there); `filed`: the institution is from a title line 填报单位 or 申报单位."""

FIELDS = (
    "name", "sex", "institution", "class_no", "occupation", "level", "start_date", "end_date", "certificate_type",
    "certificate_no", "certificate_date",
)  # fmt: skip
PASSED = {"合格", "结业", "已结业", "通过"}
BRACKETS = str.maketrans("[]{}【】〔〕", "()()()()")


def text(value: str | None) -> str | None:
    """As two texts are compared: NFKC, upper case, no blanks."""
    if value is None:
        return None
    return "".join(unicodedata.normalize("NFKC", value).upper().split()) or None


def value_of(row: Row, key: str, aliases: Mapping[str, str]) -> Any:
    """What a field of a row says, as it is compared."""
    value = row.get(key)
    if value is None or isinstance(value, dt.date):
        return value
    if key == "certificate_no":
        return re.sub("^(编号|NO)+", "", "".join(sign for sign in text(value) or "" if sign.isalnum())) or None
    found = text(value)
    if key in ("institution", "employer", "occupation"):
        found = (found or "").translate(BRACKETS) or None
    return aliases.get(found or "", found) if key == "occupation" else found


@dataclass
class Entry:
    """One entry: the first of its rows, all that they say of the completion, and the day that a dated row closed it."""

    row: Row
    says: dict[str, Any]
    completions: list[str] = field(default_factory=list)
    closed: dt.date | None = None

    @property
    def completion(self) -> str | None:
        if any(word in PASSED for word in self.completions):
            return "合格"
        return self.completions[0] if self.completions else None


@dataclass
class Answer:
    """Of one roster row: its partner's position among the export's rows, the fields that differ, the completion."""

    partner: int | None
    differing: list[str]
    completion: str | None


@dataclass
class Outcome:
    answers: dict[int, Answer]
    entries: int
    only: list[int]
    elsewhere: int


def entries_of(export: Sequence[Row], aliases: Mapping[str, str]) -> list[Entry]:
    found: list[Entry] = []
    for row in export:
        if not row["valid"]:
            continue
        says = {key: value_of(row, key, aliases) for key in FIELDS} | {"id_number": row["id_number"]}
        same = [entry for entry in found if entry.says == says]
        entry = same[0] if same else Entry(row, says)
        if not same:
            found.append(entry)
        if row.get("completion") is not None:
            entry.completions.append(row["completion"])
    return found


def differing(row: Row, entry: Entry, aliases: Mapping[str, str]) -> list[str]:
    found = []
    for key in FIELDS:
        mine, theirs = value_of(row, key, aliases), entry.says[key]
        if mine is None or theirs is None or mine == theirs:
            continue
        is_filed = row.get("filed") or entry.row.get("filed")
        if key == "institution" and (is_filed or value_of(row, "employer", aliases) == theirs):
            continue
        found.append(key)
    return found


def distance(one: dt.date | None, other: dt.date | None) -> int | None:
    return None if one is None or other is None else abs((one - other).days)


def both_and_equal(one: Any, other: Any) -> bool:
    return one is not None and one == other


def is_candidate(rank: str, row: Row, entry: Entry, aliases: Mapping[str, str], days: int) -> bool:
    says = {key: value_of(row, key, aliases) for key in FIELDS}
    hers = entry.says
    apart = distance(says["start_date"], hers["start_date"])
    if rank == "a":
        return apart == 0
    if rank == "b":
        named = any(both_and_equal(says[key], hers[key]) for key in ("class_no", "certificate_no"))
        contradicted = None not in (says["occupation"], hers["occupation"]) and says["occupation"] != hers["occupation"]
        return named and not contradicted and (apart is None or apart <= 365)
    if rank == "c":
        return apart is not None and apart <= days
    if says["start_date"] is not None and hers["start_date"] is not None:
        return False
    if not both_and_equal(says["occupation"], hers["occupation"]):
        return False
    if None not in (says["level"], hers["level"]) and says["level"] != hers["level"]:
        return False
    for one, other in ((says, hers), (hers, says)):
        start, issued = one["start_date"], other["certificate_date"]
        if start is not None and issued is not None and start > issued:
            return False
    return True


def reconcile(roster: Sequence[Row], export: Sequence[Row], aliases: Mapping[str, str], days: int = 7) -> Outcome:
    """Compare every roster row of a valid person with the export."""
    entries = entries_of(export, aliases)
    people = [row for row in roster if row["valid"]]
    partner: dict[int, Entry] = {}
    by_number: dict[str, list[Entry]] = {}
    for entry in entries:
        by_number.setdefault(entry.says["id_number"], []).append(entry)
    for rank in "abcd":
        for row in people:
            if row["position"] in partner:
                continue
            start = row.get("start_date")
            free = [
                entry for entry in by_number.get(row["id_number"], [])
                if is_candidate(rank, row, entry, aliases, days)
                and (entry.closed is None or start is None or start == entry.closed)
            ]  # fmt: skip
            if not free:
                continue

            def preference(entry: Entry, row: Row = row, start: dt.date | None = start) -> tuple[float, ...]:
                apart = distance(start, entry.says["start_date"])
                few = len(differing(row, entry, aliases))
                return few, float("inf") if apart is None else apart, entry.row["position"]

            chosen = min(free, key=preference)
            partner[row["position"]] = chosen
            if start is not None:
                chosen.closed = start
    answers = {}
    for row in people:
        entry = partner.get(row["position"])
        if entry is None:
            answers[row["position"]] = Answer(None, [], None)
        else:
            answers[row["position"]] = Answer(entry.row["position"], differing(row, entry, aliases), entry.completion)
    taken = {id(entry) for entry in partner.values()}
    rest = [entry for entry in entries if id(entry) not in taken]
    only = [entry.row["position"] for entry in rest if _is_of_the_batch(entry, roster, aliases, days)]
    return Outcome(answers, len(entries), only, len(rest) - len(only))


def _is_of_the_batch(entry: Entry, roster: Sequence[Row], aliases: Mapping[str, str], days: int) -> bool:
    institution, start = entry.says["institution"], entry.says["start_date"]
    starts = [
        row["start_date"] for row in roster
        if institution is not None and value_of(row, "institution", aliases) == institution and row.get("start_date")
    ]  # fmt: skip
    if not starts or start is None:
        return False
    more = dt.timedelta(days=days)
    return bool(min(starts) - more <= start <= max(starts) + more)


def nearly_the_same(one: str, other: str) -> bool:
    """An ID number that differs in one place, in one place and the check digit, or by two neighbours exchanged."""
    if len(one) != len(other) or one == other:
        return False
    places = [place for place, (sign, that) in enumerate(zip(one, other, strict=True)) if sign != that]
    if len(places) == 1 or (len(places) == 2 and places[1] == len(one) - 1):
        return True
    exchanged = len(places) == 2 and places[1] == places[0] + 1
    return exchanged and one[places[0]] == other[places[1]] and one[places[1]] == other[places[0]]


EVERY_LINE = {"name", "sex", "institution", "class_no", "occupation", "start_date"}
CERTIFICATE = {"certificate_type", "certificate_no", "certificate_date"}
HIGH_SKILL = {"高级工", "技师", "高级技师"}


def used(programme: str | None, row: Row) -> set[str]:
    """The compared fields that speak for a line (policy reading, table 5.7)."""
    found = set(EVERY_LINE)
    if programme == "vocational-training":
        found |= {"level", "end_date"}
        if row.get("level") in HIGH_SKILL:
            found |= {"certificate_no", "certificate_date"}
    elif programme in ("enterprise-training", "living-allowance"):
        found |= {"end_date"}
    elif programme in ("certificate", "technician"):
        found |= {"level", *CERTIFICATE}
        if programme == "certificate" and row.get("certificate_type") == "专项职业能力证书":
            found -= {"level"}
    return found


def codes(programme: str | None, row: Row, answer: Answer) -> set[tuple[str, str]]:
    """The reasons on a line: code and field."""
    if answer.partner is None:
        return {("NOT_IN_REALNAME", "id_number")}
    found = {("REALNAME_DIFFERS", key) for key in answer.differing if key in used(programme, row)}
    is_unfinished = answer.completion is not None and answer.completion != "合格"
    if is_unfinished and programme in ("enterprise-training", "vocational-training", "living-allowance"):
        found.add(("NOT_COMPLETED", "id_number"))
    return found
