"""`make bench`: what the program costs against its floor and its peers, as ratios; written to docs/benchmarks.md.

Every figure is measured in this one run, whole processes, CPU seconds unless said otherwise. Nothing here passes or
fails: where a bound is not met, the table says so.
"""

from __future__ import annotations

import argparse
import os
import platform
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).parent))

from measure import PYTHON, ROOT, TOOL, in_turn, paired, printed, run, summed, typical
from rosters import id_number, write_csv, write_xlsx

PEERS = str(Path(__file__).with_name("peers.py"))
STAGES = str(Path(__file__).with_name("stages.py"))
LEDGER = str(Path(__file__).with_name("ledger.py"))
VIEWS = str(Path(__file__).with_name("views.py"))
FENCE = str(Path(__file__).with_name("fence.py"))
LOCK = str(Path(__file__).with_name("lock.py"))
SETTLED = str(Path(__file__).with_name("settled.py"))
BESIDE = str(Path(__file__).with_name("beside.py"))
TARGET = ROOT / "docs" / "benchmarks.md"
MEASURED = ROOT / "build" / "bench"


@dataclass(frozen=True)
class Row:
    """One line of the table."""

    what: str
    figure: str
    bound: str
    met: bool | None


def claims(folder: Path, *files: Path, jobs: int | None = None, engine: str | None = None) -> list[str]:
    """Return the command of a whole run."""
    more = [] if jobs is None else ["--jobs", str(jobs)]
    more += [] if engine is None else ["--engine", engine]
    out, ledger = folder / "out", folder / "none.db"
    shutil.rmtree(out, ignore_errors=True)
    return [*TOOL, "claims", *map(str, files), "--today", "2021-12-31", "--out", str(out), "--ledger", str(ledger), "--format",
            "json", *more]  # fmt: skip


def start(folder: Path) -> Iterator[Row]:
    """Small runs: the help, and a roster of 30 rows."""
    one, other, cpu, _ = paired([*TOOL, "--help"], [PYTHON, "-c", "import typer, rich"], 9)
    yield Row(
        "`--help` against `import typer, rich`", f"{cpu:.2f} ({one.cpu:.2f} s / {other.cpu:.2f} s)", "≤ 1.3", cpu <= 1.3
    )
    one, other, cpu, _ = paired([*TOOL, "explain", "ANNUAL_LIMIT"], [PYTHON, "-c", "import typer, rich"], 9)
    yield Row(
        "`explain CODE` against the same", f"{cpu:.2f} ({one.cpu:.2f} s / {other.cpu:.2f} s)", "≤ 1.3", cpu <= 1.3
    )
    small = folder / "r30.xlsx"
    write_xlsx(small, 30, institutions=1)
    one, other, cpu, wall = paired(claims(folder, small), [PYTHON, "-c", "import pandera.pandas"], 7)
    said = f"{wall:.2f} wall, {cpu:.2f} CPU ({one.wall:.2f} s / {other.wall:.2f} s)"
    yield Row("30-row roster, whole process, against `import pandera.pandas`", said, "≤ 1.25", wall <= 1.25)
    book = folder / "small.db"
    run([*claims(folder, small), "--ledger", str(book), "--post"])
    for asked in (["ledger", "list"], ["ledger", "person", id_number(1, 1)]):
        one, other, cpu, _ = paired([*TOOL, *asked, "--ledger", str(book)], [PYTHON, "-c", "import pandas"], 9)
        said = f"{cpu:.2f} ({one.cpu:.2f} s / {other.cpu:.2f} s)"
        yield Row(f"`{' '.join(asked[:2])}` on a small ledger against `import pandas`", said, "≤ 1.0", cpu <= 1.0)


def large(folder: Path) -> Iterator[Row]:
    """200,000 rows in one workbook, against floor and usual script."""
    big, out = folder / "r200000.xlsx", folder / "peer.xlsx"
    write_xlsx(big, 200_000)
    whole, floor, cpu, _ = paired(claims(folder, big), [PYTHON, PEERS, "floor", str(big), str(out)], 3)
    yield Row(
        "200,000 rows, whole run, against the floor",
        f"{cpu:.2f} ({whole.cpu:.1f} s / {floor.cpu:.1f} s)",
        "≤ 1.5",
        cpu <= 1.5,
    )
    usual = run([PYTHON, PEERS, "usual", str(big), str(out)])
    ratio = usual.cpu / whole.cpu
    yield Row("the usual script against it", f"{ratio:.1f} times ({usual.cpu:.0f} s)", "≥ 8 times", ratio >= 8)
    read = typical([PYTHON, PEERS, "read", str(big)], 2)
    memory = whole.peak / read.peak
    yield Row(
        "peak memory, largest process, against calamine's own read",
        f"{memory:.2f} ({whole.peak:.0f} MiB / {read.peak:.0f} MiB)",
        "≤ 2",
        memory <= 2,
    )
    yield _share(big, whole.cpu)


