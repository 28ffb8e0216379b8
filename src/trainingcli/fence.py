"""In a worker process: the loop that serves tasks, and the fence of memory and time around each.

The pool (`workers`) starts this module's `serve` in a fresh, small Python, so it imports nothing beside the standard
library. Messages both ways: their length, then a pickle; a result's buffers follow it.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import os
import pickle
import signal
import struct
from collections.abc import Callable, Iterator, Sequence
from typing import IO, Any, Literal, NamedTuple

from trainingcli.memory import MIB, give_back

LENGTH = struct.Struct("<Q")
OUT_OF_MEMORY = 86  # a worker's exit code

type_of_failure = Literal["died", "memory", "time", "error"]


class WorkerFailure(NamedTuple):
    """Why a task has no result. `detail` is a signal's or an exception's class name, never a value from the input."""

    kind: type_of_failure
    detail: str = ""


_in_worker = False
_MUCH = 128 * MIB  # a worker that holds more gives back what it no longer uses


def serve(memory: int, seconds: float, preload: Sequence[str] = ()) -> None:
    """Serve tasks until standard input ends: what the worker process runs. `preload`: modules to import first."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the main program decides; its end closes our standard input
    gc.set_threshold(100_000, 50, 1000)  # cells are no garbage, and there are many
    tasks, results = os.fdopen(os.dup(0), "rb", buffering=0), os.fdopen(os.dup(1), "wb", buffering=0)
    nothing = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(nothing, descriptor)
    global _in_worker
    _in_worker = True
    _no_core_files()
    for module in preload:
        importlib.import_module(module)
    while head := _read(tasks, LENGTH.size):
        function, arguments = pickle.loads(_read(tasks, LENGTH.unpack(head)[0]))  # noqa: S301 - from our own parent
        _limit_time(seconds)
        _limit_memory(memory)
        try:
            result = _resolve(function)(*arguments)
            _write(results, result)
        except MemoryError:
            os._exit(OUT_OF_MEMORY)  # the heap may be in pieces: a fresh worker is safer
        except BaseException as error:
            _write(results, WorkerFailure("error", _describe(error)))
        result = None
        give_back(above=_MUCH)


def _describe(error: BaseException) -> str:
    """Name an exception and where it was raised, without its text: that may quote a cell."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    where = f" {os.path.basename(trace.tb_frame.f_code.co_filename)}:{trace.tb_lineno}" if trace else ""  # noqa: PTH119
    return type(error).__name__ + where


def _resolve(function: str | Callable[..., Any]) -> Callable[..., Any]:
    if callable(function):
        return function
    module, _, name = function.partition(":")
    found: Callable[..., Any] = getattr(importlib.import_module(module), name)
    return found


@contextlib.contextmanager
def fenced(extra: int) -> Iterator[None]:
    """In a worker: allow what is within only `extra` bytes above what is used now, if that is less than the task has.

    A sheet that lies about its reach then fails at its first large allocation. Outside a worker nothing happens.
    """
    if not _in_worker:
        yield
        return
    before = _soft_limit()
    _limit_memory(extra, ceiling=before)
    try:
        yield
    finally:
        _set_limit(before)


def _limit_memory(extra: int, ceiling: int | None = None) -> None:
    """Limit the address space to what is used now and `extra` bytes; the hard limit stays, so this can be undone."""
    try:
        import resource

        with open("/proc/self/statm") as stream:  # noqa: PTH123
            wanted = int(stream.read().split()[0]) * resource.getpagesize() + extra
    except (ImportError, OSError, ValueError):
        return  # no such limit on this system; the gate's bounds still hold
    _set_limit(wanted if ceiling is None else min(wanted, ceiling))


def _soft_limit() -> int | None:
    try:
        import resource

        soft, _ = resource.getrlimit(resource.RLIMIT_AS)
    except (ImportError, OSError, ValueError):
        return None
    return None if soft == resource.RLIM_INFINITY else soft


def _set_limit(wanted: int | None) -> None:
    try:
        import resource

        _, hard = resource.getrlimit(resource.RLIMIT_AS)
        if hard != resource.RLIM_INFINITY:
            wanted = hard if wanted is None else min(wanted, hard)
        resource.setrlimit(resource.RLIMIT_AS, (resource.RLIM_INFINITY if wanted is None else wanted, hard))
    except (ImportError, OSError, ValueError):
        return


def _no_core_files() -> None:
    try:
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # a core file would hold ID numbers
    except (ImportError, OSError, ValueError):
        return


def _limit_time(seconds: float) -> None:
    try:
        import resource

        usage = resource.getrusage(resource.RUSAGE_SELF)
        _, hard = resource.getrlimit(resource.RLIMIT_CPU)
        wanted = int(usage.ru_utime + usage.ru_stime + seconds) + 1
        resource.setrlimit(resource.RLIMIT_CPU, (wanted, hard))
    except (ImportError, OSError, ValueError):
        return


def _read(stream: IO[bytes], count: int) -> bytes:
    parts = []
    while count:
        part = stream.read(count)
        if not part:
            return b""
        parts.append(part)
        count -= len(part)
    return b"".join(parts)


def _write(stream: IO[bytes], result: Any) -> None:
    buffers: list[pickle.PickleBuffer] = []
    body = pickle.dumps(result, protocol=5, buffer_callback=buffers.append)
    parts = [memoryview(body), *(buffer.raw() for buffer in buffers)]
    sizes = [part.nbytes for part in parts]
    header = struct.pack(f"<{len(parts) + 1}Q", len(parts), *sizes)
    total = len(header) + sum(sizes)
    for piece in (memoryview(LENGTH.pack(total) + header), *parts):
        rest = piece
        while rest:
            rest = rest[stream.write(rest) :]
