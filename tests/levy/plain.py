"""Employers' training funds worked out plainly, from the contract's section 6 alone, one enterprise after another.

Written before the program's own rules and without them. A row is heading key → what is written (None: nothing). Sums
are fractions of a yuan, so nothing is rounded that the text does not round. Only spellings whose meaning is certain
are understood: plain decimals, else a text that is no amount.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

Row = Mapping[str, str | None]
AMOUNTS = ("wages", "booked", "spent", "full", "frontline", "mentoring", "brought")
CHAIN = ("carried", "limit", "deductible", "carry_forward", "adjustment", "unused")
RATES = {year: Fraction(8, 100) for year in range(2019, 2100)}
"""The plan's figure is in force from 2019-01-01; before it there is none."""
FRONTLINE_AT_LEAST = Fraction(60, 100)
_SIGNS = "0123456789ABCDEFGHJKLMNPQRTUWXY"  # GB 32100: no I, O, S, V, Z


@dataclass
class Year:
    """One row that has an enterprise and a year. `codes`: (code, key of the cell) of each finding."""

    year: int
    row: Row
    money: dict[str, Fraction | None]
    bad: set[str]
    codes: list[tuple[str, str]] = field(default_factory=list)
    result: dict[str, Fraction | None] = field(default_factory=dict)
    share: Fraction | None = None


@dataclass
class Enterprise:
    """One enterprise with its years in order."""

    name: str
    code: str | None
    years: list[Year]


def work_out(rows: Iterable[Row]) -> tuple[list[Enterprise], list[tuple[str, str]]]:
    """Return the enterprises in the order of their first rows, and the findings of rows without enterprise or year."""
    loose: list[tuple[str, str]] = []
    kept: list[tuple[Row, Year]] = []
    for row in rows:
        year = _read(row)
        if row["enterprise"] is None or year.year == 0:
            loose += year.codes
        else:
            kept.append((row, year))
    codes_of: dict[str, set[str]] = {}
    for row, _ in kept:
        if row["credit_code"]:
            codes_of.setdefault(_squeezed(row["enterprise"]), set()).add(_squeezed(row["credit_code"]))
    found: dict[tuple[str, str], Enterprise] = {}
    for row, year in kept:
        name, code = _squeezed(row["enterprise"]), row["credit_code"] and _squeezed(row["credit_code"])
        elsewhere = codes_of.get(name, set())
        if not code and len(elsewhere) == 1:
            code = next(iter(elsewhere))
        key = ("code", code) if code else ("name", name)
        found.setdefault(key, Enterprise(str(row["enterprise"]), code or None, [])).years.append(year)
    for enterprise in found.values():
        enterprise.years.sort(key=lambda year: year.year)  # stable: as written, where two are alike
        _chain(enterprise.years)
    return list(found.values()), loose


def _squeezed(text: str | None) -> str:
    return "".join(str(text).split()).upper()


def _read(row: Row) -> Year:
    money: dict[str, Fraction | None] = {}
    bad: set[str] = set()
    codes: list[tuple[str, str]] = []
    for key in AMOUNTS:
        text = row.get(key)
        money[key] = Fraction(text) if text is not None and re.fullmatch(r"\d+(\.\d{1,2})?", text) else None
        if text is not None and money[key] is None:
            bad.add(key)
            codes.append(("BAD_AMOUNT", key))
    codes += [("MISSING_FIELD", key) for key in ("enterprise", "year", "wages", "spent") if row.get(key) is None]
    text = row.get("year")
    number = int(text) if text is not None and re.fullmatch(r"20\d\d", text) else 0
    if text is not None and number == 0:
        codes.append(("BAD_NUMBER", "year"))
    if row.get("credit_code") and not _code_holds(_squeezed(row["credit_code"])):
        codes.append(("CREDIT_CODE", "credit_code"))
    found = Year(number, row, money, bad, codes)
    _share(found)
    return found


def _code_holds(code: str) -> bool:
    if len(code) != 18 or any(sign not in _SIGNS for sign in code) or not code[2:8].isdigit():
        return False
    total = sum(_SIGNS.index(sign) * pow(3, place, 31) for place, sign in enumerate(code[:17]))
    return _SIGNS[-total % 31] == code[17]


