"""Citizen identity numbers (公民身份号码, GB 11643): form, region, birth date, check digit, sex; 三(五).

All checks look at the bytes of a whole column at once, a row a place in the number. They are mute where an earlier one
has spoken: a number that has not the form has no birth date. Residence permits (81, 82, 83) and the foreigners'
permanent-residence number (first digit 9) follow the same form.
"""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from trainingcli.id_form import large
from trainingcli.id_form import signs as signs_of
from trainingcli.language import Text

Mask = npt.NDArray[np.bool_]
FORM = r"^[0-9]{17}[0-9X]$"
_WEIGHTS = np.array([7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2], dtype=np.uint16)
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


def has_15_digits(ids: Any) -> Mask:
    """Say which numbers are of the first generation, which is no longer valid."""
    old = pc.match_substring_regex(large(ids), r"^[0-9]{15}$")
    mask: Mask = old.fill_null(False).to_numpy(zero_copy_only=False)
    return mask


def _where(form: Mask, passes: Mask) -> Mask:
    result = np.ones(len(form), dtype=bool)
    result[form] = passes
    return result


def faults(ids: Any, today: dt.date) -> dict[str, Mask]:
    """Return which numbers do not hold, by the code of what is wrong, in the order in which it is said."""
    column = large(ids)
    form, signs = signs_of(column)
    said = column.is_valid().to_numpy(zero_copy_only=False)
    odd = np.flatnonzero(said & ~form)
    old = np.zeros(len(form), dtype=bool)
    old[odd] = has_15_digits(column.take(pa.array(odd)))
    return {
        "ID_15_DIGITS": old,
        "ID_FORMAT": said & ~form & ~old,
        "ID_BIRTH_DATE": ~_where(form, _born(signs, today)),
        "ID_CHECKSUM": ~_where(form, _checked(signs)),
    }


def born_on_a_day(ids: Any, today: dt.date) -> Mask:
    """Say which birth dates are days between 1900 and today."""
    form, signs = signs_of(ids)
    return _where(form, _born(signs, today))


def _born(signs: npt.NDArray[np.uint8], today: dt.date) -> Mask:
    digits = (signs[6:14] - ord("0")).astype(np.int32)
    year = ((digits[0] * 10 + digits[1]) * 10 + digits[2]) * 10 + digits[3]
    month = digits[4] * 10 + digits[5]
    day = digits[6] * 10 + digits[7]
    leap = (year % 4 == 0) & ((year % 100 != 0) | (year % 400 == 0))
    last = _MONTH_DAYS[np.where(month <= 12, month, 0)] + ((month == 2) & leap)
    not_later = year * 10000 + month * 100 + day <= today.year * 10000 + today.month * 100 + today.day
    holds: Mask = (year >= 1900) & (day >= 1) & (day <= last) & not_later
    return holds


def checks_out(ids: Any) -> Mask:
    """Say which check digits are right (ISO 7064, MOD 11-2)."""
    form, signs = signs_of(ids)
    return _where(form, _checked(signs))


def _checked(signs: npt.NDArray[np.uint8]) -> Mask:
    total = np.zeros(signs.shape[1], dtype=np.uint16)
    for weight, digits in zip(_WEIGHTS, signs, strict=False):
        total += weight * (digits - ord("0")).astype(np.uint16)
    holds: Mask = _CHECK_SIGNS[total % np.uint16(11)] == signs[17]
    return holds


def known_region(ids: Any) -> Mask:
    """Say which numbers begin with a province's prefix; where its holder lives now it does not tell."""
    form, signs = signs_of(ids)
    prefix = (signs[0] - ord("0")) * 10 + signs[1] - ord("0")
    return _where(form, _REGIONS[prefix])


def sex_agrees(ids: Any, sexes: Any) -> Mask:
    """Say where the 17th digit (odd: male) does not speak against 男 or 女."""
    form, signs = signs_of(ids)
    said = large(sexes)
    male = pc.equal(said, "男").fill_null(False).to_numpy(zero_copy_only=False)[form]
    female = pc.equal(said, "女").fill_null(False).to_numpy(zero_copy_only=False)[form]
    odd = signs[16] % 2 == 1
    return _where(form, ~((male & ~odd) | (female & odd)))
