"""Where the files of tests lie: in memory where there is room, since no test asks what a disk does with a sync."""

from __future__ import annotations

import os
from pathlib import Path

MEMORY = Path("/dev/shm")
ROOM = 2 << 30
"""Bytes: some ten times what all tests and their PostgreSQL have at once."""


def temporary() -> Path:
    """Memory, if it is as large and lets libraries be loaded from it (a container's often is not), or the disk."""
    if not MEMORY.is_dir() or not os.access(MEMORY, os.W_OK):
        return Path("/tmp")
    found = os.statvfs(MEMORY)
    may_be_run = not found.f_flag & os.ST_NOEXEC
    return MEMORY if may_be_run and found.f_bavail * found.f_frsize >= ROOM else Path("/tmp")
