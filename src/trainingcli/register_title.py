"""What a register is called, without reading all registers' declarations: completion and `--help` ask."""

from __future__ import annotations

from trainingcli.language import Text
from trainingcli.published import read


def register_title(name: str) -> Text:
    """Return a register's title."""
    return Text(**read("registers.yaml", "tables", name)["title"])
