"""How long a notice stands (公示期): days counted from the day after it begins, working days by China's holidays."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Literal

from trainingcli.language import Text

Counted = Literal["working", "calendar"]
_ONE = dt.timedelta(1)


@dataclass(frozen=True)
class Standing:
    """From the day it is posted to its last day. `by_weekends`: years whose holidays the calendar does not know."""

    start: dt.date
    days: int
    counted: Counted
    end: dt.date
    by_weekends: tuple[int, ...] = ()

    @property
    def kind(self) -> Text:
        """What is counted."""
        return Text("工作日", "working days") if self.counted == "working" else Text("自然日", "calendar days")

    def said(self) -> list[Text]:
        """Say where the holidays are not known."""
        years = "、".join(map(str, self.by_weekends))
        zh = f"{years} 年的法定节假日安排未知，只按周末计算工作日，请核对公示截止日"
        en = f"the holidays of {years} are not known: working days are counted by weekends alone, check the last day"
        return [Text(zh, en)] if years else []


def standing(start: dt.date, days: int, counted: Counted) -> Standing:
    """Count the days; the day of the start is none of them."""
    if counted == "calendar":
        return Standing(start, days, counted, start + days * _ONE)
    day, left, unknown = start, days, dict[int, None]()
    while left:
        day += _ONE
        works = _works(day)
        if works is None:
            unknown[day.year] = None
            works = day.weekday() < 5
        left -= works
    return Standing(start, days, counted, day, tuple(unknown))


def _works(day: dt.date) -> bool | None:
    """Say whether offices work on a day; None in a year that the calendar does not know."""
    import chinese_calendar

    try:
        return bool(chinese_calendar.is_workday(day))
    except NotImplementedError:
        return None
