"""`trainingcli ledger reopen`: let reversed lines be claimed again."""

from __future__ import annotations

from typing import Annotated

import typer

from trainingcli.cli import options, session
from trainingcli.cli.failure import told
from trainingcli.cli.ledger import BATCH
from trainingcli.language import tr
from trainingcli.result import Result

HELP = tr("允许已冲销的明细重新申领。", "Let reversed lines be claimed again.")


@told
def run(
    batch: BATCH,
    line: Annotated[list[int], typer.Option("--line", help=tr("这些明细号。", "These lines."))],
    why: Annotated[str, typer.Option("--why", help=tr("重新申领的原因。", "Why they may come again."))],
    ledger: options.LedgerPath = None,
    today: options.Today = None,
    operator: options.Operator = None,
    unmask: bool = False,
) -> Result:
    """Write a record for each line; the next run may pay it again."""
    from trainingcli.claims.post import now
    from trainingcli.views.ledger_views import ENTRIES, entries_view, rows_of

    reason, day = session.why(why) or "", None if today is None else options.day(today).isoformat()
    with session.existing_ledger(ledger, writing=True) as book:
        with book.transaction():
            book.refuse_unsound()
            entries = book.reopen(batch, line, reason, when=now(), day=day, operator=session.operator(operator))
        view = entries_view(book, batch, unmask=unmask)
    rows = rows_of(view[view["line"].isin(line)])
    return Result("trainingcli.ledger.lines/1", ENTRIES, rows, {"batch": batch, "entries": entries}, posted=batch)
