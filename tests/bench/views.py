"""A large ledger asked: one person, the use of funds, beside reading the archives' columns bare.

Prints a line for each: what, our seconds or megabytes, those that it is compared with (tab-separated). `LINES` lines in
batches of 20,000, each with its archive, as issue 15 asks; `TRAININGCLI_BENCH_LINES` says another number. Every figure
is of whole processes, run in turn, less the same process on an empty ledger: the program's start and the workbook.

`views.py bare LEDGER` is the reading that `funds` is measured by: what it needs of the payments, out of every archive,
by Arrow alone.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).parents[1]))
sys.path.insert(0, str(Path(__file__).parent))

from measure import PYTHON, TOOL, run
from rosters import id_number

LINES = int(os.environ.get("TRAININGCLI_BENCH_LINES", "2000000"))
CHUNK = 20_000
SCHOOLS = 40  # of each batch
NEEDS = (
    "status", "approved", "programme", "payee", "id_number", "start_date", "certificate_date", "institution", "employer",
    "host",
)  # fmt: skip
"""What `funds` groups by and counts, as the archives have it."""


def build(path: Path, lines: int) -> None:
    """Post the batches: a line a person, its archive as a settled batch has it."""
    import ledger as plain
    from reports.builder import assessment, line
    from trainingcli.claims.batch_archive import pack
    from trainingcli.claims.batch_index import index_of
    from trainingcli.ledger import open_ledger
    from trainingcli.policy import load_policy

    found = assessment([line()], policy=load_policy())
    with open_ledger(path) as book:
        for number in range(lines // CHUNK):
            schools = [f"虚构培训学校{(number + n) % SCHOOLS}" for n in range(CHUNK)]
            posted = plain.lines(number * CHUNK, CHUNK).assign(payee=schools)
            lines_ = found.lines.iloc[[0] * CHUNK].reset_index(drop=True)
            own = {
                "name": [f"学员{n}" for n in range(CHUNK)], "phone": [f"138{n:08d}" for n in range(CHUNK)],
                "account": [f"6222{n * 7919:015d}" for n in range(CHUNK)], "institution": schools, "payee": schools,
                "id_number": posted["id_number"], "certificate_no": posted["certificate_no"],
            }  # fmt: skip
            found.lines = lines_.assign(**own)
            with book.transaction():
                book.post(plain.record(number), posted, pack(found), index_of(found.lines, found.reasons))
            found.lines = found.lines.iloc[:1]


def read_bare(path: Path) -> None:
    """Read what `funds` needs out of the archives, and nothing else."""
    from trainingcli.claims.batch_archive import unpack_table
    from trainingcli.ledger import open_ledger

    with open_ledger(path, read_only=True) as book:
        for batch in book.archived():
            unpack_table(book.archive(batch), NEEDS)


def registers(folder: Path) -> Path:
    """Write the register that says the institutions' districts; return its folder."""
    import openpyxl

    folder.mkdir()
    book = openpyxl.Workbook()
    book.active.append(["机构名称", "区县", "资格方式"])
    for number in range(SCHOOLS):
        book.active.append([f"虚构培训学校{number}", f"区{number % 10}", "审核备案"])
    book.save(folder / "institutions.xlsx")
    return folder


def person(folder: Path, big: Path) -> None:
    """Say what asking for one person takes, in seconds of the clock."""
    asked = [*TOOL, "ledger", "person", id_number(7, 1), "--format", "json", "--ledger", str(big)]
    start = [*TOOL, "policy", "--format", "json"]
    run(asked), run(start)
    pairs = [(run(asked).wall, run(start).wall) for _ in range(5)]
    print(
        f"one person among {LINES:,} lines, beside the program's start (s)",
        *map(median, zip(*pairs, strict=True)),
        sep="\t",
    )


def funds(folder: Path, big: Path, empty: Path, what: str, *more: str) -> float:
    """Say what the use of funds takes beside the bare reading, in CPU seconds; return the peak memory."""
    ours, none = (
        [*TOOL, "funds", "--ledger", str(path), "--out", str(folder / "funds"), "--force", "--format", "json", *more]
        for path in (big, empty)
    )
    bare, nothing = ([PYTHON, __file__, "bare", str(path)] for path in (big, empty))
    pairs, peak = [], 0.0
    for _ in range(3):
        asked = run(ours)
        pairs.append((asked.cpu - run(none).cpu, run(bare).cpu - run(nothing).cpu))
        peak = max(peak, asked.peak)
    middle = sorted(pairs, key=lambda pair: pair[0] / pair[1])[1]
    print(f"{what} over {LINES:,} lines, beside the archives' columns bare (CPU)", *middle, sep="\t")
    return peak


def main() -> None:
    """Build the ledger (or take one that is there), ask it, say what it took."""
    from trainingcli.ledger import open_ledger

    if sys.argv[1] == "bare":
        read_bare(Path(sys.argv[2]))
        return
    folder = Path(sys.argv[1])
    big, empty = folder / "views.db", folder / "empty.db"
    if not big.exists():
        build(big, LINES)
    open_ledger(empty).close()
    person(folder, big)
    peaks = [
        funds(folder, big, empty, "the use of funds"),
        funds(folder, big, empty, "the same by districts", "--registers", str(registers(folder / "registers"))),
    ]
    print(f"peak memory of these runs (MB)\t{max(peaks)}\t1024")


if __name__ == "__main__":
    main()
