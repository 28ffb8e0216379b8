"""`trainingcli policy new`: write an overlay that makes the changes of `--set`, with comments."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from trainingcli.cli.failure import told
from trainingcli.errors import OutputError, UsageError
from trainingcli.language import Text, tr
from trainingcli.masking import mask_place
from trainingcli.result import Message, Result, written

HELP = tr("写一份政策调整文件：改哪几项、从哪天起、依据什么。", "Write a policy overlay: what, from when, by what.")


@told
def run(
    file: Annotated[
        Path, typer.Argument(metavar=tr("文件", "FILE"), help=tr("要写出的文件。", "The file that is written."))
    ],
    set_: Annotated[
        list[str],
        typer.Option(
            "--set",
            metavar=tr("键=值[@日期]", "KEY=VALUE[@DATE]"),
            help=tr("改一项，可写多次；不写日期为所有日期。", "Change an entry; repeatable. Without a day: on all."),
        ),
    ],
    source: Annotated[
        str,
        typer.Option(
            "--source", metavar=tr("依据", "TEXT"), help=tr("依据的文件名称和文号。", "The document that sets it.")
        ),
    ],
) -> Result:
    """Check the changes against the shipped policy, then write the file; one that is there is left."""
    from trainingcli.drafts import make_folder, write_new_file
    from trainingcli.policy.build import data_of
    from trainingcli.policy.overlay_file import overlay_text
    from trainingcli.policy.set_values import overlay, parse, with_settings
    from trainingcli.settle.programmes import codes

    if not source.strip():
        raise UsageError(Text("--source 是空的；请写明依据", "--source says nothing; name the document"))
    shipped, _ = data_of(None, ())
    settings = [parse(text, " ".join(source.split())) for text in set_]
    with_settings(shipped, settings, shipped, codes())
    text = overlay_text(overlay(shipped, settings), shipped, source)
    make_folder(file.parent)
    try:
        write_new_file(file, lambda target: target.write(text.encode()))
    except FileExistsError:
        place = mask_place(str(file))
        raise OutputError(
            Text(f"{place} 已经存在，没有覆盖；请换一个名称", f"{place} is there and was left; take another name")
        ) from None
    return written([str(file)], [Message(_next(file))])


def _next(file: Path) -> Text:
    place = mask_place(str(file))
    return Text(
        f"试算影响：trainingcli compare 花名册… --policy {place}",
        f"see what it costs: trainingcli compare ROSTER… --policy {place}",
    )
