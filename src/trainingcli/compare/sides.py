"""One side of a comparison: the rosters, settled by one policy; read once for policies whose words agree."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from trainingcli.claims.assess import assess_rows
from trainingcli.claims.request import Request
from trainingcli.claims.rosters import read_rows
from trainingcli.evidence.gathered import Sources
from trainingcli.intake.tables.sheet_tables import InputFile
from trainingcli.ledger import Ledger
from trainingcli.policy import Policy
from trainingcli.settle.assessment import Assessment
from trainingcli.settle.rows import Rows

Ints = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Side:
    """What one policy makes of the rosters. `row`: each line's row, as its position among the rows."""

    policy: Policy
    sources: Sources
    rows: Rows
    assessment: Assessment
    row: Ints


@dataclass
class Rosters:
    """What is settled twice, with what it is settled by beside the policy. Nothing is posted.

    `read` and `gather`: the rosters and the evidence, as a policy's words have them read.
    """

    request: Request
    ledger: Ledger | None
    read: Callable[[Policy], list[InputFile]]
    gather: Callable[[Policy], Sources]
    _read: dict[tuple[tuple[str, str], ...], tuple[list[InputFile], Sources, Rows]] = field(default_factory=dict)

    def side(self, policy: Policy) -> Side:
        """Settle the rosters by a policy, as `claims` does without posting."""
        words = tuple(sorted(policy.programme_names().items()))
        if words not in self._read:
            sources = self.gather(policy)
            inputs = self.read(policy)
            self._read[words] = inputs, sources, read_rows(inputs, policy, self.request.today, sources.aliases)
        inputs, sources, rows = self._read[words]
        settled = assess_rows(rows, self.request, policy, inputs, self.ledger, sources)
        return Side(policy, sources, rows, settled.assessment, _rows_of(settled.assessment))


def _rows_of(assessment: Assessment) -> Ints:
    """Return each line's row: lines stand in the rows' order, and no row is without one."""
    lines = assessment.lines
    if not len(lines):
        return np.zeros(0, dtype=np.int64)
    sheets = (lines["file"] + "\0" + lines["sheet"]).factorize()[0]
    place = np.stack([lines["input"].to_numpy(), sheets, lines["row"].to_numpy()]).astype(np.int64)
    return np.concatenate([[0], np.cumsum((place[:, 1:] != place[:, :-1]).any(axis=0))])
