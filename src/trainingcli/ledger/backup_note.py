"""When a ledger was last copied: a note beside its file, or in the user's data folder for one on a server."""

from __future__ import annotations

import json
from hashlib import sha256
from pathlib import Path
from typing import IO, Any

from trainingcli.drafts import make_folder, write_file
from trainingcli.places import ledger_file

_ENDING = ".last-backup"


def note_backup(ledger: str, facts: dict[str, Any]) -> None:
    """Keep when, where to and at which head a ledger was copied. `OutputError` where it cannot be kept."""
    text = json.dumps(facts)  # in ASCII: a place's name may be in bytes that are no UTF-8

    def write(target: IO[bytes]) -> None:
        target.write(text.encode())

    place = _place(ledger)
    make_folder(place.parent)  # of a server's, the user's data folder may be new
    write_file(place, write)


def last_backup(ledger: str) -> dict[str, Any] | None:
    """Return what was kept last; None where nothing is known."""
    try:
        found = json.loads(_place(ledger).read_text("utf-8"))
    except (OSError, ValueError):
        return None
    return found if isinstance(found, dict) else None


def _place(ledger: str) -> Path:
    if "://" in ledger:
        return ledger_file().with_name(f"{sha256(ledger.encode()).hexdigest()[:16]}{_ENDING}")
    return Path(f"{ledger}{_ENDING}")
