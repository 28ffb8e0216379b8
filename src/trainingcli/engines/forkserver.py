"""The process that the workers of a local cluster are forked from: what they need is imported once for all of them.

It starts before the main program imports the same, beside it, so that a cluster is there when the main program is.
"""

from __future__ import annotations

import multiprocessing
import os
from multiprocessing import forkserver

METHOD = "forkserver"
IS_HERE = METHOD in multiprocessing.get_all_start_methods()  # Windows has none: its workers import for themselves
_PRELOAD = ["trainingcli.engines.preloaded"]
_ENVIRONMENT = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}  # each worker has one thread to do sums with


def begin() -> None:
    """Start the process, if it is not there; costs the caller some milliseconds."""
    if not IS_HERE:
        return
    multiprocessing.get_context(METHOD).set_forkserver_preload(_PRELOAD)
    before = {name: os.environ.get(name) for name in _ENVIRONMENT}
    os.environ.update(_ENVIRONMENT)
    try:
        forkserver.ensure_running()
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value
