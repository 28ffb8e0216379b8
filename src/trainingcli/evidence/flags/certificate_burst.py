"""More certificates of one assessor on one day than it can have examined for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import pandas as pd

from trainingcli.evidence.flagging import Flag
from trainingcli.evidence.raised_flags import Raised
from trainingcli.evidence.seen_rows import PLACED, SeenRows, places_of
from trainingcli.language import Text

_KEY = ["assessor", "day", "number"]


class CertificateBurst(Flag):
    """An assessor's and a day's."""

    code = "CERTIFICATE_BURST"

    def facts(self, seen: SeenRows) -> Any:
        """Return the different numbers of each assessor and day, where they stand, and the threshold."""
        keys = {"assessor": seen.name("assessor"), "day": seen.issued.astype("datetime64[s]"), "number": seen.number}
        frame = pd.DataFrame(keys).dropna().drop_duplicates(_KEY)
        kept = seen.frame.loc[frame.index, [*PLACED]].assign(shown=seen.frame["assessor"].loc[frame.index])
        return seen.policy.parameter("burst_certificates"), seen.rows.roster.origins, pd.concat([frame, kept], axis=1)

    def raised(self, parts: Sequence[Any]) -> Iterator[Raised]:
        """Yield the assessors' days with more different numbers than the threshold."""
        most, origins = parts[0][:2]
        if sum(len(part) for *_, part in parts) <= most:
            return
        frame = pd.concat([part for *_, part in parts], ignore_index=True)
        frame = frame.sort_values(["sheet", "row"], kind="stable").drop_duplicates(_KEY)
        frame = frame[frame.groupby(["assessor", "day"])["number"].transform("size") > most].reset_index(drop=True)
        places = places_of(origins, frame, "certificate_no")
        for (_, day), at in frame.groupby(["assessor", "day"]).indices.items():
            name, date, count = frame["shown"].iloc[at[0]], f"{day:%Y-%m-%d}", len(at)
            zh, en = f"{name} {date} 发出 {count} 个不同的证书编号", f"{name}, {date}: {count} certificate numbers"
            yield Raised(Text(zh, en), tuple(places[place] for place in at.tolist()))


FLAG = CertificateBurst()
