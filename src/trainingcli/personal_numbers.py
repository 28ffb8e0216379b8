"""Where ID numbers, phones and accounts stand in a text (个人号码), however they are written.

Digits of any script count (full-width ones …), and so do digits in groups parted by blanks, dashes or dots. Dates,
amounts, time stamps and addresses of machines are no numbers of people.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import NamedTuple

_DOTS, _DASHES = ".．。·・･｡•∙", "_−﹣ー"
FEWEST_DIGITS = 11
"""A shorter text has no number of a person in it."""
_ENOUGH = re.compile(rf"(?:\d\W{{0,3}}){{{FEWEST_DIGITS}}}|(?:\d[\W_]{{0,3}}){{{FEWEST_DIGITS}}}")
_RUN = re.compile(r"[0-9](?:[ .\-]{0,3}[0-9])*(?:[ .\-]{0,3}X(?![A-Za-z0-9]))?")
_GROUP = re.compile(r"[0-9X]+")
_DAY = "(?:19|20)[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])"
_TIME_STAMP = re.compile(f"{_DAY}(?:(?:[01][0-9]|2[0-3])[0-5][0-9](?:[0-5][0-9])?|{_DAY})?")
_YEAR = re.compile("(?:19|20)[0-9]{2}")
_BEGINS_AS_DATE = re.compile(f"{_DAY}$")
_REGION = "(?:1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[1-3]|91)[0-9]{4}"
_MONTH_DAY = "(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])"
_ID_FORM = re.compile(
    f"{_REGION}(?:(?:18|19|20)[0-9]{{2}}{_MONTH_DAY}[0-9]{{3}}[0-9X]|[0-9]{{2}}{_MONTH_DAY}[0-9]{{3}})"
)
_MOBILE = re.compile("1[3-9][0-9]{9}")
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


class Number(NamedTuple):
    """A number of a person: where it stands, and its digits (an X at the end of some ID numbers)."""

    start: int
    end: int
    digits: str

    @property
    def is_id(self) -> bool:
        """Whether it has an ID number's form: eighteen, or fifteen with a region and a birthday."""
        has_length = len(self.digits) == 18 and not _BEGINS_AS_DATE.match(self.digits[:8])
        return has_length or bool(_ID_FORM.fullmatch(self.digits))


class _Fold(dict[int, int]):
    """Each character as the one it stands for: a digit, X, a blank, a dash, a dot, or itself."""

    def __missing__(self, point: int) -> int:
        sign = chr(point)
        digit = unicodedata.decimal(sign, None)
        kind = unicodedata.category(sign)
        if digit is not None:
            found = str(digit)
        elif sign in "xＸｘ":
            found = "X"
        elif kind == "Zs":
            found = " "
        else:
            found = "-" if kind == "Pd" or sign in _DASHES else "." if sign in _DOTS else sign
        self[point] = ord(found)
        return self[point]


_FOLDED = _Fold()


def numbers_in(text: str, *, in_name: bool = False) -> Iterator[Number]:
    """Yield the numbers of people in a text without unseen signs, from left to right.

    `in_name`: of a file or a sheet, which people must find again: fewer digits, and a roster's number that begins with
    a day, are no account there.
    """
    if not _ENOUGH.search(text):
        return
    folded = text.translate(_FOLDED)
    for run in _RUN.finditer(folded):
        groups = [(group.start() + run.start(), group.end() + run.start()) for group in _GROUP.finditer(run[0])]
        at = 0
        while at < len(groups):
            end = _end_of_number(folded, groups, at, in_name)
            if end is None:
                at += 1
                continue
            start, stop = groups[at][0], groups[end][1]
            yield Number(start, stop, "".join(_GROUP.findall(folded[start:stop])))
            at = end + 1


def _end_of_number(text: str, groups: list[tuple[int, int]], at: int, in_name: bool) -> int | None:
    """Return the last group of the number that begins with this one; None where none does.

    The longest that is any, but where that would take the first groups of another number beside it: then the end that
    leaves the other one whole, or both as one.
    """

    def last(begins: int) -> int:
        found = _ends_of_numbers(text, groups, begins, in_name) if begins < len(groups) else []
        return found[-1] if found else begins - 1

    ends = _ends_of_numbers(text, groups, at, in_name)
    if not ends:
        return None
    reach, end = max((last(end + 1), end) for end in ends)
    overlapping = max((last(begins) for begins in range(at + 1, end + 1)), default=end)
    return overlapping if overlapping > reach else end


