"""The program as a user meets it: run within the test's process, or as a process of its own; small rosters."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import openpyxl
from typer.testing import CliRunner, Result

from trainingcli.cli import app

TODAY = "2021-12-31"
LAUNCH = "import sys; sys.argv[0] = 'trainingcli'; from trainingcli.__main__ import main; main()"


def run(*arguments: object) -> Result:
    """Run a command in this process; standard output and error come apart."""
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


def process(*arguments: str, python: Sequence[str] = (), **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the program as a process; `python`: options of the interpreter."""
    command = [sys.executable, *python, "-c", LAUNCH, *arguments]
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("TRAININGCLI", "_TRAININGCLI"))}
    return subprocess.run(
        command, capture_output=True, text=True, encoding="utf-8", timeout=60, env=kept | environment, check=False
    )


def imported(*arguments: str, **environment: str) -> set[str]:
    """Run the program as a process; return the modules that it imported."""
    lines = process(*arguments, python=["-X", "importtime"], **environment).stderr.splitlines()
    return {line.rsplit("|", 1)[1].strip() for line in lines if line.startswith("import time:")}


def write(path: Path, rows: Sequence[Sequence[Any]], sheet: str = "花名册") -> Path:
    """Write one sheet of rows; ID numbers are given as text and stay text."""
    book = openpyxl.Workbook()
    book.active.title = sheet
    for row in rows:
        book.active.append(list(row))
    book.save(path)
    return path
