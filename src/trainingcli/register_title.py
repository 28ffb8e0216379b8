"""What the registers are called, without reading their declarations: completion, `--help` and every run ask."""

from __future__ import annotations

from functools import cache

from trainingcli.language import Text
from trainingcli.published import entries, read


def register_names() -> list[str]:
    """Return the registers' names in the contract's order."""
    return list(entries("registers.yaml", "tables"))


@cache
def register_title(name: str) -> Text:
    """Return a register's title."""
    return Text(**read("registers.yaml", "tables", name)["title"])
