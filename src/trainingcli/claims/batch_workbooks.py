"""A batch's workbooks: all are written under temporary names, and get their own together, or none does."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from trainingcli.claims.engine import Engine
from trainingcli.facts import BatchRef
from trainingcli.replacing import refuse_replacing

if TYPE_CHECKING:
    from trainingcli.reports.workbooks.outputs import Output
    from trainingcli.settle.assessment import Assessment


def write_workbooks(
    assessment: Assessment,
    out: Path,
    engine: Engine,
    progress: Callable[[int, int], None] | None = None,
    *,
    returns: Callable[[], list[Output]] | None = None,
    inputs: Sequence[str] = (),
    force: bool = False,
) -> Workbooks:
    """Write every workbook under a temporary name; `commit` gives them their names, leaving without it removes them.

    `returns` plans the marked workbooks that go back to the institutions, where they are wanted. None of `inputs` is
    replaced, nor what another program wrote, unless `force` says so.
    """
    from trainingcli.reports.workbooks.outputs import discard, plan_outputs

    shown = assessment if assessment.batch is None else replace(assessment, batch=BatchRef(assessment.batch.id, False))
    outputs = plan_outputs(shown, out)
    try:
        outputs += returns() if returns else []
        refuse_replacing((output.path for output in outputs), inputs, force=force)
        engine.write(outputs, progress)
    except BaseException:
        discard(outputs)
        raise
    return Workbooks(outputs)


@dataclass
class Workbooks:
    """Workbooks that are written but have not their names yet."""

    outputs: list[Any]

    @property
    def paths(self) -> list[str]:
        """The names that they will have."""
        return [str(output.path) for output in self.outputs]

    def commit(self) -> None:
        """Rename all into place."""
        from trainingcli.reports.workbooks.outputs import commit

        commit(self.outputs)

    def discard(self) -> None:
        """Remove what has not its name yet."""
        from trainingcli.reports.workbooks.outputs import discard

        discard(self.outputs)