def _share(roster: Path, cost: float) -> Row:
    asked = [PYTHON, STAGES, str(roster)]
    share = float(subprocess.run(asked, capture_output=True, text=True, check=True, cwd=ROOT).stdout)
    part = share / cost
    return Row("validation and rules' share of that run", f"{part:.1%} ({share:.1f} s)", "≤ 15 %", part <= 0.15)


def years(folder: Path) -> Iterator[Row]:
    """A bureau's year: 70 % distinct people, two claim lines a row, against floor and usual script."""
    out, costs = folder / "peer.xlsx", {}
    for count, bound in ((50_000, 1.4), (200_000, 1.25)):
        roster = folder / f"y{count}.xlsx"
        write_xlsx(roster, count, years=True)
        whole, floor, cpu, _ = paired(claims(folder, roster), [PYTHON, PEERS, "floor", str(roster), str(out)], 3)
        costs[count] = whole.cpu
        said = f"{cpu:.2f} ({whole.cpu:.1f} s / {floor.cpu:.1f} s)"
        what = f"people who come again: {count:,} rows, {2 * count:,} lines, against the floor"
        yield Row(what, said, f"≤ {bound}", cpu <= bound)
    usual = run([PYTHON, PEERS, "usual", str(roster), str(out)])
    ratio = usual.cpu / costs[count]
    yield Row("the usual script against it", f"{ratio:.1f} times ({usual.cpu:.0f} s)", "≥ 9 times", ratio >= 9)
    yield _share(roster, costs[count])


def memory(folder: Path) -> Iterator[Row]:
    """What all processes of a run hold at one moment, of a bureau's year."""
    roster = folder / "y100000.xlsx"
    write_xlsx(roster, 100_000, years=True)
    held = summed(claims(folder, roster)) / 1024
    yield Row("memory summed over all processes, 100,000 rows", f"{held:.2f} GiB", "≤ 0.8 GiB", held <= 0.8)
    found = {}
    for count in (100_000, 1_000_000):
        path = folder / f"y{count}.csv"
        write_csv(path, count, years=True)
        found[count] = summed(claims(folder, path)) / 1024
        path.unlink()
    small, large = found.values()
    said = f"{large:.2f} GiB (100,000: {small:.2f} GiB)"
    yield Row("the same, 1,000,000 csv rows", said, "≤ 4 GiB, no faster than rows", large <= min(4, 10 * small))


def dask(folder: Path) -> Iterator[Row]:
    """A run on a cluster of two workers beside one program with two jobs, the same rosters."""
    rosters = folder / "rosters"
    rosters.mkdir()
    for number in range(20):
        options = {"seed": number, "institutions": 1, "first": 5000 * number, "school": number, "years": True}
        write_xlsx(rosters / f"{number:02d}.xlsx", 5000, **options)
    commands = [claims(folder, rosters, jobs=2, engine=engine) for engine in ("dask", "local")]
    one, other, _, wall = paired(*commands, 9)
    said = f"{wall:.2f} ({one.wall:.0f} s / {other.wall:.0f} s)"
    yield Row("dask: 2 workers against 1 program with 2 jobs, 100,000 rows, wall", said, "≤ 1.0", wall <= 1)


def fence(folder: Path) -> Iterator[Row]:
    """Reading behind gate and fence, against calamine alone; one process measures both, in turn."""
    small, large = folder / "r2000.xlsx", folder / "r50000.xlsx"
    for path, count in ((small, 2000), (large, 50_000)):
        write_xlsx(path, count)
    plain, ours, start = _fence(small)
    yield Row(
        "gate and fence, 2,000 rows, CPU beyond calamine alone",
        f"{ours - plain:.2f} s ({ours:.2f} s / {plain:.2f} s; a worker's start, once a run, {start:.2f} s)",
        "≤ 0.2 s",
        ours - plain <= 0.2,
    )
    plain, ours, _ = _fence(large)
    yield Row(
        "the same, 50,000 rows, against calamine alone",
        f"{ours / plain:.2f} ({ours:.1f} s / {plain:.1f} s)",
        "≤ 1.5",
        ours / plain <= 1.5,
    )


def _fence(path: Path) -> list[float]:
    done = subprocess.run([PYTHON, FENCE, str(path)], capture_output=True, text=True, check=True, cwd=ROOT)
    return [float(word) for word in done.stdout.split()]


_SIZES = (1_000, 10_000, 100_000, 1_000_000)


