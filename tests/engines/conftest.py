"""A cluster of two worker processes on this machine, started once for the tests of this folder."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

WHY = "distributed is not installed: pip install 'trainingcli[dask]'"


@pytest.fixture(scope="session")
def cluster() -> Iterator[Any]:
    """Two processes with three threads each, so that there are six shares of people."""
    pytest.importorskip("distributed", reason=WHY)
    from trainingcli.engines.cluster import local_cluster

    with local_cluster(2, threads=3) as started:
        yield started
