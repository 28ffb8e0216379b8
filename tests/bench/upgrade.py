"""A ledger of 100,000 entries, written by the program of the first version, opened by today's: `make upgrade`.

The earlier program is taken from this repository's history and posts five rosters of 20,000 rows. Today's makes a backup,
upgrades, and verifies: the head is the same, the backup is a ledger of the first version still. Prints what it took.
"""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import tarfile
import tempfile
import time
from pathlib import Path

from measure import PYTHON, ROOT
from rosters import write_csv

VERSION_1 = "cd9aa54"  # the last commit before the second version
BATCHES, ROWS = 5, 20_000


def main() -> None:
    """Post, upgrade, verify."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        ledger = folder / "ledger.db"
        _earlier(folder)
        for number in range(BATCHES):
            write_csv(folder / "r.csv", ROWS, first=number * ROWS, seed=number, school=100 * number)
            _run(folder / "src", "claims", "r.csv", "--programme", "vocational-training", "--today", f"2021-12-{number + 1:02d}",
                 "--ledger", "ledger.db", "--post", "--out", f"out{number}", cwd=folder)  # fmt: skip
        before = _head(_run(folder / "src", "ledger", "verify", "--ledger", "ledger.db", cwd=folder))
        size = ledger.stat().st_size
        began = time.perf_counter()
        _run(ROOT / "src", "ledger", "list", "--ledger", "ledger.db", cwd=folder)
        upgraded = time.perf_counter() - began
        began = time.perf_counter()
        after = _head(_run(ROOT / "src", "ledger", "verify", "--ledger", "ledger.db", cwd=folder))
        verified = time.perf_counter() - began
        (backup,) = folder.glob("ledger.db*backup")
        assert after == before, (before, after)
        assert backup.stat().st_size >= size // 2, "the backup holds the ledger as it was"
    print(f"head {before}\nupgrade with its backup {upgraded:.1f} s, verify {verified:.1f} s")


def _earlier(folder: Path) -> None:
    """Put the sources of the first version's program into `folder`."""
    command = ["git", "archive", VERSION_1, "src", "schemas", "pyproject.toml", "README.md"]
    packed = subprocess.run(command, cwd=ROOT, capture_output=True, check=True).stdout
    with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
        archive.extractall(folder, filter="data")


def _run(source: Path, *arguments: str, cwd: Path) -> str:
    command = [PYTHON, "-m", "trainingcli", *arguments]
    where = os.environ | {"PYTHONPATH": str(source)}
    done = subprocess.run(command, cwd=cwd, env=where, capture_output=True, text=True)
    if done.returncode not in (0, 1):
        sys.exit(f"{done.returncode}: {' '.join(arguments)}\n{done.stderr[-2000:]}")
    return done.stdout


def _head(document: str) -> str:
    found = json.loads(document)
    assert found["ok"], found
    return f"{found['head']}, {found['entries']:,} entries"


if __name__ == "__main__":
    main()
