"""The main job: read, settle, post when asked, write the workbooks; nothing is printed here.

Streams and exit codes belong to `cli`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from trainingcli.claims.batch_workbooks import Workbooks, write_workbooks
from trainingcli.claims.engine import Engine
from trainingcli.claims.left_over import left_over
from trainingcli.claims.post import NOBODY, ReadyBatch, Who, to_post
from trainingcli.claims.prepared import PreparedBatch
from trainingcli.claims.request import Request
from trainingcli.claims.turns import post_prepared
from trainingcli.errors import OutputError
from trainingcli.language import Text
from trainingcli.policy import Policy

if TYPE_CHECKING:
    from trainingcli.evidence.gathered import Sources
    from trainingcli.ledger import Ledger
    from trainingcli.reports.workbooks.outputs import Output
    from trainingcli.settle.assessment import Assessment


def _returns(request: Request, assessment: Assessment, out: Path) -> Callable[[], list[Output]]:
    """Plan the workbooks that go back to the institutions, from this run's own inputs."""
    from trainingcli.reports.workbooks.outputs import plan_returns

    return partial(
        plan_returns, assessment, out,
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
    """The main job: read, settle, post when asked, write the workbooks; settled and posted by one state of the ledger.

    Workbooks are written under temporary names before the ledger commits, and get their names after it.
    `settled_first` is told what was settled before the workbooks are written, where nothing is posted.
    """
    inputs = engine.read(request, policy)

    def written(settled: Assessment, result: Assessment, *, numbered_later: bool) -> Workbooks | None:
        if not len(result.lines):  # an empty summary must not take yesterday's place
            return None
        return write_workbooks(
            result, out, engine, request.progress, returns=_returns(request, settled, out) if returns else None,
            inputs=[*(item.path for item in inputs), *request.named], force=request.force, posting=numbered_later,
        )  # fmt: skip

    def prepare(ledger: Ledger) -> PreparedBatch:
        with ledger.one_state():
            ledger.refuse_unsound()  # a ledger that fails verification is not built upon
            settled = engine.assess(request, policy, inputs, ledger, sources)
            found, head = to_post(settled, ledger, who), ledger.head()
        batch = found if isinstance(found, ReadyBatch) else None
        result = found.assessment if isinstance(found, ReadyBatch) else found
        books = written(settled.assessment, result, numbered_later=batch is not None)
        return PreparedBatch(settled, head, batch, result, books)

    if posting and ledger is not None:
        prepared = post_prepared(ledger, lambda: prepare(ledger))
        result, books = prepared.result, prepared.books
    else:
        once = request._replace(settled_once=True)
        result = engine.assess(once, policy, inputs, ledger, sources).assessment  # no rows are held
        if settled_first is not None:
            settled_first(result)
        books = written(result, result, numbered_later=False)
    if books is not None:
        try:
            _name(books, result, posting)
        except BaseException:
            books.discard()
            raise
    new = result.batch is not None and not result.batch.already_posted
    head = result.ledger if ledger is None or new else ledger.head()
    paths = [] if books is None else books.paths
    stale = left_over(out, paths, clean=request.clean and books is not None)
    warnings = [*result.warnings, *(books.warnings if books is not None else [])]
    return replace(result, outputs=paths, stale=stale, warnings=warnings, ledger=head)
