"""The process that the workers of a local cluster are forked from: the main program's copy, with all they import.

It is forked while the main program has one thread and no file open but its own, imports validation while that makes
the cluster, and serves as Python's fork server does: a worker is there at once, and one that is lost is forked anew,
whatever the main program holds by then.
"""

from __future__ import annotations

import contextlib
import gc
import os
import signal
import sys
from collections.abc import Sequence
from importlib import import_module
from multiprocessing import forkserver, resource_tracker, util
from pathlib import Path

METHOD = "forkserver"
# Elsewhere forking after imports is not safe, and from 3.14 on Python begins its fork server otherwise: there each
# worker is a fresh program that imports for itself.
IS_HERE = sys.platform == "linux" and sys.version_info < (3, 14)
_STANDARD = (0, 1, 2)


def begin() -> None:
    """Start the process, if it is not there. What is imported by now it need not import."""
    if not IS_HERE:
        return
    import_module("trainingcli.engines.preloaded")
    resource_tracker.ensure_running()  # a program of its own, which the fork server would start first
    usual = util.spawnv_passfds
    # Python would start a fresh program here, which would import everything once more.
    util.spawnv_passfds = _forked  # type: ignore[assignment]
    try:
        forkserver.ensure_running()
    finally:
        util.spawnv_passfds = usual


def _forked(path: object, arguments: object, passed: Sequence[int]) -> int:
    """Fork a process that serves on the file descriptors `passed`, and has no other; return its number."""
    number = os.fork()
    if number:
        return number
    try:
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # what an interrupt means is the main program's to say
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        for descriptor in {int(each.name) for each in Path("/dev/fd").iterdir()} - {*_STANDARD, *passed}:
            _close(descriptor)
        gc.disable()
        import_module("trainingcli.validation.roster_schema")  # while the main program makes the cluster
        gc.freeze()  # modules are no garbage, and rows make none
        gc.set_threshold(100_000, 50, 1000)
        gc.enable()
        forkserver.main(*passed, [])  # type: ignore[call-arg, arg-type]
    finally:
        os._exit(0)


def _close(descriptor: int) -> None:
    with contextlib.suppress(OSError):  # the listing's own is gone
        os.close(descriptor)
