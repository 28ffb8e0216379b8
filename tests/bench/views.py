"""A large ledger asked: one person, the use of funds, beside reading the archives' columns bare.

Prints a line for each: what, seconds or megabytes, the bare reading's (tab-separated). `LINES` lines in batches of
20,000, each with its archive; `TRAININGCLI_BENCH_LINES` says another number (two million for issue 15's own figure).
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))
sys.path.insert(0, str(Path(__file__).parent))

from rosters import id_number

LINES = int(os.environ.get("TRAININGCLI_BENCH_LINES", "100000"))
CHUNK = 20_000


def build(path: Path) -> None:
    """Post the batches: a line a person, its archive as a settled batch has it."""
    import ledger as plain
    from reports.builder import assessment, line
    from trainingcli.claims.batch_archive import pack
    from trainingcli.claims.batch_index import index_of
    from trainingcli.ledger import open_ledger
    from trainingcli.policy import load_policy

    found = assessment([line()], policy=load_policy())
    with open_ledger(path) as book:
        for number in range(LINES // CHUNK):
            posted = plain.lines(number * CHUNK, CHUNK)
            lines = found.lines.iloc[[0] * CHUNK].reset_index(drop=True)
            own = {
                "name": [f"学员{n}" for n in range(CHUNK)], "phone": [f"138{n:08d}" for n in range(CHUNK)],
                "account": [f"6222{n * 7919:015d}" for n in range(CHUNK)],
            }  # fmt: skip
            found.lines = lines.assign(id_number=posted["id_number"], certificate_no=posted["certificate_no"], **own)
            with book.transaction():
                book.post(plain.record(number), posted, pack(found), index_of(found.lines, found.reasons))
            found.lines = found.lines.iloc[:1]


def bare(path: Path) -> float:
    """Read the archives' columns that districts need, and nothing else; return the seconds."""
    from trainingcli.claims.batch_archive import unpack_table
    from trainingcli.ledger import open_ledger

    began = time.perf_counter()
    with open_ledger(path, read_only=True) as book:
        for batch in book.archived():
            unpack_table(book.archive(batch), ("institution", "employer", "host"))
    return time.perf_counter() - began


def timed(*arguments: str) -> float:
    """Return the seconds of one run of the program."""
    began = time.perf_counter()
    command = [sys.executable, "-c", "from trainingcli.__main__ import main; main()", *arguments, "--format", "json"]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return time.perf_counter() - began


def main() -> None:
    """Build the ledger, ask it, say what it took; of `funds` beyond its start and its workbook."""
    from trainingcli.ledger import open_ledger

    folder = Path(sys.argv[1])
    path = folder / "views.db"
    build(path)
    start = timed("policy")
    person = timed("ledger", "person", id_number(7, 1), "--ledger", str(path))
    print(f"one person among {LINES:,} lines, beside the program's start (s)\t{person}\t{start}")
    with open_ledger(folder / "empty.db"):
        pass
    nothing = timed("funds", "--ledger", str(folder / "empty.db"), "--out", str(folder / "nothing"))
    own = timed("funds", "--ledger", str(path), "--out", str(folder / "funds")) - nothing
    print(f"the use of funds over {LINES:,} lines, beside the archives' columns bare (s)\t{own}\t{bare(path)}")
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print(f"peak memory of these runs (MB)\t{peak}\t1024")


if __name__ == "__main__":
    main()
