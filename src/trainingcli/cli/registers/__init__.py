"""`trainingcli registers`: the published lists (目录清单); a file a command."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from trainingcli.language import tr

HELP = tr(
    "目录清单：生成空白表、检查、查看。", "Registers (published lists): write blank ones, check and show filled ones."
)
FOLDER = Annotated[
    Path, typer.Argument(metavar=tr("文件夹", "DIR"), help=tr("目录清单所在的文件夹。", "The registers' folder."))
]
