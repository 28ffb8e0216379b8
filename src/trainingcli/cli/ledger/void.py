"""`trainingcli ledger void`: reverse a batch, or some of its lines."""

from __future__ import annotations

from typing import Annotated

import typer

from trainingcli.cli import options, session
from trainingcli.cli.failure import told
from trainingcli.cli.ledger import BATCH, there
from trainingcli.language import tr
from trainingcli.result import Result

HELP = tr("冲销：记入相反的分录，不删除；不能冲销两次。", "Reverse: new entries, never a deletion; only once.")


@told
def run(
    batch: BATCH,
    why: Annotated[str, typer.Option("--why", help=tr("冲销原因。", "Why it is reversed."))],
    line: Annotated[
        list[int] | None, typer.Option("--line", help=tr("只冲销这些明细号。", "Reverse these lines only."))
    ] = None,
    ledger: options.LedgerPath = None,
    format_: options.Output = None,
    lang: options.Lang = None,
) -> Result:
    """Reverse, and show what is reversed of the batch."""
    from trainingcli.claims.post import now
    from trainingcli.views.ledger_views import ENTRIES, entries_view, rows_of

    with session.open_ledger(ledger, writing=True, create=False) as opened:
        book = there(opened)
        with book.transaction():
            book.refuse_unsound()
            entries = book.void(batch, line or None, why, when=now())
        after = entries_view(book, batch, unmask=False)
    reversed_ = rows_of(after[after["reversed_by"].notna()])
    return Result("trainingcli.ledger.lines/1", ENTRIES, reversed_, {"batch": batch, "entries": entries}, posted=batch)
