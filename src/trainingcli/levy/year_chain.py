"""An enterprise's years in order: each carries forward to the next what its limit did not take (Q19: without end).

A year that has no sound figures, and every later one, has none: what it would carry forward is unknown.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

from trainingcli.cell_findings import CellFinding
from trainingcli.levy import kinds
from trainingcli.levy.fund_row import FundRow
from trainingcli.levy.kinds import found
from trainingcli.money import yuan_text
from trainingcli.policy import Policy


@dataclass(frozen=True)
class Figures:
    """A year's figures in whole fen; `adjustment` is None where nothing was booked."""

    carried: int
    limit: int
    deductible: int
    carry_forward: int
    adjustment: int | None
    unused: int


@dataclass
class FundYear:
    """One row in its place in the chain; `figures` is None where the chain has broken."""

    row: FundRow
    year: int
    figures: Figures | None = None
    findings: list[CellFinding] = field(default_factory=list)

    @property
    def last_day(self) -> date:
        """31 December of the year: the day whose figures apply."""
        return _last_day(self.year)

    @property
    def breaks(self) -> bool:
        """Whether an error leaves the year without figures; too much front-line spending touches the share alone."""
        return any(each.is_error and each.kind is not kinds.FRONTLINE_ABOVE_SPENT for each in self.findings)


def limit_of(wages: int, percent: int) -> int:
    """Return the deductible limit: wages × the rate, half up to the fen."""
    return (wages * percent + 50) // 100


def figures(row: FundRow, carried: int, percent: int) -> Figures:
    """Return a sound year's figures from what its row says and what the year before carries into it."""
    booked, spent, full = row.values.get("booked"), row.values["spent"], row.values.get("full", 0)
    relevant = max(0, (spent if booked is None else min(booked, spent)) - full)
    limit = limit_of(row.values["wages"], percent)
    deductible = min(relevant + carried, limit)
    return Figures(
        carried=carried,
        limit=limit,
        deductible=deductible,
        carry_forward=relevant + carried - deductible,
        adjustment=None if booked is None else booked - full - deductible,
        unused=limit - deductible,
    )


def chained(rows: Sequence[FundRow], policy: Policy) -> list[FundYear]:
    """Return one enterprise's rows in order of their years (all have one), each with figures and findings."""
    years = sorted((FundYear(row, row.year) for row in rows if row.year is not None), key=lambda each: each.year)
    numbers = [each.year for each in years]
    before: FundYear | None = None
    for each in years:
        percent = policy.quantity("levy_deductible_percent", each.last_day)
        each.findings += each.row.cell_findings(least_frontline_percent(each.year, policy))
        each.findings += _of_the_year(each, numbers, percent)
        if percent is not None and not each.breaks and (before is None or before.figures is not None):
            each.figures = figures(each.row, _carried(each, before), percent)
        before = each
    return years


def least_frontline_percent(year: int | None, policy: Policy) -> int | None:
    """Return the least front-line share in force on the year's last day; None where there is none."""
    return None if year is None else policy.quantity("levy_frontline_percent", _last_day(year))


def _last_day(year: int) -> date:
    return date(year, 12, 31)


def _carried(each: FundYear, before: FundYear | None) -> int:
    """Return what a year is handed by the one before; its own 以前年度结转 counts in the first year alone."""
    brought = each.row.values.get("brought")
    if before is None or before.figures is None:
        return brought or 0
    computed = before.figures.carry_forward
    if brought is not None and brought != computed:
        each.findings.append(found(kinds.CARRY_FORWARD_DIFFERS, each.row, "brought", yuan_text(computed)))
    return computed


def _of_the_year(each: FundYear, numbers: Sequence[int], percent: int | None) -> Iterator[CellFinding]:
    row, year = each.row, each.year
    if numbers.count(year) > 1:
        yield found(kinds.YEAR_TWICE, row, "year")
    if year > numbers[0] and year - 1 not in numbers:
        yield found(kinds.YEAR_MISSING, row, "year", year - 1)
    if percent is None:
        yield found(kinds.NO_STANDARD, row, "year")
