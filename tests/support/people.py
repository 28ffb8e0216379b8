"""Fictitious ID numbers (GB 11643), computed here and not by the program: form, birth date, check digit, sex."""

from __future__ import annotations

import datetime as dt

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
SIGNS = "10X98765432"
FIRST_BIRTHDAY = dt.date(1955, 1, 1)
DAYS = 16_000  # birthdays until 1998


def check_digit(first17: str) -> str:
    """The 18th sign of an ID number whose first 17 are digits (ISO 7064, MOD 11-2)."""
    return SIGNS[sum(int(digit) * weight for digit, weight in zip(first17, WEIGHTS, strict=True)) % 11]


def wrong_check_digit(first17: str) -> str:
    """A digit that is not the 18th sign."""
    return "1" if check_digit(first17) != "1" else "2"


def id_number(number: int, sex: str = "男", region: str = "140105", born: str | None = None) -> str:
    """The valid ID number of fictitious person `number`; another number is another person. `born`: YYYYMMDD."""
    place, day = divmod(number, DAYS)
    birthday = born or f"{FIRST_BIRTHDAY + dt.timedelta(days=day):%Y%m%d}"
    sequence = (number if born else place) % 499 * 2 + (1 if sex == "男" else 2)
    first17 = f"{region}{birthday}{sequence:03d}"
    return first17 + check_digit(first17)
