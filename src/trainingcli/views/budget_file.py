"""A workbook of budgets (资金预算), as the register budgets.xlsx is, read to be written into the ledger."""

from __future__ import annotations

from pathlib import Path

from trainingcli.errors import InputError, UsageError
from trainingcli.evidence.register_contents import Contents, all_registers
from trainingcli.evidence.sources.budgets import budgets_of
from trainingcli.intake.tables.read_declared import read_declared
from trainingcli.language import Text
from trainingcli.ledger.records import Budget
from trainingcli.workers import WorkerPool


def read_budgets(file: str, pool: WorkerPool) -> list[Budget]:
    """Return the budgets of a file, a fund and year each; several rows of one add up.

    `InputError` (exit 3) where the file cannot be read or has no header; `UsageError` (exit 2) with the cell where one
    does not hold, or where there is no row: nothing is written of half a table.
    """
    read = read_declared([file], all_registers()["budgets"], pool, walk=False)
    for fault in read.unreadable:
        raise InputError(fault.line())
    for fault in read.faults:
        raise UsageError(fault.line())
    contents = Contents.of(read)
    if not len(contents):
        raise UsageError(Text(f"{Path(file).name} 没有一行预算", f"{Path(file).name} has no row"))
    return [Budget(fund, year, found.amount, found.used) for (fund, year), found in budgets_of(contents).items()]
