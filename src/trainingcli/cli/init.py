"""`trainingcli init`: a working folder, ready to be worked in."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from trainingcli import configuration, language
from trainingcli.cli.failure import told
from trainingcli.language import Text, tr
from trainingcli.result import Message, Result, written

HELP = tr(
    "建一个工作文件夹：配置文件、花名册文件夹、空白目录清单、说明。",
    "Make a working folder: configuration, folder of rosters, blank registers, a read-me.",
)
IS_BARE = True
ROSTERS = "花名册"
REGISTERS = str(configuration.KEYS["registers"].example)
READ_ME = Text(
    """这是 trainingcli 的工作文件夹。请先在命令行里进入这个文件夹，再执行下面的命令。

1. 花名册/        机构报来的花名册（xlsx、xls、ods、csv 都可以）放在这里。
2. 目录清单/      职业目录、机构目录、开班备案等，按表头填写；不填的那一张不核查，汇总里会写明。
                  填好后检查：trainingcli registers check 目录清单
3. trainingcli.toml  本文件夹的设置：台账在哪里、政策文件、公示用的单位名称等。
                  看现在用的是什么：trainingcli config

每次的工作
  trainingcli doctor                 检查环境、台账、目录清单
  trainingcli claims 花名册          核定，不入账；结果在 claims-out/
  trainingcli claims 花名册 --returns        同时写出退回机构的标注表
  trainingcli claims 花名册 --decisions 文件   带回“待核”表里填的决定
  trainingcli claims 花名册 --post           核对无误后入账，屏幕上写着批次
  trainingcli publish notice --batch 批次    公示
  trainingcli pay export --batch 批次        付款文件
  trainingcli ledger backup 备份.db          备份台账；密钥文件（.key）另放一处

发给机构的空白花名册：trainingcli template 空白花名册.xlsx
某个原因代码是什么意思：trainingcli explain 代码

花名册和申领工作簿里有完整的身份证号，请勿放到共享文件夹或发到群里。
""",
    """This is a working folder of trainingcli. Change to it on the command line, then run the commands below.

1. 花名册/        Put the institutions' rosters here (xlsx, xls, ods, csv).
2. 目录清单/      The published lists: occupations, institutions, classes and so on. A blank one is not checked against,
                  and the summary says so. When filled in: trainingcli registers check 目录清单
3. trainingcli.toml  This folder's settings: the ledger, the policy, the office that notices name.
                  What is in force: trainingcli config

Every time
  trainingcli doctor                 checks set-up, ledger, registers
  trainingcli claims 花名册          settles, posts nothing; the result is in claims-out/
  trainingcli claims 花名册 --returns        also writes marked files for the institutions
  trainingcli claims 花名册 --decisions FILE   with what was decided in a sheet Held
  trainingcli claims 花名册 --post           posts to the ledger and says the batch
  trainingcli publish notice --batch N       the public notice
  trainingcli pay export --batch N           payment files
  trainingcli ledger backup backup.db        copies the ledger; keep the key (.key) apart

A blank roster for institutions: trainingcli template roster.xlsx
What a reason code means: trainingcli explain CODE

Rosters and claim workbooks hold whole ID numbers: keep them out of shared folders.
""",
)
READ_ME_NAME = Text("请先读我.txt", "README.txt")


@told
def run(
    folder: Annotated[
        Path, typer.Argument(metavar=tr("文件夹", "DIR"), help=tr("建在这里。", "Where it is to be made."))
    ],
) -> Result:
    """Make what is not there; what is there stays as it is, and is said."""
    from trainingcli.drafts import make_folder
    from trainingcli.evidence.register_templates import write_templates

    make_folder(folder / ROSTERS)
    texts = {configuration.FILE: configuration_text(), str(READ_ME_NAME): str(READ_ME)}
    paths = [folder / name for name, text in texts.items() if _write(folder / name, text)]
    kept = [folder / name for name in texts if folder / name not in paths]
    registers = folder / REGISTERS
    if registers.is_dir() and any(registers.iterdir()):
        kept.append(registers)
    else:
        paths += write_templates(registers)
    place = str(folder)
    found = written(map(str, paths), [_stays(path) for path in kept], folder=place)
    found.next_step = Text(
        f"下一步：进入 {place}，读 {READ_ME_NAME.zh}，再执行 trainingcli doctor。",
        f"Next: change to {place}, read {READ_ME_NAME.en}, run trainingcli doctor.",
    )
    return found


def configuration_text() -> str:
    """Return a new configuration: what is set, and each other key commented out, in the language in use."""
    head = tr(
        "本文件夹的设置。去掉行首的 # 即生效；相对路径从本文件所在的文件夹算起。",
        "Settings of this folder. Take off the # to set one; relative paths are from this file's folder.",
    )
    lines = [f"# {head}"]
    for key in configuration.KEYS.values():
        value = language.current() if key.name == "lang" else str(key.example)
        lines += ["", f"# {key.text}", f'{"" if key.in_force else "# "}{key.name} = "{value}"']
    return "\n".join(lines) + "\n"


def _write(path: Path, text: str) -> bool:
    """Write a text that is not there yet, with the line ends of the system; False where it is there."""
    from trainingcli.drafts import write_new_file

    if os.path.lexists(path):
        return False
    write_new_file(path, lambda target: target.write(text.replace("\n", os.linesep).encode()))
    return True


def _stays(path: Path) -> Message:
    return Message(Text("已有，没有改动", "is there already and was left"), f"{path}: ")
