"""`trainingcli ledger show`: one batch's lines."""

from __future__ import annotations

from trainingcli.cli import options, session
from trainingcli.cli.failure import told
from trainingcli.cli.ledger import BATCH
from trainingcli.language import tr
from trainingcli.result import Result

HELP = tr("显示一个批次的明细。", "Show one batch's lines.")


@told
def run(batch: BATCH, ledger: options.LedgerPath = None, unmask: bool = False) -> Result:
    """One batch's lines, what was reversed of them marked."""
    from trainingcli.views.ledger_views import ENTRIES, entries_view, rows_of

    with session.existing_ledger(ledger) as opened:
        view = entries_view(opened, batch, unmask=unmask)
    return Result("trainingcli.ledger.lines/1", ENTRIES, rows_of(view), {"batch": batch})