def growth(folder: Path) -> Iterator[Row]:
    """How far the cost of a growing roster is from a straight line: a start, and so much a row; least of several runs."""
    costs: dict[int, float] = {}
    for counts in (_SIZES, _SIZES[:3], _SIZES, _SIZES[:3], _SIZES[:2]):  # in turn, so that a slow moment meets all
        for count in counts:
            cost = run(claims(folder, _csv(folder, count))).cpu
            costs[count] = min(cost, costs.get(count, cost))
    first, *between, last = costs
    a_row = (costs[last] - costs[first]) / (last - first)
    line = {count: costs[first] + a_row * (count - first) for count in between}
    off = max(abs(costs[count] / line[count] - 1) for count in between)
    said = ", ".join(f"{count:,}: {cost:.1f} s" for count, cost in costs.items())
    yield Row(
        "CPU as rows grow (csv), from the straight line through first and last",
        f"{off:.0%} at most ({said}; {a_row * 1e6:.0f} µs a row)",
        "within 15 %",
        off <= 0.15,
    )


def _csv(folder: Path, count: int) -> Path:
    path = folder / f"r{count}.csv"
    if not path.exists():
        write_csv(path, count)
    return path


def many(folder: Path) -> Iterator[Row]:
    """1,000 workbooks of 200 rows, each institution's own people: two workers against one."""
    rosters = folder / "many"
    rosters.mkdir()
    for number in range(1000):
        write_xlsx(rosters / f"{number:04d}.xlsx", 200, seed=number, institutions=1, first=200 * number, school=number)
    one = run(claims(folder, rosters, jobs=1))
    two = run(claims(folder, rosters, jobs=2))
    ratio = one.wall / two.wall
    yield Row(
        "1,000 workbooks of 200 rows, wall, one worker against two",
        f"{ratio:.2f} ({one.wall:.0f} s / {two.wall:.0f} s)",
        "≥ 1.7 times",
        ratio >= 1.7,
    )


def ledger(folder: Path) -> Iterator[Row]:
    """A ledger of two million lines, against bare driver calls."""
    done = subprocess.run([PYTHON, LEDGER, str(folder)], capture_output=True, text=True, check=True, cwd=ROOT)
    for line in done.stdout.splitlines():
        what, ours, bare = line.split("\t")
        ratio = float(ours) / float(bare)
        yield Row(what, f"{ratio:.2f} ({float(ours):.1f} s / {float(bare):.1f} s)", "≤ 1.5", ratio <= 1.5)


def lock(folder: Path) -> Iterator[Row]:
    """How long a posting holds the ledger's lock; 30 s is the time-out of those who wait."""
    done = subprocess.run([PYTHON, LOCK, str(folder)], capture_output=True, text=True, check=True, cwd=ROOT)
    for line, bound in zip(done.stdout.splitlines(), (0.5, 1.0), strict=True):
        what, held, failed = line.split("\t")
        met = float(held) <= bound and failed == "0"
        said = f"{float(held):.2f} s, {failed} timed out"
        yield Row(f"ledger's lock held by `--post` of 2,000 lines, {what} (wall)", said, f"≤ {bound} s", met)


def views(folder: Path) -> Iterator[Row]:
    """A large ledger asked: one person, the use of funds; `TRAININGCLI_BENCH_LINES` says how large."""
    done = subprocess.run([PYTHON, VIEWS, str(folder)], capture_output=True, text=True, check=True, cwd=ROOT)
    lines = [line.split("\t") for line in done.stdout.splitlines()]
    (person, *funds, memory) = ((what, float(ours), float(other)) for what, ours, other in lines)
    what, asked, start_ = person
    yield Row(what, f"{asked - start_:.2f} s ({asked:.2f} s / {start_:.2f} s)", "≤ 1 s more", asked - start_ <= 1)
    for what, ours, bare in funds:
        yield Row(what, f"{ours / bare:.2f} ({ours:.1f} s / {bare:.1f} s)", "≤ 2", ours <= 2 * bare)
    what, peak, bound = memory
    yield Row(what, f"{peak:.0f} MB", "≤ 1,024 MB", peak <= bound)


_CHANGES = {
    "three lines in four change": "programmes.vocational-training.amounts.each=650",
    "none does": "programmes.certificate.amounts.中级工=450",
}


def compare(folder: Path) -> Iterator[Row]:
    """Two policies on 200,000 rows, against one run without workbooks; the comparison writes its workbook."""
    big = folder / "r200000.xlsx"
    write_xlsx(big, 200_000)
    alone = [PYTHON, SETTLED, str(big)]
    for said, setting in _CHANGES.items():
        asked = [
            *TOOL,
            "compare",
            str(big),
            "--set",
            setting,
            "--programme",
            "vocational-training",
            "--today",
            "2021-12-31",
        ]
        more = ["--out", str(folder / "out"), "--force", "--ledger", str(folder / "none.db"), "--format", "json"]
        one, other, cpu, _ = paired([*asked, *more, "--jobs", "1"], alone, 3)
        yield Row(
            f"`compare` of 200,000 rows, {said}, against one `claims` run without workbooks",
            f"{cpu:.2f} ({one.cpu:.1f} s / {other.cpu:.1f} s)",
            "≤ 2.5",
            cpu <= 2.5,
        )


