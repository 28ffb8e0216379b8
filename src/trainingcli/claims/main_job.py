"""The main job: read, settle, post when asked, write the workbooks; nothing is printed here.

Streams and exit codes belong to `cli`.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from trainingcli.claims.batch_workbooks import Workbooks, write_workbooks
from trainingcli.claims.engine import Engine
from trainingcli.claims.left_over import left_over
from trainingcli.claims.post import NOBODY, Who, post
from trainingcli.claims.request import Request
from trainingcli.errors import OutputError
from trainingcli.language import Text
from trainingcli.policy import Policy

if TYPE_CHECKING:
    from trainingcli.claims.assess import Settled
    from trainingcli.evidence.gathered import Sources
    from trainingcli.ledger import Ledger
    from trainingcli.reports.workbooks.outputs import Output
    from trainingcli.settle.assessment import Assessment


def _returns(request: Request, settled: Settled, out: Path) -> Callable[[], list[Output]]:
    """Plan the workbooks that go back to the institutions, from this run's own inputs."""
    from trainingcli.reports.workbooks.outputs import plan_returns

    return partial(
        plan_returns, settled.assessment, out,
        stdin=request.stdin, password=request.password, reduced=request.return_reduced,
    )  # fmt: skip


def _name(books: Workbooks, result: Assessment, posting: bool) -> None:
    """Give the workbooks their names; the ledger has committed, so a failure here must say that."""
    try:
        books.commit()
    except OutputError as error:
        if not posting or result.batch is None:
            raise
        number = result.batch.id
        done = Text(
            f"已入账为批次 {number}，但工作簿未能写出（{error.text.zh}）；"
            f"请用 trainingcli ledger rebuild {number} 重新写出",
            f"posted as batch {number}, but its workbooks could not be written ({error.text.en}); "
            f"write them with trainingcli ledger rebuild {number}",
        )
        raise OutputError(done) from None


@contextlib.contextmanager
def _posting(ledger: Ledger | None) -> Iterator[None]:
    """The ledger's transaction, where it is posted to: a ledger that fails verification is not built upon."""
    if ledger is None:
        yield
        return
    with ledger.transaction():
        ledger.refuse_unsound()
        yield


def claims(
    request: Request,
    policy: Policy,
    engine: Engine,
    out: Path,
    *,
    ledger: Ledger | None,
    posting: bool,
    sources: Sources,
    returns: bool = False,
    who: Who = NOBODY,
    settled_first: Callable[[Assessment], None] | None = None,
) -> Assessment:
    """The main job: read, settle, post when asked, write the workbooks. Assessment and posting are one transaction.

    Workbooks are written under temporary names before the ledger commits, and get their names after it.
    `settled_first` is told what was settled before the workbooks are written, where nothing is posted.
    """
    inputs = engine.read(request, policy)
    books: Workbooks | None = None
    try:
        with _posting(ledger if posting else None):
            settled = engine.assess(request, policy, inputs, ledger, sources)
            result = post(settled, ledger, who) if posting and ledger is not None else settled.assessment
            if settled_first is not None and not posting:
                settled_first(result)
            if len(result.lines):  # an empty summary must not take yesterday's place
                books = write_workbooks(
                    result, out, engine, request.progress,
                    returns=_returns(request, settled, out) if returns else None,
                    inputs=[*(item.path for item in inputs), *request.named], force=request.force,
                )  # fmt: skip
        if books is not None:
            _name(books, result, posting)
    except BaseException:
        if books is not None:
            books.discard()
        raise
    head = result.ledger if ledger is None else ledger.head()
    paths = [] if books is None else books.paths
    stale = left_over(out, paths, clean=request.clean and books is not None)
    warnings = [*result.warnings, *(books.warnings if books is not None else [])]
    return replace(result, outputs=paths, stale=stale, warnings=warnings, ledger=head)
