"""Citizen identity numbers (公民身份号码, GB 11643): form, region, birth date, check digit, sex; 三(五).

All checks look at the bytes of a whole column at once. They are mute where an earlier one has spoken: a number
that has not the form has no birth date. Residence permits (81, 82, 83) and the foreigners' permanent-residence
number (first digit 9) follow the same form.
"""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from trainingcli.language import Text

Mask = npt.NDArray[np.bool_]
FORM = r"^[0-9]{17}[0-9X]$"
_WEIGHTS = np.array([7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2], dtype=np.int32)
_CHECK_SIGNS = np.frombuffer(b"10X98765432", dtype=np.uint8)
_MONTH_DAYS = np.array([0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31], dtype=np.int32)
_PROVINCES = (11, 12, 13, 14, 15, 21, 22, 23, 31, 32, 33, 34, 35, 36, 37, 41, 42, 43, 44, 45, 46, 50, 51, 52, 53, 54)
_REGIONS = np.zeros(100, dtype=bool)
_REGIONS[[*_PROVINCES, 61, 62, 63, 64, 65, 71, 81, 82, 83, *range(90, 100)]] = True

# Signs that people type for X, 0 and 1, as they stand after NFKC in upper case: × ✕, Cyrillic Х, Greek Χ, letter O …
_MEANT = dict.fromkeys("×✕✖✗╳⨯乂*ХΧ", "X") | dict.fromkeys("OОΟ〇零", "0") | dict.fromkeys("LI|", "1")


def lookalikes(number: str) -> Text:
    """Point at the signs that alone keep a number from its form: "；第18位“×”疑为字母X"; empty where others do too.

    The number is not repaired, and none of its digits is told.
    """
    meant = "".join(_MEANT.get(sign, sign) for sign in number)
    if meant == number or not re.fullmatch(FORM, meant):
        return Text("", "")
    places = [(at, sign, right) for at, (sign, right) in enumerate(zip(number, meant, strict=True), 1) if sign != right]
    kinds = {"X": ("字母", "letter"), "0": ("数字", "digit"), "1": ("数字", "digit")}
    return Text(
        "".join(f"；第{at}位“{sign}”疑为{kinds[right][0]}{right}" for at, sign, right in places),
        "".join(f"; sign {at}, '{sign}', may be meant for the {kinds[right][1]} {right}" for at, sign, right in places),
    )


def _column(ids: Any) -> pa.Array:
    column = pa.array(ids, type=pa.large_string())
    return column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column


def has_form(ids: Any) -> Mask:
    """Say which numbers are 17 digits and a digit or X."""
    mask: Mask = pc.match_substring_regex(_column(ids), FORM).fill_null(False).to_numpy(zero_copy_only=False)
    return mask


def has_15_digits(ids: Any) -> Mask:
    """Say which numbers are of the first generation, which is no longer valid."""
    old = pc.match_substring_regex(_column(ids), r"^[0-9]{15}$")
    mask: Mask = old.fill_null(False).to_numpy(zero_copy_only=False)
    return mask


def _signs(ids: Any) -> tuple[Mask, npt.NDArray[np.uint8]]:
    """Return which numbers have the form, and their 18 bytes as rows of a matrix."""
    column = _column(ids)
    form = has_form(column)
    good = column.filter(pa.array(form))
    if not len(good):
        return form, np.zeros((0, 18), dtype=np.uint8)
    data = np.frombuffer(good.buffers()[2], dtype=np.uint8)
    first = good.offset and np.frombuffer(good.buffers()[1], dtype=np.int64)[good.offset]
    return form, data[first : first + 18 * len(good)].reshape(-1, 18)


def _where(form: Mask, passes: Mask) -> Mask:
    result = np.ones(len(form), dtype=bool)
    result[form] = passes
    return result


def faults(ids: Any, today: dt.date) -> dict[str, Mask]:
    """Return which numbers do not hold, by the code of what is wrong, in the order in which it is said."""
    form, signs = _signs(ids)
    said = _column(ids).is_valid().to_numpy(zero_copy_only=False)
    odd = np.flatnonzero(said & ~form)
    old = np.zeros(len(form), dtype=bool)
    old[odd] = has_15_digits(_column(ids).take(pa.array(odd)))
    return {
        "ID_15_DIGITS": old,
        "ID_FORMAT": said & ~form & ~old,
        "ID_BIRTH_DATE": ~_where(form, _born(signs, today)),
        "ID_CHECKSUM": ~_where(form, _checked(signs)),
    }


def born_on_a_day(ids: Any, today: dt.date) -> Mask:
    """Say which birth dates are days between 1900 and today."""
    form, signs = _signs(ids)
    return _where(form, _born(signs, today))


def _born(signs: npt.NDArray[np.uint8], today: dt.date) -> Mask:
    digits = signs[:, 6:14].astype(np.int32) - 48
    year = digits[:, :4] @ np.array([1000, 100, 10, 1])
    month = digits[:, 4] * 10 + digits[:, 5]
    day = digits[:, 6] * 10 + digits[:, 7]
    leap = (year % 4 == 0) & ((year % 100 != 0) | (year % 400 == 0))
    last = _MONTH_DAYS[np.where(month <= 12, month, 0)] + ((month == 2) & leap)
    not_later = year * 10000 + month * 100 + day <= today.year * 10000 + today.month * 100 + today.day
    holds: Mask = (year >= 1900) & (day >= 1) & (day <= last) & not_later
    return holds


def checks_out(ids: Any) -> Mask:
    """Say which check digits are right (ISO 7064, MOD 11-2)."""
    form, signs = _signs(ids)
    return _where(form, _checked(signs))


def _checked(signs: npt.NDArray[np.uint8]) -> Mask:
    remainder = ((signs[:, :17].astype(np.int32) - 48) @ _WEIGHTS) % 11
    holds: Mask = _CHECK_SIGNS[remainder] == signs[:, 17]
    return holds


def known_region(ids: Any) -> Mask:
    """Say which numbers begin with a province's prefix; where its holder lives now it does not tell."""
    form, signs = _signs(ids)
    prefix = (signs[:, 0].astype(np.int32) - 48) * 10 + signs[:, 1] - 48
    return _where(form, _REGIONS[prefix])


def sex_agrees(ids: Any, sexes: Any) -> Mask:
    """Say where the 17th digit (odd: male) does not speak against 男 or 女."""
    form, signs = _signs(ids)
    said = _column(sexes)
    male = pc.equal(said, "男").fill_null(False).to_numpy(zero_copy_only=False)[form]
    female = pc.equal(said, "女").fill_null(False).to_numpy(zero_copy_only=False)[form]
    odd = signs[:, 16] % 2 == 1
    return _where(form, ~((male & ~odd) | (female & odd)))
