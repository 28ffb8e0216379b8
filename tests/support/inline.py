"""A pool that runs its tasks in the test's own process: reading without the start of a worker."""

from __future__ import annotations

import importlib
from collections.abc import Iterator, Sequence
from typing import Any

import pytest

from trainingcli.cli import session


class InlinePool:
    """Stands in for a `WorkerPool` where a test asks what is read, not who reads it."""

    jobs = 1

    def map(self, function: str, tasks: Sequence[tuple[Any, ...]]) -> Iterator[tuple[int, Any]]:
        """Run `function(*task)` for every task, in order."""
        module, _, name = function.partition(":")
        run = getattr(importlib.import_module(module), name)
        for index, task in enumerate(tasks):
            yield index, run(*task)


class _CommandsPool(InlinePool):
    def __enter__(self) -> _CommandsPool:
        return self

    def __exit__(self, *failure: object) -> None:
        return None


def read_inline(patched: pytest.MonkeyPatch) -> None:
    """Commands that run in this process read in it too."""
    patched.setattr(session, "open_pool", lambda _, **__: _CommandsPool())


@pytest.fixture(autouse=True)
def read_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """For a folder of tests that ask what a command finds: the fence is other tests' matter."""
    read_inline(monkeypatch)


INLINE: Any = InlinePool()
