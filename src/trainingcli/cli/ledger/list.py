"""`trainingcli ledger list`: the batches."""

from __future__ import annotations

from trainingcli.cli import options, session
from trainingcli.cli.failure import told
from trainingcli.cli.ledger import there
from trainingcli.language import tr
from trainingcli.result import Result

HELP = tr("列出各批次。", "List the batches.")


@told
def run(ledger: options.LedgerPath = None, format_: options.Output = None, lang: options.Lang = None) -> Result:
    """Batches with date, inputs, policy, lines, yuan."""
    from trainingcli.views.ledger_views import BATCHES, batches_view, rows_of

    with session.open_ledger(ledger, writing=False) as opened:
        view = batches_view(there(opened))
    return Result("trainingcli.ledger.batches/1", BATCHES, rows_of(view))
