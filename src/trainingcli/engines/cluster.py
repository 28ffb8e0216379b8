"""The Dask cluster of a run: that of a scheduler, or one on this machine; whether it is fit for the work."""

from __future__ import annotations

import contextlib
import logging
import time
import warnings
from collections.abc import Iterator
from typing import Any

import dask
from distributed import Client, LocalCluster
from distributed.comm import get_address_host_port

from trainingcli import __version__
from trainingcli.engines import forkserver
from trainingcli.errors import UsageError
from trainingcli.language import Text

_PATIENCE = 15  # seconds to wait for a scheduler, and then for its workers
OWN_PATIENCE = 60  # for a run's own, which are starting while a busy machine, or a slow one, has other things to do
_NAP = 0.01  # seconds
_NO_SPILLING = {"distributed.worker.memory.target": False, "distributed.worker.memory.spill": False}
_NO_WATCHING = {  # what a cluster of many looks at many times a second
    "distributed.worker.profile.enabled": False,
    "distributed.admin.tick.interval": "1s",
    "distributed.admin.system-monitor.interval": "10s",
    "distributed.worker.memory.monitor-interval": "1s",
}
_FORKED: dict[str, object] = (
    {"distributed.worker.multiprocessing-method": forkserver.METHOD} if forkserver.IS_HERE else {}
)
_AS_IT_IS: dict[str, object] = {"distributed.nanny.pre-spawn-environ": {}}  # malloc as set there costs page faults
_READER: dict[str, object] = {"distributed.worker.preload": ["trainingcli.engines.worker_start"]}
_NO_PAGES: dict[str, list[str]] = {"distributed.scheduler.http.routes": []}
_START = "DASK_DISTRIBUTED__WORKER__MEMORY__TARGET=False DASK_DISTRIBUTED__WORKER__MEMORY__SPILL=False"


@contextlib.contextmanager
def open_client(scheduler: str | None, jobs: int) -> Iterator[Client]:
    """Connect to a scheduler, or start a cluster of `jobs` processes here. UsageError where none answers."""
    logging.getLogger("distributed").setLevel(logging.CRITICAL)
    with contextlib.ExitStack() as stack:
        stack.enter_context(warnings.catch_warnings())
        warnings.filterwarnings("ignore", module="distributed")
        # by its address: a client that is given the cluster itself would wait here until every worker has started
        address = stack.enter_context(local_cluster(jobs)).scheduler_address if scheduler is None else scheduler
        yield stack.enter_context(contextlib.closing(_connect(address)))


@contextlib.contextmanager
def local_cluster(processes: int, threads: int = 1) -> Iterator[LocalCluster]:
    """Start a cluster on this machine, reachable from it alone, without web pages; its workers keep nothing on disk.

    They may be still starting: `wait_for_workers` waits for them.
    """
    with (
        dask.config.set({**_NO_SPILLING, **_NO_WATCHING, **_FORKED, **_AS_IT_IS, **_READER, **_NO_PAGES}),
        LocalCluster(
            n_workers=0,
            threads_per_worker=threads,
            dashboard_address="127.0.0.1:0",
            scheduler_kwargs={"dashboard": False},
            silence_logs=logging.CRITICAL,
        ) as cluster,
    ):
        cluster.scale(processes)
        yield cluster


def _connect(address: str) -> Client:
    try:
        get_address_host_port(address, strict=True)  # a client that fails on it would be left half made
        return Client(address, timeout=_PATIENCE, set_as_default=False)
    except (OSError, ValueError) as error:
        zh, en = f"没有回应（{type(error).__name__}）", f"does not answer ({type(error).__name__})"
        raise UsageError(
            Text(
                f"调度器 {address} {zh}；请检查 --scheduler（形如 tcp://主机:8786）",
                f"the scheduler {address} {en}; check --scheduler (written tcp://HOST:8786)",
            )
        ) from None


def wait_for_workers(client: Client, wanted: int, patience: int = _PATIENCE) -> None:
    """Wait so many seconds for as many workers. UsageError where they do not come.

    Dask's own wait looks ten times a second: a run's own workers are there sooner.
    """
    until = time.monotonic() + patience
    while len(client.nthreads()) < wanted:
        if time.monotonic() > until:
            raise UsageError(Text("集群没有工作进程", "the cluster has no workers"))
        time.sleep(_NAP)


def check_workers(client: Client) -> None:
    """Wait for a worker; ask that all have this program, and that none writes rows to its disk.

    UsageError where none comes, or one is not fit for a run. A run's own need not be asked.
    """
    wait_for_workers(client, 1)
    try:
        found = client.run(_describe).values()
    except Exception as error:  # whatever a worker without this program answers
        name = type(error).__name__
        raise UsageError(
            Text(f"工作进程无法运行 trainingcli（{name}）", f"the workers cannot run trainingcli ({name})")
        ) from None
    versions = {version for version, _ in found}
    if versions != {__version__}:
        other = ", ".join(sorted(versions - {__version__}))
        text = Text(
            "工作进程的 trainingcli 版本是 {other}，本机是 {own}", "the workers have trainingcli {other}, not {own}"
        )
        raise UsageError(text.format(other=other, own=__version__))
    if any(spills for _, spills in found):
        raise UsageError(
            Text(
                f"工作进程内存不足时会把数据写到磁盘；请以 {_START} 启动它们",
                f"workers would write rows to disk when memory runs short; start them with {_START}",
            )
        )


def _describe(dask_worker: Any) -> tuple[str, bool]:
    """On a worker: its version of this program, and whether it spills."""
    return __version__, not isinstance(dask_worker.data, dict)
