"""`trainingcli registers template`: the registers, blank."""

from __future__ import annotations

from trainingcli.cli.failure import told
from trainingcli.cli.registers import FOLDER
from trainingcli.language import Text, tr
from trainingcli.result import Message, Result, written

HELP = tr("写出空白目录清单。", "Write the registers blank.")


@told
def run(folder: FOLDER) -> Result:
    """Headings, text-formatted numbers, drop-downs; what is there already is not overwritten."""
    from trainingcli.evidence.register_templates import write_templates

    next_step = Text("请填写后用 registers check 检查。", "Fill them in, then run `registers check`.")
    return written(map(str, write_templates(folder)), messages=[Message(next_step)])
