"""Younger than a trainee is, or past the age of retirement, by the ID number on the row's date."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from trainingcli.evidence.flagging import Flag
from trainingcli.evidence.raised_flags import Raised
from trainingcli.evidence.seen_rows import SeenRows


class AgeOutOfRange(Flag):
    """A row's."""

    code = "AGE_OUT_OF_RANGE"

    def facts(self, seen: SeenRows) -> list[Raised]:
        """Compare birthdays, as year, month and day, with the row's date."""
        return list(self._raised(seen))

    def _raised(self, seen: SeenRows) -> Iterator[Raised]:
        at = np.flatnonzero(seen.valid & ~np.isnat(seen.date))
        numbers = seen.id_number[at].astype(str) if len(at) else np.array([], dtype=str)
        born = np.array([int(number[6:14]) for number in numbers], dtype=np.int64)
        is_man = np.array([int(number[16]) % 2 == 1 for number in numbers], dtype=bool)
        day = np.array([int(text.replace("-", "")) for text in np.datetime_as_string(seen.date[at])], dtype=np.int64)
        law = seen.policy
        first, men, women = law.parameter("age_from"), law.parameter("age_men"), law.parameter("age_women")
        last = np.where(is_man, men, women)
        young = day < born + first * 10_000
        old = born + last * 10_000 < day
        for place in np.flatnonzero(young | old).tolist():
            date = str(seen.date[at[place]])
            said = (f"{date} 未满 {first} 周岁", f"younger than {first} on {date}")
            if old[place]:
                said = (f"{date} 已过 {last[place]} 周岁生日", f"past the birthday of {last[place]} on {date}")
            yield seen.raised([int(at[place])], "id_number", *said)


FLAG = AgeOutOfRange()
