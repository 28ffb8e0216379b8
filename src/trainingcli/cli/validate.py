"""`trainingcli validate`: what is wrong with which cell of a roster; nothing is written, no ledger is opened."""

from __future__ import annotations

from typing import Annotated

import typer

from trainingcli.cli import options
from trainingcli.cli.failure import told
from trainingcli.errors import Exit
from trainingcli.evidence.source import NOTHING, Given
from trainingcli.language import tr
from trainingcli.result import Result, worst

HELP = tr(
    "只校验花名册：列出每一行的全部问题，不写任何文件，不读台账。有错误时以 1 退出。",
    "Check rosters only: every finding of every row; writes nothing, opens no ledger. Exit 1 on errors.",
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
    programme: options.ProgrammeName = None,
    policy: options.PolicyPath = None,
    evidence: Given = NOTHING,
    words: options.WordsPath = None,
    today: options.Today = None,
    password_file: options.PasswordFile = None,
    jobs: options.Jobs = None,
    unmask: bool = False,
) -> Result:
    """Read, settle without history, and print what was found."""
    from trainingcli.claims.assess import assess_rows
    from trainingcli.claims.rosters import read_inputs, read_rows
    from trainingcli.cli import session
    from trainingcli.cli.assessed import input_code, messages
    from trainingcli.reports.data import findings_frame as findings
    from trainingcli.reports.data.frames import records

    with session.open_pool(jobs) as pool, session.progress(str(session.READING)) as bar:
        law = options.law(policy)
        named = session.named(None, policy, *evidence.paths)
        request = session.request(rosters, today, programme, law, password_file, bar, named=named, words=words)
        sources = session.sources(evidence, law, pool, request.today, request.named)
        inputs = read_inputs(request, law, pool)
        rows = read_rows(inputs, law, request.today, sources.aliases)
        result = assess_rows(rows, request, law, inputs, None, sources).assessment
        found = findings.findings_frame(result, rows, unmask=unmask)
    code = Exit.FOUND if (found["severity"] == "error").any() else Exit.OK
    return Result(
        findings.SCHEMA, findings.FINDINGS, records(found), findings.facts(found, result), findings.screen(found),
        list(messages(result)), exit_code=worst(code, input_code(result.inputs)),
    )  # fmt: skip
