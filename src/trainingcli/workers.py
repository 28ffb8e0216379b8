"""Worker processes behind a fence of memory and time limits: a parser's abort is one task's failure, not the run's.

A worker is a fresh, small Python (started without fork, so Arrow's threads in the main program do no harm) that serves
tasks over its standard input and output. It starts while the main program still imports pandas, is used for many tasks,
and is replaced when it dies or overruns. Results come in the order of completion, each with its task's index.
"""

from __future__ import annotations

import contextlib
import os
import pickle
import signal
import struct
import sys
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain
from types import TracebackType
from typing import IO, TYPE_CHECKING, Any, Self

from trainingcli.fence import LENGTH, OUT_OF_MEMORY, WorkerFailure
from trainingcli.memory import MIB

if TYPE_CHECKING:
    import selectors
    import subprocess

__all__ = ["MIB", "WorkerFailure", "WorkerPool"]

_WALL_FACTOR = 3  # of the CPU seconds: what a task may take on the clock, waiting for a slow disk included
_GRACE = 15.0
_EVENT_READ = 1  # selectors.EVENT_READ
# Imported while the main program still imports pandas, so that the first task does not wait for it.
_PRELOAD = ("trainingcli.intake.tables.read_input", "trainingcli.intake.formats.xlsx")
_BOOT = (
    "import sys; sys.path[:] = {path!r}; from trainingcli.fence import serve; serve({memory}, {seconds}, {preload!r})"
)

# Address space is what the fence limits: allocators must not reserve far more of it than they use.
_ENVIRONMENT = {
    "ARROW_DEFAULT_MEMORY_POOL": "system",
    "MALLOC_ARENA_MAX": "1",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
}


@dataclass
class _Worker:
    process: subprocess.Popen[bytes]
    task: int | None = None
    deadline: float = 0.0
    received: bytearray = field(default_factory=bytearray)
    wanted: int = -1
    filled: int = 0

    @property
    def output(self) -> IO[bytes]:
        assert self.process.stdout is not None
        return self.process.stdout

    def send(self, message: bytes) -> None:
        stream = self.process.stdin
        assert stream is not None
        stream.write(LENGTH.pack(len(message)))
        stream.write(message)
        stream.flush()

    def receive(self) -> bytearray | None:
        """Take what has arrived; return the message once it is whole. Raises EOFError when the worker is gone."""
        if self.wanted < 0:
            head = os.read(self.output.fileno(), LENGTH.size - len(self.received))
            if not head:
                raise EOFError
            self.received += head
            if len(self.received) < LENGTH.size:
                return None
            self.wanted = LENGTH.unpack(self.received)[0]
            self.received = bytearray(self.wanted)
            self.filled = 0
            return None
        count = self.output.readinto(memoryview(self.received)[self.filled :])  # type: ignore[attr-defined]
        if not count:
            raise EOFError
        self.filled += count
        if self.filled < self.wanted:
            return None
        message, self.received, self.wanted = self.received, bytearray(), -1
        return message


