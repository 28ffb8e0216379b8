"""`trainingcli pay export`: what batches paid, a payment a payee and fund, as a bank's files."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from trainingcli.cli import options, session
from trainingcli.cli.failure import told
from trainingcli.errors import Exit, UsageError
from trainingcli.language import Text, tr
from trainingcli.result import Message, Result

HELP = tr(
    "导出付款文件：每个收款方每项资金一笔，附控制表；没有账号或账号可疑的不付，列出。",
    "Write payment files: a payment a payee and fund, with a control sheet; without a sound account nobody is paid.",
)


@told
def run(
    batch: Annotated[
        list[int],
        typer.Option(
            "--batch", metavar="N", min=1, help=tr("台账批次（可多次给出）。", "The ledger's batch; several.")
        ),
    ],
    bank: Annotated[
        str,
        typer.Option(
            "--bank",
            metavar=tr("格式|文件", "NAME|FILE"),
            help=tr(
                "付款文件格式：generic、three-column、gbk-csv，或自己的文件。",
                "Profile: generic, three-column, gbk-csv, or a file of your own.",
            ),
        ),
    ] = "generic",
    again: Annotated[
        str | None,
        typer.Option(
            "--again",
            metavar=tr("原因", "WHY"),
            help=tr("导出过的批次再次整批导出的原因，记入台账。", "Why a batch goes out again, whole; kept."),
        ),
    ] = None,
    rest: Annotated[
        bool,
        typer.Option("--rest", help=tr("只导出以前没有付出的。", "Only what earlier exports left out.")),
    ] = False,
    registers: options.RegistersPath = None,
    out: options.OutFolder = Path("pay-out"),
    force: options.Force = False,
    ledger: options.LedgerPath = None,
    today: options.Today = None,
    operator: options.Operator = None,
    unmask: bool = False,
) -> Result:
    """Read the accounts, export, return what went out and what did not."""
    from trainingcli.evidence.accounts import read_accounts
    from trainingcli.views.payments import pages
    from trainingcli.views.payments.export import AskedExport, export
    from trainingcli.views.payments.profile import load_profile

    if again is not None and rest:
        raise UsageError(Text("--again 与 --rest 只能用一种", "give --again or --rest, not both"))
    why, day, profile = session.why(again, "--again"), options.day(today), load_profile(bank)
    batches = sorted(set(batch))
    named = session.named(ledger, registers, bank)
    with session.open_pool(1) as pool:
        registered = read_accounts(registers, pool)
    who = session.operator(operator)
    with session.existing_ledger(ledger, writing=True) as opened:
        asked = AskedExport(batches, profile, registered, out, day, who, why, rest, named, force)
        found = export(opened, asked)
    rows, facts = pages.rows(found, unmask=unmask), pages.facts(found, batches)
    problems = sum(row["problem"] is not None for row in rows)
    messages = []
    if not rows:
        messages = [Message(Text("没有要付的明细", "there is nothing to pay"))]
    elif problems:
        zh = f"{problems} 笔没有付出：收款账号缺少、不一或不是账号；改正后用 --rest 导出"
        en = f"{problems} payments did not go out, for want of one sound account; correct them, then --rest"
        messages = [Message(Text(zh, en), is_error=True)]
    return Result(
        pages.SCHEMA, pages.PAYMENTS, rows, facts, lambda room: pages.screen(rows, facts, unmask=unmask), messages,
        exit_code=Exit.INPUT if problems else Exit.OK, posted=found.batch,
    )  # fmt: skip
