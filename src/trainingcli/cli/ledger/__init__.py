"""`trainingcli ledger`: what was posted (台账); a file a command."""

from __future__ import annotations

from typing import Annotated

import typer

from trainingcli.language import tr

HELP = tr("台账：查看、导入、冲销、校验、重建、导出。", "The ledger: what was posted.")
BATCH = Annotated[int, typer.Argument(metavar=tr("批次", "BATCH"), help=tr("批次号。", "The batch's number."))]
