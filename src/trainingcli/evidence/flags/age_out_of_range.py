"""Younger than a trainee is, or past the age of retirement, by the ID number on the row's date."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from trainingcli.evidence.flagging import Flag
from trainingcli.evidence.raised_flags import Raised
from trainingcli.evidence.seen_rows import SeenRows

_PLACES = 10 ** np.arange(7, -1, -1)


class AgeOutOfRange(Flag):
    """A row's."""

    code = "AGE_OUT_OF_RANGE"

    def facts(self, seen: SeenRows) -> list[Raised]:
        """Compare birthdays, as year, month and day, with the row's date."""
        return list(self._raised(seen))

    def _raised(self, seen: SeenRows) -> Iterator[Raised]:
        at = np.flatnonzero(seen.valid & ~np.isnat(seen.date))
        digits = np.frombuffer("".join(seen.id_number[at]).encode(), dtype=np.uint8).reshape(len(at), 18) - ord("0")
        born = digits[:, 6:14].astype(np.int64) @ _PLACES
        is_man = digits[:, 16] % 2 == 1
        months = seen.date[at].astype("datetime64[M]")
        since = months.astype(np.int64)
        day = (since // 12 + 1970) * 10_000 + (since % 12 + 1) * 100
        day += (seen.date[at] - months.astype("datetime64[D]")).astype(np.int64) + 1
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
