"""Certificates of two levels of one occupation within days of each other."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

import numpy as np
import pandas as pd

from trainingcli.evidence.flagging import Flag
from trainingcli.evidence.raised_flags import Raised
from trainingcli.evidence.seen_rows import SeenRows


class LevelsTooClose(Flag):
    """A person's and an occupation's."""

    code = "LEVELS_TOO_CLOSE"

    def facts(self, seen: SeenRows) -> list[Raised]:
        """Compare each person's certificates of an occupation."""
        return list(self._raised(seen))

    def _raised(self, seen: SeenRows) -> Iterator[Raised]:
        several = np.bincount(seen.person + 1, minlength=1)[seen.person + 1] > 1
        at = np.flatnonzero(several & seen.valid)
        if not len(at):
            return
        issued = seen.issued[at].astype("datetime64[s]")
        columns = {"person": seen.person, "occupation": seen.occupation, "level": seen.level}
        frame = pd.DataFrame(
            {name: column[at] for name, column in columns.items()} | {"day": issued, "at": at}
        ).dropna()
        frame = frame[frame.duplicated(["person", "occupation"], keep=False)]
        if not len(frame):
            return
        of_two = frame.groupby(["person", "occupation"])["level"].transform("nunique") > 1
        days = seen.policy.parameter("levels_days")
        for _, group in frame[of_two].groupby(["person", "occupation"], sort=False):
            certificates = list(zip(group["day"], group["level"], group["at"], strict=True))
            close = [
                (one, other)
                for one, other in combinations(certificates, 2)
                if one[1] != other[1] and abs((one[0] - other[0]).days) <= days
            ]
            if close:
                first = [f"{level} {day:%Y-%m-%d}" for day, level, _ in sorted(close[0])]
                rows = sorted({int(each[2]) for pair in close for each in pair})
                yield seen.raised(rows, "certificate_date", "、".join(first), ", ".join(first))


FLAG = LevelsTooClose()
