"""`trainingcli awards`: settle awards of bases and studios, write claim workbooks, post to the ledger when asked."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from trainingcli.cli import options, session
from trainingcli.cli.failure import told
from trainingcli.evidence.source import NOTHING, Given
from trainingcli.language import tr
from trainingcli.result import Result

HELP = tr(
    "核定基地、工作室补助：读取申领表、按方案核定，写出各单位申领工作簿和汇总。加 --post 才记入台账。",
    "Settle awards of bases and studios, write claim workbooks and a summary. Posts only with --post.",
)


@told
def run(
    files: Annotated[
        list[str],
        typer.Argument(
            metavar=tr("申领表…", "FILE…"),
            help=tr("文件、文件夹，或 - 表示标准输入。", "Files, folders, or - for standard input."),
        ),
    ],
    out: options.OutFolder = Path("awards-out"),
    post: options.Post = False,
    fail_on: options.FailOnStatus = None,
    returns: Annotated[
        bool,
        typer.Option("--returns", help=tr("另写退回单位的标注工作簿。", "Also write marked workbooks for the units.")),
    ] = False,
    force: options.Force = False,
    clean: options.Clean = False,
    ledger: options.LedgerPath = None,
    policy: options.PolicyPath = None,
    evidence: Given = NOTHING,
    words: options.WordsPath = None,
    today: options.Today = None,
    operator: options.Operator = None,
    backdate: options.Backdate = None,
    password_file: options.PasswordFile = None,
    jobs: options.Jobs = None,
) -> Result:
    """Build the request, run it, return what it came to."""
    from trainingcli.awards.document import LINES, SCHEMA, facts, line_rows, screen
    from trainingcli.awards.engine import AwardsEngine
    from trainingcli.claims.main_job import claims
    from trainingcli.claims.post import Who
    from trainingcli.cli.assessed import found_code, input_code, messages
    from trainingcli.reports.screen.claims_screen import next_step
    from trainingcli.result import worst

    with session.open_pool(jobs) as pool, session.progress(str(session.READING)) as bar:
        law = options.law(policy)
        named = session.named(ledger, out, policy, *evidence.paths)
        request = session.request(
            files, today, None, law, password_file, bar, named=named, force=force, clean=clean, words=words
        )
        sources = session.sources(evidence, law, pool, request.today, request.named)
        with session.open_ledger(ledger, writing=post) as opened:
            if post and opened is not None:
                request = session.dated(request, opened, today, backdate)
            who = Who(session.operator(operator), backdate)
            result = claims(
                request, law, AwardsEngine(pool), out,
                ledger=opened, posting=post, sources=sources, returns=returns, who=who,
            )  # fmt: skip
    batch = result.batch
    return Result(
        SCHEMA, LINES, line_rows(result), facts(result), lambda room: screen(result), list(messages(result)),
        next_step(result), worst(input_code(result.inputs), found_code(result, [one.value for one in fail_on or []])),
        None if batch is None or batch.already_posted else batch.id,
    )  # fmt: skip
