"""`trainingcli ledger list`: the batches."""

from __future__ import annotations

from trainingcli.cli import options, session
from trainingcli.cli.failure import told
from trainingcli.language import tr
from trainingcli.result import Result

HELP = tr("列出各批次。", "List the batches.")


@told
def run(ledger: options.LedgerPath = None) -> Result:
    """Batches with date, inputs, policy, lines, yuan."""
    from trainingcli.views.batches import BATCHES, batches_view

    with session.existing_ledger(ledger) as opened:
        rows = batches_view(opened)
    return Result("trainingcli.ledger.batches/1", BATCHES, rows)
