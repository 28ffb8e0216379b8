"""The pieces of evidence (佐证): a file each, found by its presence in this folder.

A new piece is one file here with `SOURCE`, its reasons in `schemas/reasons.yaml`, a case file for each reason.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from trainingcli.places import modules_in

if TYPE_CHECKING:
    from trainingcli.evidence.source import Source


def all_sources() -> list[Source]:
    """Return every piece of evidence, in the order in which they speak."""
    found: list[Source] = [import_module(f"{__name__}.{name}").SOURCE for name in modules_in(__path__)]
    return sorted(found, key=lambda source: (source.place, source.name))
