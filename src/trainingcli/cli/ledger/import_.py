"""`trainingcli ledger import`: what was paid before this program, as one batch."""

from __future__ import annotations

from typing import Annotated

import typer

from trainingcli.cli import options, session
from trainingcli.cli.failure import told
from trainingcli.cli.ledger import there
from trainingcli.language import tr
from trainingcli.result import Result

HELP = tr(
    "导入以前发放的补贴（有问题的行列出，不导入）。",
    "Import earlier payments; rows with faults are listed, not imported.",
)


@told
def run(
    files: Annotated[
        list[str],
        typer.Argument(
            metavar=tr("文件…", "FILE…"), help=tr("以前发放明细的工作簿。", "Workbooks of earlier payments.")
        ),
    ],
    programme: options.ProgrammeName = None,
    ledger: options.LedgerPath = None,
    policy: options.PolicyPath = None,
    today: options.Today = None,
    password_file: options.PasswordFile = None,
    format_: options.Output = None,
    unmask: options.Unmask = False,
    quiet: options.Quiet = False,
    lang: options.Lang = None,
) -> Result:
    """Check the rows as a roster's, post the good ones as one batch."""
    from trainingcli.claims.importing import import_payments
    from trainingcli.claims.rosters import read_inputs
    from trainingcli.cli.assessed import result_of

    with session.open_pool(1) as pool:
        law = options.law(policy)
        named = session.named(ledger, policy)
        request = session.request(files, today, programme, law, password_file, named=named)
        inputs = read_inputs(request, law, pool)
        with session.open_ledger(ledger, writing=True) as opened, there(opened).transaction():
            there(opened).refuse_unsound()
            found = import_payments(request, law, inputs, there(opened))
    return result_of(found, unmask=unmask)
