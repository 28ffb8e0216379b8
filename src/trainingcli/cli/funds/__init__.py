"""`trainingcli funds`: the use of funds; `funds set` writes budgets into the ledger."""

from __future__ import annotations

from pathlib import Path

from trainingcli.cli import options, session, view_options
from trainingcli.cli.failure import told
from trainingcli.language import tr
from trainingcli.result import Message, Result

HELP = tr(
    "资金使用情况：各项资金的预算、执行、结余；一段时间付了多少，按项目、月份、区县、机构。",
    "The use of funds: budgets, what is used and left; what a period paid, by programme, month, district, payee.",
)


@told
def run(
    since: view_options.From = None,
    until: view_options.To = None,
    year: view_options.Year = None,
    registers: options.RegistersPath = None,
    out: options.OutFolder = Path("funds-out"),
    force: options.Force = False,
    ledger: options.LedgerPath = None,
    policy: options.PolicyPath = None,
    today: options.Today = None,
) -> Result:
    """Work it out, write the workbook, return the document."""
    from trainingcli.views.funds import funds
    from trainingcli.views.funds_pages import FUNDS, NAME, SCHEMA, FundsTask, facts, screen, write_funds_workbook

    period, law, day = view_options.period(since, until, year), options.law(policy), options.day(today)
    with session.existing_ledger(ledger) as opened:
        sources, districts = view_options.registers(registers)
        found = funds(opened, period, supplied=sources.budgets, districts=districts)
    task = FundsTask(found, law, day.isoformat())
    named = session.named(ledger, registers, policy)
    outputs = view_options.write_workbook(
        out, NAME, lambda target: write_funds_workbook(task, target), named, force=force
    )
    return Result(
        SCHEMA, FUNDS, [account.shown() for account in found.accounts], {**facts(found), "outputs": outputs},
        lambda room: screen(found, law), [Message(text) for text in found.said],
    )  # fmt: skip
