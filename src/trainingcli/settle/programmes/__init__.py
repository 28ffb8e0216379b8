"""Subsidy programmes for people (补贴项目): a file a programme, each found by its presence in this folder.

A new programme is one file here, one entry in the policy file, one case file in the tests. What others ask of a
programme are its traits (`base.Programme`); nobody asks for one by its code.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING

from trainingcli.places import modules_in

if TYPE_CHECKING:
    from trainingcli.settle.programmes.base import Programme


def codes() -> list[str]:
    """Return the codes of all programmes: their files' names. Nothing is imported, since completion asks."""
    return [name.replace("_", "-") for name in modules_in(__path__) if name != "base"]


@cache
def _programme(code: str) -> Programme:
    found: Programme = import_module(f"{__name__}.{code.replace('-', '_')}").PROGRAMME
    if found.code != code:
        raise ValueError(f"the file of programme {found.code} is named for {code}")
    return found


def programmes(codes: Iterable[str]) -> list[Programme]:
    """Return the programmes of these codes: of `policy.programmes`, in the policy's order."""
    return [_programme(code) for code in codes]
