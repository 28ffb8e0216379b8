"""What the main job asks of an engine; the engines themselves stand in the room `engines`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from trainingcli.claims.assess import Settled
    from trainingcli.claims.request import Request
    from trainingcli.evidence.gathered import Sources
    from trainingcli.intake.tables.sheet_tables import InputFile
    from trainingcli.language import Text
    from trainingcli.ledger import Ledger
    from trainingcli.policy import Policy
    from trainingcli.reports.workbooks.outputs import Output


class Engine(Protocol):
    """Where a run's work is done: in this program and its worker processes, or on a cluster's workers."""

    def read(self, request: Request, policy: Policy) -> list[InputFile]:
        """Read every input; one that cannot be read is an `InputFile` with an error."""

    def assess(
        self,
        request: Request,
        policy: Policy,
        inputs: list[InputFile],
        ledger: Ledger | None,
        sources: Sources,
    ) -> Settled:
        """Settle what was read; the ledger is only read."""

    def write(self, outputs: Sequence[Output], progress: Callable[[int, int], None] | None = None) -> None:
        """Write every workbook under its temporary name. Raises `OutputError`."""

    def write_returns(self, outputs: Sequence[Output]) -> list[tuple[Output, Text]]:
        """Write what goes back to institutions, each behind the fence; return those that could not be, with why."""
