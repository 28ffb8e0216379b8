"""The engine `local`: this program and its worker processes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from trainingcli.claims.request import Request
from trainingcli.claims.rosters import read_inputs
from trainingcli.policy import Policy
from trainingcli.workers import WorkerPool

if TYPE_CHECKING:
    from trainingcli.claims.assess import Settled
    from trainingcli.evidence.gathered import Sources
    from trainingcli.intake.tables.sheet_tables import InputFile
    from trainingcli.language import Text
    from trainingcli.ledger import Ledger
    from trainingcli.reports.workbooks.outputs import Output


@dataclass(frozen=True)
class LocalEngine:
    """This program and its worker processes."""

    pool: WorkerPool

    def read(self, request: Request, policy: Policy) -> list[InputFile]:
        """Read in the workers."""
        return read_inputs(request, policy, self.pool)

    def assess(
        self,
        request: Request,
        policy: Policy,
        inputs: list[InputFile],
        ledger: Ledger | None,
        sources: Sources,
    ) -> Settled:
        """Settle here, all rows as one frame."""
        from trainingcli.claims.assess import assess

        return assess(request, policy, inputs, ledger, sources)

    def write(self, outputs: Sequence[Output], progress: Callable[[int, int], None] | None = None) -> None:
        """Write in the workers, where that pays."""
        from trainingcli.reports.workbooks.writing import write_all

        write_all(outputs, self.pool, progress)

    def write_returns(self, outputs: Sequence[Output]) -> list[tuple[Output, Text]]:
        """Write in the workers that read the files."""
        from trainingcli.reports.workbooks.writing import write_returns

        return write_returns(outputs, self.pool)
