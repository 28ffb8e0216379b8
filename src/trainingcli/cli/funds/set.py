"""`trainingcli funds set`: budgets and openings into the ledger, as one batch."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from trainingcli.cli import options, session
from trainingcli.cli.failure import told
from trainingcli.language import Text, tr
from trainingcli.result import Listing, Message, Result, columns

HELP = tr(
    "把预算表（budgets.xlsx 的样式）记入台账；内容相同则不再记。",
    "Write budgets (a workbook as budgets.xlsx) into the ledger; the same again writes nothing.",
)
BUDGETS = Listing(
    "budgets",
    columns("""
    fund     资金来源  text  Fund
    year     年度      code  Year
    budget   预算      yuan  Budget
    opening  期初已用  yuan  Opening
    """),
)


@told
def run(
    file: Annotated[
        Path,
        typer.Argument(metavar=tr("文件", "FILE"), help=tr("资金预算表，一行一项。", "The workbook of budgets.")),
    ],
    ledger: options.LedgerPath = None,
    operator: options.Operator = None,
) -> Result:
    """Read all of it before anything is written."""
    from trainingcli.claims.post import now
    from trainingcli.money import yuan_text
    from trainingcli.views.budget_file import read_budgets

    with session.open_pool(1) as pool:
        budgets = read_budgets(str(file), pool)
    with session.open_ledger(ledger, writing=True) as opened:
        assert opened is not None, "one is made where there is none"
        with opened.transaction():
            opened.refuse_unsound()
            batch = opened.set_budget(budgets, when=now(), operator=session.operator(operator))
        head = opened.head()
    rows = [
        {"fund": one.fund, "year": one.year, "budget": yuan_text(one.amount), "opening": yuan_text(one.opening)}
        for one in budgets
    ]
    said = Text(f"已记入台账，批次 {batch}", f"written as batch {batch}")
    if batch is None:
        said = Text("台账里已是这些预算，没有写入", "the ledger says the same already; nothing was written")
    facts = {"ledger": head.shown(), "batch": batch}
    return Result("trainingcli.budgets/1", BUDGETS, rows, facts, messages=[Message(said)], posted=batch)
