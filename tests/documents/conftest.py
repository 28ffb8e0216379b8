"""What the documents' command lines find: nobody's own settings, one worker, an operator."""

from __future__ import annotations

import os

import pytest


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
