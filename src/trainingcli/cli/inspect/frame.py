"""`trainingcli inspect frame`: the classes that may be checked, with what is risky in them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from trainingcli.cli import options, session, view_options
from trainingcli.cli.failure import told
from trainingcli.errors import Exit, UsageError
from trainingcli.language import Text, tr
from trainingcli.result import Message, Result

if TYPE_CHECKING:
    from trainingcli.claims.request import Request
    from trainingcli.evidence.gathered import Sources
    from trainingcli.facts import Head
    from trainingcli.policy import Policy
    from trainingcli.views.inspection.classes import InspectedClass
    from trainingcli.views.inspection.gathered_classes import Gathered
    from trainingcli.views.period import Period
    from trainingcli.workers import WorkerPool

HELP = tr(
    "编制抽查底册：台账一段时间内的班，或花名册中的班，写明风险分、权重和内容哈希。",
    "Write the frame: classes of the ledger in a period, or of rosters, with risk points, weights, a content hash.",
)


@told
def run(
    rosters: Annotated[
        list[str] | None,
        typer.Argument(
            metavar=tr("[花名册…]", "[ROSTER…]"),
            help=tr("文件、文件夹，或 -；不写则查台账。", "Files, folders, or -; without one the ledger is asked."),
        ),
    ] = None,
    since: view_options.From = None,
    until: view_options.To = None,
    year: view_options.Year = None,
    programme: options.ProgrammeName = None,
    registers: options.RegistersPath = None,
    out: options.OutFolder = Path("inspect-out"),
    force: options.Force = False,
    ledger: options.LedgerPath = None,
    policy: options.PolicyPath = None,
    words: options.WordsPath = None,
    today: options.Today = None,
    password_file: options.PasswordFile = None,
    jobs: options.Jobs = None,
) -> Result:
    """Gather the classes, write the frame, return it."""
    from trainingcli.views.inspection import pages
    from trainingcli.views.inspection.classes import content_hash
    from trainingcli.views.inspection.frame_workbook import NAME, FrameTask, write_frame
    from trainingcli.views.inspection.gathered_classes import classes_of

    period, law, day = view_options.period(since, until, year), options.law(policy), options.day(today)
    named = session.named(ledger, registers, policy, words, out, password_file)
    if rosters:
        if since or until or year is not None:
            both = Text("花名册与 --from、--to、--year 只能用一种", "give rosters, or a period of the ledger, not both")
            raise UsageError(both)
        asked = session.request(rosters, today, programme, law, password_file, named=named, words=words)
        with session.open_pool(jobs) as pool:
            found = _of_rosters(asked, law, pool, ledger, registers)
    else:
        found = _of_ledger(ledger, period, registers)
    classes, people = classes_of(found.gathered, law, found.sources.contents.get("classes"))
    hashed = content_hash(classes)
    task = FrameTask(classes, people, hashed, found.source, day.isoformat())
    outputs = view_options.write_workbook(
        out, NAME, lambda target: write_frame(task, target), [*named, *(rosters or ())], force=force
    ) if classes else []  # fmt: skip
    rows = [one.shown() for one in classes]
    facts = {
        "frame": hashed, "seed": None, "take": None, "period": period.shown(),
        "ledger": None if found.head is None else found.head.shown(), "outputs": outputs,
    }  # fmt: skip
    messages = [*found.messages, *_said(classes, found.sources)]
    return Result(
        pages.SCHEMA, pages.CLASSES, rows, facts, lambda room: pages.screen(rows, hashed, outputs), messages,
        exit_code=found.exit_code,
    )  # fmt: skip


@dataclass(frozen=True)
class _Found:
    """Where the classes come from, and what was found on the way."""

    gathered: Gathered
    sources: Sources
    head: Head | None
    source: Text
    messages: Sequence[Message] = ()
    exit_code: Exit = Exit.OK


def _of_ledger(address: str | None, period: Period, registers: Path | None) -> _Found:
    from trainingcli.views.inspection.gathered_classes import of_ledger

    with session.existing_ledger(address) as opened:
        sources, _ = view_options.registers(registers)
        with opened.one_state():
            gathered, head = of_ledger(opened, period), opened.head()
    return _Found(
        gathered, sources, head, Text(f"来源：台账 {head.hash}，{period}", f"From the ledger {head.hash}, {period}")
    )


def _of_rosters(request: Request, law: Policy, pool: WorkerPool, address: str | None, registers: Path | None) -> _Found:
    """Settle the rosters as `claims` does; nothing is posted, and no claim workbook is written."""
    from trainingcli.claims.assess import assess
    from trainingcli.claims.rosters import read_inputs
    from trainingcli.cli.assessed import input_code, messages
    from trainingcli.evidence.source import Given
    from trainingcli.views.inspection.gathered_classes import of_rosters

    sources = session.sources(Given(registers), law, pool, request.today)
    inputs = read_inputs(request, law, pool)
    with session.open_ledger(address, writing=False) as there:
        settled = assess(request._replace(settled_once=True), law, inputs, there, sources).assessment
        gathered, head = of_rosters(settled, there), None if there is None else there.head()
    source = Text(f"来源：花名册 {len(inputs)} 份", f"From {len(inputs)} rosters")
    return _Found(gathered, sources, head, source, list(messages(settled)), input_code(inputs))


def _said(classes: Sequence[InspectedClass], sources: Sources) -> list[Message]:
    """Say what was not looked at, what cannot be drawn, and where there is nothing."""
    from trainingcli.views.inspection.pages import NOTHING

    found = [] if classes else [Message(NOTHING)]
    if classes and "classes" not in sources.contents:
        zh = "没有开班备案（--registers 的 classes.xlsx），验收结果没有计入风险分"
        found.append(Message(Text(zh, "no register of classes (--registers): acceptance gave no points")))
    quoted = [one.label for one in classes if "'" in one.label]
    if quoted:
        zh = f"{len(quoted)} 个班的标识含有单引号，不能抽签，请先改正（{quoted[0]} 等）"
        en = f"{len(quoted)} labels have a single quote and cannot be drawn; mend them first ({quoted[0]})"
        found.append(Message(Text(zh, en)))
    return found
