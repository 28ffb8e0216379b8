"""`trainingcli ledger held`: what posted batches held and nothing has paid or refused since."""

from __future__ import annotations

from trainingcli.cli import options, session
from trainingcli.cli.failure import told
from trainingcli.language import Text, tr
from trainingcli.result import Message, Result

HELP = tr("列出仍待核的明细，按机构，带天数。", "List what is still held, by institution, with its age.")


@told
def run(
    ledger: options.LedgerPath = None,
    policy: options.PolicyPath = None,
    today: options.Today = None,
    unmask: bool = False,
) -> Result:
    """What waits for somebody."""
    from trainingcli.views import held

    law, day = options.law(policy), options.day(today)
    with session.existing_ledger(ledger) as opened:
        rows, facts = held.document(opened, day)
    said = [] if rows else [Message(Text("没有待核的明细", "nothing is held"))]
    return Result(held.SCHEMA, held.LINES, rows, facts, lambda room: held.screen(rows, law, unmask=unmask), said)
