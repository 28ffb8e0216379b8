"""`trainingcli claims`: settle rosters, write claim workbooks, post to the ledger when asked."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from trainingcli.cli import options, session
from trainingcli.cli.failure import told
from trainingcli.evidence.source import NOTHING, Given
from trainingcli.language import tr
from trainingcli.result import Result

if TYPE_CHECKING:
    from trainingcli.settle.assessment import Assessment

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
    post: options.Post = False,
    fail_on: options.FailOnStatus = None,
    returns: Annotated[
        bool,
        typer.Option(
            "--returns", help=tr("另写退回机构的标注工作簿。", "Also write marked workbooks for the institutions.")
        ),
    ] = False,
    returns_reduced: Annotated[
        bool,
        typer.Option(
            "--returns-reduced",
            help=tr("只有核减的文件也写退回件。", "With --returns: files too whose only finding is a reduction."),
        ),
    ] = False,
    force: options.Force = False,
    clean: options.Clean = False,
    programme: options.ProgrammeName = None,
    ledger: options.LedgerPath = None,
    policy: options.PolicyPath = None,
    evidence: Given = NOTHING,
    words: options.WordsPath = None,
    today: options.Today = None,
    operator: options.Operator = None,
    backdate: options.Backdate = None,
    password_file: options.PasswordFile = None,
    jobs: options.Jobs = None,
    engine: options.Engine = None,
    scheduler: options.Scheduler = None,
    format_: options.Format | None = None,
    unmask: bool = False,
) -> Result:
    """Build the request, run it, return what it came to."""
    from trainingcli.claims.main_job import claims
    from trainingcli.claims.post import Who
    from trainingcli.cli.assessed import result_of
    from trainingcli.engines import open_engine

    with (
        session.open_pool(jobs, ready=engine is not options.EngineName.dask) as pool,  # its workers read
        open_engine(engine, scheduler, pool) as worked,
        session.progress(str(session.READING)) as bar,
    ):
        law = options.law(policy)
        named = session.named(ledger, out, policy, *evidence.paths)
        request = session.request(
            rosters,
            today,
            programme,
            law,
            password_file,
            bar,
            named=named,
            force=force,
            clean=clean,
            return_reduced=returns_reduced,
            words=words,
        )
        sources = session.sources(evidence, law, pool, request.today, request.named)
        with session.open_ledger(ledger, writing=post) as opened:
            if post and opened is not None:
                request = session.dated(request, opened, today, backdate)
            result = claims(
                request, law, worked, out, ledger=opened, posting=post, sources=sources, returns=returns,
                who=Who(session.operator(operator), backdate),
                settled_first=_printed_first(format_, unmask=unmask),
            )  # fmt: skip
    found = result_of(result, unmask=unmask, fail_on=[status.value for status in fail_on or []])
    return replace(found, rows=()) if format_ is options.Format.ndjson and not post else found


def _printed_first(format_: options.Format | None, *, unmask: bool) -> Callable[[Assessment], None] | None:
    """Return what prints the lines of ndjson as soon as they are settled; the workbooks come after."""
    from trainingcli.cli.assessed import result_of
    from trainingcli.cli.render import stream

    if format_ is not options.Format.ndjson:
        return None
    return lambda settled: stream(result_of(settled, unmask=unmask), unmask=unmask)
