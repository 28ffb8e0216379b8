"""One row of a workbook of training funds: an enterprise's year, its sums in whole fen, and what its cells lack."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from trainingcli.cell_findings import CellFinding, TableRow
from trainingcli.compared import folded
from trainingcli.credit_code import credit_code_holds
from trainingcli.levy import kinds
from trainingcli.levy.kinds import found

SUMS = ("wages", "booked", "spent", "full", "frontline", "mentoring", "brought")
NEEDED = ("enterprise", "year", "wages", "spent")


@dataclass(frozen=True)
class FundRow(TableRow):
    """One data row; its sums are whole fen of 0 or more."""

    @property
    def enterprise(self) -> str | None:
        """The enterprise's name."""
        name: str | None = self.get("enterprise")
        return name

    @property
    def credit_code(self) -> str | None:
        """The credit code as it is compared."""
        code = self.get("credit_code")
        return folded(code) if code else None

    @property
    def year(self) -> int | None:
        """The year."""
        year: int | None = self.get("year")
        return year

    def sum_or_zero(self, key: str) -> int | None:
        """Return a sum in fen, 0 where its cell is empty, None where the cell holds no amount."""
        return None if key in self.faults else self.values.get(key, 0)

    def ordinary(self) -> int | None:
        """Return what was really spent under the 8 % rule (spent − full); None where that is unknown."""
        spent, full = self.values.get("spent"), self.sum_or_zero("full")
        return None if spent is None or full is None else spent - full

    def frontline(self) -> int | None:
        """Return what was spent on front-line staff, mentoring among it (Q18); None where that is unknown."""
        frontline, mentoring = self.values.get("frontline"), self.sum_or_zero("mentoring")
        return None if frontline is None or mentoring is None else frontline + mentoring

    def share(self) -> tuple[int, int] | None:
        """Return front-line spending and what it is a share of; None where there is no share."""
        part, whole = self.frontline(), self.ordinary()
        return None if part is None or whole is None or whole <= 0 or part > whole else (part, whole)

    def cell_findings(self, least_percent: int | None) -> list[CellFinding]:
        """Return what the row's own cells say; `least_percent`: the least front-line share in force that year."""
        return [*self._faults(), *self._too_much(), *self._doubts(least_percent)]

    def _faults(self) -> Iterator[CellFinding]:
        for key in NEEDED:
            if not self.says(key):
                yield found(kinds.MISSING_FIELD, self, key)
        for key, (code, text) in self.faults.items():
            if key in SUMS:
                yield found(kinds.BAD_AMOUNT, self, key, text)
            elif key == "year":
                yield found(kinds.BAD_NUMBER, self, key)
            elif key == "enterprise":
                yield found(kinds.UNREADABLE[code], self, key, text)

    def _too_much(self) -> Iterator[CellFinding]:
        part, whole = self.frontline(), self.ordinary()
        if whole is not None and whole < 0:
            yield found(kinds.FULL_ABOVE_SPENT, self, "full")
        elif part is not None and whole is not None and part > whole:
            yield found(kinds.FRONTLINE_ABOVE_SPENT, self, "frontline")

    def _doubts(self, least_percent: int | None) -> Iterator[CellFinding]:
        if self.says("credit_code") and not credit_code_holds(self.credit_code or ""):
            yield found(kinds.CREDIT_CODE, self, "credit_code")
        share = self.share()
        if share is not None and least_percent is not None and share[0] * 100 < least_percent * share[1]:
            yield found(kinds.FRONTLINE_LOW, self, "frontline", least_percent)