def _ends_of_numbers(text: str, groups: list[tuple[int, int]], at: int, in_name: bool) -> list[int]:
    """Return the last groups of what begins with this one and is a number, the shortest first."""
    found, size = list[int](), 0
    for end in range(at, len(groups)):
        size += groups[end][1] - groups[end][0]
        if end > at and size > 24:
            break
        parts = [text[start:stop] for start, stop in groups[at : end + 1]]
        between = [text[groups[n][1] : groups[n + 1][0]] for n in range(at, end)]
        edges = (text[groups[at - 1][1] : groups[at][0]] if at else "", text[groups[end][1] : groups[end][1] + 2])
        if len(parts) == 1:
            is_one = _stands_together(parts[0], in_name)
        else:
            is_one = _stands_in_groups(parts, between) and not _cuts_a_figure(edges, between)
        found += [end] if is_one else []
    return found


def _stands_together(digits: str, in_name: bool) -> bool:
    if len(digits) < 11 or _TIME_STAMP.fullmatch(digits):
        return False
    if not in_name:
        return len(digits) >= 12 or bool(_MOBILE.fullmatch(digits))
    if _BEGINS_AS_DATE.match(digits[:8]) and len(digits) < 18:
        return False
    return len(digits) >= 15 or bool(_MOBILE.fullmatch(digits))


def _stands_in_groups(parts: list[str], between: list[str]) -> bool:
    """Say whether groups are one number: of one kind of separator, but for an ID number whose check digit holds."""
    digits = "".join(parts)
    kinds = {"-" if "-" in sign else "." if "." in sign else " " for sign in between}
    if len(digits) < 11 or _begin_as_date(parts):
        return False
    if len(kinds) > 1:
        whole = len(digits) == 18 and len(parts[0]) == 6 and bool(_ID_FORM.fullmatch(digits))
        return whole and _checks_out(digits)
    kind = kinds.pop()
    if _ID_FORM.fullmatch(digits):
        return True
    if "X" in digits[:-1] or (kind == "." and (_is_amount(parts) or _is_address(parts))):
        return False
    if _MOBILE.fullmatch(digits):
        return [len(part) for part in parts] == [3, 4, 4] or not _are_round(parts)
    grouped = all(len(part) >= 3 for part in parts[:-1]) and not (kind == "." and len(parts) == 2)
    return len(digits) >= 16 and grouped and not _are_round(parts)


def _begin_as_date(parts: list[str]) -> bool:
    """Say whether the first groups are a day, a year and its month, or nothing but years: `2020 07 01 …`."""
    if all(_YEAR.fullmatch(part) for part in parts) or _BEGINS_AS_DATE.match(parts[0]):
        return True
    return bool(_YEAR.fullmatch(parts[0]) and len(parts) > 2 and re.fullmatch("0?[1-9]|1[0-2]", parts[1]))


def _cuts_a_figure(edges: tuple[str, str], between: list[str]) -> bool:
    """Say whether groups parted by blanks or dashes begin or end within a decimal: `800.15 392759515.15`."""
    before, after = edges
    return "." not in between[0] and (before == "." or (after[:1] == "." and after[1:].isdecimal()))


def _checks_out(digits: str) -> bool:
    """Say whether the check digit is right (GB 11643)."""
    total = sum(int(digit) * weight for digit, weight in zip(digits[:17], _WEIGHTS, strict=True))
    return "10X98765432"[total % 11] == digits[17]


def _is_amount(parts: list[str]) -> bool:
    return len(parts) == 2 and len(parts[1]) <= 2


def _is_address(parts: list[str]) -> bool:
    return len(parts) == 4 and all(len(part) <= 3 and int(part) <= 255 for part in parts)


def _are_round(parts: list[str]) -> bool:
    """Say whether these are sums of money beside each other: `800 1000 1200`."""
    return all(part.endswith("0") and not part.startswith("0") for part in parts)
