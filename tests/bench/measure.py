"""Run a command as a whole process and say what it cost: CPU seconds of it and its children, wall, peak memory."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

ROOT = Path(__file__).parents[2]
PYTHON = sys.executable
TOOL = (PYTHON, "-m", "trainingcli")
# As installed: modules are compiled once, whatever the shell that measures says of it.
ENVIRONMENT = {name: text for name, text in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
ENVIRONMENT |= {"PYTHONPATH": "", "PYTHONPYCACHEPREFIX": str(ROOT / "build" / "bench" / "compiled")}


@dataclass(frozen=True)
class Cost:
    """CPU and wall in seconds, the largest process's peak memory in MiB."""

    cpu: float
    wall: float
    peak: float


def run(command: Sequence[str], *, ok: tuple[int, ...] = (0,)) -> Cost:
    """Run once. CPU counts every descendant that was waited for."""
    began = time.perf_counter()
    process = subprocess.Popen(
        list(command),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd=ROOT,
        env=ENVIRONMENT,
    )
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - began
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in ok:
        raise SystemExit(f"exit {process.returncode}: {' '.join(command)}")
    return Cost(usage.ru_utime + usage.ru_stime, wall, usage.ru_maxrss / 1024)


def printed(command: Sequence[str]) -> str:
    """Run once; return what it prints: a cost that it took of itself."""
    return subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT, env=ENVIRONMENT).stdout


def summed(command: Sequence[str]) -> float:
    """Run once; return the peak of what all its processes hold at one moment, in MiB: resident, shared pages too."""
    process = subprocess.Popen(
        list(command), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=ROOT, env=ENVIRONMENT
    )
    peak = 0
    while process.poll() is None:
        peak = max(peak, sum(_resident(each) for each in _family(process.pid)))
        time.sleep(0.02)
    if process.returncode:
        raise SystemExit(f"exit {process.returncode}: {' '.join(command)}")
    return peak / 1024


def _family(process: int) -> Iterator[int]:
    """Yield a process and its descendants."""
    yield process
    try:
        tasks = list(Path(f"/proc/{process}/task").iterdir())
        children = [int(child) for task in tasks for child in (task / "children").read_text().split()]
    except OSError:  # it ended meanwhile
        return
    for child in children:
        yield from _family(child)


def _resident(process: int) -> int:
    """Return what a process holds, in KiB; 0 once it has ended."""
    try:
        lines = Path(f"/proc/{process}/status").read_text(encoding="utf-8").splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("VmRSS:")), 0)


def typical(command: Sequence[str], times: int = 5, *, ok: tuple[int, ...] = (0,)) -> Cost:
    """Run several times after a warm-up and return the median of each figure."""
    run(command, ok=ok)
    costs = [run(command, ok=ok) for _ in range(times)]
    return Cost(*(median(getattr(cost, name) for cost in costs) for name in ("cpu", "wall", "peak")))


def in_turn(sides: Sequence[Callable[[], float]], times: int) -> list[tuple[float, ...]]:
    """Ask each side for its cost, in rounds after a warm-up; who comes first changes from round to round.

    A slow moment of the machine meets all sides of a round, and none always the same.
    """
    for side in sides:
        side()
    rounds = []
    for number in range(times):
        order = [(number + place) % len(sides) for place in range(len(sides))]
        costs = {place: sides[place]() for place in order}
        rounds.append(tuple(costs[place] for place in range(len(sides))))
    return rounds


def paired(one: Sequence[str], other: Sequence[str], times: int = 5) -> tuple[Cost, Cost, float, float]:
    """Run two commands in turn; return both medians and the median ratios of CPU and of wall, pair by pair."""
    run(one), run(other)
    pairs = [(run(one), run(other)) for _ in range(times)]
    first, second = ([pair[side] for pair in pairs] for side in (0, 1))
    middle = [Cost(*(median(getattr(c, n) for c in side) for n in ("cpu", "wall", "peak"))) for side in (first, second)]
    cpu = median(a.cpu / b.cpu for a, b in pairs)
    wall = median(a.wall / b.wall for a, b in pairs)
    return middle[0], middle[1], cpu, wall
