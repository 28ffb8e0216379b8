"""A tour of the program with fictitious sample data, in a folder and with a ledger of its own."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from trainingcli.drafts import cannot_write, make_folder
from trainingcli.errors import UsageError
from trainingcli.language import Text, current
from trainingcli.published import samples_folder

NAME = "trainingcli-demo"
SAMPLES = {  # folder of the sample data → where it lies in the tour's folder
    "rosters": "花名册", "registers": "目录清单", "realname": "实名制", "awards": "基地工作室", "plans": "教学计划",
    "levy": "教育经费",
}  # fmt: skip
TODAY = "2021-12-31"
LEDGER = "台账.db"


@dataclass(frozen=True)
class Step:
    """One command of the tour, as it is typed in the tour's folder, and why."""

    why: Text
    arguments: tuple[str, ...]
    last: int = 0
    """How many of the last lines say it; 0: all of them."""


@dataclass(frozen=True)
class Done:
    """What a step came to: its exit code, what it printed and what it said."""

    step: Step
    code: int
    printed: str
    said: str

    @property
    def command(self) -> str:
        """The command line."""
        return " ".join(["trainingcli", *self.step.arguments])

    @property
    def shown(self) -> str:
        """What is worth seeing of it; of a step that failed, what it said."""
        lines = (self.said if self.code else self.printed).rstrip().splitlines()
        return "\n".join(lines[-self.step.last :])


_CLAIMS = ("claims", SAMPLES["rosters"], "--post", "--returns", "--today", TODAY)
_REALNAME = SAMPLES["realname"]
STEPS = (
    Step(Text("查环境。", "Is everything in order?"), ("doctor",)),
    Step(
        Text("核定六份花名册并入账，写出工作簿和退回件。", "Settle six rosters, post, write workbooks."),
        _CLAIMS,
    ),
    Step(Text("同样的花名册再入账：一分也不多付。", "Post the same again: nothing is paid twice."), _CLAIMS, last=4),
    Step(Text("某个原因是什么意思，怎么办。", "What a reason means, and what to do."), ("explain", "REPEAT_TRAINING")),
    Step(
        Text("与实名制系统和退休人员名单比对。", "Beside the real-name system and a list of pensioners."),
        (
            *("claims", f"{_REALNAME}/花名册.xlsx", "--realname", f"{_REALNAME}/实名制导出.xlsx"),
            *("--people", f"{_REALNAME}/退休人员名单.xlsx"),
            *("--today", TODAY, "--out", "比对"),
        ),
    ),
    Step(
        Text("待核的由经办人定：放行或不予，带着依据再核。", "What a clerk decided of the held lines comes back."),
        (
            *("claims", f"{_REALNAME}/花名册.xlsx", "--realname", f"{_REALNAME}/实名制导出.xlsx"),
            *("--people", f"{_REALNAME}/退休人员名单.xlsx", "--decisions", f"{_REALNAME}/核定意见.xlsx"),
            *("--today", TODAY, "--out", "比对"),
        ),
    ),
    Step(Text("资金用了多少。", "What the funds were used for."), ("funds", "--today", TODAY)),
)


def folder_for(given: Path | None) -> Path:
    """Return the tour's folder, which holds nothing yet. `UsageError` where the one that is named holds something."""
    if given is not None:
        if given.exists() and (not given.is_dir() or any(given.iterdir())):
            text = Text(f"{given} 里已有东西；请换一个文件夹", f"{given} is not empty; name another folder")
            raise UsageError(text)
        return given
    names = (NAME, *(f"{NAME}-{number}" for number in range(2, 1000)))
    return next(Path(name) for name in names if not os.path.lexists(name))


def prepare(folder: Path) -> None:
    """Lay out the sample data and a configuration with a ledger of the tour's own. `OutputError` where it cannot be."""
    make_folder(folder)
    try:
        for source, target in SAMPLES.items():
            shutil.copytree(samples_folder() / source, folder / target)
        lines = [f'ledger = "{LEDGER}"', f'registers = "{SAMPLES["registers"]}"', f'lang = "{current()}"']
        (folder / "trainingcli.toml").write_text("\n".join(lines) + "\n", encoding="utf-8")
    except OSError as error:
        raise cannot_write(folder, error) from None


def walked(folder: Path, columns: int) -> Iterator[Done]:
    """Run the steps, each as a process in the folder; what the user has set elsewhere does not touch them."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("TRAININGCLI")}
    environment: Mapping[str, str] = {
        **kept, "COLUMNS": str(columns), "NO_COLOR": "1", "TRAININGCLI_FORMAT": "table", "PYTHONUTF8": "1",
    }  # fmt: skip
    for step in STEPS:
        done = subprocess.run(  # noqa: S603 - this program itself
            [sys.executable, "-m", "trainingcli", *step.arguments],
            cwd=folder, env=environment, capture_output=True, encoding="utf-8", errors="replace", check=False,
        )  # fmt: skip
        yield Done(step, done.returncode, done.stdout, done.stderr)
