"""From one day of posting to another (期间), both included; an end that is not named is open."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from trainingcli.errors import UsageError
from trainingcli.language import Text, tr


@dataclass(frozen=True)
class Period:
    """Days as ISO texts; None: open."""

    since: str | None = None
    until: str | None = None

    @classmethod
    def asked(cls, since: dt.date | None, until: dt.date | None, year: int | None) -> Period:
        """Return what `--from`, `--to` or `--year` name; a `UsageError` where they contradict each other."""
        if year is not None and (since is not None or until is not None):
            raise UsageError(Text("--year 与 --from、--to 只能用一种", "give --year, or --from and --to, not both"))
        if year is not None and not 1 <= year <= 9999:
            raise UsageError(Text(f"--year 不是年份：{year}", f"--year is no year: {year}"))
        if since is not None and until is not None and until < since:
            raise UsageError(Text(f"--to {until} 早于 --from {since}", f"--to {until} is before --from {since}"))
        if year is not None:
            since, until = dt.date(year, 1, 1), dt.date(year, 12, 31)
        return cls(*(None if day is None else day.isoformat() for day in (since, until)))

    @property
    def ends(self) -> tuple[str, str]:
        """Both ends as texts that compare with days, open ones too."""
        return self.since or "", self.until or "~"

    def touches(self, year: int) -> bool:
        """Say whether any day of a year lies within."""
        first, last = self.ends
        return f"{year:04d}-12-31" >= first and f"{year:04d}-01-01" <= last

    def shown(self) -> dict[str, str | None]:
        """Return the period as documents have it."""
        return {"from": self.since, "to": self.until}

    def __str__(self) -> str:
        if self.since is None and self.until is None:
            return tr("全部", "all days")
        start, end = self.since or tr("最早", "the first day"), self.until or tr("最近", "the last day")
        return tr(f"{start} 至 {end}", f"{start} to {end}")
