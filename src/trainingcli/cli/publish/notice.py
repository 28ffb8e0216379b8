"""`trainingcli publish notice`: who is to be paid, or was."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from trainingcli.cli import options, publish, session, view_options
from trainingcli.cli.failure import told
from trainingcli.errors import UsageError
from trainingcli.language import Text, tr
from trainingcli.result import Result

HELP = tr(
    "补贴公示：一批或一段时间的补贴名单和各补贴对象的核定情况；姓名全写，身份证号隐去中间。",
    "The notice of subsidies: the list of batches or of a period, and each payee's counts; ID numbers are masked.",
)


class Counted(StrEnum):
    """Which days a notice stands."""

    working = "working"
    calendar = "calendar"


@told
def run(
    batch: Annotated[
        list[int] | None,
        typer.Option("--batch", metavar="N", help=tr("公示这个批次（可多次给出）。", "This batch; several times.")),
    ] = None,
    since: view_options.From = None,
    until: view_options.To = None,
    year: view_options.Year = None,
    paid: Annotated[
        bool, typer.Option("--paid", help=tr("公示已发放的，而不是拟发放的。", "What was paid, not what will be."))
    ] = False,
    start: Annotated[
        str | None,
        typer.Option(
            "--start",
            metavar="YYYY-MM-DD",
            help=tr(
                "公示开始日（默认：今天）；次日起算。", "The day it begins (default: today); counted from the next."
            ),
        ),
    ] = None,
    days: Annotated[int, typer.Option("--days", min=1, max=366, help=tr("公示几天。", "How many days it stands."))] = 5,
    kind: Annotated[
        Counted, typer.Option("--kind", help=tr("按工作日或自然日计。", "Working days, or calendar days."))
    ] = Counted.working,
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
    """Make the notice, publish it, return the document."""
    from trainingcli.views.publish.notice import AskedNotice, notice
    from trainingcli.views.publish.objection import standing
    from trainingcli.views.publish.publishing import Order

    period, law, day = view_options.period(since, until, year), options.law(policy), options.day(today)
    is_period = (since, until, year) != (None, None, None)
    if bool(batch) == is_period:
        zh = "请写明公示什么：--batch 批次，或用 --from、--to、--year 写一段时间，二者只用一种"
        raise UsageError(Text(zh, "say what: --batch N, or a period by --from, --to or --year, one of the two"))
    stands = standing(day if start is None else options.day(start, "--start"), days, kind.value)
    asked = AskedNotice(tuple(dict.fromkeys(batch or ())), period, paid)
    who = publish.office(office, phone, address)
    order = Order(out, day, who, session.operator(operator), session.named(ledger, policy), force)
    return publish.published(ledger, lambda opened: notice(opened, law, asked, stands), order)
