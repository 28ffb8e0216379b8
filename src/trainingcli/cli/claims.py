"""`trainingcli claims`: settle rosters, write claim workbooks, post to the ledger when asked."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from trainingcli.cli import options, output, session
from trainingcli.cli.failure import told
from trainingcli.errors import Exit
from trainingcli.language import tr
from trainingcli.masking import mask_place

if TYPE_CHECKING:
    from trainingcli.settle.assessment import Assessment

COMMAND = "claims"
HELP = tr(
    "核定花名册：读取、校验、按方案核定，写出各机构申领工作簿和汇总。加 --post 才记入台账。",
    "Settle rosters: read, validate, apply the plan, write claim workbooks and a summary. Posts only with --post.",
)


@told
def run(
    rosters: Annotated[
        list[str],
        typer.Argument(
            metavar=tr("花名册…", "ROSTER…"),
            help=tr("文件、文件夹，或 - 表示标准输入。", "Files, folders, or - for standard input."),
        ),
    ],
    out: options.OutFolder = Path("claims-out"),
    post: Annotated[
        bool, typer.Option("--post", help=tr("核定后记入台账。", "Post the result to the ledger."))
    ] = False,
    fail_on: Annotated[
        list[options.FailOn] | None,
        typer.Option("--fail-on", help=tr("有此状态的明细时以 1 退出。", "Exit 1 when a line has this status.")),
    ] = None,
    returns: Annotated[
        bool,
        typer.Option(
            "--returns", help=tr("另写退回机构的标注工作簿。", "Also write marked workbooks for the institutions.")
        ),
    ] = False,
    force: options.Force = False,
    clean: Annotated[
        bool,
        typer.Option(
            "--clean",
            help=tr("删除 --out 中以前写出的工作簿。", "Remove the workbooks that earlier runs left in --out."),
        ),
    ] = False,
    programme: options.ProgrammeName = None,
    ledger: options.LedgerPath = None,
    policy: options.PolicyPath = None,
    registers: options.RegistersPath = None,
    today: options.Today = None,
    password_file: options.PasswordFile = None,
    jobs: options.Jobs = None,
    engine: options.Engine = None,
    scheduler: options.Scheduler = None,
    format_: options.Output = None,
    unmask: options.Unmask = False,
    quiet: options.Quiet = False,
    lang: options.Lang = None,
) -> int:
    """Build the request, run it, print the result."""
    from trainingcli.claims.main_job import claims
    from trainingcli.engines import open_engine

    with session.open_pool(jobs) as pool, session.progress(quiet, str(session.READING)) as bar:
        from trainingcli.evidence.registers import load_registers

        law = options.law(policy)
        named = session.named(ledger, out, registers, policy)
        request = session.request(
            rosters, today, programme, law, password_file, bar, named=named, force=force, clean=clean
        )
        lists = load_registers(registers)
        with open_engine(engine, scheduler, pool) as worked, session.open_ledger(ledger, writing=post) as opened:
            result = claims(request, law, worked, out, ledger=opened, posting=post, registers=lists, returns=returns)
    output.tell(result, quiet)
    _tell_stale(result, quiet)
    output.print_assessment(result, format_, unmask=unmask)
    return _exit_code(result, fail_on or [])


def _tell_stale(result: Assessment, quiet: bool) -> None:
    if result.stale:
        first, count = mask_place(result.stale[0]), len(result.stale)
        session.note(
            quiet,
            tr(
                f"输出文件夹里还有以前写出的工作簿 {count} 个，不是本次结果（{first} 等）；可用 --clean 删除。",
                f"{count} workbooks of earlier runs are in the output folder ({first}, …); --clean removes them.",
            ),
        )


def _exit_code(result: Assessment, fail_on: list[options.FailOn]) -> int:
    if any(item.error is not None for item in result.inputs):
        return Exit.INPUT
    statuses = set(result.lines["status"].unique())
    return Exit.FOUND if any(name.value in statuses for name in fail_on) else Exit.OK
