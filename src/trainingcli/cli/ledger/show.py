"""`trainingcli ledger show`: one batch's lines."""

from __future__ import annotations

from collections.abc import Iterator

from trainingcli.cli import options, session
from trainingcli.cli.failure import told
from trainingcli.cli.ledger import BATCH
from trainingcli.language import tr
from trainingcli.result import Block, Result, Table

HELP = tr("显示一个批次的明细。", "Show one batch's lines.")


@told
def run(batch: BATCH, ledger: options.LedgerPath = None, unmask: bool = False) -> Result:
    """One batch's lines, what was reversed of them marked; on the screen under what `list` says of the batch."""
    from trainingcli.views.batches import BATCHES, batches_view
    from trainingcli.views.ledger_views import BATCH_ENTRIES, ENTRIES, entries_view, rows_of

    with session.existing_ledger(ledger) as opened, opened.one_state():
        rows = rows_of(entries_view(opened, batch, unmask=unmask))
        about = [found for found in batches_view(opened) if found["batch"] == batch]

    def screen(room: int) -> Iterator[Block]:
        yield Table(BATCHES.columns, about)
        yield Table(BATCH_ENTRIES, rows)

    return Result("trainingcli.ledger.lines/1", ENTRIES, rows, {"batch": batch}, screen)
