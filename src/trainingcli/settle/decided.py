"""What people decided about held lines (决定), put into effect before the limits.

放行 makes notes of the reasons that it names, 不予 refuses the line. Who decided what is the evidence's to find out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import compress
from typing import NamedTuple

import numpy as np

from trainingcli.findings import Findings, Part
from trainingcli.language import Text
from trainingcli.reasons import reason

RELEASED = reason("RELEASED").code
DECIDED_AGAINST = reason("DECIDED_AGAINST").code


class Ruling(NamedTuple):
    """What was decided about one line. `released`, `refused`: reason code → 依据 and 经办人.

    `amount`: fen to be paid at most, None where nobody names any; `record`: what the ledger's entry keeps (JSON).
    """

    line: int
    released: Mapping[str, Text]
    refused: Mapping[str, Text]
    amount: int | None
    record: str


def ruled(findings: Findings, rulings: Sequence[Ruling]) -> Findings:
    """Return the findings as they stand after the rulings: released ones marked, what was decided beside them."""
    if not rulings:
        return findings
    parts = [piece for part in findings.parts for piece in _parted(part, rulings)]
    said = Findings(parts)
    for code, of_line in ((RELEASED, _released), (DECIDED_AGAINST, _refused)):
        for ruling in rulings:
            for detail, codes in _by_detail(of_line(ruling)).items():
                said.add_rows(np.array([ruling.line]), code, _field(findings, ruling.line, codes), details=[detail])
    return said


def _released(ruling: Ruling) -> Mapping[str, Text]:
    return ruling.released


def _refused(ruling: Ruling) -> Mapping[str, Text]:
    return ruling.refused


def _by_detail(decided: Mapping[str, Text]) -> dict[Text, list[str]]:
    found: dict[Text, list[str]] = {}
    for code, detail in decided.items():
        found.setdefault(detail, []).append(code)
    return found


def _field(findings: Findings, line: int, codes: Sequence[str]) -> str | None:
    """Name the field whose cell the decision is about: that of the first reason that it names."""
    return next((part.field for part in findings.parts if part.code in codes and line in part.rows), None)


def _parted(part: Part, rulings: Sequence[Ruling]) -> Iterator[Part]:
    """Part what was released of a part from what stands."""
    lines = [ruling.line for ruling in rulings if part.code in ruling.released]
    here = np.isin(part.rows, lines) if lines else np.zeros(len(part.rows), dtype=bool)
    if not here.any():
        yield part
        return
    for mask, is_released in ((~here, False), (here, True)):
        if mask.any():
            values, details = list(compress(part.values, mask)), list(compress(part.details, mask))
            yield part._replace(rows=part.rows[mask], values=values, details=details, released=is_released)
