"""What a run is asked to do."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Request:
    """What a run is asked to do. `files`: paths as given; `stdin`: the bytes for the path `-`."""

    files: Sequence[str]
    today: dt.date
    programme: str | None = None
    password: str | None = None
    stdin: bytes | None = None
    progress: Callable[[int, int], None] | None = field(default=None, compare=False)
