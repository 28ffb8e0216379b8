"""`trainingcli publish funds`: the use of funds, for the public."""

from __future__ import annotations

from trainingcli.cli import options, publish, session, view_options
from trainingcli.cli.failure import told
from trainingcli.language import tr
from trainingcli.result import Result

HELP = tr(
    "公开资金使用情况：各项资金，按项目、月份、区县、补贴对象。",
    "The use of funds: each fund; by programme, month, district, payee.",
)


@told
def run(
    since: view_options.From = None,
    until: view_options.To = None,
    year: view_options.Year = None,
    registers: options.RegistersPath = None,
    office: publish.OfficeName = None,
    phone: publish.Phone = None,
    address: publish.Address = None,
    out: options.OutFolder = publish.OUT,
    force: options.Force = False,
    ledger: options.LedgerPath = None,
    policy: options.PolicyPath = None,
    today: options.Today = None,
    operator: options.Operator = None,
) -> Result:
    """Work it out, publish it, return the document."""
    from trainingcli.views.funds import funds
    from trainingcli.views.publish.funds import use_of_funds
    from trainingcli.views.publish.publishing import Order

    period, law, day = view_options.period(since, until, year), options.law(policy), options.day(today)
    sources, districts = view_options.registers(registers)
    who = publish.office(office, phone, address)
    order = Order(out, day, who, session.operator(operator), session.named(ledger, registers, policy), force)
    return publish.published(
        ledger,
        lambda opened: use_of_funds(funds(opened, period, supplied=sources.budgets, districts=districts), law),
        order,
    )
