"""`trainingcli ledger void`: reverse a batch, or some of its lines."""

from __future__ import annotations

from typing import Annotated

import typer

from trainingcli.cli import options, session
from trainingcli.cli.failure import told
from trainingcli.cli.ledger import BATCH
from trainingcli.language import Text, tr
from trainingcli.result import Message, Result

HELP = tr("冲销：记入相反的分录，不删除；不能冲销两次。", "Reverse: new entries, never a deletion; only once.")


@told
def run(
    batch: BATCH,
    why: Annotated[str, typer.Option("--why", help=tr("冲销原因。", "Why it is reversed."))],
    line: Annotated[
        list[int] | None, typer.Option("--line", help=tr("只冲销这些明细号。", "Reverse these lines only."))
    ] = None,
    reopen: Annotated[
        bool, typer.Option("--reopen", help=tr("冲销后即可重新申领。", "The lines may be claimed again at once."))
    ] = False,
    dry_run: Annotated[
        bool,
        typer.Option("--dry-run", help=tr("只显示会冲销什么，不记账。", "Show what would be reversed; write nothing.")),
    ] = False,
    ledger: options.LedgerPath = None,
    today: options.Today = None,
    operator: options.Operator = None,
    unmask: bool = False,
) -> Result:
    """Reverse, and show what is reversed of the batch."""
    from trainingcli.claims.post import now
    from trainingcli.views.ledger_views import ENTRIES, entries_view, rows_of

    reason, day = session.why(why), None if today is None else options.day(today).isoformat()
    with session.existing_ledger(ledger, writing=not dry_run) as book:
        if dry_run:
            entries = book.reversible(batch, line or None)
            view = entries_view(book, batch, unmask=unmask)
            rows = rows_of(view[view["entry"].isin(entries)])
            facts = {"batch": batch, "entries": [], "dry_run": True}
            return Result("trainingcli.ledger.lines/1", ENTRIES, rows, facts, messages=[Message(NOTHING_WRITTEN)])
        with book.transaction():
            book.refuse_unsound()
            entries = book.void(
                batch, line or None, reason, when=now(), day=day, operator=session.operator(operator), reopen=reopen
            )
        after = entries_view(book, batch, unmask=unmask)
    reversed_ = rows_of(after[after["reversed_by"].notna()])
    return Result("trainingcli.ledger.lines/1", ENTRIES, reversed_, {"batch": batch, "entries": entries}, posted=batch)


NOTHING_WRITTEN = Text("试运行：没有记账。", "dry run: nothing was written.")
