"""What a run is asked to do."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from typing import NamedTuple


class Request(NamedTuple):
    """What a run is asked to do. `files`: paths as given; `stdin`: the bytes for the path `-`.

    `named`: files and folders that an option or the configuration names: no rosters, and not to be replaced. `force`:
    replace them all the same; `clean`: remove what earlier runs left in `--out`; `return_reduced`: return
    files too whose only finding is a reduction. `settled_once`: what was read is not settled again, so its cells are
    forgotten once rows are made of them.
    """

    files: Sequence[str]
    today: dt.date
    programme: str | None = None
    password: str | None = None
    stdin: bytes | None = None
    named: Sequence[str] = ()
    force: bool = False
    clean: bool = False
    return_reduced: bool = False
    settled_once: bool = False
    progress: Callable[[int, int], None] | None = None
