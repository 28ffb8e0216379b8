"""Named places where a test kills the process: `TRAININGCLI_FAILPOINT=name[:n]` dies at its n-th passing."""

from __future__ import annotations

import os
import signal

VARIABLE = "TRAININGCLI_FAILPOINT"
NAMES = (
    "create.key",
    "create.tables",
    "post.batch",
    "post.archive",
    "post.entries",
    "commit.before",
    "commit.after",
    "upgrade.backup",
    "upgrade.step",
)
_passed: dict[str, int] = {}


def failpoint(name: str) -> None:
    """Kill this process with SIGKILL if the environment names this place; otherwise do nothing."""
    wanted = os.environ.get(VARIABLE)
    if wanted is None:
        return
    place, _, number = wanted.partition(":")
    if place == name:
        _passed[name] = _passed.get(name, 0) + 1
        if _passed[name] == int(number or 1):
            os.kill(os.getpid(), getattr(signal, "SIGKILL", signal.SIGTERM))
