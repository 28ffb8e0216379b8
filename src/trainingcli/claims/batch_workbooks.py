"""A batch's workbooks: all are written under temporary names, and get their own together, or none does."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from trainingcli.claims.engine import Engine
from trainingcli.facts import BatchRef, Head
from trainingcli.language import Text
from trainingcli.masking import mask_place
from trainingcli.memory import MUCH, give_back
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
    posting: bool = False,
) -> Workbooks:
    """Write every workbook under a temporary name; `commit` gives them their names, leaving without it removes them.

    `returns` plans the marked workbooks that go back to the institutions, where they are wanted. None of `inputs` is
    replaced, nor what another program wrote, unless `force` says so. `posting`: `Workbooks.post` will number them.
    """
    from trainingcli.reports.workbooks.outputs import discard, plan_outputs

    shown = assessment if assessment.batch is None else replace(assessment, batch=BatchRef(assessment.batch.id, False))
    outputs = plan_outputs(shown, out)
    try:
        planned = returns() if returns else []
        named = planned if posting else [*outputs, *planned]
        refuse_replacing((output.path for output in named), inputs, force=force)
        give_back(above=MUCH)  # workers write beside this process
        engine.write(outputs, progress)
        outputs += planned
        failed = engine.write_returns(planned) if planned else []
    except BaseException:
        discard(outputs)
        raise
    lost = {output.path for output, _ in failed}
    return Workbooks(
        [output for output in outputs if output.path not in lost],
        [_unreturned(output, why) for output, why in failed],
        partial(refuse_replacing, inputs=inputs, force=force),
    )


def _unreturned(output: Output, why: Text) -> Text:
    return Text(
        "{file}：未能写出退回件：{why}；请把原因另行告知机构",
        "{file}: no return workbook could be written: {why}; tell the institution the reasons another way",
    ).format(file=mask_place(getattr(output.task, "source", "")), why=why)


@dataclass
class Workbooks:
    """Workbooks that are written but have not their names yet."""

    outputs: list[Any]
    warnings: list[Text]
    refuse: Callable[[Iterable[Path]], None]

    @property
    def paths(self) -> list[str]:
        """The names that they will have."""
        return [str(output.path) for output in self.outputs]

    def post(self, batch: BatchRef, head: Head) -> None:
        """Make them those of the batch that was posted of them. `OutputError` where one cannot be."""
        from trainingcli.reports.workbooks.outputs import posted_outputs

        self.outputs = posted_outputs(self.outputs, batch, head)
        self.refuse(output.path for output in self.outputs)

    def commit(self) -> None:
        """Rename all into place."""
        from trainingcli.reports.workbooks.outputs import commit

        commit(self.outputs)

    def discard(self) -> None:
        """Remove what has not its name yet."""
        from trainingcli.reports.workbooks.outputs import discard

        discard(self.outputs)
