"""Memory that is free within a process, given back to the machine: before others of the run need their own."""

from __future__ import annotations

import gc
import sys
from functools import cache
from typing import Any


def give_back() -> None:
    """Give back what was freed; allocators keep it else, a fifth of what a large run holds."""
    gc.collect()
    arrow: Any = sys.modules.get("pyarrow")
    if arrow is not None:
        arrow.default_memory_pool().release_unused()
    trim = _trim()
    if trim is not None:
        trim(0)


@cache
def _trim() -> Any:
    """Return the C library's way of doing so, where it has one (glibc)."""
    import ctypes

    try:
        return ctypes.CDLL(None).malloc_trim
    except (AttributeError, OSError, TypeError):
        return None
