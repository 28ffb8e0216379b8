"""Subsidy programmes for people (补贴项目): a file a programme, each found by its presence in this folder.

A new programme is one file here, one entry in the policy file, one case file in the tests.
"""

from __future__ import annotations

import pkgutil
from functools import cache
from importlib import import_module

from trainingcli.policy import Policy
from trainingcli.settle.programmes.base import Programme


@cache
def _by_code() -> dict[str, Programme]:
    names = [module.name for module in pkgutil.iter_modules(__path__) if module.name != "base"]
    modules = [import_module(f"{__name__}.{name}") for name in names]
    return {module.PROGRAMME.code: module.PROGRAMME for module in modules}


def programmes(policy: Policy) -> list[Programme]:
    """Return the programmes that the policy knows, in the policy's order."""
    return [_by_code()[code] for code in policy.programmes]
