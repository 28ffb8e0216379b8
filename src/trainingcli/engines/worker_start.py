"""What a worker of a local cluster does when it starts."""

from __future__ import annotations

from typing import Any

from trainingcli.engines.tasks import make_ready


def dask_setup(worker: Any) -> None:
    """Start the reader while the worker makes itself known."""
    make_ready()
