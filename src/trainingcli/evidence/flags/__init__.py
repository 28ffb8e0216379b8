"""The flags (疑点): a file each, found by its presence in this folder.

A new flag is one file here with `FLAG`, and its declaration in `schemas/flags.yaml`.
"""

from __future__ import annotations

import pkgutil
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from trainingcli.evidence.flagging import Flag


def all_flags() -> list[Flag]:
    """Return every flag, by code."""
    names = [module.name for module in pkgutil.iter_modules(__path__)]
    found: list[Flag] = [import_module(f"{__name__}.{name}").FLAG for name in names]
    return sorted(found, key=lambda flag: flag.code)
