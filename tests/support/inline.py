"""A pool that runs its tasks in the test's own process: reading without the start of a worker."""

from __future__ import annotations

import importlib
from collections.abc import Iterator, Sequence
from typing import Any


class InlinePool:
    """Stands in for a `WorkerPool` where a test asks what is read, not who reads it."""

    jobs = 1

    def map(self, function: str, tasks: Sequence[tuple[Any, ...]]) -> Iterator[tuple[int, Any]]:
        """Run `function(*task)` for every task, in order."""
        module, _, name = function.partition(":")
        run = getattr(importlib.import_module(module), name)
        for index, task in enumerate(tasks):
            yield index, run(*task)


INLINE: Any = InlinePool()