def beside(folder: Path) -> Iterator[Row]:
    """An export, registers and a list beside a roster: what they cost beyond being read once, as a share of the run."""
    import beside as files

    run([PYTHON, BESIDE, "make", str(folder)])
    asked = [*claims(folder, folder / files.ROSTER, jobs=files.JOBS), "--programme", "vocational-training", "--force"]
    given = ["--realname", files.EXPORT, "--people", files.LIST, "--registers", files.REGISTERS]
    more = [str(folder / word) if at % 2 else word for at, word in enumerate(given)]
    read = [PYTHON, BESIDE, "read", str(folder)]
    rounds = in_turn([lambda: run([*asked, *more]).cpu, lambda: run(asked).cpu, lambda: float(printed(read))], 9)
    full, plain, alone = (median(side) for side in zip(*rounds, strict=True))
    shares = sorted((ours - without - reading) / without for ours, without, reading in rounds)
    share = median(shares)
    least = [min(side) for side in zip(*rounds, strict=True)]
    of_least = (least[0] - least[1] - least[2]) / least[1]
    yield Row(
        "5,000 rows beside an export of 50,000, registers of 10,000, a list of 100,000: beyond one gated reading",
        f"{share:.0%} ({full:.2f} s / {plain:.2f} s, read {alone:.2f} s; rounds {shares[0]:.0%} to {shares[-1]:.0%}, "
        f"of the least costs {of_least:.0%})",
        "≤ 25 %",
        share <= 0.25,
    )


def returns(folder: Path) -> Iterator[Row]:
    """`--returns` against the run without: many small files, a large one; every tenth row is wrong."""
    import returned

    made = {
        "300 odd workbooks": returned.odd,
        "400 files of 10 rows": returned.small,
        "one file of 20,000 rows": returned.large,
    }
    for at, (what, make) in enumerate(made.items()):
        rosters = make(folder / f"returned{at}")
        asked = claims(folder, rosters)
        ours, plain, cpu, _ = paired([*asked, "--returns", "--force"], [*asked, "--force"], 3)
        yield Row(
            f"`claims --returns`, {what}, against the run without",
            f"{cpu:.2f} ({ours.cpu:.1f} s / {plain.cpu:.1f} s)",
            "≤ 1.5",
            cpu <= 1.5,
        )


PARTS: dict[str, Callable[[Path], Iterator[Row]]] = {
    "start": start, "large": large, "years": years, "memory": memory, "dask": dask, "fence": fence, "growth": growth, "many": many, "ledger": ledger, "lock": lock, "views": views,
    "compare": compare, "beside": beside, "returns": returns,
}  # fmt: skip


def machine() -> str:
    """Say where and with what this was measured."""
    names = ("pandas", "pyarrow", "pandera", "python-calamine", "XlsxWriter", "rustpy-xlsxwriter", "typer")
    versions = ", ".join(f"{name} {version(name)}" for name in names)
    return f"Python {platform.python_version()}, {os.cpu_count()} cores, {platform.machine()}, {platform.system()}; {versions}."


def main() -> None:
    """Measure the parts asked for (all), print their rows, and write the table with what was measured of each part."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("parts", nargs="*", choices=[*PARTS, []], help="which parts (default: all)")
    MEASURED.mkdir(parents=True, exist_ok=True)
    for name in parser.parse_args().parts or list(PARTS):
        rows = []
        with tempfile.TemporaryDirectory() as folder:
            for row in PARTS[name](Path(folder)):
                met = {True: "yes", False: "**no**", None: ""}[row.met]
                rows.append(f"| {row.what} | {row.figure} | {row.bound} | {met} |")
                print(rows[-1], flush=True)
        (MEASURED / f"{name}.md").write_text("\n".join(rows) + "\n", encoding="utf-8")
    write()


def write() -> None:
    """Write docs/benchmarks.md: each part as it was last measured, then the notes that stand below the table."""
    table = ["| what | measured | bound | met |", "|---|---|---|---|"]
    parts = [MEASURED / f"{name}.md" for name in PARTS]
    table += [part.read_text(encoding="utf-8").rstrip() for part in parts if part.exists()]
    head = "# Benchmarks\n\nWritten by `make bench`: whole processes, medians where there are several runs, ratios within one run.\n\n"
    notes = TARGET.read_text(encoding="utf-8").partition("\n## ")[2] if TARGET.exists() else ""
    tail = f"\n## {notes}" if notes else ""
    TARGET.write_text(head + f"{machine()}\n\n" + "\n".join(table) + "\n" + tail, encoding="utf-8")


if __name__ == "__main__":
    main()
