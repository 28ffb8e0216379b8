"""`trainingcli ledger`: what was posted (台账); a file a command."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from trainingcli.errors import LedgerError
from trainingcli.language import Text, tr

if TYPE_CHECKING:
    from trainingcli.ledger import Ledger

HELP = tr("台账：查看、导入、冲销、校验、重建、导出。", "The ledger: what was posted.")
BATCH = Annotated[int, typer.Argument(metavar=tr("批次", "BATCH"), help=tr("批次号。", "The batch's number."))]


def there(ledger: Ledger | None) -> Ledger:
    """Return the ledger; LedgerError (exit 4) where there is none."""
    if ledger is None:
        raise LedgerError(
            Text(
                "还没有台账；请用 --ledger 指定，或先用 claims --post 入账",
                "there is no ledger yet; name one with --ledger, or post one with claims --post",
            )
        )
    return ledger
