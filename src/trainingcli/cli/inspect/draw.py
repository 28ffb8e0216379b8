"""`trainingcli inspect draw`: classes drawn from a frame by a public seed; check forms for those drawn."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from trainingcli.cli import options, session, view_options
from trainingcli.cli.failure import told
from trainingcli.language import Text, tr
from trainingcli.result import Message, Result

HELP = tr(
    "按种子从底册抽签，写出名单、替补顺序、验算命令和核查表。",
    "Draw classes from a frame by a seed: the list, substitutes, how to check each ticket, and check forms.",
)


@told
def run(
    frame: Annotated[
        str, typer.Argument(metavar=tr("底册", "FRAME"), help=tr("inspect frame 写出的抽查底册。", "The frame."))
    ],
    take: Annotated[
        int, typer.Option("--take", metavar="N", min=1, help=tr("抽几个班。", "How many classes are drawn."))
    ],
    seed: Annotated[
        str,
        typer.Option(
            "--seed",
            metavar=tr("种子", "TEXT"),
            help=tr("公开的种子（如开奖号码），底册公布之后才能知道的。", "A public seed, known only after the frame."),
        ),
    ],
    hash_: Annotated[
        str | None,
        typer.Option("--hash", metavar="HEX", help=tr("公布的底册内容哈希。", "The published content hash.")),
    ] = None,
    out: options.OutFolder = Path("inspect-out"),
    force: options.Force = False,
    today: options.Today = None,
) -> Result:
    """Read the frame, draw, write the list and the forms."""
    from trainingcli.views.inspection import pages
    from trainingcli.views.inspection.draw import draw, seed_of
    from trainingcli.views.inspection.draw_workbook import NAME, DrawTask, write_draw
    from trainingcli.views.inspection.frame_file import read_frame

    day, sown = options.day(today), seed_of(seed)
    with session.open_pool(1) as pool:
        found = read_frame(frame, pool, hash_)
    classes = draw(found.classes, sown, take)
    task = DrawTask(classes, found.people, found.hash, sown, take, day.isoformat())
    outputs = view_options.write_workbook(
        out, NAME, lambda target: write_draw(task, target), [frame], force=force
    ) if classes else []  # fmt: skip
    rows = [one.shown() for one in classes]
    said = []
    if not classes:
        said = [Message(pages.NOTHING)]
    elif take > len(classes):
        zh = f"底册只有 {len(classes)} 个班，全部抽中"
        said = [Message(Text(zh, f"the frame has {len(classes)} classes; all are drawn"))]
    facts = {"frame": found.hash, "seed": sown, "take": take, "ledger": None, "outputs": outputs}
    return Result(
        pages.SCHEMA, pages.CLASSES, rows, facts,
        lambda room: pages.screen(rows, found.hash, outputs, sown, take), said,
    )  # fmt: skip
