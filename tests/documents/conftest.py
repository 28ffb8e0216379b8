"""What the documents' command lines find: nobody's own settings, no workers, an operator."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from cli.program import run
from support.inline import read_inline
from trainingcli import tour

pytest.register_assert_rewrite("documents.month_checks")  # so that a check that fails shows its values


def isolate(patched: pytest.MonkeyPatch, folder: Path) -> None:
    """No variables and no configuration of whoever runs the tests, a terminal of 80 columns, no workers."""
    read_inline(patched)
    for name in [name for name in os.environ if name.startswith("TRAININGCLI")]:
        patched.delenv(name)
    for name, value in {
        "XDG_CONFIG_HOME": str(folder / "config"), "XDG_DATA_HOME": str(folder / "data"), "COLUMNS": "80",
        "TRAININGCLI_JOBS": "1", "TRAININGCLI_OPERATOR": "王经办", "TRAININGCLI_FORMAT": "table",
    }.items():  # fmt: skip
        patched.setenv(name, value)


@pytest.fixture
def alone(tmp_path, monkeypatch):
    """An empty folder, and nothing of whoever runs the tests."""
    isolate(monkeypatch, tmp_path)
    folder = tmp_path / "here"
    folder.mkdir()
    return folder


@pytest.fixture(scope="session")
def toured(tmp_path_factory):
    """The folder that `demo` leaves behind, made without its processes: the samples, settled and posted once."""
    folder = tmp_path_factory.mktemp("tour") / "trainingcli-demo"
    with pytest.MonkeyPatch.context() as patched:
        isolate(patched, folder.parent)
        tour.prepare(folder)
        patched.chdir(folder)
        done = run("claims", "花名册", "--post", "--returns", "--today", tour.TODAY)
    assert done.exit_code == 0, done.stderr
    return folder
