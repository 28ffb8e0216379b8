"""`trainingcli ledger export`: every entry as a workbook or csv file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from trainingcli.cli import options, session, view_options
from trainingcli.cli.failure import told
from trainingcli.language import tr
from trainingcli.result import Result, written

HELP = tr("导出全部分录（xlsx 或 csv）。", "Export every entry (xlsx or csv).")


@told
def run(
    file: Annotated[
        Path, typer.Argument(metavar=tr("文件", "FILE"), help=tr("以 .xlsx 或 .csv 结尾。", "Ends in .xlsx or .csv."))
    ],
    registers: options.RegistersPath = None,
    force: options.Force = False,
    ledger: options.LedgerPath = None,
    unmask: bool = False,
) -> Result:
    """Write every entry, masked unless asked otherwise."""
    from trainingcli.replacing import refuse_replacing
    from trainingcli.reports.data.export import export_frame
    from trainingcli.views.ledger_views import export_view

    refuse_replacing([file], session.named(ledger, registers), force=force)
    with session.existing_ledger(ledger) as opened:
        _, districts = view_options.registers(registers)
        export_frame(export_view(opened, districts, unmask=unmask), file)
    return written([str(file)])
