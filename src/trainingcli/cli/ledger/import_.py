"""`trainingcli ledger import`: what was paid before this program, as one batch."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Annotated

import typer

from trainingcli.cli import options, session
from trainingcli.cli.failure import told
from trainingcli.errors import Exit
from trainingcli.language import Text, tr
from trainingcli.result import Message, Result, worst

if TYPE_CHECKING:
    from trainingcli.settle.assessment import Assessment

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
    words: options.WordsPath = None,
    today: options.Today = None,
    operator: options.Operator = None,
    password_file: options.PasswordFile = None,
    unmask: bool = False,
) -> Result:
    """Check the rows as a roster's, post the good ones as one batch."""
    from trainingcli.claims.importing import import_payments
    from trainingcli.claims.post import Who
    from trainingcli.claims.rosters import PAID, read_inputs
    from trainingcli.cli.assessed import result_of

    with session.open_pool(1) as pool:
        law = options.law(policy)
        named = session.named(ledger, policy)
        request = session.request(files, today, programme, law, password_file, named=named, words=words)
        inputs = read_inputs(request, law, pool, PAID)
        with session.existing_ledger(ledger, writing=True, create=True) as opened:
            found = import_payments(request, law, inputs, opened, Who(session.operator(operator)))
    return _counted(result_of(found, unmask=unmask), found)


def _counted(result: Result, found: Assessment) -> Result:
    """Say how many rows were imported, and each that was not; exit 1 where there is one."""
    lines = found.lines
    done = lines["status"].isin(["approved", "reduced"])
    counts = Text(f"导入 {done.sum()} 笔，共 {len(lines)} 笔", f"{done.sum()} of {len(lines)} imported")
    said = [Message(counts, is_error=not done.all())]
    for line in lines.index[~done]:
        row = lines.loc[line]
        codes = " ".join(dict.fromkeys(found.reasons.loc[found.reasons["line"] == line, "code"]))
        place = tr(
            f"{row['file']}：{row['sheet']} 第 {row['row']} 行", f"{row['file']}: {row['sheet']} row {row['row']}"
        )
        said.append(Message(Text(f"未导入：{codes}", f"not imported: {codes}"), f"{place} ", is_error=True))
    code = result.exit_code if done.all() else worst(result.exit_code, Exit.FOUND)
    mend = Text(
        "下一步：没有导入的行改好，单独存成一张表再导入。", "Next: mend the rows left out, import them on their own."
    )
    step = None if done.all() else mend
    return replace(result, messages=[*result.messages, *said], exit_code=code, next_step=step)
