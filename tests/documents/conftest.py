"""What the documents' command lines find: nobody's own settings, one worker, an operator."""

from __future__ import annotations

import os

import pytest

from support.inline import InlinePool
from trainingcli.cli import session


class _Pool(InlinePool):
    """Reads in the test's own process: the fence is other tests' matter, and a worker a command takes a second."""

    def __enter__(self) -> _Pool:
        return self

    def __exit__(self, *failure: object) -> None:
        return None


@pytest.fixture(autouse=True, scope="session")
def without_workers():
    """Every command of these tests does the work of its workers itself."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(session, "open_pool", lambda _: _Pool())
        yield


@pytest.fixture
def alone(tmp_path, monkeypatch):
    """No variables and no configuration of whoever runs the tests; a terminal of 80 columns; an empty folder."""
    for name in [name for name in os.environ if name.startswith("TRAININGCLI")]:
        monkeypatch.delenv(name)
    for name, value in {
        "XDG_CONFIG_HOME": str(tmp_path / "config"), "XDG_DATA_HOME": str(tmp_path / "data"), "COLUMNS": "80",
        "TRAININGCLI_JOBS": "1", "TRAININGCLI_OPERATOR": "王经办", "TRAININGCLI_FORMAT": "table",
    }.items():  # fmt: skip
        monkeypatch.setenv(name, value)
    folder = tmp_path / "here"
    folder.mkdir()
    return folder
