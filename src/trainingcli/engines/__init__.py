"""Engines: where a run's work is done, in this program or on a cluster (`--engine`)."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from importlib.util import find_spec
from typing import TYPE_CHECKING

from trainingcli.errors import UsageError
from trainingcli.language import Text

if TYPE_CHECKING:
    from trainingcli.claims.engine import Engine
    from trainingcli.workers import WorkerPool

DASK = "dask"


@contextlib.contextmanager
def open_engine(name: str | None, scheduler: str | None, pool: WorkerPool) -> Iterator[Engine]:
    """Open the engine that `--engine` names; None: this program and the processes of `pool`.

    `scheduler`: the address of a cluster; without one, a cluster of as many processes is started on this machine.
    UsageError where what the engine needs is not installed, or the cluster does not answer.
    """
    if name != DASK:
        if scheduler is not None:
            raise UsageError(
                Text("--scheduler 只与 --engine dask 一起用", "--scheduler goes with --engine dask, which is not given")
            )
        from trainingcli.engines.local import LocalEngine

        yield LocalEngine(pool)
        return
    if find_spec("distributed") is None:
        raise UsageError(
            Text(
                "未安装 dask：请先运行 pip install 'trainingcli[dask]'",
                "dask is not installed: run pip install 'trainingcli[dask]' first",
            )
        )
    if scheduler is None:
        from trainingcli.engines import forkserver

        forkserver.begin()
    from trainingcli.engines.dask import open_cluster

    with open_cluster(scheduler, pool.jobs) as engine:
        yield engine