def _share(year: Year) -> None:
    """What is spent on front-line staff, of what was spent under the 8 % rule (Q18)."""
    money = year.money
    spent, full = money["spent"], Fraction(0) if year.row.get("full") is None else money["full"]
    if spent is not None and full is not None and full > spent:
        year.codes.append(("BAD_AMOUNT", "full"))
        return
    frontline = money["frontline"]
    mentoring = Fraction(0) if year.row.get("mentoring") is None else money["mentoring"]
    if spent is None or full is None or frontline is None or mentoring is None:
        return
    if frontline + mentoring > spent - full:
        year.codes.append(("BAD_AMOUNT", "frontline"))
    elif spent - full > 0:
        year.share = (frontline + mentoring) / (spent - full)
        if year.year in RATES and year.share < FRONTLINE_AT_LEAST:
            year.codes.append(("FRONTLINE_LOW", "frontline"))


def _chain(years: list[Year]) -> None:
    broken = False
    before: Year | None = None
    numbers = [year.year for year in years]
    for year in years:
        if numbers.count(year.year) > 1:
            year.codes.append(("YEAR_TWICE", "year"))
        if year.year > min(numbers) and year.year - 1 not in numbers:
            year.codes.append(("YEAR_MISSING", "year"))
        if year.year not in RATES:
            year.codes.append(("NO_STANDARD", "year"))
        broken = broken or any(_stops(year, code) for code in year.codes)
        if broken:
            year.result = dict.fromkeys(CHAIN)
        else:
            _one_year(year, before)
        before = year


def _stops(year: Year, found: tuple[str, str]) -> bool:
    """Whether a finding leaves the year without figures: every error but front-line spending that is too much."""
    code, key = found
    if code == "BAD_AMOUNT" and key == "frontline" and key not in year.bad:
        return False
    return code in ("MISSING_FIELD", "BAD_AMOUNT", "BAD_NUMBER", "YEAR_TWICE", "YEAR_MISSING", "NO_STANDARD")


def _one_year(year: Year, before: Year | None) -> None:
    money = year.money
    wages, spent, full = money["wages"], money["spent"], money["full"] or Fraction(0)
    assert wages is not None
    assert spent is not None
    booked = money["booked"]
    relevant = max(Fraction(0), (spent if booked is None else min(booked, spent)) - full)
    limit = _half_up(wages * RATES[year.year])
    if before is None:
        carried = money["brought"] or Fraction(0)
    else:
        carried = before.result["carry_forward"] or Fraction(0)
        if money["brought"] is not None and money["brought"] != carried:
            year.codes.append(("CARRY_FORWARD_DIFFERS", "brought"))
    deductible = min(relevant + carried, limit)
    year.result = {
        "carried": carried,
        "limit": limit,
        "deductible": deductible,
        "carry_forward": relevant + carried - deductible,
        "adjustment": None if booked is None else booked - full - deductible,
        "unused": limit - deductible,
    }


def _half_up(number: Fraction) -> Fraction:
    """Round to two decimals, a half upwards: yuan to the fen, and percent as they are shown."""
    hundredths = number * 100
    whole = hundredths.numerator // hundredths.denominator
    return Fraction(whole + (hundredths - whole >= Fraction(1, 2)), 100)


def two_decimals(number: Fraction | None) -> str | None:
    """Return a number of whole hundredths as the document writes it."""
    if number is None:
        return None
    hundredths = number * 100
    assert hundredths.denominator == 1
    sign = "-" if hundredths < 0 else ""
    return f"{sign}{abs(hundredths.numerator) // 100}.{abs(hundredths.numerator) % 100:02d}"


def document(rows: Iterable[Row]) -> dict[str, Any]:
    """Return what the command's document must say: its enterprises, each year's findings as (code, key), sorted."""
    enterprises, loose = work_out(rows)
    return {"enterprises": [_shown(enterprise) for enterprise in enterprises], "findings": sorted(loose)}


def _shown(enterprise: Enterprise) -> dict[str, Any]:
    years = [
        {
            "year": year.year,
            "wages": two_decimals(year.money["wages"]),
            "booked": two_decimals(year.money["booked"]),
            "spent": two_decimals(year.money["spent"]),
            "full": two_decimals(Fraction(0) if year.row.get("full") is None else year.money["full"]),
            **{key: two_decimals(year.result[key]) for key in CHAIN},
            "frontline_percent": two_decimals(None if year.share is None else _half_up(year.share * 100)),
            "findings": sorted(year.codes),
        }
        for year in enterprise.years
    ]
    return {"enterprise": enterprise.name, "credit_code": enterprise.code, "years": years}
