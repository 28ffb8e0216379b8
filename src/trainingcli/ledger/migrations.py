"""From an older ledger to the present one: a plain function a step; none is ever changed."""

from __future__ import annotations

from collections.abc import Callable

from trainingcli.ledger.store import Store

MIGRATIONS: dict[int, Callable[[Store], None]] = {}
"""Version n → what turns a ledger of version n into one of version n + 1."""
