"""An employee and of another category within a short time, in the batch or with what the ledger paid."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from trainingcli.evidence.flagging import Flag
from trainingcli.evidence.raised_flags import Raised
from trainingcli.evidence.seen_rows import SeenRows
from trainingcli.settle.programmes import programmes
from trainingcli.settle.programmes.base import Trainees

_ROW = -1  # of a payment that the ledger has


class EmployedAndJobless(Flag):
    """A person's: two trainings of different start dates, one of an employee, one of somebody else."""

    code = "EMPLOYED_AND_JOBLESS"

    def facts(self, seen: SeenRows) -> list[Raised]:
        """Compare each person's trainings."""
        return list(self._raised(seen))

    def _raised(self, seen: SeenRows) -> Iterator[Raised]:
        found = _of_batch(seen)
        if len(seen.posted()):
            found = pd.concat([found, _of_ledger(seen)], ignore_index=True)
        found = found[found.duplicated("id_number", keep=False)]  # few are left of most rosters, and often nobody
        if not len(found):
            return
        both = found.groupby("id_number")[["employee", "other"]].transform("any").all(axis=1)
        days = seen.policy.parameter("status_days")
        for _, group in found[both].groupby("id_number", sort=False):
            pairs = list(_pairs(group, days))
            if pairs:
                rows = sorted({row for _, _, *both in pairs for row in both if row != _ROW})
                first, second, *_ = pairs[0]
                zh = f"{first} 为企业职工，{second} 为其他人员" + (
                    "（其中有台账已付）" if any(_ROW in each for each in pairs) else ""
                )
                yield seen.raised(rows, "category", zh, f"an employee on {first}, of another category on {second}")


def _pairs(group: pd.DataFrame, days: int) -> Iterator[tuple[str, str, int, int]]:
    """Yield the dates and rows of each employee's training and each other one that lie close, a row among them."""
    of_employee, of_others = group[group["employee"]], group[group["other"]]
    for day, row in zip(of_employee["start"], of_employee["row"], strict=True):
        for other, other_row in zip(of_others["start"], of_others["row"], strict=True):
            if 0 < abs((day - other).days) <= days and (row, other_row) != (_ROW, _ROW):
                yield f"{day:%Y-%m-%d}", f"{other:%Y-%m-%d}", int(row), int(other_row)


def _of_batch(seen: SeenRows) -> pd.DataFrame:
    terms = seen.policy.parameter("categories_enterprise")
    plain = seen.rows.plain("category")
    at = np.flatnonzero(seen.valid & ~np.isnat(seen.start) & plain)
    return pd.DataFrame(
        {
            "id_number": seen.id_number[at],
            "start": seen.start[at].astype("datetime64[s]"),
            "employee": seen.rows.among("category", terms)[at],
            "other": seen.rows.beside("category", terms)[at],
            "row": at,
        }
    )


def _of_ledger(seen: SeenRows) -> pd.DataFrame:
    """What was paid says the category by its programme: an employee's training or post, or the others' training."""
    posted = seen.posted()
    posted = posted[posted["start_date"].notna()]
    means = {each.code: each.means_training_of for each in programmes(seen.policy.programmes)}
    of_others = [code for code, who in means.items() if who is Trainees.OTHERS]
    of_employees = [code for code, who in means.items() if who is Trainees.EMPLOYEES] + _of_employees_alone(seen)
    return pd.DataFrame(
        {
            "id_number": posted["id_number"],
            "start": pd.to_datetime(posted["start_date"]).astype("datetime64[s]"),
            "employee": posted["programme"].isin(of_employees),
            "other": posted["programme"].isin(of_others),
            "row": _ROW,
        }
    )


def _of_employees_alone(seen: SeenRows) -> list[str]:
    """The programmes that pay employees in post for a certificate."""
    asks = {each.code: each for each in programmes(seen.policy.programmes)}
    return [code for code, each in asks.items() if each.rests_on_certificate and "category" in each.uses]


FLAG = EmployedAndJobless()
