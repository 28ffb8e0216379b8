"""Which rows are one enterprise's: those of one credit code; one without takes the code that its name has elsewhere."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from trainingcli.cell_findings import CellFinding
from trainingcli.compared import folded_name
from trainingcli.levy.fund_row import FundRow
from trainingcli.levy.year_chain import FundYear, chained, least_frontline_percent
from trainingcli.policy import Policy


@dataclass(frozen=True)
class Enterprise:
    """One enterprise, named as on its first row, with its years in order."""

    name: str
    credit_code: str | None
    years: list[FundYear]


@dataclass(frozen=True)
class Levy:
    """What a run worked out; `findings` are those of rows that name no enterprise or no year."""

    enterprises: list[Enterprise]
    findings: list[CellFinding]

    def all_findings(self) -> list[CellFinding]:
        """Return every finding: of the years, then of rows that are no year's."""
        return [found for each in self.enterprises for year in each.years for found in year.findings] + self.findings


def work_out(rows: Iterable[FundRow], policy: Policy) -> Levy:
    """Return the enterprises of a set of rows in the order in which they first stand there."""
    loose: list[CellFinding] = []
    kept: list[tuple[FundRow, str]] = []
    for row in rows:
        if row.enterprise is None or row.year is None:
            loose += row.cell_findings(least_frontline_percent(row.year, policy))
        else:
            kept.append((row, folded_name(row.enterprise)))
    codes = _codes_by_name(kept)
    groups: dict[tuple[str, str | None], list[FundRow]] = {}
    for row, name in kept:
        code = row.credit_code or codes.get(name)
        groups.setdefault(("", code) if code else (name, None), []).append(row)
    return Levy([_enterprise(code, rows, policy) for (_, code), rows in groups.items()], loose)


def _codes_by_name(rows: Iterable[tuple[FundRow, str]]) -> dict[str, str]:
    """Return name as compared → its credit code, for the names that have just one."""
    found: dict[str, set[str]] = {}
    for row, name in rows:
        if row.credit_code:
            found.setdefault(name, set()).add(row.credit_code)
    return {name: next(iter(codes)) for name, codes in found.items() if len(codes) == 1}


def _enterprise(code: str | None, rows: list[FundRow], policy: Policy) -> Enterprise:
    return Enterprise(rows[0].enterprise or "", code, chained(rows, policy))
