"""`trainingcli ledger rebuild`: a batch's workbooks again, cell for cell."""

from __future__ import annotations

from pathlib import Path

from trainingcli.cli import options, session
from trainingcli.cli.failure import told
from trainingcli.cli.ledger import BATCH
from trainingcli.language import tr
from trainingcli.result import Result, written

HELP = tr("重新写出一个批次的工作簿。", "Write a batch's workbooks again.")


@told
def run(
    batch: BATCH,
    out: options.OutFolder = Path("claims-out"),
    force: options.Force = False,
    ledger: options.LedgerPath = None,
) -> Result:
    """Write the batch's workbooks, cell for cell as they were."""
    from trainingcli.claims.batch_workbooks import write_workbooks
    from trainingcli.claims.post import posted_batch
    from trainingcli.engines.local import LocalEngine

    with session.open_pool(None) as pool, session.existing_ledger(ledger) as opened:
        books = write_workbooks(posted_batch(opened, batch), out, LocalEngine(pool), force=force)
        books.commit()
    return written(books.paths, batch=batch)
