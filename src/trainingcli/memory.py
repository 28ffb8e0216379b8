"""Memory that is free within a process, given back to the machine: before others of the run need their own."""

from __future__ import annotations

import gc
import os
import sys
from functools import cache
from pathlib import Path
from typing import Any

MIB = 1024 * 1024
MUCH = 320 * MIB
"""What the main program may hold before it gives back what it no longer uses; small runs hold less."""


def give_back(above: int) -> None:
    """Give back what was freed, where more than `above` bytes are held; a large run would hold a fifth more else.

    To look for garbage costs a small run a twelfth of its time, and finds nothing.
    """
    if _resident() <= above:
        return
    gc.collect()
    arrow: Any = sys.modules.get("pyarrow")
    if arrow is not None:
        arrow.default_memory_pool().release_unused()
    trim = _trim()
    if trim is not None:
        trim(0)


def _resident() -> int:
    """Return the bytes that this process holds; 0 where the system does not say."""
    try:
        return int(Path("/proc/self/statm").read_bytes().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError, AttributeError):
        return 0


@cache
def _trim() -> Any:
    """Return the C library's way of doing so, where it has one (glibc)."""
    import ctypes

    try:
        return ctypes.CDLL(None).malloc_trim
    except (AttributeError, OSError, TypeError):
        return None
