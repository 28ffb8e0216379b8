"""In post in an occupation that asks for a qualification (准入类), and no 职业资格证书 for it is known; 四(三), Q22."""

from __future__ import annotations

import json
from collections.abc import Iterator

import numpy as np
import pandas as pd

from trainingcli.compared import squeeze
from trainingcli.evidence.flagging import Flag
from trainingcli.evidence.raised_flags import Raised
from trainingcli.evidence.seen_rows import SeenRows
from trainingcli.settle.dated import day_number
from trainingcli.settle.occupations import occupation_of
from trainingcli.settle.programmes import programmes
from trainingcli.settle.programmes.certificate import ABILITY
from trainingcli.settle.rows import Mask

_EMPLOYED = ("是", "已就业", "就业", "在岗")
_INDUCTION, _QUALIFICATION = "岗前培训", "职业资格证书"


class QualificationMissing(Flag):
    """A person's and an occupation's."""

    code = "QUALIFICATION_MISSING"

    def facts(self, seen: SeenRows) -> list[Raised]:
        """Look for a certificate of everybody who is in post in such an occupation."""
        return list(self._raised(seen))

    def _raised(self, seen: SeenRows) -> Iterator[Raised]:
        spans = _asked(seen)
        if not spans:
            return
        qualified = _in_batch(seen) | _in_ledger(seen)
        found: dict[tuple[str, str], list[int]] = {}
        days, undated = seen.date.astype(np.int64).tolist(), np.isnat(seen.date).tolist()
        for at in np.flatnonzero(seen.valid & _in_post(seen)).tolist():
            occupation = seen.occupation[at]
            in_force = occupation in spans and (
                undated[at] or any(first <= days[at] <= last for first, last in spans[occupation])
            )
            if in_force and (seen.id_number[at], occupation) not in qualified:
                found.setdefault((seen.id_number[at], occupation), []).append(at)
        written = seen.frame["occupation"].to_numpy(dtype=object)
        for rows in found.values():
            text = str(written[rows[0]])
            yield seen.raised(rows, "occupation", text, text)


def _asked(seen: SeenRows) -> dict[str, list[tuple[int, int]]]:
    """Return the occupations that the register marks 准入类, each with the days on which it does."""
    contents = seen.batch.sources.contents.get("occupations")
    found: dict[str, list[tuple[int, int]]] = {}
    for entry in contents.named("entry", squeeze, ("是", "准入类")) if contents else ():
        name = occupation_of(entry.values["occupation"], seen.rows.aliases)
        since, until = entry.get("since"), entry.get("until")
        first = -(10**9) if since is None else day_number(since)
        found.setdefault(name, []).append((first, 10**9 if until is None else day_number(until)))
    return found


def _in_post(seen: SeenRows) -> Mask:
    """Say which rows are of people in post: the row says so, or an employee in another training than induction."""
    places, words = seen.rows.words("employed")
    employed = np.array([word is not None and squeeze(word) in _EMPLOYED for word in words])[places]
    employee = seen.rows.among("category", seen.policy.parameter("categories_enterprise"))
    in_post: Mask = employed | (employee & ~seen.rows.among("training_type", [_INDUCTION]))
    return in_post


def _in_batch(seen: SeenRows) -> set[tuple[str, str]]:
    has = seen.valid & seen.rows.among("certificate_type", [_QUALIFICATION])
    has &= seen.rows.said("certificate_no") | seen.rows.said("certificate_date")
    return {(seen.id_number[at], seen.occupation[at]) for at in np.flatnonzero(has).tolist()}


def _in_ledger(seen: SeenRows) -> set[tuple[str, str]]:
    """What was paid for a certificate of this type, or of one that the entry does not tell (an import, an old entry).

    An ability's certificate is known to be none.
    """
    asks = [each.code for each in programmes(seen.policy.programmes) if each.rests_on_certificate]
    posted = seen.posted()
    other = [kind not in (None, _QUALIFICATION) for kind in _types(posted)]
    paid = posted[posted["programme"].isin(asks) & posted["occupation"].notna() & (posted["level"] != ABILITY)]
    paid = paid[~np.array(other, dtype=bool)[paid.index]]
    names = [occupation_of(str(text), seen.rows.aliases) for text in paid["occupation"]]
    return set(zip(paid["id_number"], names, strict=True))


def _types(posted: pd.DataFrame) -> list[str | None]:
    """Return the type of each entry's certificate, None where the entry does not tell."""
    if "facts" not in posted:
        return [None] * len(posted)
    return [json.loads(text).get("certificate_type") if isinstance(text, str) else None for text in posted["facts"]]


FLAG = QualificationMissing()
