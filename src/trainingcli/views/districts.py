"""In which district a payment counts (区县): that of who trained or was paid, as listed on the event's day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import TYPE_CHECKING

from trainingcli.compared import folded_name

if TYPE_CHECKING:
    from trainingcli.evidence.register_contents import Contents

ALWAYS = (dt.date.min.isoformat(), dt.date.max.isoformat())


class Districts:
    """`--registers`' institutions by name as compared; without them every district is null (未注明 on pages)."""

    def __init__(self, institutions: Contents | None = None) -> None:
        self._rows: dict[str, list[tuple[str, str, str]]] = {}
        for entry in institutions.having("district") if institutions is not None else ():
            ends = (entry.get(end) for end in ("since", "until"))
            since, until = (
                day.isoformat() if day is not None else usual for day, usual in zip(ends, ALWAYS, strict=True)
            )
            row = since, until, entry.values["district"]
            self._rows.setdefault(folded_name(entry.values["institution"]), []).append(row)

    def __bool__(self) -> bool:
        return bool(self._rows)

    def of(self, names: Iterable[str | None], day: str | None) -> str | None:
        """Return the district of the first of these that is listed on a day (ISO; None: on any), else None.

        `names`: the line's institution, employer, host, in this order. Of several rows in force the last counts.
        """
        for name in names:
            rows = self._rows.get(folded_name(name), ()) if name else ()
            held = [where for since, until, where in rows if day is None or since <= day <= until]
            if held:
                return held[-1]
        return None
