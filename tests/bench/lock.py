"""How long `claims --post` of 2,000 lines holds the ledger's lock: alone, and among eight at one ledger.

Prints for each: what, the longest hold in seconds, how many runs failed (tab-separated). Whole processes; the lock's
begin and end are taken from inside them (`Ledger.transaction`).
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from rosters import write_xlsx

LINES, EIGHT = 2_000, 8
# The program, with every hold of the lock written to a file.
HELD = """
import contextlib, os, sys, time
from trainingcli.ledger.book import Ledger
inside = Ledger.transaction
@contextlib.contextmanager
def held(self):
    with contextlib.ExitStack() as stack:
        stack.enter_context(inside(self))
        began = time.perf_counter()
        yield
    with open(os.environ["TRAININGCLI_BENCH_HELD"], "a") as to:
        to.write(f"{time.perf_counter() - began}\\n")
Ledger.transaction = held
sys.argv[0] = "trainingcli"
from trainingcli.__main__ import entry
entry()
"""


def posting(folder: Path, number: int) -> subprocess.Popen[bytes]:
    """Start one posting run of a roster of people of its own."""
    own = folder / str(number)
    own.mkdir(exist_ok=True)
    environment = os.environ | {"TRAININGCLI_BENCH_HELD": str(own / "held")}
    arguments = ["claims", str(folder / f"r{number}.xlsx"), "--post", "--today", "2021-12-31", "--format", "json"]
    arguments += ["--ledger", str(folder / "ledger.db"), "--out", str(own / "out"), "--force", "--quiet"]
    return subprocess.Popen(
        [sys.executable, "-c", HELD, *arguments], env=environment, stdout=(own / "said").open("wb"),
        stderr=subprocess.DEVNULL,
    )  # fmt: skip


def told(folder: Path, what: str, numbers: range) -> None:
    """Run them at once and print the longest hold."""
    failed = sum(process.wait() != 0 for process in [posting(folder, number) for number in numbers])
    holds = [float(line) for number in numbers for line in (folder / str(number) / "held").read_text().split()]
    posted = sum(json.loads((folder / str(number) / "said").read_bytes())["batch"] is not None for number in numbers)
    assert posted + failed == len(numbers), "every run posts, or fails"
    print(f"{what}\t{max(holds)}\t{failed}", flush=True)


def main() -> None:
    """Post one roster alone, then eight at once."""
    folder = Path(sys.argv[1])
    for number in range(EIGHT + 1):
        write_xlsx(folder / f"r{number}.xlsx", LINES, first=number * LINES)
    told(folder, "alone", range(1))
    told(folder, "among eight", range(1, EIGHT + 1))


if __name__ == "__main__":
    main()
