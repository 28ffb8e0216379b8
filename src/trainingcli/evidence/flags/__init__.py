"""The flags (疑点): a file each, found by its presence in this folder.

A new flag is one file here with `FLAG`, and its declaration in `schemas/flags.yaml`.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from trainingcli.places import modules_in

if TYPE_CHECKING:
    from trainingcli.evidence.flagging import Flag


def all_flags() -> list[Flag]:
    """Return every flag, by code."""
    found: list[Flag] = [import_module(f"{__name__}.{name}").FLAG for name in modules_in(__path__)]
    return sorted(found, key=lambda flag: flag.code)
