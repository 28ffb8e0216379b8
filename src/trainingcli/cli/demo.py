"""`trainingcli demo`: a tour with the sample data that travels with the program."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from trainingcli.cli import session
from trainingcli.cli.failure import told
from trainingcli.errors import Exit
from trainingcli.language import Text, tr
from trainingcli.result import Block, Column, Listing, Prose, Result

if TYPE_CHECKING:
    from trainingcli.tour import Done

HELP = tr(
    "用虚构的示例数据演示一遍：核定、入账、退回、比对、资金；写在一个新文件夹里，不动您的台账。",
    "A tour with fictitious data: settle, post, return, compare, funds; in a new folder, with a ledger of its own.",
)
IS_BARE = True
STEPS = Listing(
    "steps",
    (
        Column("title", Text("做什么", "What")),
        Column("command", Text("命令", "Command"), "place"),
        Column("exit_code", Text("退出码", "Exit code"), "count"),
    ),
)


@told
def run(
    folder: Annotated[
        Path | None,
        typer.Argument(
            metavar=tr("文件夹", "DIR"),
            help=tr("写到这个新文件夹（默认 trainingcli-demo）。", "A new folder (default: trainingcli-demo)."),
        ),
    ] = None,
) -> Result:
    """Lay out the samples, run each step, show what it came to."""
    from trainingcli import terminal_text, tour

    place = tour.folder_for(folder)
    tour.prepare(place)
    done = []
    for number, step in enumerate(tour.walked(place, terminal_text.columns()), 1):
        session.note(f"{number}/{len(tour.STEPS)} {step.step.why}")
        done.append(step)
    rows = [{"title": str(each.step.why), "command": each.command, "exit_code": each.code} for each in done]
    failed = any(each.code for each in done)
    result = Result("trainingcli.demo/1", STEPS, rows, {"folder": str(place)}, lambda room: _screen(done, room))
    result.exit_code = Exit.INTERNAL if failed else Exit.OK
    result.next_step = Text(
        f"都在文件夹 {place} 里：花名册、claims-out/ 的工作簿、台账。可以进去接着试。",
        f"All of it is in {place}: rosters, the workbooks in claims-out/, a ledger. Go on trying there.",
    )
    return result


def _screen(done: Sequence[Done], room: int) -> Iterator[Block]:
    from trainingcli import terminal_text

    for number, each in enumerate(done, 1):
        yield Prose(f"\n{number}. {each.step.why}", "bold")
        yield Prose(terminal_text.paragraph(f"$ {each.command}", room, 2))
        yield Prose(each.shown)