class WorkerPool:
    """Up to `jobs` workers, each limited to `memory` bytes above its start and `seconds` of CPU for a task."""

    def __init__(
        self, jobs: int, *, memory: int = 2048 * MIB, seconds: float = 120.0, preload: Sequence[str] = _PRELOAD
    ) -> None:
        self._jobs = max(1, jobs)
        self._memory = memory
        self._seconds = seconds
        self._preload = tuple(preload)
        self._idle: list[_Worker] = []
        self._busy: dict[int, _Worker] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def jobs(self) -> int:
        """The number of workers that may run at once."""
        return self._jobs

    def start(self, workers: int = 1) -> None:
        """Start workers now, so that they are ready when the first task comes; costs the caller some milliseconds."""
        while len(self._idle) + len(self._busy) < min(workers, self._jobs):
            self._idle.append(self._spawn())

    def map(
        self, function: str | Callable[..., Any], tasks: Sequence[tuple[Any, ...]]
    ) -> Iterator[tuple[int, Any | WorkerFailure]]:
        """Run `function(*task)` for every task; yield (index, result or `WorkerFailure`) as they are done.

        The first ones run from the call on, and not only once a result is asked for. `function` is `"module:name"` or
        a picklable callable. Anything a task raises is a failure of kind `error`.
        """
        import selectors

        waiting, selector = deque(range(len(tasks))), selectors.DefaultSelector()
        self.start(min(len(tasks), self._jobs))
        begun = list(self._fill(selector, function, tasks, waiting))
        return chain(begun, self._rest(selector, function, tasks, waiting))

    def _rest(
        self,
        selector: selectors.BaseSelector,
        function: str | Callable[..., Any],
        tasks: Sequence[tuple[Any, ...]],
        waiting: deque[int],
    ) -> Iterator[tuple[int, Any | WorkerFailure]]:
        with selector:
            try:
                while waiting or self._busy:
                    yield from self._collect(selector)
                    yield from self._fill(selector, function, tasks, waiting)
            finally:
                for worker in list(self._busy.values()):  # the caller stopped early: what still runs is of no use
                    self._discard(worker)

    def close(self) -> None:
        """End every worker; at once, since none of them holds anything that needs care."""
        for worker in (*self._idle, *self._busy.values()):
            worker.process.kill()
            _end(worker.process)
        self._idle.clear()
        self._busy.clear()

    def _fill(
        self,
        selector: selectors.BaseSelector,
        function: str | Callable[..., Any],
        tasks: Sequence[tuple[Any, ...]],
        waiting: deque[int],
    ) -> Iterator[tuple[int, WorkerFailure]]:
        while waiting and len(self._busy) < self._jobs:
            index = waiting.popleft()
            for _ in range(3):  # an idle worker may have been killed from outside
                worker = self._idle.pop() if self._idle else self._spawn()
                try:
                    worker.send(pickle.dumps((function, tasks[index]), protocol=5))
                except OSError:
                    _end(worker.process)
                    continue
                worker.task = index
                worker.deadline = time.monotonic() + _WALL_FACTOR * self._seconds + _GRACE
                self._busy[worker.output.fileno()] = worker
                selector.register(worker.output, _EVENT_READ)
                break
            else:
                yield index, WorkerFailure("died", "start")

    def _collect(self, selector: selectors.BaseSelector) -> Iterator[tuple[int, Any | WorkerFailure]]:
        if not self._busy:
            return
        patience = max(0.0, min(worker.deadline for worker in self._busy.values()) - time.monotonic())
        for key, _ in selector.select(patience):
            worker = self._busy[key.fd]
            assert worker.task is not None
            try:
                message = worker.receive()
            except (EOFError, OSError):
                selector.unregister(worker.output)
                yield worker.task, self._discard(worker)
                continue
            if message is None:
                continue
            selector.unregister(worker.output)
            del self._busy[key.fd]
            self._idle.append(worker)
            yield worker.task, _unpack(message)
        now = time.monotonic()
        for worker in [worker for worker in self._busy.values() if worker.deadline <= now]:
            assert worker.task is not None
            selector.unregister(worker.output)
            self._discard(worker)
            yield worker.task, WorkerFailure("time", "clock")

    def _discard(self, worker: _Worker) -> WorkerFailure:
        self._busy.pop(worker.output.fileno(), None)
        return _cause(_end(worker.process))

    def _spawn(self) -> _Worker:
        import subprocess

        boot = _BOOT.format(path=sys.path, memory=self._memory, seconds=self._seconds, preload=self._preload)
        process = subprocess.Popen(  # noqa: S603 - this very Python, with our own text
            [sys.executable, "-c", boot],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,  # a parser's panic may quote a cell
            bufsize=0,
            env={**os.environ, **_ENVIRONMENT},
        )
        return _Worker(process)


def _end(process: subprocess.Popen[bytes]) -> int:
    """End a worker; return how it ended, if it had ended by itself."""
    import subprocess

    for stream in (process.stdin, process.stdout):
        if stream is not None:
            with contextlib.suppress(OSError):
                stream.close()
    try:
        return process.wait(timeout=0.5)
    except subprocess.TimeoutExpired:
        process.kill()
        return process.wait()


def _cause(code: int) -> WorkerFailure:
    if code == -signal.SIGXCPU:
        return WorkerFailure("time", "SIGXCPU")
    if code == OUT_OF_MEMORY:
        return WorkerFailure("memory")
    if code < 0:
        with contextlib.suppress(ValueError):
            return WorkerFailure("died", signal.Signals(-code).name)
    return WorkerFailure("died", str(code))


def _unpack(message: bytearray) -> Any | WorkerFailure:
    """Read a result: a pickle, followed by its buffers, which are used where they lie."""
    view = memoryview(message)
    count = LENGTH.unpack_from(view)[0]
    sizes = struct.unpack_from(f"<{count}Q", view, LENGTH.size)
    position = LENGTH.size * (1 + count)
    parts = []
    for size in sizes:
        parts.append(view[position : position + size])
        position += size
    return pickle.loads(parts[0], buffers=parts[1:])  # noqa: S301 - from our own child, over our own pipe
