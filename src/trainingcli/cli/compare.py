"""`trainingcli compare`: what another policy would make of the same rosters; nothing is posted."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from trainingcli.cli import options, session
from trainingcli.cli.failure import told
from trainingcli.errors import UsageError
from trainingcli.evidence.source import NOTHING, Given
from trainingcli.language import Text, tr
from trainingcli.result import Result

if TYPE_CHECKING:
    from trainingcli.compare.comparison import Comparison
    from trainingcli.compare.sides import Rosters, Side

HELP = tr(
    "政策对比：同样的花名册按两种政策各核定一次，列出变化的明细、金额和人员，写出政策对比.xlsx。不入账。",
    "Compare policies: settle the same rosters by both, list what changes and what it costs. Never posts.",
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
    policy: Annotated[
        list[Path] | None,
        typer.Option(
            "--policy",
            help=tr(
                "政策文件：写两次为原、新；写一次与内置的比。", "Twice: before and after; once: against the shipped."
            ),
        ),
    ] = None,
    set_: Annotated[
        list[str] | None,
        typer.Option(
            "--set",
            metavar=tr("键=值[@日期]", "KEY=VALUE[@DATE]"),
            help=tr("改一项作为新政策，可写多次。", "Change an entry to make the new policy; may be repeated."),
        ),
    ] = None,
    readings: Annotated[
        bool,
        typer.Option(
            "--readings",
            help=tr("各未定口径逐一改读，按金额排列。", "Read each open question otherwise, ranked by yuan."),
        ),
    ] = False,
    out: options.OutFolder = Path("compare-out"),
    force: options.Force = False,
    programme: options.ProgrammeName = None,
    ledger: options.LedgerPath = None,
    evidence: Given = NOTHING,
    words: options.WordsPath = None,
    today: options.Today = None,
    password_file: options.PasswordFile = None,
    jobs: options.Jobs = None,
) -> Result:
    """Make the policies, settle the rosters by each, return what differs."""
    from trainingcli.claims.rosters import read_inputs
    from trainingcli.compare.sides import Rosters

    laws = options.laws(policy or [], set_ or [], readings=readings)
    with session.open_pool(jobs) as pool, session.progress(str(session.READING)) as bar:
        named = session.named(ledger, out, *(policy or []), *evidence.paths)
        request = session.request(
            rosters, today, programme, laws.before, password_file, bar, named=named, force=force, words=words
        )
        with session.open_ledger(ledger, writing=False) as opened:
            asked = Rosters(
                request,
                opened,
                lambda law: read_inputs(request, law, pool),
                lambda law: session.sources(evidence, law, pool, request.today),
            )
            before = asked.side(laws.before)
            if laws.after is None:
                return _readings(asked, before, laws)
            return _comparison(asked, before, laws, out)


def _readings(rosters: Rosters, before: Side, laws: options.Laws) -> Result:
    from trainingcli.cli import assessed
    from trainingcli.compare import readings
    from trainingcli.reports.data.claims_json import facts
    from trainingcli.settle.programmes import codes

    rows: list[Any] = readings.ranked(rosters, before, laws.data, laws.shipped, codes())
    shared = facts(before.assessment)
    document = {key: shared[key] for key in ("policy", "inputs", "checks", "ledger", "warnings")}
    return Result(
        readings.SCHEMA, readings.READINGS, rows, document,
        lambda room: readings.screen(rows, before.policy.id), list(assessed.messages(before.assessment)), readings.NEXT,
        assessed.input_code(before.assessment.inputs),
    )  # fmt: skip


def _comparison(rosters: Rosters, before: Side, laws: options.Laws, out: Path) -> Result:
    from trainingcli.cli import assessed
    from trainingcli.compare import document
    from trainingcli.compare.comparison import compared
    from trainingcli.compare.screen import screen

    if laws.after is None:
        raise UsageError(_NOTHING)
    found = compared(rosters, before, laws.after)
    after = found.after.assessment
    facts = document.facts(found, _written(found, rosters, out) if len(found.changed) else [])
    return Result(
        document.SCHEMA, document.CHANGES, document.changes(found), facts, lambda room: screen(found, facts),
        list(assessed.messages(after)), None, assessed.input_code(after.inputs),
    )  # fmt: skip


_NOTHING = Text("没有写明与什么比", "nothing to compare with")


def _written(found: Comparison, rosters: Rosters, out: Path) -> list[str]:
    """Write the workbook into `--out`; return its path. OutputError (exit 5) where it cannot be, or must not."""
    from trainingcli.compare.workbook import NAME, write_comparison_workbook
    from trainingcli.drafts import make_folder, write_file
    from trainingcli.replacing import refuse_replacing

    request, path = rosters.request, out / f"{NAME}.xlsx"
    inputs = [*(item.path for item in found.after.assessment.inputs), *request.named]
    refuse_replacing([path], inputs, force=request.force)
    make_folder(out)
    write_file(path, lambda target: write_comparison_workbook(found, target))
    return [str(path)]
