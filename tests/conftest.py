"""What all tests share: where their folders lie, and that looking for garbage is not looking through all of them."""

import gc
import os

from support.memory import MEMORY, temporary

if temporary() == MEMORY:
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(MEMORY))


def pytest_collection_finish() -> None:
    """Take what was collected out of the collector's sight.

    A process that holds all tests is as large as the program at a large batch, so that every command in it gives back
    what it can (`trainingcli.memory`), and would look through two million objects of the tests' each time.
    """
    gc.collect()
    gc.freeze()
